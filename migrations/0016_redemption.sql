-- Units that members spend: at a till, as cash to a card, as a donation, on an item of the catalogue; and those
-- they give to another member. What became of which lot stands in lot_movement; here is the business of it.

create table redemption (
  id uuid not null,
  member_no integer not null,
  programme_no integer not null,
  kind text not null check (kind in ('PURCHASE', 'ITEM', 'CASH_OUT', 'DONATION')),
  -- At whose till it is: the redeemer, the bank that fronts the cash, the charity.
  partner_no integer not null,
  -- The redeemer's contract, by which it is paid and charged.
  contract_no integer,
  -- The partner's own name of it, once for ever; tills name every redemption, apps need not.
  reference text check (length(reference) between 1 and 64),
  body_hash bytea,
  channel text,
  -- The purchase that units pay a part of, when the partner names it.
  transaction_id uuid,
  state text not null check (state in ('AUTHORISED', 'CAPTURED', 'VOIDED', 'EXPIRED')),
  -- Money minor units per step, n/d, as agreed when it was authorised; none where each lot goes at its own price.
  price_minor text,
  -- The basket before discounts and units; nothing where no basket is paid.
  purchase_minor bigint not null check (purchase_minor >= 0),
  discount_minor bigint not null check (discount_minor >= 0),
  units bigint not null check (units > 0),
  -- What they pay.
  value_minor bigint not null check (value_minor >= 0),
  captured_units bigint not null default 0 check (captured_units between 0 and units),
  captured_minor bigint not null default 0 check (captured_minor >= 0),
  fee_minor bigint not null default 0 check (fee_minor >= 0),
  fee_tax_minor bigint not null default 0 check (fee_tax_minor >= 0),
  -- What came back with returned baskets: units, what they had paid, and how much of the basket.
  returned_units bigint not null default 0 check (returned_units between 0 and captured_units),
  returned_minor bigint not null default 0 check (returned_minor between 0 and captured_minor),
  basket_returned_minor bigint not null default 0 check (basket_returned_minor between 0 and purchase_minor),
  authorised_at timestamptz not null,
  -- When units that nobody has captured go back.
  expires_at timestamptz not null,
  resolved_at timestamptz,
  primary key (id, member_no),
  check ((reference is null) = (body_hash is null)),
  check ((state = 'AUTHORISED') = (resolved_at is null)),
  check (state = 'CAPTURED' or captured_units = 0)
) with (fillfactor = 70);
create unique index redemption_reference_once on redemption (partner_no, reference) where reference is not null;
create index redemption_member_no_idx on redemption (member_no, id);
create index redemption_partner_no_idx on redemption (partner_no, id);
create index redemption_open_idx on redemption (programme_no, expires_at) where state = 'AUTHORISED';

-- Which lots it holds or has used, in the order of consumption, and what has gone back to each.
create table redemption_take (
  redemption_id uuid not null,
  member_no integer not null,
  line smallint not null,
  lot_id uuid not null,
  units bigint not null check (units > 0),
  value_minor bigint not null check (value_minor >= 0),
  commission_minor bigint not null,
  tax_minor bigint not null,
  back_units bigint not null default 0 check (back_units between 0 and units),
  back_value_minor bigint not null default 0 check (back_value_minor between 0 and value_minor),
  back_commission_minor bigint not null default 0,
  back_tax_minor bigint not null default 0,
  primary key (redemption_id, member_no, line)
);

create table unit_transfer (
  id uuid not null,
  from_member_no integer not null,
  to_member_no integer not null check (to_member_no <> from_member_no),
  programme_no integer not null,
  units bigint not null check (units > 0),
  transferred_at timestamptz not null,
  primary key (id, from_member_no)
);
create index unit_transfer_from_member_no_idx on unit_transfer (from_member_no, id);
create index unit_transfer_to_member_no_idx on unit_transfer (to_member_no, id);

call hansa_protect('redemption', 'hansa_member_visible(member_no) or partner_no = hansa_partner_no()');
-- Where a member has earned is nobody's business at the till.
call hansa_protect('redemption_take', 'hansa_sees_all() or member_no = hansa_member_no()');
call hansa_protect('unit_transfer', 'hansa_member_visible(from_member_no) or to_member_no = hansa_member_no()');
