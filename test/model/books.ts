/**
 * The state of the reference model: the journal, the lots of every member, what members owe, and the few moves
 * that all operations are made of. Operations are functions over it: earning.ts, spending.ts, settling.ts.
 */
import type { Rate } from '../../src/domain/money/rate.js';
import { applyRate } from '../../src/domain/money/rounding.js';
import { cr, dr, Journal, type Leg } from './journal.js';
import { least, minus, NOTHING, next, type Part, plus, sumOf } from './parts.js';
import { type Contract, type Day, PRG, type Terms } from './terms.js';

/** An operation that is refused; nothing has changed. */
export class Rejected extends Error {
  constructor(readonly code: string) {
    super(code);
  }
}

export function refuseIf(refused: boolean, code: string): void {
  if (refused) throw new Rejected(code);
}

/** What one rule of one purchase gave by one funder. */
export interface Accrual {
  readonly buyer: string;
  readonly rule: string;
  readonly funder: string;
  /** As computed at accrual, less what refunds took. */
  stands: Part;
  /** Commission and tax that units have taken along when they left the buyer's lots: charged, or to be charged. */
  gone: Part;
  /** Taken back by a refund but borne by somebody else than the member (7b, 7c). */
  borne: Part;
}

export interface Lot {
  readonly no: number;
  member: string;
  /** Undefined when it was not earned by a purchase. */
  readonly accrual?: Accrual;
  readonly purchase?: string;
  readonly funder: string;
  readonly contract?: Contract;
  readonly accruedOn: Day;
  availableOn: Day;
  readonly expiresOn?: Day;
  pending: boolean;
  /** What part uses are counted by: as issued, less what refunds took out of this lot. */
  whole: Part;
  left: Part;
  /** What of it expired unused. */
  expired: Part;
  /** What of it was written off when the programme ended. */
  writtenOff: Part;
}

/** Spent units of a returned purchase that the merchant or the programme bears (7b, 7c). */
export interface Borne {
  readonly purchase: string;
  readonly funder: string;
  readonly whole: Part;
  left: Part;
}

/** Units clawed back that the member no longer had. */
export interface Debt {
  left: Part;
  whole: Part;
}

export interface Used {
  readonly lot: Lot;
  readonly part: Part;
}

/** A column of the bilateral matrix: who captured, or why nobody did. */
export type UsedBy = string;

export class Books {
  readonly journal = new Journal();
  readonly lots = new Map<string, Lot[]>();
  readonly debts = new Map<string, Debt[]>();
  readonly borne = new Map<string, Borne[]>();
  /** "window/funder/column" -> lot value used up. */
  readonly matrix = new Map<string, bigint>();
  /** What was too little to be paid when it was settled. */
  readonly carried = new Map<string, bigint>();
  /** "member/funder/year" -> units borne by 7b and 7c. */
  readonly bornePerYear = new Map<string, bigint>();
  /** What funders were charged since their last statement, less what they were given back, where commission waits for it. */
  readonly charged = new Map<string, bigint>();
  /** When members last earned or redeemed; a return is neither, nor is what others do for them. */
  readonly lastActive = new Map<string, Day>();
  today: Day = 0;
  private lotNo = 0;

  constructor(
    readonly terms: Terms,
    readonly contracts: ReadonlyMap<string, Contract>,
  ) {}

  contractOf(partner: string): Contract {
    const contract = this.contracts.get(partner);
    if (contract === undefined) throw new Rejected('NO_CONTRACT');
    return contract;
  }

  available = (member: string): bigint => -this.journal.balance(`P110:${member}`);
  /** Units of lots that are not over today, less what is owed. */
  usable = (member: string): bigint =>
    this.spendable(member).reduce((sum, { left, expiresOn }) => (this.isOver(expiresOn) ? sum : sum + left.units), 0n) -
    this.owed(member).units;
  owed = (member: string): Part => sumOf((this.debts.get(member) ?? []).map(({ left }) => left));

  openLot(lot: Omit<Lot, 'no' | 'left' | 'expired' | 'writtenOff'>): Lot {
    this.lotNo += 1;
    const opened: Lot = { ...lot, no: this.lotNo, left: lot.whole, expired: NOTHING, writtenOff: NOTHING };
    const known = this.lots.get(lot.member);
    if (known === undefined) this.lots.set(lot.member, [opened]);
    else known.push(opened);
    return opened;
  }

  /** Lots that may be used, in the programme's order. Lots are kept in the order of their accrual and funders. */
  spendable(member: string): Lot[] {
    const last = (lot: Lot): Day => lot.expiresOn ?? Number.POSITIVE_INFINITY;
    const compare = (a: Day, b: Day): number => (a < b ? -1 : a > b ? 1 : 0);
    return (this.lots.get(member) ?? [])
      .filter((lot) => !lot.pending && lot.left.units > 0n)
      .sort(
        (a, b) =>
          (this.terms.order === 'EXPIRES_FIRST' ? compare(last(a), last(b)) : 0) ||
          compare(a.availableOn, b.availableOn) ||
          compare(a.accruedOn, b.accruedOn) ||
          a.no - b.no,
      );
  }

  /** Takes units out of a lot. What they carry is gone from the buyer, charged now or later. */
  take(lot: Lot, units: bigint): Part {
    const part = next(lot.whole, lot.left, units);
    lot.left = minus(lot.left, part);
    leaves(lot, part);
    return part;
  }

  putBack(lot: Lot, part: Part): void {
    lot.left = plus(lot.left, part);
    leaves(lot, minus(NOTHING, part));
  }

  /** As many units as there are, at most so many, one lot after the other. */
  use(lots: readonly Lot[], units: bigint): Used[] {
    const used: Used[] = [];
    let open = units;
    for (const lot of lots) {
      const part = this.take(lot, least(open, lot.left.units));
      if (part.units > 0n) used.push({ lot, part });
      open -= part.units;
    }
    return used;
  }

  /** 10R: what using these units up costs those of their funders who settle at redemption. */
  charges(used: readonly Used[], by: UsedBy): Leg[] {
    const perFunder = new Map<string, Part>();
    for (const { lot, part } of used) {
      this.enterMatrix(lot.funder, by, part.value);
      if (lot.contract?.settles !== 'AT_REDEMPTION') continue;
      perFunder.set(lot.funder, plus(perFunder.get(lot.funder) ?? NOTHING, part));
      this.charge(lot.funder, part.value);
    }
    return [...perFunder].flatMap(([funder, part]) => charge(funder, part));
  }

  /** Commission on it comes with the statement, if it does. */
  charge(funder: string, value: bigint): void {
    if (this.contractOf(funder).commissionPer === 'STATEMENT')
      this.charged.set(funder, (this.charged.get(funder) ?? 0n) + value);
  }

  /** 32: a block that was bought bears what is charged, as far as it goes. */
  consumeBlock(partner: string, charged: bigint): void {
    const borne = least(charged, -this.journal.balance(`2310:${partner}`));
    this.journal.record(32, '', [dr(`2310:${partner}`, borne), cr(`1100:${partner}`, borne)]);
  }

  /** Whether a partner that pays in advance can no longer give rewards that it will be charged so much for. */
  isExhausted(partner: string, charge: bigint): boolean {
    const { prepaid, commission: of, tax } = this.contractOf(partner);
    const pending = this.journal.balance(`1105:${partner}`);
    const commission = share(pending, of);
    return prepaid && charge > -this.journal.balance(`2310:${partner}`) - pending - commission - share(commission, tax);
  }

  enterMatrix(funder: string, by: UsedBy, value: bigint): void {
    const key = `${this.journal.window}/${funder}/${by}`;
    this.matrix.set(key, (this.matrix.get(key) ?? 0n) + value);
  }

  /** After every credit to P110: debts are repaid first (8), then what is past its last day expires (15). */
  credited(member: string): void {
    this.repay(member);
    this.expire(member);
  }

  private repay(member: string): void {
    const owed = this.owed(member);
    if (owed.units === 0n) return;
    const used = this.use(this.spendable(member), owed.units);
    const paid = sumOf(used.map(({ part }) => part));
    let open = paid.units;
    let settled = 0n;
    for (const debt of this.debts.get(member) ?? []) {
      const part = next(debt.whole, debt.left, least(open, debt.left.units));
      debt.left = minus(debt.left, part);
      open -= part.units;
      settled += part.value;
    }
    this.journal.record(8, member, [
      dr('2010', paid.value),
      cr(`1300:${member}`, settled),
      cr('5020', paid.value - settled),
      ...this.charges(used, 'REPAID'),
    ]);
  }

  /** 15, and 31 from the programme's last day on. */
  expire(member: string): void {
    const { endsOn } = this.terms;
    for (const lot of this.spendable(member)) {
      if (this.isOver(lot.expiresOn)) this.leave(lot, 15);
      else if (endsOn !== undefined && endsOn <= this.today) this.leave(lot, 31);
    }
  }

  private isOver = (expiresOn: Day | undefined): boolean => expiresOn !== undefined && expiresOn <= this.today;

  private leave(lot: Lot, row: 15 | 31): void {
    const { member, funder, contract } = lot;
    const toFunder = row === 15 && contract?.breakage === 'FUNDER';
    const part = lot.left;
    const units = [dr(`P110:${member}`, part.units), cr('P920', part.units)];
    if (toFunder) {
      lot.left = NOTHING;
      lot.expired = plus(lot.expired, part);
      this.enterMatrix(funder, 'EXPIRED', part.value);
      const back = contract.settles === 'AT_ISSUANCE' ? `1100:${funder}` : `1105:${funder}`;
      this.journal.record(row, member, [...units, dr('2010', part.value), cr(back, part.value)]);
    } else {
      this.take(lot, part.units);
      if (row === 15) lot.expired = plus(lot.expired, part);
      else lot.writtenOff = plus(lot.writtenOff, part);
      const charged = this.charges([{ lot, part }], 'EXPIRED');
      this.journal.record(row, member, [...units, dr('2010', part.value), cr('4010', part.value), ...charged]);
    }
  }

  /** Value at issue price, and commission and tax by the contract; the programme charges itself nothing. */
  priced(units: bigint, contract: Contract | undefined): Part {
    const value = share(units, this.terms.price);
    const commission = contract?.commissionPer === 'ACCRUAL' ? share(value, contract.commission) : 0n;
    return { units, value, commission, tax: contract === undefined ? 0n : share(commission, contract.tax) };
  }
}

/** What a funder has pending becomes what it owes. */
export const charge = (funder: string, { value, commission, tax }: Part): Leg[] => [
  dr(`1100:${funder}`, value + commission + tax),
  cr(`1105:${funder}`, value),
  cr(`4000:${funder}`, commission),
  cr(`2200:${funder}`, tax),
];

/** Units have left the buyer's lots, or come back to them. Those of another member have left before. */
export function leaves({ accrual, member }: Lot, part: Part): void {
  if (accrual !== undefined && accrual.buyer === member) accrual.gone = plus(accrual.gone, part);
}

/** A share of an amount, rounded half-even. */
export const share = (amount: bigint, of: Rate): bigint => applyRate(amount, of, 'HALF_EVEN');

/** Where the money of a reward waits until its funder is charged. */
export const fundingOf = (funder: string): string => (funder === PRG ? '1106' : `1105:${funder}`);
