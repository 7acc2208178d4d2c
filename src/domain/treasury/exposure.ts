/**
 * What a partner may still be charged: by the cap that its contract sets on what it owes and has pending, and by
 * the block it has bought when it pays in advance (LEDGER 2: 32; contracts' exposure cap).
 */
import type { ContractTerms } from '../earning/model.js';
import { applyRate } from '../money/rounding.js';
import type { SettlementTerms } from '../partners/settlement-terms.js';

/** Balances of one partner in one programme, minor units. + is what it owes or has. */
export interface PartnerStanding {
  /** Position of all windows that are not settled (1100). */
  readonly openMinor: bigint;
  /** Rewards it will be charged for, without commission and tax (1105). */
  readonly pendingMinor: bigint;
  /** Settled and not yet paid (1200), what is due in other currencies at the rate it was converted by. */
  readonly unpaidMinor: bigint;
  /** 2300 */
  readonly depositMinor: bigint;
  /** 2310 */
  readonly blockMinor: bigint;
}

export const NO_STANDING: PartnerStanding = {
  openMinor: 0n,
  pendingMinor: 0n,
  unpaidMinor: 0n,
  depositMinor: 0n,
  blockMinor: 0n,
};

/** What of a contract bounds what its partner may be charged. */
export type RiskTerms = Pick<ContractTerms, 'commissionRate' | 'taxRate'> & {
  readonly settlement: Pick<
    SettlementTerms,
    'prepaid' | 'prepaidReorderMinor' | 'exposureCapMinor' | 'exposureAction' | 'depositMinor'
  >;
};

/** Pending rewards as they will be charged. Rounded once over all of them, so it may be off by a unit per reward. */
export function pendingCharge({ pendingMinor }: PartnerStanding, { commissionRate, taxRate }: RiskTerms): bigint {
  const commission = applyRate(pendingMinor, commissionRate, 'HALF_EVEN');
  return pendingMinor + commission + applyRate(commission, taxRate, 'HALF_EVEN');
}

/** What the programme would lose if the partner never paid. Below zero when the partner is owed. */
export const exposureOf = (standing: PartnerStanding, terms: RiskTerms): bigint =>
  standing.openMinor +
  standing.unpaidMinor +
  pendingCharge(standing, terms) -
  standing.depositMinor -
  (terms.settlement.prepaid ? standing.blockMinor : 0n);

/** Whether intake has to ask for a partner's standing before it is charged. */
export const isBounded = ({ settlement: { prepaid, exposureCapMinor, exposureAction } }: RiskTerms): boolean =>
  prepaid || (exposureCapMinor !== undefined && exposureAction === 'REJECT');

/** How much more it may be charged; below zero when it is over already, undefined when nothing bounds it. */
export function roomOf(standing: PartnerStanding, terms: RiskTerms): bigint | undefined {
  const { prepaid, exposureCapMinor, exposureAction } = terms.settlement;
  const rooms: bigint[] = [];
  if (prepaid) rooms.push(standing.blockMinor - pendingCharge(standing, terms));
  if (exposureCapMinor !== undefined && exposureAction === 'REJECT')
    rooms.push(exposureCapMinor - exposureOf(standing, terms));
  return rooms.reduce<bigint | undefined>(
    (least, room) => (least === undefined || room < least ? room : least),
    undefined,
  );
}

/** In the order in which they are shown. */
export const CREDIT_ALERTS = ['OVER_EXPOSURE_CAP', 'PREPAID_EMPTY', 'PREPAID_TO_REORDER', 'DEPOSIT_MISSING'] as const;
export type CreditAlert = (typeof CREDIT_ALERTS)[number];

/** What somebody should look at. */
export function alertsOf(standing: PartnerStanding, terms: RiskTerms): CreditAlert[] {
  const { prepaid, prepaidReorderMinor, exposureCapMinor, depositMinor } = terms.settlement;
  const left = standing.blockMinor - pendingCharge(standing, terms);
  const holds: Readonly<Record<CreditAlert, boolean>> = {
    OVER_EXPOSURE_CAP: exposureCapMinor !== undefined && exposureOf(standing, terms) > exposureCapMinor,
    PREPAID_EMPTY: prepaid && left <= 0n,
    PREPAID_TO_REORDER: prepaid && left > 0n && prepaidReorderMinor !== undefined && left < prepaidReorderMinor,
    DEPOSIT_MISSING: standing.depositMinor < depositMinor,
  };
  return CREDIT_ALERTS.filter((alert) => holds[alert]);
}

/** The room of partners while purchases are decided one after the other: each leaves less for the next. */
export class ChargeRooms {
  private readonly charged = new Map<number, bigint>();

  constructor(private readonly standings: ReadonlyMap<number, PartnerStanding> = new Map()) {}

  /** Whether this charge is more than the partner has room for. */
  exceeds(partnerNo: number, terms: RiskTerms, chargeMinor: bigint): boolean {
    const standing = this.standings.get(partnerNo);
    const room = standing === undefined ? undefined : roomOf(standing, terms);
    return room !== undefined && chargeMinor > room - (this.charged.get(partnerNo) ?? 0n);
  }

  /** Whether it bounds anybody. */
  get bounds(): boolean {
    return this.standings.size > 0;
  }

  charge(partnerNo: number, chargeMinor: bigint): void {
    if (this.standings.has(partnerNo)) this.charged.set(partnerNo, (this.charged.get(partnerNo) ?? 0n) + chargeMinor);
  }
}
