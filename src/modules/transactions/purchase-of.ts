/** What a message is to the engine: its purchase, merchant and place. */
import { PROGRAMME_PARTY, type ProgrammeTerms, type Purchase } from '../../domain/earning/model.js';
import type { OutletRecord } from '../partners/index.js';
import { placeOf } from './batch-state.js';
import type { Item } from './pipeline.js';
import type { Reference } from './reference.js';

/** Card and merchant that a message without reference is matched on. */
export function placeOfItem(item: Item, reference: Reference): string | undefined {
  const merchant = merchantOf(item, reference);
  return placeOf({
    memberNo: item.member?.no ?? PROGRAMME_PARTY,
    ...(item.card && { cardId: item.card.id }),
    ...(merchant && { merchantNo: merchant.partnerNo }),
    ...(item.command.descriptor !== undefined && { descriptor: item.command.descriptor }),
  });
}

/**
 * The merchant of a message: the outlet it names, the outlet of its merchant id, else the submitting merchant
 * itself. A bank's purchase that resolves to no outlet has none and earns from the bank and the programme.
 */
export function merchantOf(
  item: Item,
  { partners }: Reference,
): { readonly partnerNo: number; readonly partnerCode: string; readonly outlet?: OutletRecord } | undefined {
  const { merchant, merchantId } = item.command;
  const outlet =
    merchant !== undefined
      ? partners.outlet(merchant.partnerCode, merchant.outletCode)
      : merchantId !== undefined
        ? partners.outletByMerchantId(merchantId)
        : undefined;
  if (outlet !== undefined) return { partnerNo: outlet.partnerNo, partnerCode: outlet.partnerCode, outlet };
  if (item.partner?.roles.includes('MERCHANT') && !item.partner.roles.includes('BANK')) {
    return { partnerNo: item.partner.no, partnerCode: item.partner.code };
  }
  return undefined;
}

/** A message as the engine sees it, on the day of its own. */
export function purchaseOf(item: Item, reference: Reference): Purchase {
  const { command, card } = item;
  const merchant = merchantOf(item, reference);
  const mcc = command.mcc ?? merchant?.outlet?.mcc;
  const channel = command.channel ?? merchant?.outlet?.channel;
  const issuer = card === undefined ? undefined : reference.partners.byNo(card.issuerNo);
  return {
    amountMinor: command.amountMinor,
    businessDate: command.businessDate,
    ...(command.action !== undefined && { action: command.action }),
    ...(channel !== undefined && { channel }),
    ...(mcc !== undefined && { mcc }),
    ...(command.descriptor !== undefined && { descriptor: command.descriptor }),
    ...(command.category !== undefined && { submittedCategory: command.category }),
    ...(merchant && {
      merchant: {
        partnerNo: merchant.partnerNo,
        partnerCode: merchant.partnerCode,
        ...(merchant.outlet && { outletCode: merchant.outlet.code }),
      },
    }),
    ...(issuer && { issuer: { partnerNo: issuer.no, partnerCode: issuer.code } }),
    ...(card && {
      card: {
        id: card.id,
        ...(card.product !== undefined && { product: card.product }),
        ...(card.account !== undefined && { account: card.account }),
        ...(card.statementDay !== undefined && { statementDay: card.statementDay }),
      },
    }),
    ...(command.lines && { lines: command.lines }),
  };
}

/** Time of the day of a purchase on the programme's clock and on the member's own, where rules ask for it. */
export function withTimes(
  purchase: Purchase,
  occurredAt: Date,
  terms: ProgrammeTerms,
  memberTimeZone: string | undefined,
): Purchase {
  if (!asksForTime(terms)) return purchase;
  const own = memberTimeZone === undefined ? undefined : localTime(occurredAt, memberTimeZone);
  return {
    ...purchase,
    time: localTime(occurredAt, terms.timeZone).time,
    ...(own && { memberDate: own.date, memberTime: own.time }),
  };
}

const asking = new WeakMap<ProgrammeTerms, boolean>();

function asksForTime(terms: ProgrammeTerms): boolean {
  let asks = asking.get(terms);
  if (asks === undefined) {
    asks = terms.rules.some(({ when }) => when.hours !== undefined || when.clock === 'MEMBER');
    asking.set(terms, asks);
  }
  return asks;
}

const clocks = new Map<string, Intl.DateTimeFormat>();

function localTime(instant: Date, timeZone: string): { readonly date: string; readonly time: string } {
  let clock = clocks.get(timeZone);
  if (clock === undefined) {
    const digits = '2-digit';
    clock = new Intl.DateTimeFormat('en-CA', {
      timeZone,
      year: 'numeric',
      month: digits,
      day: digits,
      hour: digits,
      minute: digits,
      hourCycle: 'h23',
    });
    clocks.set(timeZone, clock);
  }
  const parts = new Map(clock.formatToParts(instant).map(({ type, value }) => [type, value]));
  const part = (name: Intl.DateTimeFormatPartTypes): string => parts.get(name) ?? '';
  return { date: `${part('year')}-${part('month')}-${part('day')}`, time: `${part('hour')}:${part('minute')}` };
}
