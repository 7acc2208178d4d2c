/** What statements say beside their items: who, under which number, with which tax; and their PDFs. */
import { Account } from '../../domain/ledger/accounts.js';
import { EntryKind } from '../../domain/ledger/entry.js';
import { type DbTransaction, statement } from '../../infrastructure/db/database.js';
import type { WindowNet } from './position.sql.js';
import type { PrintedStatement } from './statement-pdf.js';

export interface BilledParty {
  /** 0 = the operator of the programme. */
  readonly partyNo: number;
  readonly code: string;
  readonly name: string;
  readonly address: string | null;
  readonly taxNumber: string | null;
  readonly paymentInstruction: string | null;
}

const FIND_PARTIES = statement(
  'settlement.find-billed-parties',
  `select k.no as "partyNo", k.code, coalesce(b.legal_name, k.name) as name, b.address, b.tax_number as "taxNumber",
          b.payment_instruction as "paymentInstruction"
   from (
     select 0 as no, code, name from programme where no = $1
     union all
     select no, code, name from partner where no = any ($2::integer[])
   ) k
   left join billing_details b on b.programme_no = $1 and b.party_no = k.no`,
);

/** The operator of a programme and these partners, as they stand on statements now. */
export const findBilledParties = (
  tx: DbTransaction,
  programmeNo: number,
  partnerNos: readonly number[],
): Promise<BilledParty[]> => tx.run<BilledParty>(FIND_PARTIES, [programmeNo, partnerNos]);

const TAKE_NUMBERS = statement(
  'settlement.take-invoice-numbers',
  `insert into invoice_series as s (programme_no, last_no) values ($1, $2)
   on conflict (programme_no) do update set last_no = s.last_no + $2 returning last_no as last`,
);

/** The first of `count` invoice numbers in a row. They are given back when the transaction fails: no gaps. */
export async function takeInvoiceNumbers(tx: DbTransaction, programmeNo: number, count: number): Promise<number> {
  const [row] = await tx.run<{ last: number }>(TAKE_NUMBERS, [programmeNo, count]);
  return (row as { last: number }).last - count + 1;
}

export interface TaxTerms {
  readonly partnerNo: number;
  readonly code: string;
  readonly rate: string;
}

const FIND_TAX_TERMS = statement(
  'settlement.find-tax-terms',
  `select distinct p.no as "partnerNo", c.tax_code as code, c.tax_rate as rate
   from contract c join partner p on p.id = c.partner_id join programme g on g.id = c.programme_id
   where g.no = $1 and p.no = any ($2::integer[]) and c.effective_from <= $3::date`,
);

/** Every tax code and rate that the contracts of these partners have had up to a day. */
export const findTaxTerms = (
  tx: DbTransaction,
  programmeNo: number,
  partnerNos: readonly number[],
  day: string,
): Promise<TaxTerms[]> => tx.run<TaxTerms>(FIND_TAX_TERMS, [programmeNo, partnerNos, day]);

export interface TaxSum extends TaxTerms {
  readonly baseMinor: bigint;
  readonly taxMinor: bigint;
}

// Tax was computed by the contract of each purchase's day, and that is what the journal holds. Which one it was shows
// in the amounts: the rate that gives this tax on this commission, the one in force on the entry's day before others.
const SUM_TAXES = statement(
  'settlement.sum-taxes',
  `with entry as (
     select p.party, e.no, e.business_date,
            -sum(p.amount) filter (where p.account = ${Account.COMMISSION}) as commission,
            -coalesce(sum(p.amount) filter (where p.account = ${Account.OUTPUT_TAX}), 0) as tax
     from posting p
     join journal_entry e on e.no = p.entry_no and e.member_no = p.member_no and e.window_no = any ($2::integer[])
     join unnest($3::integer[], $4::integer[]) as t (window_no, party) on t.window_no = p.window_no and t.party = p.party
     where p.window_no = any ($2::integer[]) and e.kind <> ${EntryKind.SETTLEMENT}
       and p.account in (${Account.COMMISSION}, ${Account.OUTPUT_TAX})
     group by p.party, e.no, e.business_date
   )
   select e.party as "partnerNo", v.tax_code as code, v.tax_rate as rate, coalesce(sum(e.commission), 0)::bigint as "baseMinor",
          sum(e.tax)::bigint as "taxMinor"
   from entry e
   cross join lateral (
     select c.tax_code, c.tax_rate from contract c
     join partner p on p.id = c.partner_id join programme g on g.id = c.programme_id
     where p.no = e.party and g.no = $1 and c.effective_from <= $5::date
     order by abs(e.tax - coalesce(e.commission, 0) * split_part(c.tax_rate, '/', 1)::numeric / split_part(c.tax_rate, '/', 2)::numeric),
              c.effective_from <= e.business_date desc, c.effective_from desc
     limit 1
   ) v
   group by 1, 2, 3 order by 1, 2, 3`,
);

/** Commission and tax in these positions by tax code and rate. */
export const sumTaxes = (
  tx: DbTransaction,
  programmeNo: number,
  positions: readonly WindowNet[],
  day: string,
): Promise<TaxSum[]> =>
  tx.run<TaxSum>(SUM_TAXES, [
    programmeNo,
    [...new Set(positions.map(({ windowNo }) => windowNo))],
    positions.map(({ windowNo }) => windowNo),
    positions.map(({ partnerNo }) => partnerNo),
    day,
  ]);

export interface BillingDetailsRow {
  readonly programmeNo: number;
  readonly partyNo: number;
  readonly legalName: string;
  readonly address: string;
  readonly taxNumber: string | null;
  readonly paymentInstruction: string | null;
  readonly by: string;
}

const STORE_DETAILS = statement(
  'settlement.store-billing-details',
  `insert into billing_details (programme_no, party_no, legal_name, address, tax_number, payment_instruction, updated_by, updated_at)
   values ($1, $2, $3, $4, $5, $6, $7, hansa_now())
   on conflict (programme_no, party_no) do update set legal_name = excluded.legal_name, address = excluded.address,
     tax_number = excluded.tax_number, payment_instruction = excluded.payment_instruction,
     updated_by = excluded.updated_by, updated_at = excluded.updated_at`,
);

export async function storeBillingDetails(tx: DbTransaction, row: BillingDetailsRow): Promise<void> {
  const { programmeNo, partyNo, legalName, address, taxNumber, paymentInstruction, by } = row;
  await tx.run(STORE_DETAILS, [programmeNo, partyNo, legalName, address, taxNumber, paymentInstruction, by]);
}

export interface UnprintedStatement {
  readonly settlementId: string;
  readonly partyNo: number;
}

const LOCK_UNPRINTED = statement(
  'settlement.lock-unprinted',
  `select settlement_id as "settlementId", party_no as "partyNo" from settlement_statement
   where pdf is null and head is not null and party_no > 0
   order by settlement_id, party_no limit $1 for update skip locked`,
);

/** Statements without a PDF, locked, so that no other process prints them too. */
export const lockUnprinted = (tx: DbTransaction, most: number): Promise<UnprintedStatement[]> =>
  tx.run<UnprintedStatement>(LOCK_UNPRINTED, [most]);

const STORE_PDF = statement(
  'settlement.store-pdf',
  'update settlement_statement set pdf = $3, pdf_sha256 = $4 where settlement_id = $1 and party_no = $2 and pdf is null',
);

export async function storePdf(
  tx: DbTransaction,
  { settlementId, partyNo }: UnprintedStatement,
  pdf: Buffer,
  sha256: string,
): Promise<void> {
  await tx.run(STORE_PDF, [settlementId, partyNo, pdf, sha256]);
}

const FIND_FACTS = statement(
  'settlement.find-printed-facts',
  `select t.head as face, s.no as "settlementNo", g.code as "programmeCode", s.currency_code as "currencyCode",
          g.unit_code as "unitCode", g.unit_scale as "unitScale", s.issued_at as "issuedAt"
   from settlement_statement t join settlement s on s.id = t.settlement_id join programme g on g.no = s.programme_no
   where t.settlement_id = $1 and t.party_no = $2 and t.head is not null`,
);
const FIND_ITEMS = statement(
  'settlement.find-printed-items',
  `select entry_kind as "entryKind", account, side, entry_count as "entryCount", units, reward_minor as "rewardMinor",
          commission_minor as "commissionMinor", tax_minor as "taxMinor", amount_minor as "amountMinor"
   from settlement_item where settlement_id = $1 and party_no = $2 order by side desc, entry_kind, account`,
);
const FIND_LINES = statement(
  'settlement.find-printed-lines',
  `select side, opening_minor as "openingMinor", net_minor as "netMinor", opening_minor + net_minor as "closingMinor",
          state = 'CARRIED' as carried
   from settlement_line where settlement_id = $1 and party_no = $2 order by side desc`,
);

/** All that the PDF of a statement is made of; undefined when it was issued before statements had a face. */
export async function findPrinted(
  tx: DbTransaction,
  { settlementId, partyNo }: UnprintedStatement,
): Promise<PrintedStatement | undefined> {
  const [facts] = await tx.run<Omit<PrintedStatement, 'items' | 'lines'>>(FIND_FACTS, [settlementId, partyNo]);
  if (facts === undefined) return undefined;
  return {
    ...facts,
    items: await tx.run(FIND_ITEMS, [settlementId, partyNo]),
    lines: await tx.run(FIND_LINES, [settlementId, partyNo]),
  };
}
