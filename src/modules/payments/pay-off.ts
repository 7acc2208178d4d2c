/** What pays off lines without money that comes in: a debt that is given up, a deposit that is used. */
import { fail, ok, type Result } from '../../domain/kernel/result.js';
import { payClaims } from '../../domain/payments/claims.js';
import type { DbTransaction } from '../../infrastructure/db/database.js';
import { payLines } from './pay-lines.js';
import { findPayersOf } from './payables.js';
import { findProgramme, type PayingProgramme } from './payment.sql.js';

/**
 * Takes an amount off what a partner owes, the oldest settlement first, or nothing when it owes less. Call lockPayments
 * before.
 */
export async function payOff(
  tx: DbTransaction,
  programmeNo: number,
  partnerNo: number,
  amountMinor: bigint,
): Promise<Result<undefined, 'MORE_THAN_OWED'>> {
  const programme = (await findProgramme(tx, programmeNo)) as PayingProgramme;
  const [payer] = await findPayersOf(tx, programme, { partnerNos: [partnerNo], ibans: [] });
  const claims = payer === undefined ? undefined : payClaims(payer, amountMinor);
  if (claims === undefined || claims.paidMinor < amountMinor)
    return fail('MORE_THAN_OWED', 'The partner owes less than that of what was settled; ask for less.', 'amount');
  await payLines(tx, claims.paid);
  return ok(undefined);
}
