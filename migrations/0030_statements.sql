-- Who stands on statements: the programme's operator (party_no 0) and its partners. What a statement says is frozen
-- with it, so that these may change.
create table billing_details (
  programme_no integer not null,
  party_no integer not null,
  legal_name text not null check (length(legal_name) between 1 and 200),
  address text not null check (length(address) between 1 and 500),
  tax_number text check (length(tax_number) between 1 and 50),
  -- How to pay; of the operator.
  payment_instruction text check (length(payment_instruction) between 1 and 500),
  updated_by text not null,
  updated_at timestamptz not null,
  primary key (programme_no, party_no)
);
call hansa_protect('billing_details', 'hansa_sees_all() or (hansa_partner_no() is not null and party_no in (0, hansa_partner_no()))');

-- One series of invoice numbers per programme, whose operator is one legal entity. It runs on over the turn of the
-- year; a number is taken in the transaction that issues its statement, so that there are no gaps.
create table invoice_series (
  programme_no integer primary key,
  last_no integer not null
);
call hansa_protect('invoice_series', 'hansa_sees_all()');

-- What a statement says beside its items, as JSON; its number; and the PDF, made of these soon after the issue and
-- kept from then on. All three are null on statements issued before this migration.
alter table settlement_statement
  add column invoice_no integer,
  add column head jsonb,
  add column pdf bytea,
  add column pdf_sha256 text,
  add check ((pdf is null) = (pdf_sha256 is null));
-- What still waits for its PDF.
create index settlement_statement_unprinted_idx on settlement_statement (settlement_id, party_no)
  where pdf is null and head is not null and party_no > 0;
