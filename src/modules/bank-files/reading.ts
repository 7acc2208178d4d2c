/**
 * Reads a message element by element and says where it broke the rules: every level names the elements it may have,
 * what it must have and what it may have once.
 */
import { isBusinessDate } from '../../domain/kernel/calendar.js';
import { currencyScale, isCurrencyCode } from '../../domain/money/currency.js';
import { parseDecimal } from '../../domain/money/decimal.js';
import { BankFileFault } from './bank-file.errors.js';
import type { XmlElement } from './xml.js';

const INSTANT = /^(\d{4}-\d{2}-\d{2})T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:Z|[+-]\d{2}:\d{2})?$/;

export class Reading {
  constructor(
    readonly element: XmlElement,
    private readonly path: string,
  ) {}

  fault(what: string): BankFileFault {
    return new BankFileFault(
      'MESSAGE_MALFORMED',
      `The message breaks the rules of its type at ${this.path}: ${what}. Ask the bank for a correct file.`,
    );
  }

  /** Refuses any element that this level does not have in any version of the message. */
  has(names: ReadonlySet<string>): this {
    const stranger = this.element.children.find(({ name }) => !names.has(name));
    if (stranger !== undefined) throw this.fault(`${stranger.name} does not belong there`);
    return this;
  }

  all(name: string): Reading[] {
    return this.element.children
      .filter((child) => child.name === name)
      .map((child, index, all) => this.below(child, all.length > 1 ? `${name}[${index + 1}]` : name));
  }

  maybe(name: string): Reading | undefined {
    const found = this.element.children.filter((child) => child.name === name);
    if (found.length > 1) throw this.fault(`${name} stands there ${found.length} times`);
    return found[0] && this.below(found[0], name);
  }

  one(name: string): Reading {
    const found = this.maybe(name);
    if (found === undefined) throw this.fault(`${name} is missing`);
    return found;
  }

  /** Follows names downwards; undefined as soon as one is not there. */
  at(...names: readonly string[]): Reading | undefined {
    return names.reduce<Reading | undefined>((reading, name) => reading?.maybe(name), this);
  }

  /** The text of a leaf, 1 to `longest` characters. */
  text(longest: number): string {
    const { text, children } = this.element;
    if (children.length > 0) throw this.fault('it has elements where text belongs');
    if (text === '') throw this.fault('it is empty');
    if (text.length > longest) throw this.fault(`it has ${text.length} characters, at most ${longest} are allowed`);
    return text;
  }

  /** One of a closed list. */
  word<Word extends string>(words: readonly Word[]): Word {
    const text = this.text(40);
    const found = words.find((word) => word === text);
    if (found === undefined) throw this.fault(`it is none of ${words.join(', ')}`);
    return found;
  }

  /** A day, also of a day with a time. */
  date(): string {
    const text = this.text(40);
    const day = INSTANT.exec(text)?.[1] ?? /^(\d{4}-\d{2}-\d{2})(?:Z|[+-]\d{2}:\d{2})?$/.exec(text)?.[1];
    if (day === undefined || !isBusinessDate(day)) throw this.fault('it is no date');
    return day;
  }

  /** A date with a time, as written. */
  instant(): string {
    const text = this.text(40);
    const match = INSTANT.exec(text);
    if (match === null || !isBusinessDate(match[1] as string)) throw this.fault('it is no date with a time');
    return text;
  }

  /** An amount with its currency: never negative, never rounded. */
  amount(): { readonly amountMinor: bigint; readonly currencyCode: string } {
    const currencyCode = this.element.attributes.Ccy ?? '';
    if (!isCurrencyCode(currencyCode)) throw this.fault('it has no currency of ISO 4217');
    // The XML schema's decimal may begin with a plus or a point.
    const text = this.text(30).replace(/^\+/, '').replace(/^\./, '0.').replace(/\.$/, '');
    const amountMinor = parseDecimal(text, currencyScale(currencyCode));
    if (typeof amountMinor !== 'bigint' || amountMinor < 0n) throw this.fault(`it is no amount of ${currencyCode}`);
    return { amountMinor, currencyCode };
  }

  private below(child: XmlElement, step: string): Reading {
    return new Reading(child, `${this.path}/${step}`);
  }
}

/** The names an element may have, in all versions together. */
export const names = (list: string): ReadonlySet<string> => new Set(list.trim().split(/\s+/));

/** The property when there is a value. */
export function optional<Key extends string>(key: Key, value: string | undefined): { readonly [Each in Key]?: string } {
  return (value === undefined ? {} : { [key]: value }) as { [Each in Key]?: string };
}
