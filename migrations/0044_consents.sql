-- What members have consented to, and what they have taken back: receipts, one after the other, never changed. The one
-- with the highest version counts.

create table consent_receipt (
  id uuid not null,
  member_no integer not null,
  purpose text not null check (purpose in ('SHARING_WITH_PARTNER', 'PERSONALISED_OFFERS', 'MARKETING')),
  -- Whom it is about; 0 for the programme itself.
  partner_no integer not null default 0 check (partner_no >= 0),
  version integer not null check (version > 0),
  state text not null check (state in ('GIVEN', 'WITHDRAWN')),
  recorded_at timestamptz not null,
  recorded_by text not null,
  channel text not null check (channel in ('APP', 'WEB', 'BRANCH', 'PHONE', 'PAPER')),
  -- What the member was shown: its version, language and SHA-256.
  notice_version text check (length(notice_version) between 1 and 64),
  notice_language text check (length(notice_language) between 2 and 35),
  notice_sha256 text check (notice_sha256 ~ '^[0-9a-f]{64}$'),
  -- How it is proven when somebody else than the member said it.
  evidence text check (length(evidence) between 1 and 500),
  primary key (id, member_no),
  unique (member_no, purpose, partner_no, version),
  check (state = 'WITHDRAWN' or (notice_version is not null and notice_language is not null and notice_sha256 is not null)),
  check (purpose <> 'SHARING_WITH_PARTNER' or partner_no > 0),
  check (purpose <> 'PERSONALISED_OFFERS' or partner_no = 0)
);

create function hansa_consent_stands() returns trigger language plpgsql as $$
begin
  raise exception 'a receipt of consent is never changed: give or withdraw again' using errcode = 'HA003';
end $$;
create trigger consent_stands before update or delete on consent_receipt
  for each row execute function hansa_consent_stands();

-- Both ask behind row-level security, because the policies themselves ask them.

-- Whether the member consents to this now; nobody has asked it = no.
create function hansa_consents(member integer, what text, partner integer default 0) returns boolean
  language sql stable security definer set search_path = public as $$
  select coalesce((select c.state = 'GIVEN' from consent_receipt c
    where c.member_no = member and c.purpose = what and c.partner_no = partner order by c.version desc limit 1), false)
$$;

-- Whether the partner may know more of the member than what it did itself. What the member said last counts; until it
-- has said anything, the bank of a linked card may, because showing the member its account is what the card is linked for.
create function hansa_shared_with(member integer, partner integer) returns boolean
  language sql stable security definer set search_path = public as $$
  select coalesce(
    (select c.state = 'GIVEN' from consent_receipt c
     where c.member_no = member and c.purpose = 'SHARING_WITH_PARTNER' and c.partner_no = partner order by c.version desc limit 1),
    exists (select from card c where c.member_no = member and c.issuer_no = partner and c.unlinked_at is null))
$$;
revoke all on function hansa_consents(integer, text, integer), hansa_shared_with(integer, integer) from public;
grant execute on function hansa_consents(integer, text, integer), hansa_shared_with(integer, integer) to hansa_writer, hansa_reader;

-- Every policy on what members have asks this one.
create or replace function hansa_member_visible(target integer) returns boolean language sql stable
  return hansa_sees_all() or target = hansa_member_no() or hansa_shared_with(target, hansa_partner_no());

call hansa_protect('consent_receipt', 'hansa_sees_all() or member_no = hansa_member_no() or partner_no = hansa_partner_no()
  or (partner_no = 0 and hansa_member_visible(member_no))');
revoke update, delete on consent_receipt from hansa_writer;
