-- Clients, consents and claims are told of by events from here on; of what was there before there are none, so that what is
-- asked of the outbox (I17) begins now.
update event_head set complete_since = greatest(complete_since, hansa_now())
where exists (select from api_client) or exists (select from consent_receipt) or exists (select from purchase_claim);

-- Whose consent it is, for the partner that it is about: a partner may not see a member any more that has just withdrawn,
-- and has to know whom it must no longer write to.
create function hansa_consenting_member(receipt uuid) returns uuid language sql stable security definer set search_path = public as $$
  select m.id from consent_receipt c join member m on m.no = c.member_no where c.id = receipt and c.partner_no = hansa_partner_no()
$$;
revoke all on function hansa_consenting_member(uuid) from public;
grant execute on function hansa_consenting_member(uuid) to hansa_writer, hansa_reader;
