-- What a member had at any time is summed over its own postings, wherever they stand: those of a transfer stand in
-- the entry of the one who gave.
create index posting_member_idx on posting (party, entry_no) include (member_no, account, amount)
  where account in (100, 110, 120, 1300);
