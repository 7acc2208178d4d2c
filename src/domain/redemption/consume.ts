/** Which lots are used first, and what using them moves. */
import { invariant } from '../kernel/invariant.js';
import type { Move } from './events.js';
import { goneOn, type Lot, moved, nextOf, type Pot } from './lot.js';
import { type MemberLots, replaceLots, usable } from './member-lots.js';
import type { RedemptionTerms } from './model.js';

/** A day after every other. */
const NEVER = '9999-99-99';

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/**
 * Usable lots in the programme's order: by the day they became available (or expire first), then by accrual,
 * then in the order they were credited.
 */
export function inConsumptionOrder(member: MemberLots, terms: RedemptionTerms): Lot[] {
  const gone = (lot: Lot): string => goneOn(lot, terms.expiry, member.lastActivityOn) ?? NEVER;
  return usable(member).sort(
    (a, b) =>
      (terms.order === 'EXPIRES_FIRST' ? compare(gone(a), gone(b)) : 0) ||
      compare(a.availableOn, b.availableOn) ||
      compare(a.accruedOn, b.accruedOn),
  );
}

export interface Used {
  readonly member: MemberLots;
  /** What each lot gave, in order; none gave nothing. */
  readonly moves: readonly Move[];
}

/** Moves `units` of the given lots, one lot after the other, from `left` to a pot. Throws when they hold less. */
export function useUp(member: MemberLots, lots: readonly Lot[], units: bigint, to: Pot): Used {
  const changed = new Map<string, Lot>();
  const moves: Move[] = [];
  let open = units;
  for (const lot of lots) {
    if (open === 0n) break;
    const part = nextOf(lot, 'left', lot.left.units < open ? lot.left.units : open);
    if (part.units === 0n) continue;
    changed.set(lot.id, moved(lot, 'left', to, part));
    moves.push({ lotId: lot.id, funding: lot.funding, from: 'left', to, part });
    open -= part.units;
  }
  invariant(open === 0n, 'no more units are used than there are');
  return { member: replaceLots(member, changed), moves };
}

/** As much of `units` as there is, in consumption order. Throws when a lot that was not opened would have its turn. */
export function consume(member: MemberLots, terms: RedemptionTerms, units: bigint, to: Pot): Used {
  const { unopened } = member;
  const lots = inConsumptionOrder(member, terms);
  if (unopened !== undefined) {
    invariant(units <= unopened.usableBefore, 'lots are opened as far as they are used');
    const rest = { ...unopened, usableBefore: unopened.usableBefore - units };
    return useUp({ ...member, unopened: rest }, lots, units, to);
  }
  const there = lots.reduce((sum, { left }) => sum + left.units, 0n);
  return useUp(member, lots, units < there ? units : there, to);
}
