-- Deposits and prepaid blocks are a partner's own money with the programme: it may see what is there.
alter policy reader_visible on posting using (
  hansa_sees_all() or member_no = hansa_member_no()
  or (party = hansa_partner_no() and account in (900, 910, 1100, 1105, 1200, 1250, 2300, 2310)));
alter policy reader_visible on account_balance using (
  hansa_sees_all() or (party = hansa_partner_no() and account in (900, 910, 1100, 1105, 1200, 1250, 2300, 2310)));
