-- What a bank was told to pay out to a card: one for each cash-out at a bank that is asked, made with it. The id of the
-- redemption is the key by which the bank knows it, so that asking again never pays again.
create table partner_payout (
  redemption_id uuid not null,
  member_no integer not null,
  programme_no integer not null,
  partner_no integer not null,
  -- The same server for ever: another one would not know the key.
  connector_id uuid not null references connector,
  card_id uuid not null,
  amount_minor bigint not null check (amount_minor > 0),
  currency_code char(3) not null,
  state text not null default 'PENDING' check (state in ('PENDING', 'CONFIRMED', 'FAILED')),
  asked integer not null default 0 check (asked >= 0),
  next_ask_at timestamptz not null,
  last_fault_code text,
  -- What the bank calls it, or says why it cannot be paid.
  bank_reference text check (length(bank_reference) between 1 and 200),
  bank_reason text check (length(bank_reason) between 1 and 200),
  made_at timestamptz not null,
  settled_at timestamptz,
  primary key (redemption_id, member_no),
  check ((state = 'PENDING') = (settled_at is null))
) with (fillfactor = 70);
create index partner_payout_programme_no_idx on partner_payout (programme_no, redemption_id);
create index partner_payout_waiting_idx on partner_payout (next_ask_at) where state = 'PENDING';
create index partner_payout_connector_id_idx on partner_payout (connector_id);

call hansa_protect('partner_payout', 'hansa_sees_all() or member_no = hansa_member_no() or partner_no = hansa_partner_no()');

-- The database itself holds that what is settled stays so: nobody is paid for what has failed.
create function hansa_payout_is_settled_once() returns trigger language plpgsql as $$
begin
  if old.state <> 'PENDING'
    or (new.redemption_id, new.member_no, new.programme_no, new.partner_no, new.connector_id, new.card_id, new.amount_minor,
        new.currency_code, new.made_at)
      is distinct from (old.redemption_id, old.member_no, old.programme_no, old.partner_no, old.connector_id, old.card_id,
        old.amount_minor, old.currency_code, old.made_at)
  then
    raise exception 'a payout is settled once and what it pays never changes' using errcode = 'HA003';
  end if;
  return new;
end $$;
create trigger payout_is_settled_once before update on partner_payout
  for each row execute function hansa_payout_is_settled_once();
revoke delete on partner_payout from hansa_writer;
