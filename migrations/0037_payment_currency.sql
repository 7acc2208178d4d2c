-- Partners see their payments and not the files these are in, so a payment says itself what currency it is in.
alter table payment add column currency_code char(3);
update payment p set currency_code = f.currency_code from payment_file f where f.id = p.file_id;
alter table payment alter column currency_code set not null;
