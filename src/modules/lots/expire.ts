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
import { findExpired, findIdle, type Leaving } from './expire.sql.js';
import { openMemberLots } from './open-lots.js';
import { storeMemberLots } from './store-lots.js';

/** Lots per transaction, about, and most members: a chunk stays under 40 ms, as the fence is held that long. */
const CHUNK = 400;
const CHUNK_MEMBERS = 100;
/** Members looked up at a time. */
const PAGE = 10_000;
/** Chunks under way at once: one is computed while the database writes the others. */
const LANES = 3;

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
  const byDay = await inChunks(database, day, signal, (tx, after) => findExpired(tx, programmeNo, today, after, PAGE));
  if (!looksAtMembers) return byDay;
  const byMember = await inChunks(database, day, signal, (tx, after) =>
    findIdle(tx, programmeNo, today, { ...terms, isOver }, after, PAGE),
  );
  return plus(byDay, byMember);
}

async function inChunks(
  database: Database,
  day: ProgrammeDay,
  signal: AbortSignal | undefined,
  find: (tx: DbTransaction, after: number) => Promise<Leaving[]>,
): Promise<LotsExpired> {
  let total = NOTHING;
  let after = 0;
  const isStopped = (): boolean => signal?.aborted === true;
  while (!isStopped()) {
    const page = await database.command((tx) => find(tx, after));
    const chunks = chunksOf(page).values();
    const lane = async (): Promise<void> => {
      for (const chunk of chunks) {
        if (isStopped()) return;
        const taken = await database.command((tx) => expireChunk(tx, day, chunk));
        total = plus(total, taken);
      }
    };
    await Promise.all(Array.from({ length: LANES }, lane));
    const last = page.at(-1);
    if (page.length < PAGE || last === undefined) break;
    after = last.memberNo;
  }
  return total;
}

/** Numbers of members, cut where a transaction has enough to do. */
function chunksOf(page: readonly Leaving[]): number[][] {
  const chunks: number[][] = [];
  let lotsInChunk = CHUNK;
  for (const { memberNo, lots } of page) {
    const chunk = chunks.at(-1);
    if (chunk === undefined || lotsInChunk + lots > CHUNK || chunk.length === CHUNK_MEMBERS) {
      chunks.push([memberNo]);
      lotsInChunk = lots;
    } else {
      chunk.push(memberNo);
      lotsInChunk += lots;
    }
  }
  return chunks;
}

/** Opening their lots is all it takes: whatever is gone by then has gone. */
async function expireChunk(
  tx: DbTransaction,
  { programmeNo, terms, today }: ProgrammeDay,
  memberNos: readonly number[],
): Promise<LotsExpired> {
  const { now, windows } = await openWindows(tx, [programmeNo]);
  const window = windows.get(programmeNo);
  invariant(window, 'openWindows answers for every programme');
  await lockMembers(tx, memberNos);
  const members = memberNos.map((memberNo) => ({ memberNo }));
  const lots = await openMemberLots(tx, { programmeNo, terms, today, members });
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
