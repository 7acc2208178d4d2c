-- What a contract says about redeeming, settling and risk. Every column has a default that changes nothing of what was
-- agreed before: paid on demand, net, no fee, no caps.
alter table contract
  -- Money of the programme's currency for one whole unit, n/d; the programme's own when absent.
  add column issue_price text check (issue_price ~ '^[0-9]+/[1-9][0-9]*$'),
  add column redemption_price text check (redemption_price ~ '^[0-9]+/[1-9][0-9]*$'),
  add column acceptance_fee_rate text not null default '0/1' check (acceptance_fee_rate ~ '^[0-9]+/[1-9][0-9]*$'),
  add column return_reverses_fee boolean not null default true,
  add column breakage_owner text not null default 'PROGRAMME' check (breakage_owner in ('PROGRAMME', 'FUNDER')),
  add column clawback_policy text not null default 'MEMBER_OWES'
    check (clawback_policy in ('MEMBER_OWES', 'MERCHANT_BEARS', 'PROGRAMME_BEARS')),
  add column clawback_limit_units bigint check (clawback_limit_units >= 0),
  add column cycle text not null default 'ON_DEMAND' check (cycle in ('DAILY', 'WEEKLY', 'MONTHLY', 'ON_DEMAND')),
  add column netting text not null default 'NET' check (netting in ('NET', 'GROSS')),
  add column commission_per text not null default 'ACCRUAL' check (commission_per in ('ACCRUAL', 'STATEMENT')),
  add column settlement_currency_code char(3) check (settlement_currency_code ~ '^[A-Z]{3}$'),
  add column payment_days integer not null default 14 check (payment_days between 0 and 365),
  add column dispute_days integer not null default 30 check (dispute_days between 0 and 365),
  add column deposit_minor bigint not null default 0 check (deposit_minor >= 0),
  add column exposure_cap_minor bigint check (exposure_cap_minor >= 0),
  add column exposure_action text not null default 'REJECT' check (exposure_action in ('REJECT', 'FLAG')),
  add column prepaid boolean not null default false,
  add column prepaid_reorder_minor bigint check (prepaid_reorder_minor >= 0);
