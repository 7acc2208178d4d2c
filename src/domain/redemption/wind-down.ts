/**
 * The end of a programme: earning stops, redemption goes on until a day, then what is left is written off. That
 * earning stops is said by the rules themselves, whose last day is the one before (a programme's file sets it).
 */
import { addDays, type BusinessDate } from '../kernel/calendar.js';
import { leave } from './expire.js';
import { type MemberLots, usable } from './member-lots.js';
import type { RedemptionTerms } from './model.js';

export const mayRedeem = ({ windDown }: RedemptionTerms, date: BusinessDate): boolean =>
  windDown === undefined || date <= windDown.redemptionUntil;

/** The first day on which nothing can be redeemed any more. */
export const writeOffDay = ({ windDown }: RedemptionTerms): BusinessDate | undefined =>
  windDown === undefined ? undefined : addDays(windDown.redemptionUntil, 1);

/** Available units only: what is held stays held, and what is pending goes when it becomes available. */
export const writeOff = (member: MemberLots, terms: RedemptionTerms): MemberLots =>
  mayRedeem(terms, member.asOf) ? member : leave(member, usable(member), 'writtenOff');
