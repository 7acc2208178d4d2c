/**
 * One row of a feed -> one message for the pipeline, or the reason why it is none. Pure and cheap: it runs
 * once per row, before anything is looked up.
 */
import { hash } from 'node:crypto';
import type { BusinessDate } from '../../domain/kernel/calendar.js';
import { looksLikeCardNumber } from '../../domain/kernel/card-number.js';
import { currencyScale } from '../../domain/money/currency.js';
import { type DecimalError, formatDecimal, parseDecimal } from '../../domain/money/decimal.js';
import { scaleThen } from './feed-currencies.js';
import { FeedDates } from './feed-dates.js';
import { type Reject, reject } from './import.errors.js';
import { laneOf } from './lane.js';
import { columnsOf, type FeedMapping } from './mapping-shape.js';
import { MerchantNames } from './merchant-names.js';
import { optional, type StagedCommand } from './staged-command.js';

export interface TranslatedRow {
  readonly businessDate: BusinessDate;
  /** Compares bytewise in the mapping's order. */
  readonly sortKey: string;
  /** The delivery that repeats of one key are counted in. */
  readonly delivery: string;
  readonly command: StagedCommand;
  /** Its card, when it is the first row with it of late. */
  readonly newCard?: CardIdentity;
}

/** Who a card of the feed is here. */
export interface CardIdentity {
  readonly token: string;
  readonly lastFour: string;
  readonly memberCode: string;
  readonly lane: number;
}

/** So many cards are remembered; a feed may have any number of them. */
const REMEMBERED = 20_000;

export interface FeedProgramme {
  readonly currencyCode: string;
  readonly timeZone: string;
}

const SEPARATOR = '\u0001';
const TOKEN = /^.{8,128}$/s;
const MEMBER_CODE = /^.{1,64}$/s;
const ORDER_NUMBER = /^\d{1,18}$/;

const AMOUNT_FAULTS: Readonly<Record<DecimalError, readonly [Reject['code'], string]>> = {
  MALFORMED: ['MALFORMED_AMOUNT', 'is not a decimal number such as 12.30'],
  TOO_MANY_DECIMALS: ['TOO_MANY_DECIMALS', 'has more decimals than its currency'],
  TOO_LARGE: ['AMOUNT_TOO_LARGE', 'is larger than any payment'],
};

export class Translator {
  /** The columns a row's cells must come in. */
  readonly columns: readonly string[];
  /** Cards seen of late, by their text in the feed. */
  private readonly cards = new Map<string, CardIdentity | Reject>();
  /** Those of them that a row has told of. */
  private readonly told = new Set<CardIdentity>();
  private readonly dates: FeedDates;
  private readonly names: MerchantNames;
  private readonly categoryOf: ReadonlyMap<string, string>;
  /** Position of each field's column in a row's cells; -1 when the mapping names none. */
  private readonly at: { readonly [Field in keyof FeedMapping['columns']]-?: number };
  private readonly keyAt: readonly number[];
  private readonly deliveryAt: number;
  private readonly orderAt: readonly { readonly index: number; readonly as: 'text' | 'number' }[];
  private readonly scale: number;

  constructor(
    private readonly mapping: FeedMapping,
    private readonly programme: FeedProgramme,
  ) {
    this.columns = columnsOf(mapping);
    this.dates = new FeedDates(mapping.dateFormat, programme.timeZone);
    this.names = new MerchantNames(mapping.partners);
    this.categoryOf = new Map(
      Object.entries(mapping.categories).flatMap(([category, values]) =>
        values.map((value) => [value, category] as const),
      ),
    );
    const indexOf = (column: string | undefined): number => (column === undefined ? -1 : this.columns.indexOf(column));
    const { columns } = mapping;
    this.at = {
      card: indexOf(columns.card),
      date: indexOf(columns.date),
      amount: indexOf(columns.amount),
      merchant: indexOf(columns.merchant),
      currency: indexOf(columns.currency),
      billingAmount: indexOf(columns.billingAmount),
      billingCurrency: indexOf(columns.billingCurrency),
      category: indexOf(columns.category),
      mcc: indexOf(columns.mcc),
      merchantId: indexOf(columns.merchantId),
      reference: indexOf(columns.reference),
      refundOf: indexOf(columns.refundOf),
    };
    this.keyAt = (mapping.key?.columns ?? []).map(indexOf);
    this.deliveryAt = indexOf(mapping.key?.occurrenceWithin);
    this.orderAt = mapping.order.slice(1).map(({ column, as }) => ({ index: indexOf(column), as }));
    this.scale = currencyScale(programme.currencyCode);
  }

  /** `cells` in the order of `columns`. */
  translate(cells: readonly string[]): TranslatedRow | Reject {
    const dateText = cellAt(cells, this.at.date).trim();
    const date = this.dates.read(dateText);
    if (date === undefined)
      return reject('MALFORMED_DATE', `The date "${dateText}" is not a day written ${this.mapping.dateFormat}.`);
    const card = this.cardOf(cellAt(cells, this.at.card));
    if ('code' in card) return card;
    const amount = this.amountOf(cells);
    if ('code' in amount) return amount;
    const sortKey = this.sortKeyOf(cells, this.mapping.dateFormat === 'RFC3339' ? date.occurredAt : date.businessDate);
    if (typeof sortKey !== 'string') return sortKey;
    if (!cells.every(isStorable))
      return reject('MALFORMED_ROW', 'The row holds characters that are no text (NUL or half a character).');
    const name = cellAt(cells, this.at.merchant).trim();
    const outlet = this.names.outletOf(name);
    const command: StagedCommand = {
      kind: amount.minor < 0n ? 'REFUND' : 'PURCHASE',
      reference: this.referenceOf(cells),
      cardToken: card.token,
      lane: card.lane,
      amountMinor: magnitude(amount.minor).toString(),
      occurredAt: date.occurredAt,
      ...optional('descriptor', name),
      ...(outlet === undefined ? {} : { merchant: `${outlet.partnerCode}/${outlet.outletCode}` }),
      ...optional('category', this.categoryOf.get(cellAt(cells, this.at.category).trim())),
      ...optional('mcc', cellAt(cells, this.at.mcc).trim()),
      ...optional('merchantId', cellAt(cells, this.at.merchantId).trim()),
      ...(amount.minor < 0n ? optional('refundOf', cellAt(cells, this.at.refundOf).trim()) : {}),
      ...(amount.original === undefined ? {} : { original: amount.original }),
    };
    const isNew = this.told.size < this.told.add(card).size;
    const delivery = cellAt(cells, this.deliveryAt);
    return { businessDate: date.businessDate, sortKey, delivery, command, ...(isNew && { newCard: card }) };
  }

  private referenceOf(cells: readonly string[]): string {
    if (this.at.reference !== -1) return cellAt(cells, this.at.reference).trim();
    return hash('sha256', JSON.stringify(this.keyAt.map((index) => cells[index])), 'base64url');
  }

  private sortKeyOf(cells: readonly string[], date: string): string | Reject {
    let key = date;
    for (const { index, as } of this.orderAt) {
      const cell = cellAt(cells, index);
      if (as === 'number' && !ORDER_NUMBER.test(cell)) {
        return reject(
          'MALFORMED_ORDER',
          `The ${this.columns[index]} "${cell}" is not a whole number, and rows are ordered by it.`,
        );
      }
      key += SEPARATOR + (as === 'number' ? cell.padStart(18, '0') : cell);
    }
    return key;
  }

  private cardOf(cell: string): CardIdentity | Reject {
    let card = this.cards.get(cell);
    if (card === undefined) {
      card = this.identify(cell.trim());
      if (this.cards.size >= REMEMBERED) {
        this.cards.clear();
        this.told.clear();
      }
      this.cards.set(cell, card);
    }
    return card;
  }

  private identify(card: string): CardIdentity | Reject {
    if (looksLikeCardNumber(card)) {
      return reject(
        'CARD_NUMBER_REFUSED',
        'The card column holds a whole card number; let the feed send a token or the last four digits.',
      );
    }
    const lastFour = /\d{4}$/.exec(card)?.[0];
    if (lastFour === undefined)
      return reject('MALFORMED_CARD', `The card "${card}" does not end with its last four digits.`);
    const fill = (template: string): string =>
      template.replaceAll('{card}', () => card).replaceAll('{lastFour}', lastFour);
    const memberCode = fill(this.mapping.member);
    const identity = { token: fill(this.mapping.token), lastFour, memberCode, lane: laneOf(memberCode) };
    if (!TOKEN.test(identity.token) || looksLikeCardNumber(identity.token)) {
      return reject(
        'MALFORMED_CARD',
        'The token made of this card is not 8 to 128 characters, or looks like a card number; change the token template.',
      );
    }
    if (!MEMBER_CODE.test(identity.memberCode)) {
      return reject(
        'MALFORMED_CARD',
        'The member code made of this card is not 1 to 64 characters; change the member template.',
      );
    }
    return identity;
  }

  /** Signed amount in the programme's currency: the billing amount where the purchase was in another one. */
  private amountOf(cells: readonly string[]): { minor: bigint; original?: StagedCommand['original'] } | Reject {
    const home = this.programme.currencyCode;
    const currency = cellAt(cells, this.at.currency).trim() || this.mapping.defaultCurrency;
    const text = cellAt(cells, this.at.amount).trim();
    if (currency === home) {
      const minor = parseDecimal(text, this.scale);
      return typeof minor === 'bigint' ? (this.signFault(minor) ?? { minor }) : amountFault('amount', text, minor);
    }
    const originalScale = scaleThen(currency);
    if (originalScale === undefined)
      return reject('UNKNOWN_CURRENCY', `The currency "${currency}" is not an ISO 4217 code.`);
    const billed = cellAt(cells, this.at.billingAmount).trim();
    if (billed === '') {
      return reject('BILLING_AMOUNT_MISSING', `The purchase is in ${currency} and has no billing amount in ${home}.`);
    }
    const billingCurrency = cellAt(cells, this.at.billingCurrency).trim() || this.mapping.defaultCurrency;
    if (billingCurrency !== home) {
      return reject(
        'CURRENCY_MISMATCH',
        `The billing amount is in ${billingCurrency}; this programme counts in ${home}.`,
      );
    }
    const original = parseDecimal(text, originalScale);
    if (typeof original !== 'bigint') return amountFault('original amount', text, original);
    const minor = parseDecimal(billed, this.scale);
    if (typeof minor !== 'bigint') return amountFault('billing amount', billed, minor);
    if (original < 0n !== minor < 0n) {
      return reject(
        'SIGNS_DIFFER',
        `The amount ${text} ${currency} and the billing amount ${billed} ${home} have different signs.`,
      );
    }
    return (
      this.signFault(minor) ?? {
        minor,
        original: { amount: formatDecimal(magnitude(original), originalScale), currencyCode: currency },
      }
    );
  }

  private signFault(minor: bigint): Reject | undefined {
    if (minor === 0n) return reject('AMOUNT_IS_ZERO', 'The amount is zero; there is nothing to reward.');
    if (minor > 0n || this.mapping.negativeAmounts === 'REFUND') return undefined;
    return reject(
      'AMOUNT_IS_NEGATIVE',
      'The amount is negative, and the mapping takes no refunds (negativeAmounts: REJECT).',
    );
  }
}

const cellAt = (cells: readonly string[], index: number): string => cells[index] ?? '';

const magnitude = (minor: bigint): bigint => (minor < 0n ? -minor : minor);

const isStorable = (cell: string): boolean => !cell.includes('\0') && cell.isWellFormed();

const amountFault = (which: string, text: string, fault: DecimalError): Reject =>
  reject(AMOUNT_FAULTS[fault][0], `The ${which} "${text}" ${AMOUNT_FAULTS[fault][1]}.`);
