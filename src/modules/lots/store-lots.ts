/** Stores what has happened to opened lots, and says which journal entries go with it. */
import { invariant } from '../../domain/kernel/invariant.js';
import type { JournalEntry } from '../../domain/ledger/entry.js';
import { type EntryOf, lotEntry } from '../../domain/ledger/lot-entries.js';
import { looksAtActivity } from '../../domain/redemption/dormancy.js';
import type { ClawedShare, LotEvent } from '../../domain/redemption/events.js';
import type { Lot, Pot } from '../../domain/redemption/lot.js';
import type { Debt } from '../../domain/redemption/member-lots.js';
import type { RedemptionTerms } from '../../domain/redemption/model.js';
import type { Part } from '../../domain/redemption/part.js';
import type { DbTransaction } from '../../infrastructure/db/database.js';
import { takeEntryNumbers } from '../ledger/index.js';
import type { OpenedLots } from './open-lots.js';
import {
  type ActivityRow,
  type DebtRow,
  insertLots,
  type LotLeft,
  type MovementRow,
  type NewLotRow,
  type PotNow,
  storeActivity,
  storeBorne,
  storeDebts,
  storeMovements,
} from './store-lots.sql.js';
import { STORED_POTS } from './stored-pot.js';

/** An event with the number of the entry that tells of it. */
interface Numbered {
  readonly memberNo: number;
  readonly event: LotEvent;
  readonly entryNo: bigint;
}

export interface RecordedLots {
  /** To be recorded last in the same transaction, under their numbers. */
  readonly entries: readonly JournalEntry[];
  readonly entryNos: readonly bigint[];
  /** What each entry tells of, in the same order. */
  readonly events: readonly Numbered[];
}

type Change = ReturnType<OpenedLots['all']>[number];

/**
 * Writes lots, movements and debts of everything that was opened. Record the entries afterwards: they lock balances
 * that everybody shares.
 *
 * @param causeOf the message that caused an event and its day, when one did
 */
export async function storeMemberLots(
  tx: DbTransaction,
  lots: OpenedLots,
  causeOf: (event: LotEvent) => Omit<EntryOf, 'memberNo'> | undefined = () => undefined,
): Promise<RecordedLots> {
  const changes = lots.all();
  const happened = changes.flatMap(({ memberNo, after }) => after.events.map((event) => ({ memberNo, event })));
  const entryNos = happened.length === 0 ? [] : await takeEntryNumbers(tx, happened.length);
  const events = happened.map((each, index): Numbered => ({ ...each, entryNo: entryNos[index] as bigint }));
  const { programmeNo, terms } = lots.opened;
  insertLots(tx, programmeNo, newLots(changes, events));
  storeMovements(tx, changes.flatMap(leftsOf), changes.flatMap(potsOf), events.flatMap(movementsOf));
  storeDebts(
    tx,
    programmeNo,
    changes.flatMap(({ memberNo, before, after }) =>
      debtRows(memberNo, before.debts, after.debts, madeBy(memberNo, events, debtsMade)),
    ),
  );
  storeBorne(
    tx,
    programmeNo,
    changes.flatMap(({ memberNo, before, after }) =>
      debtRows(memberNo, before.borne, after.borne, madeBy(memberNo, events, borneMade)),
    ),
  );
  storeActivity(
    tx,
    changes.flatMap((change) => activityOf(change, terms)),
  );
  const entries = events.map(({ memberNo, event }) => lotEntry(event, { memberNo, ...causeOf(event) }));
  return { entries, entryNos, events };
}

const isIn = (lots: readonly Lot[]): ((lot: Lot) => boolean) => {
  const ids = new Set(lots.map(({ id }) => id));
  return ({ id }) => ids.has(id);
};

function newLots(changes: readonly Change[], events: readonly Numbered[]): NewLotRow[] {
  return changes.flatMap(({ memberNo, before, after }) => {
    const known = isIn(before.lots);
    return after.lots
      .filter((lot) => !known(lot))
      .map((lot) => ({ memberNo, lot, entryNo: broughtBy(lot, memberNo, changes, events) }));
  });
}

/** The entry by which a lot came that nobody earned: granted, or what another lot's units moved on to. */
function broughtBy(lot: Lot, memberNo: number, changes: readonly Change[], events: readonly Numbered[]): bigint {
  const rootOf = (owner: number, lotId: string): string | undefined =>
    changes.find((change) => change.memberNo === owner)?.after.lots.find(({ id }) => id === lotId)?.root;
  const found = events.find(({ memberNo: owner, event }) => {
    if (event.kind === 'GRANTED') return event.lot.id === lot.id;
    const movesHere = event.kind === 'TRANSFERRED' ? event.toMemberNo === memberNo : owner === memberNo;
    return movesHere && event.moves.some(({ to, lotId }) => to === 'movedOn' && rootOf(owner, lotId) === lot.root);
  });
  invariant(found !== undefined, `something brought the lot ${lot.id}`);
  return found.entryNo;
}

const isSame = (a: Part, b: Part): boolean =>
  a.units === b.units &&
  a.valueMinor === b.valueMinor &&
  a.commissionMinor === b.commissionMinor &&
  a.taxMinor === b.taxMinor;

function leftsOf({ memberNo, before, after }: Change): LotLeft[] {
  const stored = new Map(before.lots.map((lot) => [lot.id, lot]));
  return after.lots.flatMap(({ id, left }) => {
    const was = stored.get(id);
    return was === undefined || isSame(was.left, left) ? [] : [{ memberNo, lotId: id, part: left }];
  });
}

const USED_POTS = (Object.keys(STORED_POTS) as Pot[]).filter((pot) => pot !== 'left');

function potsOf({ memberNo, before, after }: Change): PotNow[] {
  const stored = new Map(before.lots.map((lot) => [lot.id, lot]));
  return after.lots.flatMap((lot) => {
    const was = stored.get(lot.id);
    if (was === lot) return [];
    return USED_POTS.flatMap((pot): PotNow[] => {
      const part = lot[pot];
      if (was === undefined ? part.units === 0n : isSame(was[pot], part)) return [];
      return [{ memberNo, lotId: lot.id, pot: STORED_POTS[pot] as PotNow['pot'], part }];
    });
  });
}

const movementsOf = ({ memberNo, event, entryNo }: Numbered): MovementRow[] =>
  event.moves.map(({ lotId, from, to, part }, line) => ({
    ...{ memberNo, entryNo, line, lotId, part },
    from: STORED_POTS[from],
    to: STORED_POTS[to],
  }));

/** How many debts a claw-back made: one for all that is owed, and one for each funder's part that others bear. */
const debtsMade = (shares: readonly ClawedShare[]): number => (shares.some(({ debt }) => debt.units > 0n) ? 1 : 0);
const borneMade = (shares: readonly ClawedShare[]): number =>
  shares.filter(({ borne }) => borne !== undefined && borne.part.units > 0n).length;

/** The entries that made a member's new debts, in the order in which they were made. */
const madeBy = (
  memberNo: number,
  events: readonly Numbered[],
  count: (shares: readonly ClawedShare[]) => number,
): bigint[] =>
  events.flatMap(({ memberNo: owner, event, entryNo }) =>
    owner === memberNo && event.kind === 'CLAWED_BACK' ? Array<bigint>(count(event.shares)).fill(entryNo) : [],
  );

/** Those that are new or have changed. The entry of one that is there already is not written again. */
function debtRows<T extends Debt>(
  memberNo: number,
  before: readonly T[],
  after: readonly T[],
  makers: bigint[],
): DebtRow<T>[] {
  const stored = new Map(before.map((debt) => [debt.id, debt]));
  return after.flatMap((debt) => {
    const was = stored.get(debt.id);
    if (was !== undefined) return isSame(was.left, debt.left) ? [] : [{ memberNo, debt, entryNo: 0n }];
    const entryNo = makers.shift();
    invariant(entryNo !== undefined, 'only a claw-back makes a debt');
    return [{ memberNo, debt, entryNo }];
  });
}

/** Only where the programme looks at it: a member's row is written by every entry anyway, but not by name. */
function activityOf({ memberNo, before, after }: Change, terms: RedemptionTerms): ActivityRow[] {
  const acted = looksAtActivity(terms) && after.lastActivityOn !== before.lastActivityOn;
  const took = terms.dormancy !== undefined && after.asOf > before.asOf;
  if (!acted && !took) return [];
  return [
    {
      memberNo,
      lastActivityOn: acted ? (after.lastActivityOn ?? null) : null,
      feesTakenTo: took ? after.asOf : null,
    },
  ];
}
