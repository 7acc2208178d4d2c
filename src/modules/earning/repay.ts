/** What members owe for returned purchases is repaid by the first units that become available to them (LEDGER 2: 8). */
import { type BusinessDate, businessDateIn } from '../../domain/kernel/calendar.js';
import { invariant } from '../../domain/kernel/invariant.js';
import type { DbTransaction } from '../../infrastructure/db/database.js';
import { openMemberLots, type RecordedLots, storeMemberLots } from '../lots/index.js';
import { loadProgrammes } from '../programmes/index.js';

/**
 * Members who owe and have just been given units; they are locked. Opening their lots is what repays.
 *
 * @param asOf day on which the units became available, which may be one that has passed
 */
export async function repayDebtors(
  tx: DbTransaction,
  programmeNo: number,
  memberNos: readonly number[],
  asOf: BusinessDate,
  now: Date,
): Promise<Pick<RecordedLots, 'entries' | 'entryNos'>> {
  if (memberNos.length === 0) return { entries: [], entryNos: [] };
  const programmes = await loadProgrammes(tx);
  const programme = programmes.byNo(programmeNo);
  invariant(programme, `programme ${programmeNo} is gone`);
  const clock = businessDateIn(now, programme.timeZone);
  const today = clock < asOf ? asOf : clock;
  const published = programmes.inForce(programmeNo, today);
  invariant(published, 'a programme in which members owe has terms');
  const lots = await openMemberLots(tx, {
    programmeNo,
    terms: published.terms.redemption,
    today,
    members: memberNos.map((memberNo) => ({ memberNo })),
  });
  return storeMemberLots(tx, lots);
}
