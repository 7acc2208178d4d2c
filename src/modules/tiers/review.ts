/**
 * The daily review: tiers whose day has come fall or are confirmed, and tiers that their window earns at any
 * moment follow it, also for members who do nothing.
 */
import type { TierLadder, TierLevel } from '../../domain/earning/model.js';
import type { BusinessDate } from '../../domain/kernel/calendar.js';
import { KeptStanding } from '../../domain/tiers/kept-standing.js';
import { earnedLevel, metricOfDay, metricOfDays, metricWindow } from '../../domain/tiers/qualify.js';
import { historyStart, type TierStanding } from '../../domain/tiers/standing.js';
import type { Database, DbTransaction } from '../../infrastructure/db/database.js';
import { loadDays, loadMetric } from '../earning/index.js';
import { lockMembers } from '../members/index.js';
import { findAboveTheLowest, findHeldToReview, loadStandings, storeStandings } from './tier.sql.js';

/** Members per transaction: their locks are held briefly. */
const CHUNK = 500;

export interface Reviewed {
  /** Members whose standing was looked at. */
  readonly members: number;
  /** Those of them whose tier is another one now. */
  readonly changed: number;
}

/** Reviews every member of a programme as of `today`. Doing it again changes nothing. */
export async function reviewTiers(
  database: Database,
  programmeNo: number,
  ladder: TierLadder,
  today: BusinessDate,
  signal?: AbortSignal,
): Promise<Reviewed> {
  let members = 0;
  let changed = 0;
  let after = 0;
  while (signal?.aborted !== true) {
    const page = await database.command((tx) => nextPage(tx, programmeNo, ladder, today, after));
    if (page.length === 0) break;
    after = page.at(-1) as number;
    members += page.length;
    // A retried transaction counts once.
    const moved = await database.command((tx) => reviewChunk(tx, programmeNo, ladder, today, page));
    changed += moved;
  }
  return { members, changed };
}

function nextPage(
  tx: DbTransaction,
  programmeNo: number,
  { levels, downgrade }: TierLadder,
  today: BusinessDate,
  after: number,
): Promise<number[]> {
  const lowest = (levels[0] as TierLevel).code;
  if (downgrade.to === 'IMMEDIATE') return findAboveTheLowest(tx, programmeNo, after, lowest, CHUNK);
  if (downgrade.to === 'NEVER') return Promise.resolve([]);
  return findHeldToReview(tx, programmeNo, after, today, lowest, CHUNK);
}

/** How many of them have another tier now. */
async function reviewChunk(
  tx: DbTransaction,
  programmeNo: number,
  ladder: TierLadder,
  today: BusinessDate,
  memberNos: readonly number[],
): Promise<number> {
  const due = ladder.downgrade.to === 'IMMEDIATE' ? await whoseTierIsAnother(tx, ladder, today, memberNos) : memberNos;
  await lockMembers(tx, due);
  const standings = await loadStandings(tx, due);
  const days = await daysOf(tx, ladder, today, standings);
  const moved = [...standings].map(([memberNo, standing]) => {
    const kept = new KeptStanding(standing);
    kept.settle(ladder, today, metricOfDays(days.get(memberNo) ?? new Map()));
    return { memberNo, moves: kept.moves() };
  });
  storeStandings(tx, programmeNo, moved);
  return moved.filter(({ moves }) => moves.some(({ change }) => change !== undefined)).length;
}

/** Without locks, because hardly anybody's is: the few are looked at again when they are locked. */
async function whoseTierIsAnother(
  tx: DbTransaction,
  ladder: TierLadder,
  today: BusinessDate,
  memberNos: readonly number[],
): Promise<number[]> {
  const standings = await loadStandings(tx, memberNos);
  const window = metricWindow(ladder, today);
  const metrics = await loadMetric(
    tx,
    ladder.metric,
    memberNos.map((memberNo) => ({ memberNo, ...window })),
  );
  return memberNos.filter(
    (memberNo, index) => standings.get(memberNo)?.tier !== earnedLevel(ladder, metrics[index] as bigint).code,
  );
}

async function daysOf(
  tx: DbTransaction,
  ladder: TierLadder,
  today: BusinessDate,
  standings: ReadonlyMap<number, TierStanding>,
): Promise<ReadonlyMap<number, ReadonlyMap<BusinessDate, bigint>>> {
  const rows = await loadDays(
    tx,
    [...standings].map(([memberNo, standing]) => ({
      memberNo,
      first: historyStart(ladder, standing, today),
      last: today,
    })),
  );
  return new Map(
    [...Map.groupBy(rows, ({ memberNo }) => memberNo)].map(([memberNo, list]) => [
      memberNo,
      new Map(list.map((row) => [row.day, metricOfDay(ladder, row)])),
    ]),
  );
}
