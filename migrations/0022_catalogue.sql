-- What units buy besides purchases: discounts by a single-use code, gifts from a stock, access for a time.

create table catalogue_item (
  id uuid primary key,
  programme_no integer not null,
  code text not null check (code ~ '^[a-z0-9][a-z0-9-]{0,62}$'),
  name text not null check (length(name) between 1 and 200),
  description text not null check (length(description) <= 2000),
  kind text not null check (kind in ('DISCOUNT', 'GIFT', 'ACCESS')),
  -- Who delivers it and is paid for it.
  supplier_no integer not null,
  price_units bigint not null check (price_units > 0),
  -- Both inclusive, in the programme's zone.
  claimable_from date not null,
  claimable_until date,
  -- No bound when null. What is claimed never exceeds it, whoever comes at once.
  stock integer check (stock >= 0),
  claimed integer not null default 0 check (claimed >= 0),
  -- What a discount takes off: money minor units, or a part of the price as n/d.
  discount_minor bigint check (discount_minor > 0),
  discount_rate text,
  -- How long a code is good or access lasts, from the day of the claim.
  valid_days integer check (valid_days between 1 and 3660),
  published_at timestamptz not null,
  published_by text not null,
  withdrawn_at timestamptz,
  unique (programme_no, code),
  check (claimed <= stock),
  check (claimable_from <= claimable_until),
  check ((kind = 'DISCOUNT') = (num_nonnulls(discount_minor, discount_rate) = 1)),
  check ((kind = 'GIFT') = (valid_days is null))
) with (fillfactor = 70);

-- An item that a member has taken; its redemption of the same id says what has become of it.
create table catalogue_claim (
  id uuid not null,
  member_no integer not null,
  programme_no integer not null,
  item_id uuid not null references catalogue_item,
  supplier_no integer not null,
  claimed_at timestamptz not null,
  -- SHA-256 of a discount's code: the code itself is told to the member once and kept nowhere.
  code_hash bytea unique,
  -- Last day of the code or the access.
  valid_until date,
  -- When and under which reference of the supplier the code was used.
  used_at timestamptz,
  used_reference text check (length(used_reference) between 1 and 64),
  primary key (id, member_no),
  check ((used_at is null) = (used_reference is null))
) with (fillfactor = 70);
create index catalogue_claim_member_no_idx on catalogue_claim (member_no, id);
create index catalogue_claim_item_id_idx on catalogue_claim (item_id, member_no);

call hansa_protect('catalogue_item', 'hansa_sees_all() or hansa_partner_no() is not null or hansa_member_no() is not null');
call hansa_protect('catalogue_claim', 'hansa_member_visible(member_no) or supplier_no = hansa_partner_no()');
