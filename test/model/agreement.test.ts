import { EntryKind } from '../../src/domain/ledger/entry.js';
import { expectAgreement } from './agreement.js';

const EVERY = Number(process.env.HANSA_TEST_EVERY ?? 200);
const CHOSEN = process.env.HANSA_TEST_SEED;
const SEEDS = (CHOSEN ?? '10,14').split(',').map(Number);

/** In any of the lives. */
const recorded = new Set<number>();

test.each(SEEDS)(
  'the product and the model agree, seed %i',
  async (seed) => {
    const kinds = await expectAgreement({ seed, operations: 1_000, every: EVERY, atOnce: 8 });
    for (const kind of kinds) recorded.add(kind);
  },
  // A fraction of it, unless much else runs beside.
  600_000,
);

// Seeds of one's own choice need not come to everything.
(CHOSEN === undefined ? test : test.skip)('these lives record entries of every kind', () => {
  expect(Object.entries(EntryKind).filter(([, kind]) => !recorded.has(kind))).toEqual([]);
});
