/**
 * The numbers of a text, read back from it; and the numbers that terms say, collected from the rules by a walk
 * of its own. Both as sorted lists of words: "5%", "1/3", "1234.5", "2026-06-30", "18:00", "02-29".
 */
import type {
  Cap,
  Conditions,
  EarningRule,
  EffectiveMccRange,
  ProgrammeTerms,
} from '../../../src/domain/earning/model.js';
import type { Rate } from '../../../src/domain/money/rate.js';
import type { Language } from '../../../src/domain/terms/catalogue.js';

const SEPARATORS: Readonly<Record<Language, { readonly group: string; readonly decimal: string }>> = {
  en: { group: ',', decimal: '\\.' },
  ru: { group: '\u00a0', decimal: ',' },
  pt: { group: '\\.', decimal: ',' },
};
const LOCALES = { en: 'en-GB', ru: 'ru', pt: 'pt' } as const;

/** Reads them back; `names` (which may hold digits) are taken out first. */
export function numbersIn(text: string, language: Language, names: readonly string[] = []): string[] {
  let rest = text;
  for (const name of names.filter((each) => /\d/.test(each)).toSorted((a, b) => b.length - a.length))
    rest = rest.replaceAll(name, ' ');
  const found: string[] = [];
  const take = (pattern: RegExp, word: (...groups: string[]) => string): void => {
    rest = rest.replace(pattern, (_, ...groups: string[]) => {
      found.push(word(...groups));
      return ' ';
    });
  };
  const months = Array.from({ length: 12 }, (_, month) =>
    new Intl.DateTimeFormat(LOCALES[language], { day: 'numeric', month: 'long', timeZone: 'UTC' })
      .formatToParts(new Date(Date.UTC(2026, month, 1)))
      .find(({ type }) => type === 'month'),
  ).map((part) => part?.value ?? '');
  const two = (number: number | string): string => String(number).padStart(2, '0');
  const monthNo = (name = ''): string => two(months.indexOf(name) + 1);
  const month = `(${months.join('|')})`;
  take(
    new RegExp(`(\\d{1,2}) (?:de )?${month} (?:de )?(\\d{4})`, 'g'),
    (day = '', name, year) => `${year}-${monthNo(name)}-${two(day)}`,
  );
  take(new RegExp(`(\\d{1,2}) (?:de )?${month}`, 'g'), (day = '', name) => `${monthNo(name)}-${two(day)}`);
  take(/(\d\d:\d\d)/g, (time = '') => time);
  const { group, decimal } = SEPARATORS[language];
  const number = `(?:\\d{1,3}(?:${group}\\d{3})+|\\d+)(?:${decimal}\\d+)?`;
  const plain = (written = ''): string => {
    const [whole = '', decimals = ''] = written.replace(new RegExp(group, 'g'), '').split(/[.,]/);
    const kept = decimals.replace(/0+$/, '');
    return kept === '' ? whole : `${whole}.${kept}`;
  };
  take(new RegExp(`(${number})/(${number})`, 'g'), (n, d) => `${plain(n)}/${plain(d)}`);
  take(new RegExp(`(${number})[\u00a0\u202f]?%`, 'g'), (n) => `${plain(n)}%`);
  take(new RegExp(`(${number})`, 'g'), (n) => plain(n));
  return found.sort();
}

/** Every string of the terms: what may stand in the text and hold digits without being a number of the rules. */
export function namesOf(terms: ProgrammeTerms): string[] {
  const { code, name, timeZone, unit, categories, exclusions, productExclusions, tiers, rules, choices } = terms;
  return [
    code,
    name,
    timeZone,
    unit.code,
    ...categories.flatMap((each) => [
      each.code,
      each.name,
      ...each.partners,
      ...each.outlets,
      ...each.products,
      ...each.descriptors,
    ]),
    ...exclusions.map(({ reason }) => reason),
    ...productExclusions.flatMap(({ tag, reason }) => [tag, reason]),
    ...tiers.levels.flatMap((level) => [level.code, level.name, ...level.benefits.map((benefit) => benefit.name)]),
    ...choices.flatMap((choice) => [choice.code, choice.name]),
    ...terms.experiments.flatMap(({ variants }) => variants.map((variant) => variant.code)),
    ...rules.flatMap((each) => [
      each.code,
      each.name,
      ...[
        each.when.partners,
        each.when.outlets,
        each.when.issuers,
        each.when.cardProducts,
        each.when.tags,
        each.when.segments,
      ].flatMap((list) => list ?? []),
      each.when.action ?? '',
    ]),
  ];
}

const gcd = (a: bigint, b: bigint): bigint => (b === 0n ? a : gcd(b, a % b));

/** The shortest decimal text of n/d, or n/d when it has more than `most` decimals. */
function decimalOrFraction({ numerator, denominator }: Rate, most = 12): string {
  const divisor = gcd(numerator, denominator);
  const [n, d] = [numerator / divisor, denominator / divisor];
  let power = 0;
  while (power <= most && (n * 10n ** BigInt(power)) % d !== 0n) power += 1;
  return power > most ? `${n}/${d}` : shifted((n * 10n ** BigInt(power)) / d, power);
}

/** 1230 two places down: "12.3". */
function shifted(value: bigint, places: number): string {
  const digits = value.toString().padStart(places + 1, '0');
  const whole = digits.slice(0, digits.length - places);
  const decimals = digits.slice(digits.length - places).replace(/0+$/, '');
  return decimals === '' ? whole : `${whole}.${decimals}`;
}

const percent = (rate: Rate): string => {
  const fraction = decimalOrFraction(rate);
  return fraction.includes('/') ? fraction : `${decimalOrFraction({ ...rate, numerator: rate.numerator * 100n })}%`;
};

/** The numbers that the terms of a programme have to say, from the rules. */
export function numbersOf(terms: ProgrammeTerms): string[] {
  const { unit, currencyScale, redemption, tiers } = terms;
  const units = (steps: bigint): string => shifted(steps, unit.scale);
  const money = (minor: bigint): string => shifted(minor, currencyScale);
  const worth = ({ numerator, denominator }: Rate): string =>
    decimalOrFraction({
      numerator: numerator * 10n ** BigInt(unit.scale),
      denominator: denominator * 10n ** BigInt(currencyScale),
    });
  const dates = (range: { from?: string; until?: string }): string[] =>
    [range.from, range.until].filter((day) => day !== undefined);
  const codes = (range: EffectiveMccRange): string[] => [
    ...(range.first === range.last ? [range.first] : [range.first, range.last]),
    ...dates(range),
  ];
  const rounding = ({ spend, step }: ProgrammeTerms['rounding']): string[] => [
    ...(spend === undefined ? [] : [money(spend.toMinor)]),
    units(step),
  ];
  const effect = (each: EarningRule['effect']): string[] => {
    switch (each.kind) {
      case 'RATE':
        return [percent(each.rate)];
      case 'STEP':
        return [units(each.units), money(each.everyMinor)];
      case 'FIXED':
      case 'PER_ITEM':
        return [units(each.units)];
      case 'MULTIPLIER':
        return [decimalOrFraction(each.by)];
      case 'BANDS':
        return each.bands.flatMap(({ uptoMinor, rate }) => [
          ...(uptoMinor === undefined ? [] : [money(uptoMinor)]),
          percent(rate),
        ]);
      case 'TIER_CATEGORY_MATRIX':
        return Object.values(each.rates).flatMap((row) => Object.values(row).map(percent));
    }
  };
  const conditions = (when: Conditions): string[] => [
    // Once with the offer and once among the deadlines.
    ...dates(when),
    ...dates(when),
    ...[when.minimum, when.maximum].flatMap((bound) => (bound === undefined ? [] : [money(bound.amountMinor)])),
    ...(when.minimumItems === undefined ? [] : [String(when.minimumItems)]),
    ...(when.hours ?? []).flatMap(({ from, until }) => [from, until]),
    ...(when.reaches === undefined
      ? []
      : [when.reaches.metric === 'SPEND' ? money(when.reaches.mark) : String(when.reaches.mark)]),
    ...(when.birthday === undefined ? [] : birthday(when.birthday)),
    ...(when.experiment === undefined ? [] : experiment(when.experiment)),
  ];
  const birthday = ({ daysBefore, daysAfter, leapDay }: NonNullable<Conditions['birthday']>): string[] => [
    ...(daysBefore + daysAfter === 0 ? [] : [String(daysBefore), String(daysAfter)]),
    '02-29',
    leapDay === 'FEB_28' ? '02-28' : '03-01',
  ];
  const experiment = ({ code, variants }: NonNullable<Conditions['experiment']>): string[] => {
    const all = terms.experiments.find((each) => each.code === code)?.variants ?? [];
    const sum = String(all.reduce((total, { weight }) => total + weight, 0));
    return all.filter((each) => variants.includes(each.code)).flatMap(({ weight }) => [String(weight), sum]);
  };
  const cap = ({ measure, max, maxShare, ...range }: Cap): string[] => [
    maxShare !== undefined
      ? percent(maxShare)
      : measure === 'REWARD'
        ? units(max)
        : measure === 'SPEND'
          ? money(max)
          : String(max),
    ...dates(range),
  ];
  const tierMark = (from: bigint): string =>
    tiers.metric === 'KEPT_SPEND' ? money(from) : tiers.metric === 'REWARDS_ACCRUED' ? units(from) : String(from);
  const tierPeriod = (): string[] => {
    if (tiers.levels.length < 2) return [];
    const { to, graceDays } = tiers.downgrade;
    const falls = to === 'EARNED' || to === 'ONE_STEP';
    const length = tiers.window.kind === 'ROLLING' ? [String(tiers.window.days)] : [];
    return [...length, ...(falls ? length : []), ...(falls && graceDays > 0 ? [String(graceDays)] : [])];
  };
  const expiry = (): string[] => {
    const { expiry: lasts } = redemption;
    if (lasts.kind === 'NEVER') return [];
    if (lasts.kind === 'ROLLING') return [String(lasts.days)];
    return lasts.count === 0 && lasts.kind.startsWith('END') ? [] : [String(lasts.count)];
  };
  return [
    terms.effectiveFrom,
    '1',
    worth(unit.priceMinor),
    ...(terms.rules.length === 0 ? [] : rounding(terms.rounding)),
    ...terms.rules.flatMap((each) => [
      ...effect(each.effect),
      ...conditions(each.when),
      ...(each.rounding === undefined ? [] : rounding(each.rounding)),
    ]),
    ...terms.categories.flatMap(({ mccs }) => mccs.flatMap(codes)),
    ...terms.exclusions.flatMap(codes),
    ...terms.productExclusions.flatMap(dates),
    ...terms.caps.flatMap(cap),
    ...tiers.levels.slice(1).map(({ from }) => tierMark(from)),
    ...tierPeriod(),
    ...terms.choices.flatMap(({ shown, pick, opensDaysBefore, closesOnDay }) => [
      String(pick),
      ...(shown === undefined ? [] : [String(shown)]),
      ...(opensDaysBefore === 0 ? [] : [String(opensDaysBefore)]),
      ...(closesOnDay === 0 ? [] : [String(closesOnDay), String(closesOnDay)]),
    ]),
    ...(terms.holdDays === 0 ? [] : [String(terms.holdDays)]),
    ...expiry(),
    ...(redemption.dormancy === undefined
      ? []
      : [String(redemption.dormancy.afterDays), units(redemption.dormancy.feeUnits)]),
    '1',
    worth(redemption.priceMinor),
    percent(redemption.maxShare),
    ...(redemption.minimumOwnMinor === 0n ? [] : [money(redemption.minimumOwnMinor)]),
    ...(redemption.minimumUnits === 0n ? [] : [units(redemption.minimumUnits)]),
    ...(redemption.returnGraceDays === 0 ? [] : [String(redemption.returnGraceDays)]),
    ...(redemption.noticeDays === 0 || redemption.expiry.kind === 'NEVER' ? [] : [String(redemption.noticeDays)]),
    String(redemption.authorisationHours),
    ...[redemption.cashOut, redemption.transfer].flatMap((outflow) =>
      [outflow?.perDayUnits, outflow?.perMonthUnits, outflow?.holdAboveUnits].flatMap((bound) =>
        bound === undefined ? [] : [units(bound)],
      ),
    ),
    ...(redemption.windDown === undefined
      ? []
      : [redemption.windDown.earningEnds, redemption.windDown.redemptionUntil]),
  ].sort();
}
