insert into fx_rate (currency_code, day, per_euro, imported_at) values ('GBP', '2024-07-08', '8441/10000', now());
