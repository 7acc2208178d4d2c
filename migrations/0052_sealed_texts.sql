-- Personal texts and account numbers are encrypted at rest (HANSA_SECRET_KEYS), as birthdays are since 0051: what is new
-- stands in `<column>_sealed`. What stood in the open before is sealed by the gateway's own job, or by hansa keys rotate;
-- the old columns stay until no release writes them any more.

alter table bank_account
  add column holder_name_sealed bytea,
  add column iban_sealed bytea,
  -- A keyed hash of the number: whose account a statement is of is asked without opening any.
  add column iban_hash bytea,
  alter column holder_name drop not null,
  alter column iban drop not null,
  add check ((holder_name is null) <> (holder_name_sealed is null)),
  add check ((iban is null) <> (iban_sealed is null)),
  add check ((iban_sealed is null) = (iban_hash is null));
create unique index bank_account_statement_hash_idx on bank_account (iban_hash) where state in ('ACTIVE', 'REPLACED') and programme_no is not null;
create index bank_account_iban_hash_idx on bank_account (iban_hash);

alter table payment_file
  add column content_sealed bytea,
  alter column content drop not null,
  add check ((content is null) <> (content_sealed is null));
alter table payment add column reason_text_sealed bytea;
alter table bank_movement
  add column counterparty_name_sealed bytea,
  add column counterparty_iban_sealed bytea,
  add column remittance_sealed bytea;

alter table adjustment
  add column reason_sealed bytea,
  add column evidence_sealed bytea,
  add column decision_note_sealed bytea,
  alter column reason drop not null,
  alter column evidence drop not null,
  add check ((reason is null) <> (reason_sealed is null)),
  add check ((evidence is null) <> (evidence_sealed is null));
alter table dispute
  add column reason_sealed bytea,
  add column evidence_sealed bytea,
  add column resolution_sealed bytea,
  alter column reason drop not null,
  alter column evidence drop not null,
  add check ((reason is null) <> (reason_sealed is null)),
  add check ((evidence is null) <> (evidence_sealed is null)),
  drop constraint dispute_check,
  add check ((state = 'OPEN') = (resolved_by is null) and (resolved_by is null) = (resolved_at is null)
    and (resolved_by is null) = (resolution is null and resolution_sealed is null)
    and (resolved_by is null) = (resolving_entry_no is null));
alter table outflow_review add column note_sealed bytea;
alter table consent_receipt add column evidence_sealed bytea;
alter table purchase_claim
  add column receipt_sealed bytea,
  add column note_sealed bytea,
  add column resolution_sealed bytea,
  alter column receipt drop not null,
  add check ((receipt is null) <> (receipt_sealed is null));

-- The name of the key that a value was sealed with, and what stands before it; from bytes as jsonb writes them.
create function hansa_sealed_by(sealed text) returns text language sql immutable
  return left(sealed, 6 + 2 * get_byte(decode(substr(sealed, 5, 2), 'hex'), 0));

-- Whether a row differs in nothing but how these texts are encrypted: what stood in the open is sealed now, or what was
-- sealed with one key is sealed with another. Rows that never change may change so, and in no other way.
create function hansa_only_sealed(was jsonb, becomes jsonb, variadic texts text[]) returns boolean language plpgsql immutable as $$
declare
  name text;
  sealed_before text;
  sealed_now text;
begin
  if was - (select array_agg(t || s) from unnest(texts) t cross join unnest(array['', '_sealed', '_hash']) s)
    <> becomes - (select array_agg(t || s) from unnest(texts) t cross join unnest(array['', '_sealed', '_hash']) s)
  then
    return false;
  end if;
  foreach name in array texts loop
    sealed_before := was ->> (name || '_sealed');
    sealed_now := becomes ->> (name || '_sealed');
    continue when was -> name is not distinct from becomes -> name and sealed_before is not distinct from sealed_now
      and was -> (name || '_hash') is not distinct from becomes -> (name || '_hash');
    if sealed_now is null or becomes ->> name is not null then return false; end if;
    if was ->> name is null and (sealed_before is null or hansa_sealed_by(sealed_before) = hansa_sealed_by(sealed_now)) then
      return false;
    end if;
  end loop;
  return true;
end $$;

create or replace function hansa_bank_account_stands() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' and hansa_only_sealed(to_jsonb(old), to_jsonb(new), 'holder_name', 'iban') then return new; end if;
  if tg_op = 'DELETE'
    or (old.state, new.state) not in (('PROPOSED', 'ACTIVE'), ('PROPOSED', 'DECLINED'), ('ACTIVE', 'REPLACED'))
    or (new.id, new.no, new.programme_no, new.partner_no, new.currency_code, new.holder_name, new.holder_name_sealed, new.iban,
        new.iban_sealed, new.iban_hash, new.bic, new.proposed_by, new.proposed_at)
      is distinct from (old.id, old.no, old.programme_no, old.partner_no, old.currency_code, old.holder_name,
        old.holder_name_sealed, old.iban, old.iban_sealed, old.iban_hash, old.bic, old.proposed_by, old.proposed_at)
    or (old.state = 'ACTIVE' and (new.decided_by, new.decided_at) is distinct from (old.decided_by, old.decided_at))
  then
    raise exception 'a bank account is never edited: propose another one' using errcode = 'HA003';
  end if;
  return new;
end $$;

create function hansa_payment_file_stands() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' and hansa_only_sealed(to_jsonb(old), to_jsonb(new), 'content') then return new; end if;
  raise exception 'a payment file is never changed: instruct another one' using errcode = 'HA003';
end $$;
drop trigger payment_file_append_only on payment_file;
create trigger payment_file_stands before update or delete on payment_file
  for each row execute function hansa_payment_file_stands();
grant update (content, content_sealed) on payment_file to hansa_writer;

create or replace function hansa_adjustment_is_decided_once() returns trigger language plpgsql as $$
declare
  texts constant text[] := array['reason', 'evidence', 'decision_note', 'reason_sealed', 'evidence_sealed', 'decision_note_sealed'];
begin
  if tg_op = 'UPDATE' and (
    current_user = 'hansa_owner' and to_jsonb(new) - texts = to_jsonb(old) - texts
    or hansa_only_sealed(to_jsonb(old), to_jsonb(new), 'reason', 'evidence', 'decision_note'))
  then
    return new;
  end if;
  if tg_op = 'DELETE' or old.state <> 'PENDING'
    or (new.id, new.programme_no, new.kind, new.member_no, new.partner_no, new.units, new.amount_minor, new.expires_on,
        new.reason, new.reason_sealed, new.evidence, new.evidence_sealed, new.requested_by, new.requested_at)
      is distinct from (old.id, old.programme_no, old.kind, old.member_no, old.partner_no, old.units, old.amount_minor,
        old.expires_on, old.reason, old.reason_sealed, old.evidence, old.evidence_sealed, old.requested_by, old.requested_at)
  then
    raise exception 'an adjustment is decided once and never changed: ask for another one' using errcode = 'HA003';
  end if;
  return new;
end $$;

create or replace function hansa_dispute_is_resolved_once() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' and hansa_only_sealed(to_jsonb(old), to_jsonb(new), 'reason', 'evidence', 'resolution') then return new; end if;
  if tg_op = 'DELETE' or old.state <> 'OPEN'
    or (new.id, new.line_id, new.programme_no, new.party_no, new.amount_minor, new.reason, new.reason_sealed, new.evidence,
        new.evidence_sealed, new.opened_by, new.opened_at, new.opening_entry_no)
      is distinct from (old.id, old.line_id, old.programme_no, old.party_no, old.amount_minor, old.reason, old.reason_sealed,
        old.evidence, old.evidence_sealed, old.opened_by, old.opened_at, old.opening_entry_no)
  then
    raise exception 'a dispute is resolved once and never changed: open another one' using errcode = 'HA003';
  end if;
  return new;
end $$;

create or replace function hansa_consent_stands() returns trigger language plpgsql as $$
declare
  texts constant text[] := array['evidence', 'evidence_sealed'];
begin
  if tg_op = 'UPDATE' and (
    current_user = 'hansa_owner' and to_jsonb(new) - texts = to_jsonb(old) - texts
      and new.evidence is null and new.evidence_sealed is null
    or hansa_only_sealed(to_jsonb(old), to_jsonb(new), 'evidence'))
  then
    return new;
  end if;
  raise exception 'a receipt of consent is never changed: give or withdraw again' using errcode = 'HA003';
end $$;
grant update (evidence, evidence_sealed) on consent_receipt to hansa_writer;

-- Takes everything personal of a member away, written whole: its row must be locked, and its money settled. What of every
-- column becomes of it is said in src/modules/privacy/personal-data.ts.
create or replace function hansa_erase(whom integer) returns jsonb
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
  update member set code = 'erased-' || id, birthday = null, birthday_sealed = null, time_zone = null, referred_by_no = null,
    referral_told_at = null, status = 'CLOSED' where no = whom;
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
  update consent_receipt set evidence = null, evidence_sealed = null
    where member_no = whom and (evidence is not null or evidence_sealed is not null);
  get diagnostics touched = row_count; counts := counts || jsonb_build_object('consent_receipt', touched);
  update outflow_review set note = null, note_sealed = null where member_no = whom and (note is not null or note_sealed is not null);
  get diagnostics touched = row_count; counts := counts || jsonb_build_object('outflow_review', touched);
  update adjustment set reason = 'erased', reason_sealed = null, evidence = '[]', evidence_sealed = null, decision_note = null,
    decision_note_sealed = null where member_no = whom;
  get diagnostics touched = row_count; counts := counts || jsonb_build_object('adjustment', touched);
  update purchase_claim set receipt = '', receipt_sealed = null, note = null, note_sealed = null, resolution = null,
    resolution_sealed = null where member_no = whom;
  get diagnostics touched = row_count; counts := counts || jsonb_build_object('purchase_claim', touched);
  return counts;
end $$;
-- What it was made of; no release has named them.
drop function hansa_erase_all_but_birthdays(integer);
drop function hansa_erase_all_but_claims(integer);
