/**
 * What has become of one purchase, from the set of messages about it: authorised, cleared, reversed, refunded,
 * exchanged. The order in which they came in does not count, and a message that is there twice counts once.
 */
import type { Channel } from '../earning/model.js';
import type { BusinessDate } from '../kernel/calendar.js';
import { invariant } from '../kernel/invariant.js';
import { type NamedLine, type ReturnedLine, scaleLines, withoutLines } from './basket.js';

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
}

export interface MessageAbout {
  readonly occurredAt: Date;
  readonly mcc?: string;
  readonly category?: string;
  readonly merchantId?: string;
  readonly merchant?: { readonly partnerCode: string; readonly outletCode: string };
  readonly descriptor?: string;
  readonly channel?: Channel;
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

/** At least one message is a PURCHASE, an AUTHORISATION or a CLEARING. */
export function purchaseState(given: readonly PurchaseMessage[]): PurchaseState {
  const messages = inOrder(given);
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

/** The day that counts for rules, caps, tiers and choices. */
export const attributedOn = (state: PurchaseState, attribution: 'AUTHORISATION' | 'POSTING'): BusinessDate =>
  attribution === 'POSTING' ? (state.postedOn ?? state.authorisedOn) : state.authorisedOn;

/** Messages that say what the purchase was, the one whose word counts first: the authorisation, then clearings. */
export function describing<Message extends PurchaseMessage>(messages: readonly Message[]): Message[] {
  const ordered = inOrder(messages);
  return [
    ...ordered.filter(({ kind }) => kind === 'PURCHASE' || kind === 'AUTHORISATION'),
    ...ordered.filter(({ kind }) => kind === 'CLEARING'),
  ];
}

/** What the messages say together: of every field the word that counts first. */
export function described(messages: readonly PurchaseMessage[]): MessageAbout {
  const words = describing(messages).flatMap(({ about }) => (about ? [about] : []));
  const [first] = words;
  invariant(first, 'a message says what it is about');
  return Object.assign({}, ...words.toReversed(), { occurredAt: first.occurredAt });
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
