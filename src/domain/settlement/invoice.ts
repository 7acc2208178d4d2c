/**
 * The face of a statement: who bills whom, under which number, with which tax. Frozen as JSON when a settlement is
 * issued; with the items and lines of the statement it is all that its PDF is made of.
 */
import type { BusinessDate } from '../kernel/calendar.js';

/** A party as it stands on a statement. */
export interface StatementParty {
  readonly code: string;
  readonly name: string;
  /** Lines of the address; none when nobody has given one. */
  readonly address: readonly string[];
  readonly taxNumber: string | null;
}

/** Commission and acceptance fees of one tax code and rate. Minor units, written in decimal because they travel as JSON. */
export interface TaxLine {
  readonly code: string;
  /** n/d */
  readonly rate: string;
  readonly baseMinor: string;
  readonly taxMinor: string;
}

export interface StatementFace {
  /** Null on the programme's own statement. */
  readonly number: string | null;
  readonly programmeName: string;
  readonly seller: StatementParty;
  readonly buyer: StatementParty;
  readonly issuedOn: BusinessDate;
  /** The period: days on which its first window was opened and its last one closed. */
  readonly from: BusinessDate;
  readonly until: BusinessDate;
  readonly dueOn: BusinessDate | null;
  readonly taxes: readonly TaxLine[];
  /** The currency its amounts are converted into to be paid; null when they are paid as they stand. */
  readonly paidIn: string | null;
  /** How to pay the programme; null when nobody has said. */
  readonly paymentInstruction: string | null;
}

const DIGITS = 6;

/** The number of an invoice: its programme and its place in the series, without gaps. "DEMO-000012" */
export const invoiceNumber = (programmeCode: string, no: number): string =>
  `${programmeCode.toUpperCase()}-${String(no).padStart(DIGITS, '0')}`;

export type StatementTitle = 'INVOICE' | 'CREDIT_NOTE' | 'STATEMENT';

/** An invoice charges commission or fees, a credit note gives them back, and a statement does neither. */
export function titleOf({ taxes }: Pick<StatementFace, 'taxes'>): StatementTitle {
  const gross = taxes.reduce((sum, { baseMinor, taxMinor }) => sum + BigInt(baseMinor) + BigInt(taxMinor), 0n);
  return gross > 0n ? 'INVOICE' : gross < 0n ? 'CREDIT_NOTE' : 'STATEMENT';
}

/** The lines of an address as somebody typed it. */
export const addressLines = (text: string): string[] =>
  text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
