/**
 * Moving the lines of issued settlements: payments, disputes and write-offs say what became of a line, and the
 * settlement follows from its lines.
 */
import type { BusinessDate } from '../../domain/kernel/calendar.js';
import { invariant } from '../../domain/kernel/invariant.js';
import {
  mayGo,
  type SettlementLineState,
  type SettlementState,
  settlementStateOf,
} from '../../domain/settlement/line-state.js';
import type { LineSide } from '../../domain/settlement/netting.js';
import { type DbTransaction, statement } from '../../infrastructure/db/database.js';

export interface LockedLine {
  readonly id: string;
  readonly settlementId: string;
  readonly settlementNo: number;
  readonly settlementState: SettlementState;
  readonly issuedAt: Date;
  readonly programmeNo: number;
  readonly currencyCode: string;
  /** Partner number; 0 = the programme's own line. */
  readonly partyNo: number;
  readonly side: LineSide;
  readonly state: SettlementLineState;
  /** Opening + net, as issued; + it pays, - it is paid. */
  readonly closingMinor: bigint;
  /** What is left to pay of it. */
  readonly dueMinor: bigint;
  /** In which that is, when it is not the settlement's own. */
  readonly dueCurrencyCode: string | null;
  /** What it came to in that currency; null before it was converted. */
  readonly convertedMinor: bigint | null;
  /** What was to pay of it at first. */
  readonly payableMinor: bigint;
  /** Last day on which it may be disputed; null on the programme's own line. */
  readonly disputeUntil: BusinessDate | null;
}

const LOCK_SETTLEMENTS = statement(
  'settlement.lock-settlements',
  `select id from settlement where id in (select settlement_id from settlement_line where id = any ($1::uuid[]))
   order by no for update`,
);
const READ_LINES = `
  select l.id, l.settlement_id as "settlementId", s.no as "settlementNo", s.state as "settlementState",
         s.issued_at as "issuedAt", s.programme_no as "programmeNo", s.currency_code as "currencyCode",
         l.party_no as "partyNo", l.side, l.state, l.opening_minor + l.net_minor as "closingMinor", l.due_minor as "dueMinor",
         l.due_currency_code as "dueCurrencyCode", l.converted_minor as "convertedMinor",
         case when l.due_currency_code is null then l.opening_minor + l.net_minor else coalesce(l.converted_minor, 0) end as "payableMinor",
         l.dispute_until as "disputeUntil"
  from settlement_line l join settlement s on s.id = l.settlement_id`;
const FIND_LOCKED = statement(
  'settlement.find-locked-lines',
  `${READ_LINES} where l.id = any ($1::uuid[]) order by l.id`,
);
const FIND_OF_SETTLEMENT = statement(
  'settlement.find-lines-of-settlement',
  `${READ_LINES} where l.settlement_id = $1 and l.party_no > 0 order by l.party_no, l.side`,
);

/**
 * Lines by their ids, in that order, locked with their whole settlements until the transaction ends. Ids that there are
 * none of are left out.
 */
export async function lockLines(tx: DbTransaction, ids: readonly string[]): Promise<LockedLine[]> {
  await tx.run(LOCK_SETTLEMENTS, [ids]);
  return tx.run<LockedLine>(FIND_LOCKED, [ids]);
}

const LOCK_SETTLEMENT = statement('settlement.lock-settlement', 'select id from settlement where id = $1 for update');

/** The lines of the partners of one settlement, locked with it; none when there is no such settlement. */
export async function lockLinesOf(tx: DbTransaction, settlementId: string): Promise<LockedLine[]> {
  await tx.run(LOCK_SETTLEMENT, [settlementId]);
  return tx.run<LockedLine>(FIND_OF_SETTLEMENT, [settlementId]);
}

/** What became of a line. */
export interface LineMove {
  readonly lineId: string;
  readonly to: SettlementLineState;
  /** What is left to pay from now on; unchanged when absent. */
  readonly dueMinor?: bigint;
}

const MOVE_LINES = statement(
  'settlement.move-lines',
  `update settlement_line l set state = m.state, due_minor = coalesce(m.due, l.due_minor)
   from unnest($1::uuid[], $2::text[], $3::bigint[]) as m (id, state, due) where l.id = m.id`,
);
const MOVE_SETTLEMENT = statement(
  'settlement.move-settlement',
  `update settlement set state = $2 where id = $1 and state <> $2`,
);
const MOVE_PROGRAMME_LINE = statement(
  'settlement.move-programme-line',
  `update settlement_line set state = $2 where settlement_id = $1 and party_no = 0 and state <> $2`,
);

/**
 * Moves lines, and their settlements with them: PAYING once something is under way, SETTLED once nothing is left. The
 * lines must be locked (lockLines). A way that there is none of is a bug of the caller, who knows the state it locked.
 */
export async function moveLines(tx: DbTransaction, moves: readonly LineMove[]): Promise<void> {
  const before = await tx.run<LockedLine>(FIND_LOCKED, [moves.map(({ lineId }) => lineId)]);
  for (const { lineId, to } of moves) {
    const line = before.find(({ id }) => id === lineId);
    invariant(line !== undefined && line.partyNo > 0, `${lineId} is a line of a partner`);
    invariant(mayGo(line.state, to), `a settlement line does not go from ${line.state} to ${to}`);
    invariant(line.settlementState !== 'ABORTED', 'the lines of an aborted settlement stay as they are');
  }
  await tx.run(MOVE_LINES, [
    moves.map(({ lineId }) => lineId),
    moves.map(({ to }) => to),
    moves.map(({ dueMinor }) => dueMinor ?? null),
  ]);
  for (const settlementId of new Set(before.map((line) => line.settlementId))) {
    const state = settlementStateOf(await tx.run<LockedLine>(FIND_OF_SETTLEMENT, [settlementId]));
    await tx.run(MOVE_SETTLEMENT, [settlementId, state]);
    await tx.run(MOVE_PROGRAMME_LINE, [settlementId, state === 'SETTLED' ? 'SETTLED' : 'PENDING']);
  }
}

const FIND_TO_CONVERT = statement(
  'settlement.find-lines-to-convert',
  `${READ_LINES} where l.due_currency_code is not null and l.converted_minor is null and s.state <> 'ABORTED'
     and ($1::uuid is null or l.settlement_id = $1) and l.id > $2 order by l.id limit $3`,
);

/** Lines that wait to be converted, of one settlement or of all, after an id; not locked. */
export const findLinesToConvert = (
  tx: DbTransaction,
  { settlementId, after, limit }: { settlementId: string | undefined; after: string; limit: number },
): Promise<LockedLine[]> => tx.run<LockedLine>(FIND_TO_CONVERT, [settlementId ?? null, after, limit]);

export interface ConvertedLine {
  readonly lineId: string;
  readonly convertedMinor: bigint;
  readonly on: BusinessDate;
  /** n/d */
  readonly fxRate: string;
}

const CONVERT_LINE = statement(
  'settlement.convert-line',
  `update settlement_line set converted_minor = $2, due_minor = $2, converted_on = $3, fx_rate = $4 where id = $1`,
);

/** From now on so much is due in the other currency. The line must be locked (lockLines). */
export async function storeConversion(tx: DbTransaction, line: ConvertedLine): Promise<void> {
  await tx.run(CONVERT_LINE, [line.lineId, line.convertedMinor, line.on, line.fxRate]);
}

const ABORT_SETTLEMENT = statement(
  'settlement.abort-settlement',
  `update settlement set state = 'ABORTED', aborted_at = hansa_now(), abort_reason = $2 where id = $1`,
);
const CLEAR_DUE = statement(
  'settlement.clear-due',
  'update settlement_line set due_minor = 0 where settlement_id = $1 and due_minor <> 0',
);

/** Gives a locked settlement up: nothing of it is due any more, its lines stay as they were issued. */
export async function abortSettlement(tx: DbTransaction, settlementId: string, reason: string): Promise<void> {
  await tx.run(ABORT_SETTLEMENT, [settlementId, reason]);
  await tx.run(CLEAR_DUE, [settlementId]);
}

const HAS_LATER = statement(
  'settlement.has-later-settlement',
  `select exists (
     select from settlement_line l
     join settlement s on s.id = l.settlement_id and s.state <> 'ABORTED'
     join settlement g on g.id = $1 and g.programme_no = s.programme_no and g.no < s.no
     where l.party_no > 0 and l.party_no in (select party_no from settlement_line where settlement_id = $1)
   ) as later`,
);

/** Whether any of its partners was settled again since: the later statement builds on this one. */
export async function hasLaterSettlement(tx: DbTransaction, settlementId: string): Promise<boolean> {
  const [row] = await tx.run<{ later: boolean }>(HAS_LATER, [settlementId]);
  return row?.later ?? false;
}
