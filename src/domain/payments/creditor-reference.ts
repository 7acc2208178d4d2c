/**
 * The reference that a partner quotes when it pays: a creditor reference by ISO 11649, short enough to type and with
 * check digits, so that a mistyped one matches nothing.
 */
const PREFIX = 'HANSA';

/** Such as RF49HANSA12X3: settlement 12, partner 3. */
export function creditorReference(settlementNo: number, partnerNo: number): string {
  const body = `${PREFIX}${settlementNo}X${partnerNo}`;
  return `RF${String(98n - remainder(`${body}RF00`)).padStart(2, '0')}${body}`;
}

export interface QuotedReference {
  readonly settlementNo: number;
  readonly partnerNo: number;
}

const QUOTED = new RegExp(`RF(\\d{2})${PREFIX}(\\d{1,9})X(\\d{1,9})(?!\\d)`, 'g');

/** The references of ours in what a payer wrote; spaces and small letters do not matter, wrong check digits do. */
export function quotedReferences(remittance: string): QuotedReference[] {
  return [
    ...remittance
      .toUpperCase()
      .replace(/[\s./-]/g, '')
      .matchAll(QUOTED),
  ].flatMap(([reference, , settlementNo, partnerNo]) =>
    remainder(`${reference.slice(4)}${reference.slice(0, 4)}`) === 1n
      ? [{ settlementNo: Number(settlementNo), partnerNo: Number(partnerNo) }]
      : [],
  );
}

/** Letters count from 10 (A) to 35 (Z); the remainder by 97. */
const remainder = (text: string): bigint =>
  BigInt([...text].map((letter) => Number.parseInt(letter, 36).toString()).join('')) % 97n;
