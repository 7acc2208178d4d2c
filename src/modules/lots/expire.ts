/**
 * What happens to units by themselves: they expire, dormancy takes its fees, and after the last day of a programme
 * what is left is written off. Everything that opens a member's lots does it too; this is for members who do nothing.
 */
import type { BusinessDate } from '../../domain/kernel/calendar.js';
import { invariant } from '../../domain/kernel/invariant.js';
import { looksAtActivity } from '../../domain/redemption/dormancy.js';
import type { LotEventKind } from '../../domain/redemption/events.js';
import type { RedemptionTerms } from '../../domain/redemption/model.js';
import { mayRedeem } from '../../domain/redemption/wind-down.js';
import type { Database, DbTransaction } from '../../infrastructure/db/database.js';
import { openWindows, recordEntries } from '../ledger/index.js';
import { lockMembers } from '../members/index.js';
import { findIdle, findLapsed, type Leaving } from './expire.sql.js';
import { openMemberLots } from './open-lots.js';
import { storeMemberLots } from './store-lots.js';

/** Lots per transaction, and one for each member: the fence and their locks are held for as long as they take. */
const SIZES = { least: 250, most: 500 };
/** Lots looked up at a time, or idle members. */
const PAGE = 10_000;

export interface ProgrammeDay {
  readonly programmeNo: number;
  /** In force on that day. */
  readonly terms: RedemptionTerms;
  readonly today: BusinessDate;
}

/** Steps of the reward unit that left by themselves. */
export interface LotsExpired {
  /** Members from whom something was taken. */
  readonly members: number;
  readonly expiredUnits: bigint;
  readonly feeUnits: bigint;
  readonly writtenOffUnits: bigint;
}

const NOTHING: LotsExpired = { members: 0, expiredUnits: 0n, feeUnits: 0n, writtenOffUnits: 0n };

const plus = (a: LotsExpired, b: LotsExpired): LotsExpired => ({
  members: a.members + b.members,
  expiredUnits: a.expiredUnits + b.expiredUnits,
  feeUnits: a.feeUnits + b.feeUnits,
  writtenOffUnits: a.writtenOffUnits + b.writtenOffUnits,
});

/** In every member of a programme, up to and with `today`. Doing it again takes nothing twice, nor do several at once. */
export async function expireLots(database: Database, day: ProgrammeDay, signal?: AbortSignal): Promise<LotsExpired> {
  const { programmeNo, terms, today } = day;
  const isOver = !mayRedeem(terms, today);
  const looksAtMembers = isOver || looksAtActivity(terms);
  const byDay = await expireLapsed(database, day, signal);
  if (!looksAtMembers) return byDay;
  let total = byDay;
  let after = 0;
  while (signal?.aborted !== true) {
    const page = await database.command((tx) => findIdle(tx, programmeNo, today, { ...terms, isOver }, after, PAGE));
    total = plus(total, await expirePage(database, day, page, signal));
    const last = page.at(-1);
    if (page.length < PAGE || last === undefined) break;
    after = last.memberNo;
  }
  return total;
}

/** Lots whose own last day has passed. Every page takes what it has found; one that does not has met somebody who was faster. */
async function expireLapsed(
  database: Database,
  day: ProgrammeDay,
  signal: AbortSignal | undefined,
): Promise<LotsExpired> {
  const { programmeNo, terms, today } = day;
  let total = NOTHING;
  let from: BusinessDate | undefined;
  while (signal?.aborted !== true) {
    const found = await database.background.turn(() =>
      database.command((tx) => findLapsed(tx, programmeNo, today, terms, from, PAGE)),
    );
    const page = found.toSorted((a, b) => a.memberNo - b.memberNo);
    const taken = await expirePage(database, day, page, signal);
    total = plus(total, taken);
    if (taken.members === 0 || page.reduce((lots, each) => lots + each.lots, 0) < PAGE) break;
    from = page.reduce((latest, { lastDay }) => (lastDay > latest ? lastDay : latest), from ?? '');
  }
  return total;
}

async function expirePage(
  database: Database,
  day: ProgrammeDay,
  page: readonly Leaving[],
  signal: AbortSignal | undefined,
): Promise<LotsExpired> {
  let total = NOTHING;
  await database.background.inPieces({
    items: page,
    weightOf: ({ lots }) => 1 + lots,
    work: async (piece) => {
      const memberNos = piece.map(({ memberNo }) => memberNo);
      const taken = await database.command((tx) => expireMembers(tx, day, memberNos));
      total = plus(total, taken);
    },
    sizes: SIZES,
    signal,
  });
  return total;
}

/** Opening their lots is all it takes: whatever is gone by then has gone. */
async function expireMembers(
  tx: DbTransaction,
  { programmeNo, terms, today }: ProgrammeDay,
  memberNos: readonly number[],
): Promise<LotsExpired> {
  // Asked in one tick, in this order: one round trip.
  const [{ now, windows }, , lots] = await Promise.all([
    openWindows(tx, [programmeNo]),
    lockMembers(tx, memberNos),
    openMemberLots(tx, { programmeNo, terms, today, members: memberNos.map((memberNo) => ({ memberNo })) }),
  ]);
  const window = windows.get(programmeNo);
  invariant(window, 'openWindows answers for every programme');
  const { entries, entryNos, events } = await storeMemberLots(tx, lots);
  await recordEntries(tx, window, now, entries, entryNos);
  const unitsOf = (kind: LotEventKind): bigint =>
    events
      .filter(({ event }) => event.kind === kind)
      .flatMap(({ event }) => event.moves)
      .reduce((sum, { part }) => sum + part.units, 0n);
  return {
    members: new Set(events.map(({ memberNo }) => memberNo)).size,
    expiredUnits: unitsOf('EXPIRED'),
    feeUnits: unitsOf('FEE'),
    writtenOffUnits: unitsOf('WRITTEN_OFF'),
  };
}
