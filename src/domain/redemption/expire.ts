/** What leaves on a lot's last day. */
import { addDays, type BusinessDate } from '../kernel/calendar.js';
import type { Move } from './events.js';
import { goneOn, type Lot, lotState, moved } from './lot.js';
import { happened, type MemberLots, replaceLots } from './member-lots.js';
import type { RedemptionTerms } from './model.js';

/** Lots that are gone on the day lose what is left; what a redemption holds stays held (A7: 60 of 100 spent, 40 expire). */
export function expire(member: MemberLots, terms: RedemptionTerms): MemberLots {
  const gone = member.lots.filter(
    (lot) => lot.left.units > 0n && lotState(lot, member.asOf, terms.expiry, member.lastActivityOn) === 'EXPIRED',
  );
  return leave(member, gone, 'expired');
}

/** All that is left of these lots goes. */
export function leave(member: MemberLots, lots: readonly Lot[], to: 'expired' | 'writtenOff'): MemberLots {
  if (lots.length === 0) return member;
  const changed = new Map(lots.map((lot) => [lot.id, moved(lot, 'left', to, lot.left)]));
  const moves = lots.map((lot): Move => ({ lotId: lot.id, funding: lot.funding, from: 'left', to, part: lot.left }));
  const kind = to === 'expired' ? 'EXPIRED' : 'WRITTEN_OFF';
  return happened(replaceLots(member, changed), { kind, on: member.asOf, moves });
}

/** The next day after the books' own on which a lot becomes available or goes. */
export function nextLotDay(member: MemberLots, terms: RedemptionTerms): BusinessDate | undefined {
  return member.lots
    .filter(({ left }) => left.units > 0n)
    .flatMap((lot) => [lot.availableOn, goneOn(lot, terms.expiry, member.lastActivityOn)])
    .filter((day) => day !== undefined && day > member.asOf)
    .sort()
    .at(0);
}

/** First day on which units that came back, and have no longer life of their own, are gone. */
export const graceEnd = (returnedOn: BusinessDate, terms: RedemptionTerms): BusinessDate =>
  addDays(returnedOn, terms.returnGraceDays);
