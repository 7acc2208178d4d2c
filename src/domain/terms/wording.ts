/** Says one programme's things in one language: messages, amounts in its unit and currency, names in quotes. */
import type { Period, ProgrammeTerms } from '../earning/model.js';
import { invariant } from '../kernel/invariant.js';
import { multiplyRates, type Rate, rate } from '../money/rate.js';
import { CATALOGUES, type Language, type MessageKey, parsed } from './catalogue.js';
import type { TermsItem } from './document.js';
import { Formats } from './formats.js';

/** Names for people by partner code and "partner-code/outlet-code"; a code without one stands for itself. */
export type Names = ReadonlyMap<string, string>;

type Values = Readonly<Record<string, string | number>>;

/** Messages by language and key, parsed when they are first said. */
const messages = new Map<string, ReturnType<typeof parsed>>();

function messageOf(language: Language, key: MessageKey): ReturnType<typeof parsed> {
  const place = `${language} ${key}`;
  let message = messages.get(place);
  if (message === undefined) {
    message = parsed(CATALOGUES[language][key], language);
    messages.set(place, message);
  }
  return message;
}

/** Plural forms of integers follow from their last six digits, so that any size may choose one. */
const LAST_DIGITS = 1_000_000n;
const pluralOf = (count: bigint): number =>
  count < LAST_DIGITS ? Number(count) : Number((count % LAST_DIGITS) + LAST_DIGITS);

/** What would break a line of a list, wherever the name came from. */
const BREAKS = /[\p{Cc}\u2028\u2029]+/gu;
export const onOneLine = (name: string): string => name.replace(BREAKS, ' ');

export class Wording {
  readonly formats: Formats;

  constructor(
    readonly terms: ProgrammeTerms,
    readonly language: Language,
    private readonly names: Names,
  ) {
    this.formats = new Formats(language);
  }

  say(key: MessageKey, values: Values = {}): string {
    const text = messageOf(this.language, key).format(values);
    invariant(typeof text === 'string', `the message ${key} is text`);
    return text;
  }

  /** A message whose {count} chooses the plural form and whose {n} is the number itself. */
  counted(key: MessageKey, count: bigint | number, values: Values = {}): string {
    return this.say(key, { ...this.countOf(count), ...values });
  }

  countOf(count: bigint | number): { readonly count: number; readonly n: string } {
    return { count: pluralOf(BigInt(count)), n: this.formats.integer(count) };
  }

  item(key: MessageKey, values: Values = {}, details: readonly string[] = []): TermsItem {
    return { text: this.say(key, values), details };
  }

  /** An amount of reward: "12.50 PTS". */
  units(steps: bigint): string {
    const { code, scale } = this.terms.unit;
    return `${this.formats.decimal(steps, scale)}\u00a0${code}`;
  }

  oneUnit(): string {
    return this.units(10n ** BigInt(this.terms.unit.scale));
  }

  money(minor: bigint): string {
    return this.formats.money(minor, this.terms.currencyCode, this.terms.currencyScale);
  }

  /** What one whole unit is worth at a price of money minor units for a step. */
  worth(priceMinor: Rate): string {
    const { currencyCode, currencyScale, unit } = this.terms;
    const major = multiplyRates(priceMinor, rate(10n ** BigInt(unit.scale), 10n ** BigInt(currencyScale)));
    return this.formats.price(major, currencyCode, currencyScale);
  }

  period(period: Period): string {
    return this.say(`period.${period}`);
  }

  /** "from 1 June 2026 to 30 June 2026, both days included", or nothing when it is open on both sides. */
  days({ from, until }: { readonly from?: string; readonly until?: string }): string | undefined {
    const [first, last] = [from, until].map((day) => (day === undefined ? undefined : this.formats.date(day)));
    if (first !== undefined && last !== undefined) return this.say('days.between', { from: first, until: last });
    if (first !== undefined) return this.say('days.from', { from: first });
    return last === undefined ? undefined : this.say('days.until', { until: last });
  }

  quoted(name: string): string {
    return this.say('quoted.name', { name: onOneLine(name) });
  }

  quotedList(names: readonly string[]): string {
    return this.formats.list(names.map((name) => this.quoted(name)));
  }

  /** A partner or an outlet by its code. */
  partner(code: string): string {
    return this.quoted(this.names.get(code) ?? code);
  }

  partners(codes: readonly string[]): string {
    return this.formats.list(codes.map((code) => this.partner(code)));
  }

  rule(code: string): string {
    return this.quoted(this.terms.rules.find((rule) => rule.code === code)?.name ?? code);
  }

  rules(codes: readonly string[]): string {
    return this.formats.list(codes.map((code) => this.rule(code)));
  }

  category(code: string): string {
    return this.quoted(this.terms.categories.find((category) => category.code === code)?.name ?? code);
  }

  categories(codes: readonly string[]): string {
    return this.formats.list(codes.map((code) => this.category(code)));
  }

  tier(code: string): string {
    return this.quoted(this.terms.tiers.levels.find((level) => level.code === code)?.name ?? code);
  }
}

/** Those that there are. */
export const present = (texts: readonly (string | undefined)[]): string[] => texts.filter((text) => text !== undefined);
