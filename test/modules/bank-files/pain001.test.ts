import fc from 'fast-check';
import {
  type CreditTransfer,
  checkAccountNumber,
  maskIban,
  writableName,
  writeCreditTransfers,
} from '../../../src/modules/bank-files/index.js';
import { describeWithStandard, schemaErrors } from './standard.js';

const DEBTOR = { name: 'Loyalty Clearing GmbH', iban: 'DE89370400440532013000', bic: 'COBADEFFXXX' };
const TRANSFER: CreditTransfer = {
  endToEndId: '0199aaaabbbb7ccc8dddeeeeffff0000',
  amountMinor: 3_243n,
  creditor: { name: 'Bäckerei Müller & Söhne', iban: 'FR1420041010050500013M02606' },
  remittance: 'Settlement 1',
};
const FILE = {
  messageId: '0199aaaabbbb7ccc8dddeeeeffff0001',
  createdAt: new Date('2026-03-02T10:11:12.345Z'),
  executionDate: '2026-03-03',
  currencyCode: 'EUR',
  debtor: DEBTOR,
  transfers: [TRANSFER],
};

const written = (file: Partial<typeof FILE> = {}): string => {
  const result = writeCreditTransfers({ ...FILE, ...file });
  if (!result.ok) throw new Error(result.failure.message);
  return result.value;
};

test('the same facts give the same bytes', () => {
  expect(written()).toBe(written());
  expect(written()).toContain('<Nm>Baeckerei Mueller + Soehne</Nm>');
  expect(written()).toContain('<InstdAmt Ccy="EUR">32.43</InstdAmt>');
  expect(written()).toContain('<CtrlSum>32.43</CtrlSum>');
});

test('a name that has no Latin form is refused, never mangled', () => {
  const result = writeCreditTransfers({
    ...FILE,
    transfers: [{ ...TRANSFER, creditor: { ...TRANSFER.creditor, name: '北京' } }],
  });
  expect(result).toMatchObject({ ok: false, failure: { code: 'NAME_NOT_WRITABLE' } });
  expect(writableName('   ')).toMatchObject({ ok: false });
});

describeWithStandard('payment files by the schema of the standard', () => {
  test('one payment in euros', async () => {
    expect(await schemaErrors(written(), 'pain.001.001.09')).toEqual([]);
  });

  test('many payments, other currencies, banks with and without a code', async () => {
    const transfers = Array.from({ length: 50 }, (_, index) => ({
      ...TRANSFER,
      endToEndId: `${TRANSFER.endToEndId.slice(0, 28)}${1000 + index}`,
      amountMinor: BigInt(1 + index * 977),
      creditor: { ...TRANSFER.creditor, ...(index % 2 === 0 ? { bic: 'BNPAFRPP' } : {}) },
    }));
    for (const currencyCode of ['EUR', 'GBP', 'JPY', 'KWD']) {
      const { bic: _, ...debtor } = DEBTOR;
      const file = written({
        currencyCode,
        transfers,
        debtor: currencyCode === 'EUR' ? (debtor as typeof DEBTOR) : DEBTOR,
      });
      expect(await schemaErrors(file, 'pain.001.001.09')).toEqual([]);
    }
  });

  test('whatever a name is made of, the file is valid or the name refused', async () => {
    const names = fc.sample(
      fc.string({ unit: fc.constantFrom(...'AazZ09éßØŁ€&<>"\'/ .,#\tЖ'), minLength: 1, maxLength: 8 }),
      { numRuns: 300, seed: 4 },
    );
    const transfers = names.flatMap((name) =>
      writableName(name).ok ? [{ ...TRANSFER, creditor: { ...TRANSFER.creditor, name } }] : [],
    );
    expect(transfers.length).toBeGreaterThan(20);
    expect(await schemaErrors(written({ transfers }), 'pain.001.001.09')).toEqual([]);
  });
});

test.each([
  ['DE89 3704 0044 0532 0130 00', undefined, { iban: 'DE89370400440532013000' }],
  ['de89370400440532013000', 'cobadeff', { iban: 'DE89370400440532013000', bic: 'COBADEFF' }],
  ['DE89370400440532013001', undefined, 'MALFORMED_IBAN'],
  ['DE8937040044053201300', undefined, 'MALFORMED_IBAN'],
  ['XX89370400440532013000', undefined, 'MALFORMED_IBAN'],
  ['', undefined, 'MALFORMED_IBAN'],
  ['9'.repeat(1_000), undefined, 'MALFORMED_IBAN'],
  ['DE89370400440532013000', 'COBA', 'MALFORMED_BIC'],
  ['AE070331234567890123456', undefined, 'BIC_MISSING'],
])('account number %p with %p', (iban, bic, expected) => {
  const checked = checkAccountNumber(iban, bic);
  expect(checked.ok ? checked.value : checked.failure.code).toEqual(expected);
  if (!checked.ok && iban.length > 10) expect(checked.failure.message).not.toContain(iban.slice(4));
});

test('a masked number keeps its country and its end', () => {
  expect(maskIban('DE89370400440532013000')).toBe('DE89**************3000');
});
