-- Authorisations that are still open: the few that a daily job looks through.
create index transaction_authorised_idx on transaction (programme_no, id) where status = 'AUTHORISED';
