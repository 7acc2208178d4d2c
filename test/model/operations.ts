/** Everything that may happen to a programme, and which of it happens next. */
import type { Life } from './life.js';
import { most } from './parts.js';
import type { Purpose } from './paying.js';
import type { Random } from './random.js';
import { type Currency, OWN } from './terms.js';
import { BANK, CHARITY, ITEMS, type Item, PARTNERS, SHOPS, type Shop } from './world.js';

/** Purchases and redemptions are named by the operation that made them. */
export type Operation = { readonly id: string } & (
  | {
      readonly kind: 'BUY';
      readonly member: string;
      readonly shop: Shop;
      readonly card: boolean;
      readonly amount: bigint;
    }
  | { readonly kind: 'REFUND'; readonly member: string; readonly purchase: string; readonly amount: bigint }
  | { readonly kind: 'AUTHORISE'; readonly member: string; readonly shop: Shop; readonly units: bigint }
  | {
      readonly kind: 'CAPTURE' | 'GIVE_BACK';
      readonly member: string;
      readonly redemption: string;
      readonly units: bigint;
    }
  | { readonly kind: 'VOID'; readonly member: string; readonly redemption: string }
  | { readonly kind: 'CASH_OUT'; readonly member: string; readonly bank: string; readonly units: bigint }
  | { readonly kind: 'DONATE'; readonly member: string; readonly charity: string; readonly units: bigint }
  | { readonly kind: 'TRANSFER'; readonly member: string; readonly to: string; readonly units: bigint }
  | { readonly kind: 'GOODWILL'; readonly member: string; readonly units: bigint }
  | { readonly kind: 'WRITE_OFF'; readonly member: string }
  | { readonly kind: 'ITEM'; readonly member: string; readonly item: Item['code'] }
  /**
   * What a partner owes (+) or is owed (-) is corrected by hand; what it owes of what was settled is given up, or taken
   * from its deposit; the tax on what it supplies is owed to it; it buys a block of rewards in advance.
   */
  | {
      readonly kind: 'CORRECTION' | 'BAD_DEBT' | 'SERVICE_CHARGE' | 'DEPOSIT_USE' | 'DEPOSIT_RETURN' | 'BLOCK';
      readonly partner: string;
      readonly amount: bigint;
    }
  /** All that is owed goes to the bank, as payments named by this operation and counted from 0. */
  | { readonly kind: 'INSTRUCT'; readonly currency: Currency }
  | { readonly kind: 'BANK_BOOKS' | 'BANK_REJECTS' | 'BANK_RETURNS'; readonly payment: string }
  /** From an account of a partner or of nobody; it may name a settlement. */
  | {
      readonly kind: 'RECEIPT';
      readonly partner?: string;
      readonly amount: bigint;
      readonly currency: Currency;
      readonly settlement?: number;
    }
  | {
      readonly kind: 'ALLOCATE';
      readonly receipt: string;
      readonly partner: string;
      readonly purpose: Purpose;
      readonly amount: bigint;
    }
  /** Of its line of the last settlement. */
  | { readonly kind: 'DISPUTE'; readonly partner: string; readonly amount: bigint }
  | { readonly kind: 'RESOLVE'; readonly dispute: string; readonly answer: 'UPHELD' | 'REJECTED' }
  /** Days go by; each ends holds and authorisations, and lots. */
  | { readonly kind: 'DAYS'; readonly days: number }
  | { readonly kind: 'SETTLE' }
  /** What clearing holds of the other currency. */
  | { readonly kind: 'REVALUE' }
);
export type OperationKind = Operation['kind'];

/** How often each happens. */
const WEIGHTS: Readonly<Record<OperationKind, number>> = {
  ...{ BUY: 30, REFUND: 12, AUTHORISE: 16, CAPTURE: 12, VOID: 3, GIVE_BACK: 6 },
  ...{ CASH_OUT: 4, DONATE: 4, TRANSFER: 4, GOODWILL: 2, WRITE_OFF: 2, DAYS: 8, SETTLE: 2 },
  ...{ ITEM: 4, CORRECTION: 1, BAD_DEBT: 1, DISPUTE: 1, RESOLVE: 1, SERVICE_CHARGE: 1 },
  ...{ INSTRUCT: 2, BANK_BOOKS: 3, BANK_REJECTS: 1, BANK_RETURNS: 1, RECEIPT: 3, ALLOCATE: 2 },
  ...{ DEPOSIT_USE: 1, DEPOSIT_RETURN: 1, REVALUE: 1, BLOCK: 2 },
};

const OF_NOBODY: readonly OperationKind[] = [
  ...(['DAYS', 'SETTLE', 'CORRECTION', 'BAD_DEBT', 'DISPUTE', 'RESOLVE', 'SERVICE_CHARGE'] as const),
  ...(['INSTRUCT', 'BANK_BOOKS', 'BANK_REJECTS', 'BANK_RETURNS', 'RECEIPT', 'ALLOCATE'] as const),
  ...(['DEPOSIT_USE', 'DEPOSIT_RETURN', 'REVALUE', 'BLOCK'] as const),
];

/** What happens to a member; the others are between the programme and its partners, or everybody's. */
export const isOfMembers = (kind: OperationKind): boolean => !OF_NOBODY.includes(kind);

/**
 * The next operation: something that is possible as a rule, and now and then something that is not. Kinds that
 * have nothing to act on become a purchase.
 *
 * @param kinds those that may be drawn
 * @param members those that it may happen to
 */
export function draw(
  random: Random,
  life: Life,
  id: string,
  kinds: readonly OperationKind[],
  members = life.world.members,
): Operation {
  const member = random.pick(members);
  const buy = (): Operation => {
    const shop = random.pick(SHOPS);
    const amount = random.between(1_00n, 600_00n);
    // What a partner can still give is asked for one after the other: a purchase that earns nothing says not when it was.
    const card = random.chance(50) && (kinds.includes('BLOCK') || !life.books.contractOf(BANK).prepaid);
    // Even where its merchant tells of it and odd where the bank does: never taken for one purchase that both tell of.
    return { id, kind: 'BUY', member, shop, card, amount: amount - (amount % 2n) + (card ? 1n : 0n) };
  };
  /** Most of what there is, all of it, or more. */
  const some = (there: bigint): bigint =>
    random.chance(8)
      ? most(there, 0n) + random.between(1n, 50n)
      : random.chance(25)
        ? most(there, 1n)
        : random.between(1n, most(there, 1n));
  const kind = drawKind(random, kinds);
  switch (kind) {
    case 'BUY':
      return buy();
    case 'REFUND': {
      const purchase = random.pick(life.purchasesOf(member));
      return purchase === undefined ? buy() : { id, kind, member, purchase: purchase.id, amount: some(purchase.kept) };
    }
    case 'AUTHORISE':
      return { id, kind, member, shop: random.pick(SHOPS), units: some(life.books.usable(member)) };
    case 'CAPTURE':
    case 'VOID':
    case 'GIVE_BACK': {
      const open = life.redemptionsOf(member, kind === 'GIVE_BACK' ? 'CAPTURED' : 'AUTHORISED');
      const redemption = random.pick(random.chance(95) ? open : life.redemptionsOf(member));
      if (redemption === undefined) return buy();
      if (kind === 'VOID') return { id, kind, member, redemption: redemption.id };
      const units = redemption.takes.reduce((sum, { part, back }) => sum + part.units - back.units, 0n);
      return { id, kind, member, redemption: redemption.id, units: some(units) };
    }
    case 'CASH_OUT':
      return { id, kind, member, bank: BANK, units: some(life.books.usable(member)) };
    case 'DONATE':
      return { id, kind, member, charity: CHARITY, units: some(life.books.usable(member)) };
    case 'TRANSFER': {
      const to = random.pick(life.world.members.filter((other) => other !== member));
      return { id, kind, member, to, units: some(life.books.usable(member)) };
    }
    case 'GOODWILL':
      return { id, kind, member, units: random.between(1n, 500n) };
    case 'WRITE_OFF': {
      const owing = life.world.members.filter((each) => life.books.owed(each).units > 0n);
      return owing.length === 0 ? buy() : { id, kind, member: random.pick(owing) };
    }
    case 'ITEM':
      return { id, kind, member, item: random.pick(ITEMS).code };
    case 'CORRECTION':
      return { id, kind, partner: random.pick(PARTNERS), amount: random.between(-9_00n, 9_00n) || 1n };
    case 'SERVICE_CHARGE':
      return { id, kind, partner: random.pick(PARTNERS), amount: random.between(1n, 20_00n) };
    case 'BAD_DEBT': {
      const partner = random.pick(PARTNERS);
      return { id, kind, partner, amount: some(life.books.journal.balance(`1200:${partner}`)) };
    }
    case 'DEPOSIT_USE':
    case 'DEPOSIT_RETURN': {
      const partner = random.pick(PARTNERS);
      return { id, kind, partner, amount: some(-life.books.journal.balance(`2300:${partner}`)) };
    }
    case 'BLOCK': {
      const { prepaid } = life.books.contractOf(BANK);
      const partner = random.chance(95) ? BANK : random.pick(SHOPS);
      return prepaid ? { id, kind, partner, amount: random.between(1_00n, 150_00n) } : buy();
    }
    case 'INSTRUCT':
      return { id, kind, currency: random.chance(70) ? OWN : 'USD' };
    case 'BANK_BOOKS':
    case 'BANK_REJECTS':
    case 'BANK_RETURNS': {
      const state = kind === 'BANK_RETURNS' ? 'BOOKED' : 'SENT';
      const payment = random.pick([...life.payments.payments.values()].filter((each) => each.state === state));
      return payment === undefined ? buy() : { id, kind, payment: payment.id };
    }
    case 'RECEIPT':
      return receipt(random, life, id, some);
    case 'ALLOCATE': {
      const waiting = random.pick([...life.payments.receipts.values()].filter(({ left }) => left > 0n));
      if (waiting === undefined) return buy();
      const partner = random.pick(PARTNERS);
      const { prepaid } = life.books.contractOf(partner);
      const purpose = random.pick(['SETTLEMENT', 'DEPOSIT', prepaid ? 'PREPAID' : 'DEPOSIT'] as const);
      return { id, kind, receipt: waiting.id, partner, purpose, amount: some(waiting.left) };
    }
    case 'DISPUTE': {
      const { partner, closing } = random.pick(life.openToDispute()) ?? { partner: '', closing: 0n };
      if (partner === '') return buy();
      return { id, kind, partner, amount: random.between(1n, closing < 0n ? -closing : closing) };
    }
    case 'RESOLVE': {
      const [dispute] = life.openDisputes();
      if (dispute === undefined) return buy();
      return { id, kind, dispute, answer: random.pick(['UPHELD', 'REJECTED'] as const) };
    }
    case 'DAYS':
      return { id, kind, days: random.pick([1, 1, 1, 2, 5]) };
    case 'SETTLE':
    case 'REVALUE':
      return { id, kind };
  }
}

/** How many days go by, about, while so many things happen one after the other. */
export const daysOf = (operations: number): number => operations * 0.12;

function receipt(random: Random, life: Life, id: string, some: (there: bigint) => bigint): Operation {
  if (random.chance(30)) {
    const currency = random.chance(80) ? OWN : 'USD';
    return { id, kind: 'RECEIPT', amount: random.between(1n, 200_00n), currency };
  }
  const partner = random.pick(PARTNERS);
  const { currency = OWN } = random.chance(90) ? life.books.contractOf(partner) : {};
  const named = random.chance(50)
    ? random.pick(life.payments.dues.filter((due) => due.partner === partner))
    : undefined;
  return {
    ...{ id, kind: 'RECEIPT', partner, amount: some(life.payments.owed(partner, currency)), currency },
    ...(named !== undefined && { settlement: named.settlement }),
  };
}

function drawKind(random: Random, kinds: readonly OperationKind[]): OperationKind {
  const total = kinds.reduce((sum, kind) => sum + WEIGHTS[kind], 0);
  let at = random.below(total);
  for (const kind of kinds) {
    at -= WEIGHTS[kind];
    if (at < 0) return kind;
  }
  throw new Error('The weights sum to their total.');
}

export const ALL_KINDS = Object.keys(WEIGHTS) as OperationKind[];
