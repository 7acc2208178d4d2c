/** Looks for the purchase of a message among those that another side has told of (domain/transactions/same-purchase.ts). */
import type { Purchase } from '../../domain/earning/model.js';
import { described, describing, purchaseState, tellersOf } from '../../domain/transactions/lifecycle.js';
import type { SourceKind, StandingPurchase } from '../../domain/transactions/model.js';
import { amountsAround, findSamePurchase, type Telling } from '../../domain/transactions/same-purchase.js';
import { SIDE_BIT } from '../../domain/transactions/teller.js';
import type { BatchState } from './batch-state.js';
import type { CounterpartSearch } from './counterpart.sql.js';
import { messageOf } from './message.js';
import type { Item } from './pipeline.js';
import { merchantOf, purchaseOf } from './purchase-of.js';
import type { Reference } from './reference.js';

/** Messages that say that a purchase took place. */
const TELLS: readonly SourceKind[] = ['PURCHASE', 'AUTHORISATION', 'CLEARING', 'CLAIM'];

/** Candidates beyond those that other messages of the batch may take. */
const SPARE_CANDIDATES = 4;

interface Teller {
  readonly item: Item;
  readonly memberNo: number;
  readonly bit: number;
}

function tellersAmong(items: readonly Item[]): Teller[] {
  return items.flatMap((item) => {
    const { command, member, teller } = item;
    return member === undefined || teller === undefined || !TELLS.includes(command.kind)
      ? []
      : [{ item, memberNo: member.no, bit: SIDE_BIT[teller.side] }];
  });
}

/** What to look up: only of members of whom another side has told before. */
export function counterpartSearches(items: readonly Item[], state: BatchState): CounterpartSearch[] {
  const telling = tellersAmong(items).filter(({ memberNo, bit }) => (state.toldSidesOf(memberNo) & ~bit) !== 0);
  const ofMember = Map.groupBy(telling, ({ memberNo }) => memberNo);
  return telling.map(({ item: { command, card }, memberNo, bit }) => {
    const { lowest, highest } = amountsAround(command.amountMinor);
    return {
      memberNo,
      side: bit,
      cardId: card?.id ?? null,
      amountMinor: command.amountMinor,
      lowestMinor: lowest,
      highestMinor: highest,
      businessDate: command.businessDate,
      limit: (ofMember.get(memberNo)?.length ?? 0) + SPARE_CANDIDATES,
    };
  });
}

const sidesBits = ({ sides }: Telling): number => sides.reduce((bits, side) => bits | SIDE_BIT[side], 0);

/** Checked first, because a member may have many purchases in one batch. */
function isNear(amountMinor: bigint, other: bigint): boolean {
  const { lowest, highest } = amountsAround(amountMinor);
  return other >= lowest && other <= highest;
}

interface Counterpart {
  readonly id: string;
  readonly telling: Telling;
  readonly standing: StandingPurchase;
}

/** The purchase that another side told of, or those that may be it. */
export function findCounterpart(item: Item, reference: Reference, state: BatchState): FoundCounterpart {
  const telling = tellingOf(item, reference);
  return telling === undefined ? { near: [] } : search(telling, reference, state);
}

/** The same for a purchase that one side has told of in several messages, the last of which comes now. */
export function findCounterpartWith(
  standing: StandingPurchase,
  item: Item,
  reference: Reference,
  state: BatchState,
): StandingPurchase | undefined {
  const messages = [...standing.messages, messageOf(item)];
  if (tellersOf(messages) > 1) return undefined;
  const purchase = { ...standing.purchase, amountMinor: purchaseState(messages).grossMinor };
  const telling = tellingOfPurchase({ ...standing, purchase, messages }, reference);
  return search(telling, reference, state).same?.candidate.standing;
}

type FoundCounterpart = ReturnType<typeof findSamePurchase<Counterpart>>;

function search(telling: Telling, reference: Reference, state: BatchState): FoundCounterpart {
  if ((state.toldSidesOf(telling.memberNo) & ~sidesBits(telling)) === 0) return { near: [] };
  const candidates = state
    .purchasesOf(telling.memberNo)
    .filter(({ purchase }) => purchase.action === undefined && isNear(telling.amountMinor, purchase.amountMinor))
    .map((standing): Counterpart => ({ id: standing.id, standing, telling: tellingOfPurchase(standing, reference) }));
  return findSamePurchase(telling, candidates);
}

/** Purchases of a member that may be decided as one. */
export interface Pair {
  readonly memberNo: number;
  readonly purchases: readonly Purchase[];
}

/**
 * Purchases that may turn out to be one, so that the facts of both together are loaded: a message with what is there,
 * and messages of one batch with each other.
 */
export function counterpartPairs(
  items: readonly Item[],
  touched: readonly StandingPurchase[],
  joinedBy: (item: Item) => readonly StandingPurchase[],
  reference: Reference,
): Pair[] {
  const telling = tellersAmong(items);
  const standingOf = Map.groupBy(touched, ({ memberNo }) => memberNo);
  const itemsOf = Map.groupBy(telling, ({ memberNo }) => memberNo);
  return telling.flatMap(({ item, memberNo, bit }) => {
    const { amountMinor } = item.command;
    const others = (itemsOf.get(memberNo) ?? []).filter(
      (other) => other.bit > bit && isNear(amountMinor, other.item.command.amountMinor),
    );
    const there = (standingOf.get(memberNo) ?? []).filter(({ purchase }) => isNear(amountMinor, purchase.amountMinor));
    const counterparts = [
      ...there.filter(({ messages }) => toldBySide(messages, item)).map(({ purchase }) => purchase),
      ...others.map(({ item: other }) => purchaseOf(other, reference)),
    ];
    if (counterparts.length === 0) return [];
    const own = [purchaseOf(item, reference), ...joinedBy(item).map(({ purchase }) => purchase)];
    return counterparts.map((purchase) => ({
      memberNo,
      purchases: own.flatMap((one) => asOne(one, purchase)),
    }));
  });
}

/** Each of them, and each with what the other knows of the card scheme: what both together may be decided as. */
export const asOne = (one: Purchase, other: Purchase): Purchase[] => [
  one,
  other,
  schemeOf(one, other),
  schemeOf(other, one),
];

/** Another side than that of the message has told of it. */
const toldBySide = (messages: StandingPurchase['messages'], { teller }: Item): boolean =>
  describing(messages).some((message) => message.teller !== undefined && message.teller.side !== teller?.side);

/** One of them with what the other says of the card scheme's words. */
const schemeOf = (purchase: Purchase, { mcc, descriptor }: Purchase): Purchase => ({
  ...purchase,
  ...(mcc !== undefined && { mcc }),
  ...(descriptor !== undefined && { descriptor }),
});

function tellingOf(item: Item, reference: Reference): Telling | undefined {
  const { command, member, teller, card } = item;
  if (member === undefined || teller === undefined) return undefined;
  const merchant = merchantOf(item, reference);
  return {
    sides: [teller.side],
    memberNo: member.no,
    amountMinor: command.amountMinor,
    ...(command.original && { original: command.original }),
    days: [command.businessDate],
    occurredAt: command.occurredAt,
    ...(card && { cardId: card.id }),
    ...(merchant && { merchantNo: merchant.partnerNo }),
    ...(merchant?.outlet && { outletCode: merchant.outlet.code }),
    ...(command.merchantId !== undefined && { merchantId: command.merchantId }),
    ...(command.descriptor !== undefined && { descriptor: command.descriptor }),
    names: namesOf(merchant?.partnerNo, merchant?.outlet?.name, reference),
    ...(command.approvalCode !== undefined && { approvalCode: command.approvalCode }),
  };
}

function tellingOfPurchase(standing: StandingPurchase, reference: Reference): Telling {
  const { messages, purchase } = standing;
  const telling = describing(messages);
  const { occurredAt, original, merchantId, approvalCode } = described(messages);
  const { merchant } = purchase;
  const outlet = merchant?.outletCode && reference.partners.outlet(merchant.partnerCode, merchant.outletCode);
  return {
    sides: [...new Set(telling.flatMap(({ teller }) => (teller ? [teller.side] : [])))],
    memberNo: standing.memberNo,
    amountMinor: purchase.amountMinor,
    ...(original && { original }),
    days: telling.map(({ businessDate }) => businessDate),
    occurredAt,
    ...(standing.cardId !== undefined && { cardId: standing.cardId }),
    ...(merchant && { merchantNo: merchant.partnerNo }),
    ...(merchant?.outletCode !== undefined && { outletCode: merchant.outletCode }),
    ...(merchantId !== undefined && { merchantId }),
    ...(standing.descriptor !== undefined && { descriptor: standing.descriptor }),
    names: namesOf(merchant?.partnerNo, outlet ? outlet.name : undefined, reference),
    ...(approvalCode !== undefined && { approvalCode }),
  };
}

function namesOf(partnerNo: number | undefined, outletName: string | undefined, { partners }: Reference): string[] {
  const partner = partnerNo === undefined ? undefined : partners.byNo(partnerNo);
  if (partner === undefined) return [];
  return outletName === undefined ? [partner.name] : [partner.name, outletName];
}
