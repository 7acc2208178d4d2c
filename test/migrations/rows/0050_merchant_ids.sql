insert into merchant_id_rejection (merchant_id, outlet_id, rejected_by, rejected_at)
select 'ACQ-1', id, 'a', now() from outlet limit 1;
