-- Reference rates, and lines of settlements that are paid in another currency than the programme's.

create table fx_rate (
  currency_code char(3) not null check (currency_code ~ '^[A-Z]{3}$'),
  day date not null,
  -- Units of the currency for one euro, n/d in lowest terms.
  per_euro text not null check (per_euro ~ '^[1-9][0-9]*/[1-9][0-9]*$'),
  imported_at timestamptz not null,
  primary key (currency_code, day)
);
call hansa_protect('fx_rate', 'true');
-- What was converted at a rate stays explicable.
revoke update, delete on fx_rate from hansa_writer;

-- due_minor is in due_currency_code, or in the settlement's own currency without one. A line that is to be converted
-- waits with nothing due; converted_minor is what came of it, and due_minor begins with that.
alter table settlement_line
  add column due_currency_code char(3) check (due_currency_code ~ '^[A-Z]{3}$'),
  add column converted_minor bigint,
  add column converted_on date,
  -- By the programme's currency, n/d: one major unit of it in the other currency.
  add column fx_rate text check (fx_rate ~ '^[1-9][0-9]*/[1-9][0-9]*$'),
  add check ((converted_minor is null) = (converted_on is null) and (converted_on is null) = (fx_rate is null)),
  add check (converted_minor is null or due_currency_code is not null);
create index settlement_line_to_convert_idx on settlement_line (id) where due_currency_code is not null and converted_minor is null;
