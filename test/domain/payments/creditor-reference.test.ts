import { creditorReference, quotedReferences } from '../../../src/domain/payments/creditor-reference.js';

test('a reference has the check digits of ISO 11649', () => {
  const reference = creditorReference(12, 3);
  expect(reference).toMatch(/^RF\d\dHANSA12X3$/);
  const digits = [...`${reference.slice(4)}${reference.slice(0, 4)}`].map((letter) => Number.parseInt(letter, 36));
  expect(BigInt(digits.join('')) % 97n).toBe(1n);
});

test.each([
  ['as it is', (reference: string) => reference],
  ['in groups of four', (reference: string) => (reference.match(/.{1,4}/g) as string[]).join(' ')],
  ['in small letters and in a sentence', (reference: string) => `invoice ${reference.toLowerCase()}, thank you`],
  ['with dashes', (reference: string) => `${reference.slice(0, 4)}-${reference.slice(4)}`],
])('a payer may write it %s', (_, write) => {
  expect(quotedReferences(write(creditorReference(12, 3)))).toEqual([{ settlementNo: 12, partnerNo: 3 }]);
});

test('a mistyped one matches nothing, several are all found', () => {
  const [one, two] = [creditorReference(12, 3), creditorReference(13, 3)];
  expect(quotedReferences(one.replace('12X', '13X'))).toEqual([]);
  expect(quotedReferences(`${one}; ${two}`)).toEqual([
    { settlementNo: 12, partnerNo: 3 },
    { settlementNo: 13, partnerNo: 3 },
  ]);
  expect(quotedReferences('RF HANSA nothing')).toEqual([]);
});
