insert into billing_details (programme_no, party_no, legal_name, address, updated_by, updated_at)
values (1, 0, 'Coalition Ltd', '1 High Street', 'a', now());
insert into invoice_series (programme_no, last_no) values (1, 1);
