import { EntryKind } from '../../../src/domain/ledger/entry.js';
import { statementCsv, statementSha256 } from '../../../src/domain/settlement/statement.js';

const head = {
  settlementNo: 12,
  programmeCode: 'demo',
  partyCode: 'm1',
  currencyCode: 'KWD',
  currencyScale: 3,
  unitScale: 2,
  from: new Date('2026-01-01T00:00:00Z'),
  until: new Date('2026-02-01T00:00:00.5Z'),
  number: 'DEMO-000012',
  issuedOn: '2026-02-02',
  dueOn: '2026-02-16',
};
const item = {
  entryKind: EntryKind.CONFIRMATION,
  account: 1100,
  side: 'OWES',
  entryCount: 3n,
  units: 1234n,
  rewardMinor: 1000n,
  commissionMinor: 100n,
  taxMinor: 20n,
  amountMinor: 1120n,
} as const;

test('every line repeats whose and which statement it is, in the decimals of its currency and unit', () => {
  const csv = statementCsv(
    head,
    [item],
    [{ side: 'NET', openingMinor: -5n, netMinor: 1120n, closingMinor: 1115n, state: 'CARRIED' }],
    [{ code: 'VAT-20', rate: '1/5', baseMinor: '100', taxMinor: '20' }],
  );
  const own = '12,demo,m1,KWD,2026-01-01T00:00:00.000Z,2026-02-01T00:00:00.500Z,DEMO-000012,2026-02-02,2026-02-16';
  expect(csv.split('\r\n')).toEqual([
    'settlement,programme,party,currency,from,until,number,issued,due,tax_code,tax_rate,item,side,account,entries,units,reward,commission,tax,amount',
    `${own},,,OPENING,NET,,,,,,,-0.005`,
    `${own},,,CONFIRMED,OWES,1100,3,12.34,1.000,0.100,0.020,1.120`,
    `${own},VAT-20,1/5,TAX,OWES,,,,,0.100,0.020,0.120`,
    `${own},,,NET,NET,,,,,,,1.120`,
    `${own},,,CLOSING,NET,,,,,,,1.115`,
    `${own},,,CARRIED,NET,,,,,,,1.115`,
    '',
  ]);
});

test('the hash is that of the bytes', () => {
  // printf 'a\r\n' | sha256sum
  expect(statementSha256('a\r\n')).toBe('8e4621379786ef42a4fec155cd525c291dd7db3c1fde3478522f4f61c03fd1bd');
});
