/**
 * A programme with its partners and members, drawn from a seed: who funds what, and by which contracts. The model
 * lives in it, and the driver of the product makes the same one.
 */
import { ONE, type Rate, rate, ZERO_RATE } from '../../src/domain/money/rate.js';
import type { Rule } from './earning.js';
import type { Random } from './random.js';
import { CONTRACT, type Contract, type Day, PRG, TERMS, type Terms } from './terms.js';

export const SHOPS = ['m1', 'm2', 'm3'] as const;
export type Shop = (typeof SHOPS)[number];
/** Issues every card, and pays units out to them. */
export const BANK = 'b';
export const CHARITY = 'c';
export const PARTNERS = [...SHOPS, BANK] as const;

/** What members take for units, at once. */
export interface Item {
  readonly code: 'small' | 'middle' | 'large';
  readonly shop: Shop;
  readonly units: bigint;
}
export const ITEMS: readonly Item[] = [
  { code: 'small', shop: 'm1', units: 50n },
  { code: 'middle', shop: 'm2', units: 333n },
  { code: 'large', shop: 'm3', units: 2_000n },
];

export interface World {
  readonly terms: Terms;
  readonly contracts: ReadonlyMap<string, Contract>;
  /** Each has a card of the bank, and does not always pay with it. */
  readonly members: readonly string[];
  /** First day. */
  readonly starts: Day;
}

const percent = (of: bigint): Rate => rate(of, 100n);
const paidBy = (...funders: readonly [funder: string, share: Rate][]) =>
  funders.map(([funder, share]) => ({ funder, share }));

const FROM_M1: Rule = { code: 'm1-rate', rate: percent(5n), funders: paidBy(['m1', ONE]) };
const FROM_THE_BANK: Rule = { code: 'card', rate: percent(1n), funders: paidBy([BANK, ONE]) };
const JOINT: Rule = {
  code: 'joint',
  rate: percent(10n),
  funders: paidBy(['m2', percent(70n)], [BANK, percent(20n)], [PRG, percent(10n)]),
};
const HALVES: Rule = {
  code: 'halves',
  rate: percent(7n),
  funders: paidBy(['m3', rate(1n, 3n)], [PRG, rate(2n, 3n)]),
};

/** The rules that reward a purchase, by their code, as the engine applies them; a share of the issuer needs one. */
export function rulesFor(shop: Shop, card: boolean): readonly Rule[] {
  if (shop === 'm1') return card ? [FROM_THE_BANK, FROM_M1] : [FROM_M1];
  if (shop === 'm2') return card ? [JOINT] : [];
  return [HALVES];
}

const MEMBERS = 10;
/** 2026-03-02, a Monday. */
export const FIRST_DAY: Day = 20_514;

/** A programme whose life takes about so many days. */
export function drawWorld(random: Random, days: number): World {
  const livesDays = random.pick([undefined, 20, 60]);
  const terms: Terms = {
    ...TERMS,
    price: random.pick([ONE, ONE, rate(3n, 4n)]),
    order: random.pick(['AVAILABLE_FIRST', 'EXPIRES_FIRST']),
    graceDays: random.pick([10, 30]),
    ...(livesDays !== undefined && { livesDays }),
    ...(random.chance(50) && { dormancy: { afterDays: random.pick([2, 6]), fee: random.pick([7n, 120n]) } }),
    // Every fourth programme comes to its end.
    ...(random.chance(25) && {
      earnsUntil: FIRST_DAY + Math.round(days * 0.5),
      endsOn: FIRST_DAY + Math.round(days * 0.7),
    }),
  };
  return {
    terms,
    contracts: new Map(PARTNERS.map((partner) => [partner, drawContract(random, terms, partner)])),
    members: Array.from({ length: MEMBERS }, (_, index) => `a${index}`),
    starts: FIRST_DAY,
  };
}

function drawContract(random: Random, { price }: Terms, partner: string): Contract {
  // It is charged when rewards are confirmed, and with their commission.
  const prepaid = partner === BANK && random.chance(50);
  return {
    ...CONTRACT,
    prepaid,
    settles: prepaid ? 'AT_ISSUANCE' : random.pick(['AT_ISSUANCE', 'AT_REDEMPTION']),
    commission: random.pick([percent(10n), rate(33n, 1000n)]),
    commissionPer: prepaid ? 'ACCRUAL' : random.pick(['ACCRUAL', 'ACCRUAL', 'STATEMENT']),
    refundReturnsCommission: random.chance(75),
    breakage: random.pick(['PROGRAMME', 'FUNDER']),
    clawback: random.pick(['MEMBER_OWES', 'MEMBER_OWES', 'MERCHANT_BEARS', 'PROGRAMME_BEARS']),
    clawbackLimit: random.pick([500n, 5_000n]),
    redemptionPrice: random.pick([price, price, rate(9n, 10n), rate(11n, 10n)]),
    acceptanceFee: random.pick([ZERO_RATE, percent(2n)]),
    returnsAcceptanceFee: random.chance(50),
    minimumPayout: random.pick([0n, 5_00n]),
    ...(random.chance(25) && { currency: 'USD' as const }),
  };
}
