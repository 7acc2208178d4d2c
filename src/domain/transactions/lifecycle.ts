/**
 * What has become of one purchase, from the set of messages about it: authorised, cleared, reversed, refunded,
 * exchanged. The order in which they came in does not count, and a message that is there twice counts once.
 */
import type { Channel } from '../earning/model.js';
import type { BusinessDate } from '../kernel/calendar.js';
import { invariant } from '../kernel/invariant.js';
import { type NamedLine, type ReturnedLine, scaleLines, withoutLines } from './basket.js';
import { inWordsOrder, MONEY_FIRST, type Side, type Teller, WORDS_FIRST } from './teller.js';

/** EXCHANGE: another purchase was made in its place, and all that is left of this one goes back. */
export type PurchaseMessageKind = 'PURCHASE' | 'AUTHORISATION' | 'CLEARING' | 'REVERSAL' | 'REFUND' | 'EXCHANGE';

export interface PurchaseMessage {
  readonly kind: PurchaseMessageKind;
  /** (partner, kind, reference) as text: what makes two messages the same one. */
  readonly key: string;
  readonly amountMinor: bigint;
  /** Of what it tells: the purchase, the clearing, the refund. */
  readonly businessDate: BusinessDate;
  readonly postedOn?: BusinessDate;
  readonly lines?: readonly NamedLine[];
  readonly returned?: readonly ReturnedLine[];
  /** What it says about the purchase besides amounts and days. */
  readonly about?: MessageAbout;
  /** Who says so; absent where there is only one who could. */
  readonly teller?: Teller;
}

export interface MessageAbout {
  readonly occurredAt: Date;
  readonly mcc?: string;
  readonly category?: string;
  readonly merchantId?: string;
  readonly merchant?: { readonly partnerCode: string; readonly outletCode: string };
  readonly descriptor?: string;
  readonly channel?: Channel;
  readonly approvalCode?: string;
  readonly original?: { readonly amount: string; readonly currencyCode: string };
}

/** AUTHORISED: waits for its clearing, and so does its hold. REVERSED: nothing is left to clear. */
export type PurchaseStatus = 'AUTHORISED' | 'CLEARED' | 'REVERSED';

/** One thing that went back, as far as there was something to give back. */
export interface Return {
  readonly amountMinor: bigint;
  readonly businessDate: BusinessDate;
  readonly returned?: readonly ReturnedLine[];
}

export interface PurchaseState {
  readonly status: PurchaseStatus;
  /** All that was cleared, or what is authorised and not reversed while nothing is. */
  readonly grossMinor: bigint;
  readonly refundedMinor: bigint;
  /** The basket of the gross amount. */
  readonly lines?: readonly NamedLine[];
  /** In order of their days; together `refundedMinor`. */
  readonly returns: readonly Return[];
  /** Day of the authorisation, or of the first clearing while it was not seen. */
  readonly authorisedOn: BusinessDate;
  /** First and last day of posting; none while it is only authorised. */
  readonly postedOn?: BusinessDate;
  readonly clearedOn?: BusinessDate;
  readonly exchanged: boolean;
}

/**
 * At least one message is a PURCHASE, an AUTHORISATION or a CLEARING. Where several sides tell of it, each tells the
 * whole of it: nothing is counted twice.
 */
export function purchaseState(given: readonly PurchaseMessage[]): PurchaseState {
  const messages = inOrder(given);
  const side = messages[0]?.teller?.side;
  return messages.every(({ teller }) => teller?.side === side) ? toldByOne(messages) : toldBySeveral(messages);
}

function toldByOne(messages: readonly PurchaseMessage[]): PurchaseState {
  const of = (...kinds: PurchaseMessageKind[]) => messages.filter(({ kind }) => kinds.includes(kind));
  const [first] = describing(messages);
  invariant(first, 'a purchase has a message that says it took place');
  const cleared = of('PURCHASE', 'CLEARING');
  const authorised = total(of('AUTHORISATION'));
  const reversed = total(of('REVERSAL'));
  const open = authorised > reversed ? authorised - reversed : 0n;
  const grossMinor = cleared.length > 0 ? total(cleared) : open;
  const status = cleared.length > 0 ? 'CLEARED' : open > 0n ? 'AUTHORISED' : 'REVERSED';
  const exchanged = of('EXCHANGE').length > 0;
  const returns = returnsOf(of('REFUND'), of('EXCHANGE'), grossMinor);
  const lines = linesOf(cleared, of('AUTHORISATION'), grossMinor);
  const posted = cleared.map((message) => message.postedOn ?? message.businessDate).sort();
  const [postedOn] = posted;
  const clearedOn = posted.at(-1);
  return {
    status,
    grossMinor,
    refundedMinor: total(returns),
    ...(lines && { lines }),
    returns,
    authorisedOn: first.businessDate,
    ...(postedOn !== undefined && { postedOn }),
    ...(clearedOn !== undefined && { clearedOn }),
    exchanged,
  };
}

/**
 * The bank knows what was paid and when, the merchant what was bought. What went back is what the side says that
 * tells of more; both will have told of all of it in the end.
 */
function toldBySeveral(messages: readonly PurchaseMessage[]): PurchaseState {
  const bySide = Map.groupBy(messages, ({ teller }) => teller?.side);
  const states = new Map<Side | undefined, PurchaseState>();
  for (const [side, told] of bySide) if (describing(told).length > 0) states.set(side, toldByOne(told));
  const inOrderOf = (sides: readonly (Side | undefined)[]): PurchaseState[] =>
    [...sides, undefined].flatMap((side) => states.get(side) ?? []);
  const money = inOrderOf(MONEY_FIRST);
  const paid =
    money.find(({ status }) => status === 'CLEARED') ?? money.find(({ status }) => status === 'AUTHORISED') ?? money[0];
  const [said] = inOrderOf(WORDS_FIRST);
  invariant(paid && said, 'a purchase has a message that says it took place');
  const { status, grossMinor, postedOn, clearedOn } = paid;
  const basket = inOrderOf(WORDS_FIRST).find(({ lines }) => lines !== undefined)?.lines;
  let returns: Return[] = [];
  for (const side of [...WORDS_FIRST, undefined]) {
    const told = bySide.get(side) ?? [];
    const of = (kind: PurchaseMessageKind) => told.filter((message) => message.kind === kind);
    const back = returnsOf(of('REFUND'), of('EXCHANGE'), grossMinor);
    if (total(back) > total(returns)) returns = back;
  }
  return {
    status,
    grossMinor,
    refundedMinor: total(returns),
    ...(basket && { lines: scaleLines(basket, grossMinor) }),
    returns,
    authorisedOn: said.authorisedOn,
    ...(postedOn !== undefined && { postedOn }),
    ...(clearedOn !== undefined && { clearedOn }),
    exchanged: messages.some(({ kind }) => kind === 'EXCHANGE'),
  };
}

/** How many sides have told of the purchase itself. */
export const tellersOf = (messages: readonly PurchaseMessage[]): number =>
  new Set(describing(messages).map(({ teller }) => teller?.side)).size;

/** What one side says of a purchase; all that is said where that side has not told of the purchase itself. */
export function toldBy(messages: readonly PurchaseMessage[], side: Side | undefined): readonly PurchaseMessage[] {
  const own = messages.filter(({ teller }) => teller?.side === side);
  return describing(own).length > 0 ? own : messages;
}

/** What may still go back of a purchase by what this side says, and what others say went back and it does not yet. */
export function returnRoom(
  messages: readonly PurchaseMessage[],
  side: Side | undefined,
): { readonly keptMinor: bigint; readonly toldByOthersMinor: bigint } {
  const { grossMinor } = purchaseState(toldBy(messages, side));
  const own = messages.filter(
    ({ teller, kind }) => teller?.side === side && (kind === 'REFUND' || kind === 'EXCHANGE'),
  );
  const of = (kind: PurchaseMessageKind) => own.filter((message) => message.kind === kind);
  const back = total(returnsOf(of('REFUND'), of('EXCHANGE'), grossMinor));
  return { keptMinor: grossMinor - back, toldByOthersMinor: purchaseState(messages).refundedMinor - back };
}

/** The day that counts for rules, caps, tiers and choices. */
export const attributedOn = (state: PurchaseState, attribution: 'AUTHORISATION' | 'POSTING'): BusinessDate =>
  attribution === 'POSTING' ? (state.postedOn ?? state.authorisedOn) : state.authorisedOn;

/**
 * Messages that say what the purchase was, the one whose word counts first: the merchant's, and of each side the
 * authorisation, then clearings.
 */
export function describing<Message extends PurchaseMessage>(messages: readonly Message[]): Message[] {
  const ordered = inOrder(messages);
  return inWordsOrder([
    ...ordered.filter(({ kind }) => kind === 'PURCHASE' || kind === 'AUTHORISATION'),
    ...ordered.filter(({ kind }) => kind === 'CLEARING'),
  ]);
}

/** What the messages say together: of every field the word that counts first. What a card scheme says, the bank knows. */
export function described(messages: readonly PurchaseMessage[]): MessageAbout {
  const telling = describing(messages).flatMap(({ about, teller }) => (about ? [{ about, side: teller?.side }] : []));
  const [first] = telling;
  invariant(first, 'a message says what it is about');
  const words = telling.map(({ about }) => about);
  const scheme = telling
    .filter(({ side }) => side === 'BANK')
    .map(({ about: { mcc, descriptor } }) => ({
      ...(mcc !== undefined && { mcc }),
      ...(descriptor !== undefined && { descriptor }),
    }));
  return Object.assign({}, ...words.toReversed(), ...scheme.toReversed(), { occurredAt: first.about.occurredAt });
}

/** The kept basket after each return, the last one being what is kept now. */
export function keptAfterReturns(state: PurchaseState): readonly {
  readonly amountMinor: bigint;
  readonly lines?: readonly NamedLine[];
  readonly businessDate: BusinessDate;
}[] {
  let amountMinor = state.grossMinor;
  let { lines } = state;
  return state.returns.map(({ amountMinor: back, businessDate, returned }) => {
    amountMinor -= back;
    if (lines !== undefined)
      lines = returned === undefined ? scaleLines(lines, amountMinor) : withoutLines(lines, returned, amountMinor);
    return { amountMinor, businessDate, ...(lines && { lines }) };
  });
}

/** By day, then by key; each message once. */
function inOrder<Message extends PurchaseMessage>(messages: readonly Message[]): Message[] {
  const once = new Map(messages.map((message) => [message.key, message]));
  return [...once.values()].sort((a, b) => compare(a.businessDate, b.businessDate) || compare(a.key, b.key));
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

const total = (messages: readonly { readonly amountMinor: bigint }[]): bigint =>
  messages.reduce((sum, message) => sum + message.amountMinor, 0n);

/** A refund that came before all clearings did takes what there is, and the rest of it when there is more. */
function returnsOf(
  refunds: readonly PurchaseMessage[],
  exchanges: readonly PurchaseMessage[],
  grossMinor: bigint,
): Return[] {
  let left = grossMinor;
  const returns: Return[] = [];
  for (const message of [...refunds, ...exchanges]) {
    const wanted = message.kind === 'EXCHANGE' ? left : message.amountMinor;
    const amountMinor = wanted < left ? wanted : left;
    if (amountMinor === 0n) continue;
    left -= amountMinor;
    const { businessDate, returned } = message;
    returns.push({ amountMinor, businessDate, ...(returned && { returned }) });
  }
  return returns;
}

/** Every clearing brings the basket of its own shipment; else the authorised basket is scaled to what counts. */
function linesOf(
  cleared: readonly PurchaseMessage[],
  authorised: readonly PurchaseMessage[],
  grossMinor: bigint,
): readonly NamedLine[] | undefined {
  if (cleared.length > 0 && cleared.every(({ lines }) => lines !== undefined)) {
    return cleared.flatMap(({ lines }) => lines ?? []);
  }
  const lines = authorised.find((message) => message.lines !== undefined)?.lines;
  return lines && scaleLines(lines, grossMinor);
}
