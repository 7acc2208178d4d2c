/** The product's kernel of lots, driven by the same operations: what it makes of them is compared with the model. */
import { addDays, type BusinessDate } from '../../src/domain/kernel/calendar.js';
import { lotEntry } from '../../src/domain/ledger/lot-entries.js';
import { ONE } from '../../src/domain/money/rate.js';
import { advance, settle } from '../../src/domain/redemption/advance.js';
import type { BearingPolicy } from '../../src/domain/redemption/borne.js';
import { type Charges, clawBack, type TakenBack } from '../../src/domain/redemption/claw-back.js';
import { forgive } from '../../src/domain/redemption/debts.js';
import { giveBack } from '../../src/domain/redemption/give-back.js';
import { type Funding, type Lot, openLot, PROGRAMME_FUNDED } from '../../src/domain/redemption/lot.js';
import { type MemberLots, NO_LOTS } from '../../src/domain/redemption/member-lots.js';
import type { RedemptionTerms } from '../../src/domain/redemption/model.js';
import type { Part as ProductPart } from '../../src/domain/redemption/part.js';
import { acted, authorise, capture, release, useAtOnce } from '../../src/domain/redemption/redeem.js';
import { grant, transfer } from '../../src/domain/redemption/transfer.js';
import { share } from './books.js';
import { accountName, type Names } from './chart.js';
import type { Purchase } from './earning.js';
import type { Operation } from './operations.js';
import { most, type Part, sumOf } from './parts.js';
import { type Contract, type Day, PRG, yearOf } from './terms.js';
import { CHARITY, ITEMS, type Item, PARTNERS, type World } from './world.js';

export const dateOf = (day: Day): BusinessDate => new Date(day * 86_400_000).toISOString().slice(0, 10);
const BEARERS = { MERCHANT_BEARS: 'FUNDER', PROGRAMME_BEARS: 'PROGRAMME' } as const;
const NUMBERED: readonly string[] = [...PARTNERS, CHARITY];
const numberOf = (partner: string): number => (partner === PRG ? 0 : NUMBERED.indexOf(partner) + 1);
const NAMES: Names = { member: (no) => `a${no - 1}`, partner: (no) => NUMBERED[no - 1] as string };

/** What a purchase's accrual stood at before the model took a refund in, and stands at now. */
export interface Restated {
  readonly accrual: number;
  readonly funder: string;
  readonly before: Part;
  readonly after: Part;
}

const partOf = (parts: readonly ProductPart[]): Part =>
  sumOf(
    parts.map(({ units, valueMinor, commissionMinor, taxMinor }) => ({
      ...{ units, value: valueMinor, commission: commissionMinor, tax: taxMinor },
    })),
  );

export class Kernel {
  private readonly members = new Map<string, MemberLots>();
  /** On hold, which the kernel does not see. */
  private readonly pending = new Map<string, Lot[]>();
  /** What the product has posted for these events. */
  private readonly sums = new Map<string, bigint>();
  private readonly redeemers = new Map<string, string>();
  private readonly borne = new Map<string, bigint>();
  private ids = 0;
  private readonly newId = (): string => {
    this.ids += 1;
    return `n${this.ids}`;
  };

  constructor(private readonly world: World) {}

  of = (member: string): MemberLots => this.members.get(member) ?? NO_LOTS;
  pendingOf = (member: string): readonly Lot[] => this.pending.get(member) ?? [];

  /** The same as the model says it. */
  standing(member: string): { readonly lots: readonly string[]; readonly debt: Part; readonly borne: Part } {
    const { lots, debts, borne } = this.of(member);
    const say = (state: string) => (lot: Lot) => {
      const { left, origin, funding, availableOn } = lot;
      const days = Date.parse(availableOn) / 86_400_000;
      const funder = NUMBERED[funding.funderNo - 1] ?? PRG;
      return [
        ...[state, origin.startsWith('o') ? origin : '-', funder, days, left.units, left.valueMinor],
        ...(funding.model === 'SETTLE_AT_REDEMPTION' ? [left.commissionMinor, left.taxMinor] : []),
      ].join(' ');
    };
    return {
      lots: [
        ...this.pendingOf(member).map(say('pending')),
        ...lots.filter(({ left }) => left.units > 0n).map(say('available')),
      ].sort(),
      debt: partOf(debts.map(({ left }) => left)),
      borne: partOf(borne.map(({ left }) => left)),
    };
  }

  private put(member: string, lots: MemberLots): void {
    for (const event of lots.events)
      for (const { account, party, amount } of lotEntry(event, { memberNo: this.memberNo(member) }).postings) {
        this.post(accountName(account, party, NAMES), amount);
      }
    this.members.set(member, { ...lots, events: [] });
  }

  post(account: string, amount: bigint): void {
    const sum = (this.sums.get(account) ?? 0n) + amount;
    if (sum === 0n) this.sums.delete(account);
    else this.sums.set(account, sum);
  }

  /** Accounts on which more or less was posted than taken back since. */
  difference = (): string[] => [...this.sums].map(([account, excess]) => `${account} ${excess}`);

  private memberNo = (member: string): number => this.world.members.indexOf(member) + 1;

  private get terms(): RedemptionTerms {
    const { livesDays, order, graceDays, price, dormancy, earnsUntil, endsOn } = this.world.terms;
    return {
      ...(dormancy !== undefined && { dormancy: { afterDays: dormancy.afterDays, feeUnits: dormancy.fee } }),
      ...(earnsUntil !== undefined &&
        endsOn !== undefined && {
          windDown: { earningEnds: dateOf(earnsUntil), redemptionUntil: dateOf(endsOn - 1) },
        }),
      expiry: livesDays === undefined ? { kind: 'NEVER' } : { kind: 'DAYS', count: livesDays, from: 'AVAILABLE' },
      ...{ order, maxShare: ONE, discountsCount: false, minimumOwnMinor: 0n, minimumUnits: 0n, priceMinor: price },
      ...{
        returnGraceDays: graceDays,
        authorisationHours: 168,
        noticeDays: 0,
        cashOut: {},
        transfer: {},
        donation: true,
      },
    };
  }

  private funding(funder: string): Funding {
    const contract = this.world.contracts.get(funder);
    if (contract === undefined) return PROGRAMME_FUNDED;
    return {
      funderNo: numberOf(funder),
      model: contract.settles === 'AT_ISSUANCE' ? 'SETTLE_AT_ISSUANCE' : 'SETTLE_AT_REDEMPTION',
      breakageOwner: contract.breakage,
    };
  }

  private caughtUp = (member: string, today: Day): MemberLots => advance(this.of(member), dateOf(today), this.terms);

  bought({ id, member, accruals }: Purchase, today: Day): void {
    const lots = accruals.flatMap(({ funder, stands }, index) => {
      if (stands.units === 0n) return [];
      const { units, value: valueMinor, commission: commissionMinor, tax: taxMinor } = stands;
      const availableOn = addDays(dateOf(today), this.world.terms.holdDays);
      const fresh = {
        id: `${id}/${index}`,
        origin: id,
        funding: this.funding(funder),
        units,
        valueMinor,
        commissionMinor,
      };
      return [openLot({ ...fresh, taxMinor, accruedOn: dateOf(today), availableOn }, this.terms.expiry)];
    });
    this.pending.set(member, [...this.pendingOf(member), ...lots]);
    this.members.set(member, acted(this.of(member), dateOf(today)));
  }

  refunded(member: string, purchase: string, restated: readonly Restated[], today: Day): void {
    const taken = restated.flatMap(({ accrual, funder, before, after }): TakenBack[] => {
      const lotId = `${purchase}/${accrual}`;
      if (this.pendingOf(member).some(({ id }) => id === lotId)) {
        this.voidPending(member, lotId, after);
        return [];
      }
      if (before.units === after.units) return [];
      const contract = this.world.contracts.get(funder);
      return [
        {
          ...{ lotId, funding: this.funding(funder) },
          ...{ units: before.units - after.units, valueMinor: before.value - after.value, keptUnits: after.units },
          chargesFor: (units) => this.chargesFor(units, contract),
          returnsCommission: contract?.refundReturnsCommission ?? true,
        },
      ];
    });
    const before = this.caughtUp(member, today);
    this.put(member, before);
    if (taken.length === 0) return;
    const refund = { origin: purchase, taken, policies: this.policies(member, today), newId: this.newId };
    const next = clawBack(before, refund, this.terms);
    for (const { funding, issued } of next.borne.slice(before.borne.length)) {
      const year = `${member}/${funding.funderNo}/${yearOf(today)}`;
      this.borne.set(year, (this.borne.get(year) ?? 0n) + issued.units);
    }
    this.put(member, next);
  }

  private chargesFor(units: bigint, contract: Contract | undefined): Charges {
    if (contract?.commissionPer !== 'ACCRUAL') return { commissionMinor: 0n, taxMinor: 0n };
    const commissionMinor = share(share(units, this.world.terms.price), contract.commission);
    return { commissionMinor, taxMinor: share(commissionMinor, contract.tax) };
  }

  private policies(member: string, today: Day): Map<number, BearingPolicy> {
    return new Map(
      [...this.world.contracts].flatMap(([funder, { clawback, clawbackLimit }]) => {
        if (clawback === 'MEMBER_OWES') return [];
        const used = this.borne.get(`${member}/${numberOf(funder)}/${yearOf(today)}`) ?? 0n;
        return [[numberOf(funder), { by: BEARERS[clawback], roomUnits: most(clawbackLimit - used, 0n) }] as const];
      }),
    );
  }

  private voidPending(member: string, lotId: string, { units, value, commission, tax }: Part): void {
    const left = { units, valueMinor: value, commissionMinor: commission, taxMinor: tax };
    const lots = this.pendingOf(member).map((lot) => (lot.id === lotId ? { ...lot, issued: left, left } : lot));
    this.pending.set(
      member,
      lots.filter((lot) => lot.left.units > 0n),
    );
  }

  confirm(member: string, today: Day): void {
    const due = this.pendingOf(member).filter(({ availableOn }) => availableOn <= dateOf(today));
    this.pending.set(
      member,
      this.pendingOf(member).filter((lot) => !due.includes(lot)),
    );
    const before = this.of(member);
    this.members.set(member, { ...before, lots: [...before.lots, ...due] });
    this.put(member, settle(this.caughtUp(member, today), this.terms));
  }

  release(member: string, redemption: string, today: Day): void {
    this.put(member, release(this.caughtUp(member, today), redemption, this.terms));
  }

  catchUp(member: string, today: Day): void {
    this.put(member, this.caughtUp(member, today));
  }

  /** An operation that the model has accepted, and that is not one of the above. */
  apply(operation: Operation, today: Day): void {
    if (!('member' in operation)) return;
    const { member } = operation;
    const before = this.caughtUp(member, today);
    if (operation.kind === 'TRANSFER') {
      const { units, to } = operation;
      const { terms, newId } = this;
      const moved = transfer(before, this.caughtUp(to, today), { units, toMemberNo: this.memberNo(to), newId }, terms);
      this.put(to, moved.to);
      this.put(member, moved.from);
    } else this.put(member, this.after(before, operation, today));
  }

  private redeemedAt = (redemption: string): Contract =>
    this.world.contracts.get(this.redeemers.get(redemption) ?? '') as Contract;

  private captured(before: MemberLots, redemption: string, units: bigint): MemberLots {
    const { redemptionPrice, acceptanceFee, tax } = this.redeemedAt(redemption);
    const valueMinor = share(units, redemptionPrice);
    const feeMinor = share(valueMinor, acceptanceFee);
    const redeemerNo = numberOf(this.redeemers.get(redemption) as string);
    const at = { redeemerNo, valueMinor, feeMinor, feeTaxMinor: share(feeMinor, tax) };
    return capture(before, redemption, this.terms, { units, at });
  }

  private after(before: MemberLots, operation: Operation, today: Day): MemberLots {
    const { terms, newId } = this;
    const { id } = operation;
    switch (operation.kind) {
      case 'AUTHORISE': {
        const wish = { id, date: dateOf(today), purchaseMinor: 10n ** 12n, discountMinor: 0n };
        this.redeemers.set(id, operation.shop);
        return authorise(before, { ...wish, unitsWanted: operation.units }, terms).member;
      }
      case 'CAPTURE':
        return this.captured(before, operation.redemption, operation.units);
      case 'VOID':
        return release(before, operation.redemption, terms);
      case 'GIVE_BACK': {
        const { units, redemption } = operation;
        const returnsFee = this.redeemedAt(redemption).returnsAcceptanceFee;
        return giveBack(before, redemption, { units }, terms, { newId, returnsFee }).member;
      }
      case 'CASH_OUT':
        return useAtOnce(before, id, operation.units, { kind: 'CASHED_OUT', bankNo: numberOf(operation.bank) }, terms);
      case 'DONATE':
        return useAtOnce(
          before,
          id,
          operation.units,
          { kind: 'DONATED', charityNo: numberOf(operation.charity) },
          terms,
        );
      case 'GOODWILL': {
        const { units } = operation;
        const valueMinor = share(units, this.world.terms.price);
        return grant(before, { id: newId(), units, valueMinor, accruedOn: dateOf(today) }, terms);
      }
      case 'ITEM': {
        const { shop, units } = ITEMS.find(({ code }) => code === operation.item) as Item;
        const wish = { id, date: dateOf(today), purchaseMinor: 10n ** 12n, discountMinor: 0n, unitsWanted: units };
        this.redeemers.set(id, shop);
        return this.captured(authorise(before, wish, terms).member, id, units);
      }
      case 'WRITE_OFF':
        return forgive(before);
      default:
        return before;
    }
  }
}
