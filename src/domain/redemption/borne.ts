/** Refunds that the funder or the programme bears for the member (LEDGER 2: 7b, 7c), and what repays them. */
import { useUp } from './consume.js';
import type { Bearer } from './events.js';
import { type Borne, happened, type MemberLots } from './member-lots.js';
import { minusPart, partOf } from './part.js';

/** What a funder's contract says instead of letting the member owe. */
export interface BearingPolicy {
  readonly by: Bearer;
  /** Units of this member that may still be borne this year; no limit when absent. */
  readonly roomUnits?: bigint;
}

/**
 * Units that have just come back to these lots repay what was borne for a refund of their own purchase, oldest
 * first: the member has been spared once and is not given the units as well (LEDGER 6).
 */
export function repayBorne(
  member: MemberLots,
  returned: readonly { readonly lotId: string; readonly units: bigint }[],
): MemberLots {
  let next = member;
  for (const { lotId, units } of returned) {
    let open = units;
    for (const { id } of member.borne) {
      const lot = next.lots.find((one) => one.id === lotId);
      const borne = next.borne.find((one) => one.id === id);
      if (lot === undefined || borne === undefined || open === 0n) break;
      if (borne.origin !== lot.origin || borne.funding.funderNo !== lot.funding.funderNo) continue;
      const part = partOf(borne.issued, borne.left, borne.left.units < open ? borne.left.units : open);
      if (part.units === 0n) continue;
      open -= part.units;
      next = repaid(next, borne, lotId, part.units, part.valueMinor);
    }
  }
  return next;
}

function repaid(member: MemberLots, borne: Borne, lotId: string, units: bigint, borneMinor: bigint): MemberLots {
  const lots = member.lots.filter(({ id }) => id === lotId);
  const { member: used, moves } = useUp(member, lots, units, 'spent');
  const part = partOf(borne.issued, borne.left, units);
  const { by, funding } = borne;
  const usedMinor = moves.reduce((sum, move) => sum + move.part.valueMinor, 0n);
  const next = {
    ...used,
    borne: used.borne.map((one) => (one.id === borne.id ? { ...one, left: minusPart(one.left, part) } : one)),
    differenceMinor: used.differenceMinor + usedMinor - borneMinor,
  };
  return happened(next, { kind: 'BORNE_REPAID', on: member.asOf, moves, by, funding, borneMinor });
}
