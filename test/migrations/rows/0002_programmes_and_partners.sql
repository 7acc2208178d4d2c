insert into programme (id, code, name, currency_code, unit_code, unit_scale, time_zone, created_at)
values ('00000000-0000-7000-8000-000000000001', 'coalition', 'Coalition', 'GBP', 'POINT', 2, 'Europe/London', now());
insert into programme_version (id, programme_id, version, effective_from, source, digest, published_by, published_at)
values ('00000000-0000-7000-8000-000000000002', '00000000-0000-7000-8000-000000000001', 1, '2026-01-01', 'code: coalition', 'd', 'somebody', now());
insert into partner (id, code, name, roles, onboarded_at)
values ('00000000-0000-7000-8000-000000000003', 'baker', 'Baker', '{MERCHANT}', now()),
       ('00000000-0000-7000-8000-000000000004', 'bank', 'Bank', '{BANK}', now());
insert into outlet (id, partner_id, code, name, channel, mcc)
values ('00000000-0000-7000-8000-000000000005', '00000000-0000-7000-8000-000000000003', 'high-street', 'High Street', 'IN_STORE', '5462');
insert into outlet_merchant_id (merchant_id, outlet_id) values ('M-1', '00000000-0000-7000-8000-000000000005');
insert into contract (id, partner_id, programme_id, version, effective_from, funding_shares, commission_rate, tax_code, tax_rate, tax_treatment, model, agreed_at)
values ('00000000-0000-7000-8000-000000000006', '00000000-0000-7000-8000-000000000003', '00000000-0000-7000-8000-000000000001', 1, '2026-01-01', '[]', '1/100', 'VAT', '1/5', 'SERVICE', 'SETTLE_AT_ISSUANCE', now());
