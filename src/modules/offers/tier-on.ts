/** The tier of members on a day, as a decision of that day would see it. */
import type { TierLadder } from '../../domain/earning/model.js';
import type { BusinessDate } from '../../domain/kernel/calendar.js';
import { metricOfDay, metricOfDays } from '../../domain/tiers/qualify.js';
import { advanceTier, historyStart } from '../../domain/tiers/standing.js';
import type { DbTransaction } from '../../infrastructure/db/database.js';
import { loadDays } from '../earning/index.js';
import { loadStandings } from '../tiers/index.js';

/** Tier code by member number. */
export async function tiersOn(
  tx: DbTransaction,
  memberNos: readonly number[],
  ladder: TierLadder,
  date: BusinessDate,
): Promise<ReadonlyMap<number, string>> {
  const standings = await loadStandings(tx, memberNos);
  const rows = await loadDays(
    tx,
    memberNos.map((memberNo) => ({
      memberNo,
      first: historyStart(ladder, standings.get(memberNo), date),
      last: date,
    })),
  );
  const byMember = Map.groupBy(rows, ({ memberNo }) => memberNo);
  return new Map(
    memberNos.map((memberNo) => {
      const days = new Map((byMember.get(memberNo) ?? []).map((row) => [row.day, metricOfDay(ladder, row)]));
      return [memberNo, advanceTier(ladder, standings.get(memberNo), date, metricOfDays(days)).tier];
    }),
  );
}
