-- A member says that it bought something of which nobody has told.
create table purchase_claim (
  id uuid primary key,
  programme_no integer not null,
  member_no integer not null,
  -- The merchant, and the outlet when it is named.
  partner_no integer not null,
  outlet_code text,
  amount_minor bigint not null check (amount_minor > 0),
  bought_at timestamptz not null,
  business_date date not null,
  receipt text not null,
  note text,
  -- FOUND: it was here already. ATTACHED: the bank's purchase that knew no merchant. GRANTED, REFUSED: by somebody.
  state text not null check (state in ('OPEN', 'FOUND', 'ATTACHED', 'GRANTED', 'REFUSED')),
  opened_by text not null,
  opened_at timestamptz not null,
  decide_by date not null,
  decided_by text,
  decided_at timestamptz,
  resolution text,
  transaction_id uuid,
  -- Nobody decides on its own claim.
  check (decided_by <> opened_by),
  check ((decided_by is not null) = (state in ('GRANTED', 'REFUSED'))),
  check ((transaction_id is not null) = (state in ('FOUND', 'ATTACHED', 'GRANTED')))
);
create index purchase_claim_programme_no_id_idx on purchase_claim (programme_no, id);
create index purchase_claim_member_no_idx on purchase_claim (member_no);
call hansa_protect('purchase_claim', 'hansa_sees_all() or member_no = hansa_member_no() or partner_no = hansa_partner_no()');

-- What the member wrote is erased with it, and what was written to it.
alter function hansa_erase(integer) rename to hansa_erase_all_but_claims;
revoke execute on function hansa_erase_all_but_claims(integer) from hansa_writer;
create function hansa_erase(whom integer) returns jsonb
  language plpgsql security definer set search_path = public as $$
declare
  counts jsonb := hansa_erase_all_but_claims(whom);
  touched integer;
begin
  update purchase_claim set receipt = '', note = null, resolution = null where member_no = whom;
  get diagnostics touched = row_count;
  return counts || jsonb_build_object('purchase_claim', touched);
end $$;
revoke all on function hansa_erase(integer) from public;
grant execute on function hansa_erase(integer) to hansa_writer;
