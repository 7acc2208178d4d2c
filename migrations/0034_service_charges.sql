-- Invoices of partners for what they supply to a programme: the net stands in their positions already, the tax is added.
create table service_charge (
  id uuid not null primary key,
  programme_no integer not null,
  partner_no integer not null,
  invoice_number text not null check (length(invoice_number) between 1 and 100),
  invoiced_on date not null,
  net_minor bigint not null check (net_minor > 0),
  tax_code text not null check (length(tax_code) between 1 and 40),
  tax_minor bigint not null check (tax_minor > 0 and tax_minor <= net_minor),
  recorded_by text not null,
  recorded_at timestamptz not null,
  entry_no bigint not null,
  unique (programme_no, partner_no, invoice_number)
);
create index service_charge_programme_no_id_idx on service_charge (programme_no, id);
create trigger service_charge_append_only before update or delete on service_charge
  for each statement execute function hansa_never_changes();
call hansa_protect('service_charge', 'hansa_sees_all() or partner_no = hansa_partner_no()');
revoke update, delete on service_charge from hansa_writer;
