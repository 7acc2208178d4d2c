-- Merchant ids that acquirers send and no outlet has: which outlet they look like is worked out from purchases.
create table merchant_id_rejection (
  merchant_id text not null,
  outlet_id uuid not null references outlet (id),
  rejected_by text not null,
  rejected_at timestamptz not null,
  primary key (merchant_id, outlet_id)
);
create index merchant_id_rejection_outlet_id_idx on merchant_id_rejection (outlet_id);
call hansa_protect('merchant_id_rejection', 'hansa_sees_all()');

-- Purchases whose merchant id may be learnt: the merchant is not known, or known because it told of them itself.
create index transaction_raw_merchant_id_idx on transaction (merchant_id)
  where kind = 'PURCHASE' and merchant_id is not null and (merchant_no is null or sides & 3 = 3);
