/** Everything a member holds of one programme's units, as plain data. */
import type { BusinessDate } from '../kernel/calendar.js';
import type { Bearer, LotEvent, RedeemedAt } from './events.js';
import type { Funding, Lot } from './lot.js';
import { type Part, sumOfParts } from './part.js';

/** Units that were clawed back when the member no longer had them. The next units that become available repay it. */
export interface Debt {
  readonly id: string;
  readonly since: BusinessDate;
  readonly issued: Part;
  readonly left: Part;
}

/** Spent units of a refunded purchase that the funder or the programme bears. A basket that gives them back repays it. */
export interface Borne {
  readonly id: string;
  readonly since: BusinessDate;
  readonly by: Bearer;
  /** The credited lot whose units they were. */
  readonly lotId: string;
  readonly origin: string;
  readonly funding: Funding;
  readonly issued: Part;
  readonly left: Part;
}

/** What one lot gave to a redemption, and what has gone back to it since. */
export interface Take {
  readonly lotId: string;
  readonly taken: Part;
  readonly givenBack: Part;
}

export interface Redemption {
  readonly id: string;
  readonly state: 'AUTHORISED' | 'CAPTURED' | 'VOIDED';
  readonly date: BusinessDate;
  /** Price of the basket that units pay a part of. */
  readonly purchaseMinor: bigint;
  /** In the order of consumption. */
  readonly takes: readonly Take[];
  /** How much of the basket has been returned so far. */
  readonly returnedMinor: bigint;
  /** What the redeemer was owed and charged when it was captured. */
  readonly at?: RedeemedAt;
}

/** Usable lots that are not in the books: they come after those that are, and what is to be done does not come to them. */
export interface UnopenedLots {
  readonly units: bigint;
  /** So many units may still be used of the lots in the books before one of these has its turn. */
  readonly usableBefore: bigint;
}

export interface MemberLots {
  /** In the order they were credited, which for one purchase is the order of its funders. */
  readonly lots: readonly Lot[];
  /** Absent where every usable lot is there. */
  readonly unopened?: UnopenedLots;
  /** Oldest first, nothing in those that are repaid. */
  readonly debts: readonly Debt[];
  /** The same for what others bear, also when it is repaid. */
  readonly borne: readonly Borne[];
  readonly redemptions: readonly Redemption[];
  /** What has happened since these books were opened, in order. */
  readonly events: readonly LotEvent[];
  /** Units of one price that replaced units of another: value used up less value asked for. */
  readonly differenceMinor: bigint;
  /** Everything up to and with this day has happened. */
  readonly asOf: BusinessDate;
  /** Last earning or redeeming; what rolling expiry and dormancy count from. */
  readonly lastActivityOn?: BusinessDate;
}

export const NO_LOTS: MemberLots = {
  lots: [],
  debts: [],
  borne: [],
  redemptions: [],
  events: [],
  differenceMinor: 0n,
  asOf: '0001-01-01',
};

/** The books with one more event. */
export const happened = (member: MemberLots, event: LotEvent): MemberLots => ({
  ...member,
  events: [...member.events, event],
});

export const owed = (member: MemberLots): Part => sumOfParts(member.debts.map(({ left }) => left));

/** Lots that may be used on the day the books stand at; what has expired is no longer in them. */
export const usable = (member: MemberLots): Lot[] =>
  member.lots.filter(({ left, availableOn }) => left.units > 0n && availableOn <= member.asOf);

export const replaceLots = (member: MemberLots, changed: ReadonlyMap<string, Lot>): MemberLots =>
  changed.size === 0 ? member : { ...member, lots: member.lots.map((lot) => changed.get(lot.id) ?? lot) };
