/** Units clawed back that the member no longer had: whatever becomes available repays them first. */
import { consume } from './consume.js';
import { happened, type MemberLots, owed } from './member-lots.js';
import type { RedemptionTerms } from './model.js';
import { minusPart, NO_PART, type Part, partOf, sumOfParts } from './part.js';

export const owe = (member: MemberLots, id: string, debt: Part): MemberLots =>
  debt.units === 0n
    ? member
    : { ...member, debts: [...member.debts, { id, since: member.asOf, issued: debt, left: debt }] };

/**
 * Oldest debt first, from usable lots in consumption order, also from such as have just come back after their
 * last day. Units of another price than the ones owed leave a difference.
 */
export function repay(member: MemberLots, terms: RedemptionTerms): MemberLots {
  const { units } = owed(member);
  if (units === 0n) return member;
  const used = consume(member, terms, units, 'spent');
  if (used.moves.length === 0) return member;
  const paid = sumOfParts(used.moves.map(({ part }) => part));
  let open = paid.units;
  let debtMinor = 0n;
  const debts = member.debts.map((debt) => {
    const part = partOf(debt.issued, debt.left, debt.left.units < open ? debt.left.units : open);
    open -= part.units;
    debtMinor += part.valueMinor;
    return { ...debt, left: minusPart(debt.left, part) };
  });
  const differenceMinor = member.differenceMinor + paid.valueMinor - debtMinor;
  return happened(
    { ...used.member, debts, differenceMinor },
    { kind: 'REPAID', on: member.asOf, moves: used.moves, debtMinor },
  );
}

/** All that the member owes is given up on (LEDGER 2: 26). */
export function forgive(member: MemberLots): MemberLots {
  const part = owed(member);
  if (part.units === 0n) return member;
  const debts = member.debts.map((debt) => ({ ...debt, left: NO_PART }));
  return happened({ ...member, debts }, { kind: 'DEBT_FORGIVEN', on: member.asOf, moves: [], part });
}
