-- Erasure of a member (GDPR art. 17): what is personal goes, the books and what proves them stay, about a number that
-- leads to nobody. src/modules/privacy/personal-data.ts says of every column which it is.

-- The receipt. What it counts is rows by table.
create table erasure (
  id uuid not null,
  member_no integer not null unique,
  member_id uuid not null,
  programme_no integer not null,
  erased_at timestamptz not null,
  requested_by text not null,
  forfeited_units bigint not null check (forfeited_units >= 0),
  rows jsonb not null,
  primary key (id, member_no)
);
create trigger erasure_append_only before update or delete on erasure for each statement execute function hansa_never_changes();
call hansa_protect('erasure', 'hansa_sees_all() or member_no = hansa_member_no()');
revoke update, delete on erasure from hansa_writer;

-- These rows never change, but for what is erased in them, and only hansa_erase runs as the owner.
create or replace function hansa_consent_stands() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' and current_user = 'hansa_owner'
    and to_jsonb(new) - 'evidence' = to_jsonb(old) - 'evidence' and new.evidence is null
  then
    return new;
  end if;
  raise exception 'a receipt of consent is never changed: give or withdraw again' using errcode = 'HA003';
end $$;

create or replace function hansa_adjustment_is_decided_once() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' and current_user = 'hansa_owner'
    and to_jsonb(new) - array['reason', 'evidence', 'decision_note'] = to_jsonb(old) - array['reason', 'evidence', 'decision_note']
  then
    return new;
  end if;
  if tg_op = 'DELETE' or old.state <> 'PENDING'
    or (new.id, new.programme_no, new.kind, new.member_no, new.partner_no, new.units, new.amount_minor, new.expires_on,
        new.reason, new.evidence, new.requested_by, new.requested_at)
      is distinct from (old.id, old.programme_no, old.kind, old.member_no, old.partner_no, old.units, old.amount_minor,
        old.expires_on, old.reason, old.evidence, old.requested_by, old.requested_at)
  then
    raise exception 'an adjustment is decided once and never changed: ask for another one' using errcode = 'HA003';
  end if;
  return new;
end $$;

-- Takes everything personal of a member away. Its row must be locked, and its money settled.
create function hansa_erase(whom integer) returns jsonb
  language plpgsql security definer set search_path = public as $$
declare
  counts jsonb := '{}';
  touched integer;
  codes text[];
  held text;
  stand_in text;
begin
  select array[m.code] || array(select c.token from card c where c.member_no = whom) into codes from member m where m.no = whom;

  delete from import_row where command is not null
    and (command #>> '{payer,memberCode}' = any (codes) or command #>> '{payer,cardToken}' = any (codes));
  get diagnostics touched = row_count; counts := counts || jsonb_build_object('import_row', touched);
  -- The bank's name of an account stands in what decisions saw, and in counters per account: another name does as well.
  for held in select distinct facts ->> 'ca' from transaction where member_no = whom and facts ? 'ca'
    union select account from card where member_no = whom and account is not null
  loop
    stand_in := 'erased-' || gen_random_uuid();
    update transaction set facts = jsonb_set(facts, '{ca}', to_jsonb(stand_in)) where member_no = whom and facts ->> 'ca' = held;
    update member_counter set cap_code = left(cap_code, length(cap_code) - length(held)) || stand_in
      where member_no = whom and right(cap_code, length(held) + 1) = '@' || held;
  end loop;
  update member set code = 'erased-' || id, birthday = null, time_zone = null, referred_by_no = null, referral_told_at = null,
    status = 'CLOSED' where no = whom;
  get diagnostics touched = row_count; counts := counts || jsonb_build_object('member', touched);
  update card set token = 'erased-' || id, last_four = '0000', product = null, account = null, statement_day = null,
    unlinked_at = coalesce(unlinked_at, hansa_now()) where member_no = whom;
  get diagnostics touched = row_count; counts := counts || jsonb_build_object('card', touched);
  update transaction set descriptor = null where member_no = whom and descriptor is not null;
  get diagnostics touched = row_count; counts := counts || jsonb_build_object('transaction', touched);
  update transaction_source set payload = (payload - 'payer' - 'descriptor' - 'approvalCode') || '{"erased": true}'
    where member_no = whom;
  get diagnostics touched = row_count; counts := counts || jsonb_build_object('transaction_source', touched);
  delete from member_choice where member_no = whom;
  get diagnostics touched = row_count; counts := counts || jsonb_build_object('member_choice', touched);
  delete from member_activation where member_no = whom;
  get diagnostics touched = row_count; counts := counts || jsonb_build_object('member_activation', touched);
  delete from member_segment where member_no = whom;
  get diagnostics touched = row_count; counts := counts || jsonb_build_object('member_segment', touched);
  delete from round_up where member_no = whom;
  get diagnostics touched = row_count; counts := counts || jsonb_build_object('round_up', touched);
  update consent_receipt set evidence = null where member_no = whom and evidence is not null;
  get diagnostics touched = row_count; counts := counts || jsonb_build_object('consent_receipt', touched);
  update outflow_review set note = null where member_no = whom and note is not null;
  get diagnostics touched = row_count; counts := counts || jsonb_build_object('outflow_review', touched);
  update adjustment set reason = 'erased', evidence = '[]', decision_note = null where member_no = whom;
  get diagnostics touched = row_count; counts := counts || jsonb_build_object('adjustment', touched);
  return counts;
end $$;
revoke all on function hansa_erase(integer) from public;
grant execute on function hansa_erase(integer) to hansa_writer;
