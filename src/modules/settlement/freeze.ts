/** Freezing the statements of a settlement: what each party is told, as bytes with their hash. */
import { addDays } from '../../domain/kernel/calendar.js';
import { currencyScale } from '../../domain/money/currency.js';
import {
  addressLines,
  invoiceNumber,
  type StatementFace,
  type StatementParty,
  type TaxLine,
} from '../../domain/settlement/invoice.js';
import type { NettedLine } from '../../domain/settlement/netting.js';
import { statementCsv, statementSha256 } from '../../domain/settlement/statement.js';
import type { DbTransaction } from '../../infrastructure/db/database.js';
import { type BilledParty, findBilledParties, findTaxTerms, sumTaxes, takeInvoiceNumbers } from './face.sql.js';
import type { DueWindow, PartnerTerms, PartyItem, WindowNet } from './position.sql.js';
import type { NewStatement } from './settlement.sql.js';
import type { ProgrammeRow } from './window.sql.js';

/** What is settled, as far as statements say it. */
export interface Settled {
  readonly no: number;
  readonly programme: ProgrammeRow;
  readonly windows: readonly DueWindow[];
  readonly positions: readonly WindowNet[];
  readonly partners: readonly PartnerTerms[];
}

/** One statement per party. Takes the invoice numbers of the partners, in the order of their numbers. */
export async function freezeStatements(
  tx: DbTransaction,
  settled: Settled,
  lines: readonly NettedLine[],
  items: readonly PartyItem[],
): Promise<NewStatement[]> {
  const { no, programme, windows, partners } = settled;
  const [first, last] = [windows[0] as DueWindow, windows.at(-1) as DueWindow];
  const partnerNos = partners.map(({ partnerNo }) => partnerNo);
  const parties = new Map(
    (await findBilledParties(tx, programme.no, partnerNos)).map((party) => [party.partyNo, party]),
  );
  const operator = parties.get(0) as BilledParty;
  const taxes = await taxesOf(tx, settled, items, first.today);
  let invoiceNo = partners.length === 0 ? 0 : await takeInvoiceNumbers(tx, programme.no, partners.length);
  const itemsOf = Map.groupBy(items, ({ partyNo }) => partyNo);
  const termsOf = new Map(partners.map((partner) => [partner.partnerNo, partner]));
  return [...Map.groupBy(lines, ({ partyNo }) => partyNo)].map(([partyNo, own]) => {
    const terms = termsOf.get(partyNo);
    const number = terms === undefined ? null : invoiceNo++;
    const face: StatementFace = {
      number: number === null ? null : invoiceNumber(programme.code, number),
      programmeName: programme.name,
      seller: partyOf(operator),
      buyer: partyOf(parties.get(partyNo) as BilledParty),
      issuedOn: first.today,
      from: first.openedOn,
      until: last.closedOn,
      dueOn: terms === undefined ? null : addDays(first.today, terms.paymentDays),
      taxes: taxes.get(partyNo) ?? [],
      paidIn: paidIn(terms, programme.currencyCode),
      paymentInstruction: operator.paymentInstruction,
    };
    const head = {
      settlementNo: no,
      programmeCode: programme.code,
      partyCode: face.buyer.code,
      currencyCode: programme.currencyCode,
      currencyScale: currencyScale(programme.currencyCode),
      unitScale: programme.unitScale,
      from: first.openedAt,
      until: last.closedAt,
      number: face.number,
      issuedOn: face.issuedOn,
      dueOn: face.dueOn,
    };
    const csv = statementCsv(head, itemsOf.get(partyNo) ?? [], own, face.taxes);
    return { partyNo, csv, csvSha256: statementSha256(csv), invoiceNo: number, face };
  });
}

const paidIn = (terms: PartnerTerms | undefined, currencyCode: string): string | null =>
  terms === undefined || terms.settlementCurrencyCode === currencyCode ? null : terms.settlementCurrencyCode;

const partyOf = ({ code, name, address, taxNumber }: BilledParty): StatementParty => ({
  code,
  name,
  address: addressLines(address ?? ''),
  taxNumber,
});

/** Commission and tax by code and rate. Who has only ever had one needs no second look at the journal. */
async function taxesOf(
  tx: DbTransaction,
  { programme, partners, positions }: Settled,
  items: readonly PartyItem[],
  today: string,
): Promise<ReadonlyMap<number, readonly TaxLine[]>> {
  const partnerNos = partners.map(({ partnerNo }) => partnerNo);
  const termsOf = Map.groupBy(await findTaxTerms(tx, programme.no, partnerNos, today), ({ partnerNo }) => partnerNo);
  const changed = positions.filter(({ partnerNo }) => (termsOf.get(partnerNo)?.length ?? 0) > 1);
  const found = new Map<number, TaxLine[]>();
  const add = (partnerNo: number, code: string, rate: string, base: bigint, tax: bigint): void => {
    if (base === 0n && tax === 0n) return;
    const lines = found.get(partnerNo) ?? [];
    lines.push({ code, rate, baseMinor: String(base), taxMinor: String(tax) });
    found.set(partnerNo, lines);
  };
  for (const partnerNo of partnerNos) {
    const terms = termsOf.get(partnerNo) ?? [];
    if (terms.length > 1) continue;
    const own = items.filter(({ partyNo }) => partyNo === partnerNo);
    const base = own.reduce((sum, { commissionMinor }) => sum + commissionMinor, 0n);
    const tax = own.reduce((sum, { taxMinor }) => sum + taxMinor, 0n);
    add(partnerNo, terms[0]?.code ?? 'NONE', terms[0]?.rate ?? '0/1', base, tax);
  }
  if (changed.length === 0) return found;
  for (const { partnerNo, code, rate, baseMinor, taxMinor } of await sumTaxes(tx, programme.no, changed, today)) {
    add(partnerNo, code, rate, baseMinor, taxMinor);
  }
  return found;
}
