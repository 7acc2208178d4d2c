insert into partner_payout (redemption_id, member_no, programme_no, partner_no, connector_id, card_id, amount_minor, currency_code, next_ask_at, made_at)
values ('00000000-0000-7000-8000-0000000000f5', 1, 1, 1, '00000000-0000-7000-8000-0000000000f1', '00000000-0000-7000-8000-0000000000f6', 100, 'EUR', '2026-02-01', '2026-02-01');
