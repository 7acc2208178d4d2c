/**
 * Every end-to-end test ends with this: the ledger's invariants hold on what the test left behind, and every statement can
 * be proved to the partner that got it.
 */
import { ProofCheck } from '../../src/domain/proofs/check-proof.js';
import { ChainSealer, ProofService, readHead, readLine } from '../../src/modules/proofs/index.js';
import { verifyLedger } from '../../src/modules/verification/index.js';
import type { TestDatabase } from '../support/database.js';
import { admin } from '../support/principals.js';

/** All of LEDGER 6, in the order in which they are checked. */
export const INVARIANTS = Array.from({ length: 21 }, (_, index) => `I${index + 1}`);

/** @param besides invariants of rows that the test has left out on purpose: one of lots alone has no redemptions (I11) */
export async function expectSoundLedger(db: TestDatabase, besides: readonly string[] = []): Promise<void> {
  await new ChainSealer(db.database).seal({ patienceMs: 20_000 });
  const verified = await db.database.command((tx) => verifyLedger(tx));
  expect(verified.map(({ invariant }) => invariant)).toEqual(INVARIANTS);
  await expectProofs(db);
  const findings = verified.flatMap((invariant) => invariant.findings);
  expect(findings.filter(({ invariant }) => !besides.includes(invariant))).toEqual([]);
}

async function expectProofs(db: TestDatabase): Promise<void> {
  const { rows } = await db.superuser.query<{ settlement_id: string; code: string }>(
    `select t.settlement_id, p.code from settlement_statement t join partner p on p.no = t.party_no
     join settlement s on s.id = t.settlement_id where s.state <> 'ABORTED'`,
  );
  const proofs = new ProofService(db.database, 100_000);
  for (const { settlement_id: settlementId, code: partnerCode } of rows) {
    const page = await proofs.ofSettlement(admin(), { settlementId, partnerCode });
    const [first = '', ...rest] = (page?.text ?? '').trimEnd().split('\n');
    const check = new ProofCheck(readHead('Line 1', first));
    rest.forEach((line, at) => {
      check.add(`line ${at + 2}`, readLine(`Line ${at + 2}`, line));
    });
    expect([settlementId, partnerCode, check.finish().faults]).toEqual([settlementId, partnerCode, []]);
  }
}
