/** Every end-to-end test ends with this: the ledger's invariants hold on what the test left behind. */
import { ChainSealer } from '../../src/modules/proofs/index.js';
import { verifyLedger } from '../../src/modules/verification/index.js';
import type { TestDatabase } from '../support/database.js';

/** @param besides invariants of rows that the test has left out on purpose: one of lots alone has no redemptions (I11) */
export async function expectSoundLedger(db: TestDatabase, besides: readonly string[] = []): Promise<void> {
  await new ChainSealer(db.database).seal({ patienceMs: 20_000 });
  const verified = await db.database.command((tx) => verifyLedger(tx));
  expect(verified.map(({ invariant }) => invariant)).toEqual([
    'I1',
    'I2',
    'I3',
    'I4',
    'I5',
    'I6',
    'I7',
    'I8',
    'I9',
    'I10',
    'I11',
    'I12',
    'I13',
    'I14',
    'I15',
    'I16',
    'I17',
    'I18',
    'I19',
    'I20',
    'I21',
  ]);
  const findings = verified.flatMap((invariant) => invariant.findings);
  expect(findings.filter(({ invariant }) => !besides.includes(invariant))).toEqual([]);
}
