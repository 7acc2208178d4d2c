/** The leaf of an entry: fixed bytes that others can compute, nothing of it free to be bent. */
import fc from 'fast-check';
import { Account } from '../../../src/domain/ledger/accounts.js';
import {
  blindOf,
  type EntryHead,
  entryLeaf,
  holderHash,
  holderOf,
  partsOf,
} from '../../../src/domain/proofs/entry-leaf.js';

const SECRET = Buffer.alloc(32, 7);
const HEAD: EntryHead = {
  no: 1_001n,
  programmeNo: 1,
  windowNo: 3,
  kind: 4,
  sourceId: '',
  businessDate: '2026-11-22',
  recordedAt: '2026-11-22T04:40:00.123000Z',
};
const POSTINGS = [
  { line: 0, account: 100, party: 9, unit: 1, windowNo: 3, amount: 50n },
  { line: 1, account: 110, party: 9, unit: 1, windowNo: 3, amount: -50n },
  { line: 2, account: 2000, party: 0, unit: 2, windowNo: 3, amount: 50n },
  { line: 3, account: 2010, party: 0, unit: 2, windowNo: 3, amount: -50n },
  { line: 4, account: 1100, party: 5, unit: 2, windowNo: 3, amount: 56n },
  { line: 5, account: 1105, party: 5, unit: 2, windowNo: 3, amount: -50n },
  { line: 6, account: 4000, party: 5, unit: 2, windowNo: 3, amount: -5n },
  { line: 7, account: 2200, party: 5, unit: 2, windowNo: 3, amount: -1n },
] as const;
const PARTS = partsOf(SECRET, { no: 1_001n, memberNo: 9, postings: POSTINGS });

test('the bytes are these for ever', () => {
  expect(PARTS.map(({ holder }) => holder)).toEqual(['member|9', 'programme|0', 'partner|5']);
  expect(entryLeaf(HEAD, PARTS.map(holderHash)).toString('hex')).toBe(
    'cacfbf267b396930e5a3951a6ac9511bd516d06b18c5073b74d4916cff7d2b83',
  );
});

test.each([
  [Account.MEMBER_AVAILABLE, 9, 'member|9'],
  [Account.MEMBER_RECEIVABLE, 9, 'member|9'],
  [Account.POSITION, 5, 'partner|5'],
  [Account.COMMISSION, 5, 'partner|5'],
  [Account.COMMISSION, 0, 'programme|0'],
  [Account.ISSUED, 0, 'programme|0'],
  [Account.BANK, 5, 'programme|0'],
  [Account.LIABILITY_AVAILABLE, 0, 'programme|0'],
])('account %d of party %d belongs to %s', (account, party, holder) => {
  expect(holderOf({ account, party })).toBe(holder);
});

test('every field of the head, every posting and every blind counts', () => {
  const hashes = PARTS.map(holderHash);
  const leaf = entryLeaf(HEAD, hashes);
  expect(entryLeaf(HEAD, [...hashes].reverse())).toEqual(leaf);
  const heads: EntryHead[] = [
    { ...HEAD, no: 1_002n },
    { ...HEAD, programmeNo: 2 },
    { ...HEAD, windowNo: 4 },
    { ...HEAD, kind: 5 },
    { ...HEAD, sourceId: 'x' },
    { ...HEAD, businessDate: '2026-11-23' },
    { ...HEAD, recordedAt: '2026-11-22T04:40:00.123001Z' },
  ];
  for (const head of heads) expect(entryLeaf(head, hashes)).not.toEqual(leaf);
  expect(entryLeaf(HEAD, hashes.slice(1))).not.toEqual(leaf);
  const [part] = PARTS;
  if (part === undefined) throw new Error('the entry has parts');
  const [first] = part.postings;
  if (first === undefined) throw new Error('the part has postings');
  for (const change of [{ line: 9 }, { account: 120 }, { party: 8 }, { unit: 3 }, { windowNo: 9 }, { amount: 51n }]) {
    expect(holderHash({ ...part, postings: [{ ...first, ...change }, ...part.postings.slice(1)] })).not.toEqual(
      holderHash(part),
    );
  }
  expect(holderHash({ ...part, blind: Buffer.alloc(32) })).not.toEqual(holderHash(part));
  expect(holderHash({ ...part, holder: 'member|8' })).not.toEqual(holderHash(part));
});

test('no two holders or entries share a blind', () => {
  const holder = fc.constantFrom('member|1', 'member|11', 'partner|1', 'programme|0') as fc.Arbitrary<'member|1'>;
  const place = fc.tuple(fc.bigInt(1n, 2_000n), fc.integer({ min: 0, max: 200 }), holder);
  fc.assert(
    fc.property(place, place, (one, other) => {
      fc.pre(one.join('|') !== other.join('|'));
      expect(blindOf(SECRET, ...one)).not.toEqual(blindOf(SECRET, ...other));
    }),
  );
});
