/** Units clawed back that the member no longer had: whatever becomes available repays them first. */
import { consume } from './consume.js';
import { type MemberLots, owed } from './member-lots.js';
import type { RedemptionTerms } from './model.js';
import { minusPart, type Part, partOf, sumOfParts } from './part.js';

export function owe(member: MemberLots, debt: Part): MemberLots {
  if (debt.units === 0n) return member;
  const id = `debt-${member.debts.length + 1}`;
  return { ...member, debts: [...member.debts, { id, since: member.asOf, issued: debt, left: debt }] };
}

/**
 * Oldest debt first, from usable lots in consumption order, also from such as have just come back after their
 * last day. Units of another price than the ones owed leave a difference.
 */
export function repay(member: MemberLots, terms: RedemptionTerms): MemberLots {
  const { units } = owed(member);
  if (units === 0n) return member;
  const used = consume(member, terms, units, 'spent');
  const paid = sumOfParts(used.parts.map(({ part }) => part));
  let open = paid.units;
  let settled = 0n;
  const debts = member.debts.map((debt) => {
    const part = partOf(debt.issued, debt.left, debt.left.units < open ? debt.left.units : open);
    open -= part.units;
    settled += part.valueMinor;
    return { ...debt, left: minusPart(debt.left, part) };
  });
  return {
    ...used.member,
    debts,
    differenceMinor: member.differenceMinor + paid.valueMinor - settled,
  };
}
