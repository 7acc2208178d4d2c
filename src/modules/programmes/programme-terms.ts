/**
 * From a well-formed programme file to the terms the engine decides by, with every check that needs two
 * places of the file. All faults are reported; the terms may be used only when there is none.
 */
import {
  type Cap,
  type Category,
  type EarningRule,
  type Exclusion,
  type Funding,
  type ProgrammeTerms,
  type TierLadder,
  UNCATEGORISED,
} from '../../domain/earning/model.js';
import { BASE } from '../../domain/earning/rules/tier-category-matrix.js';
import { currencyScale } from '../../domain/money/currency.js';
import { parseDecimal } from '../../domain/money/decimal.js';
import { multiplyRates, type Rate, rate } from '../../domain/money/rate.js';
import { nearest, type YamlPath } from '../../infrastructure/yaml.js';
import { DEFAULT_EXCLUSIONS } from './default-exclusions.js';
import type { FileRule, ProgrammeFile } from './programme-schema.js';

/** Takes a fault at a path of the file. */
export type Report = (path: YamlPath, message: string) => void;

/** The terms of a file; meaningless once `report` was called. */
export function termsOf(file: ProgrammeFile, report: Report): ProgrammeTerms {
  const scale = currencyScale(file.currency);
  checkNames(file, report);
  return {
    code: file.programme,
    name: file.name,
    currencyCode: file.currency,
    currencyScale: scale,
    timeZone: file.timeZone,
    effectiveFrom: file.effectiveFrom,
    unit: {
      code: file.unit.code,
      scale: file.unit.scale,
      priceMinor: priceMinor(file.unit.worth, scale, file.unit.scale),
    },
    holdDays: file.holdDays,
    rounding: { mode: file.rounding, per: 'RULE' },
    categories: categoriesOf(file, report),
    exclusions: file.exclusions.flatMap(exclusionsOf),
    tiers: ladderOf(file, scale, report),
    rules: file.rules.map((each, index) => ruleOf(each, index, file, report)),
    caps: capsOf(file, report),
  };
}

/** A decimal of the file as integer minor units; zero after a report. */
export function minorUnits(value: string, scale: number, path: YamlPath, report: Report): bigint {
  const minor = parseDecimal(value, scale);
  if (typeof minor === 'bigint') return minor;
  const message =
    minor === 'TOO_MANY_DECIMALS'
      ? `${value} has more than ${scale} decimals; write the exact amount.`
      : `${value} is too large.`;
  report(path, message);
  return 0n;
}

/** Reports a name that the file does not have, with the one that was probably meant. */
export function checkKnown(what: string, name: string, known: readonly string[], path: YamlPath, report: Report): void {
  if (known.includes(name)) return;
  const suggestion = nearest(name, known);
  const has = known.length === 0 ? 'it has none' : `it has ${known.join(', ')}`;
  report(
    path,
    `There is no ${what} "${name}" in this file; ${suggestion === undefined ? `${has}.` : `did you mean "${suggestion}"?`}`,
  );
}

export const tierCodes = (file: ProgrammeFile): string[] => file.tiers.levels.map((level) => level.code);
export const categoryNames = (file: ProgrammeFile): string[] => [...Object.keys(file.categories), UNCATEGORISED];

/** Money minor units that one smallest step of reward is worth. */
const priceMinor = (worth: Rate, moneyScale: number, unitScale: number): Rate =>
  multiplyRates(worth, rate(10n ** BigInt(moneyScale), 10n ** BigInt(unitScale)));

function checkNames(file: ProgrammeFile, report: Report): void {
  const partners = Object.keys(file.partners);
  const checkPartners = (codes: readonly string[], path: YamlPath): void => {
    for (const [index, code] of codes.entries())
      checkKnown('partner', code.split('/')[0] as string, partners, [...path, index], report);
  };
  for (const [code, category] of Object.entries(file.categories)) {
    checkPartners(category.partners, ['categories', code, 'partners']);
    checkPartners(category.outlets, ['categories', code, 'outlets']);
  }
  for (const [index, rule] of file.rules.entries())
    checkPartners(rule.when.partners ?? [], ['rules', index, 'when', 'partners']);
  const checkUnique = (what: string, names: readonly string[], path: (index: number) => YamlPath): void => {
    for (const [index, name] of names.entries()) {
      if (names.indexOf(name) < index)
        report(path(index), `There is a ${what} "${name}" above already; choose another name.`);
    }
  };
  checkUnique(
    'rule',
    file.rules.map((rule) => rule.code),
    (index) => ['rules', index, 'code'],
  );
  checkUnique(
    'cap',
    file.caps.map((cap) => cap.code),
    (index) => ['caps', index, 'code'],
  );
  checkUnique('tier', tierCodes(file), (index) => ['tiers', 'levels', index, 'code']);
  checkUnique(
    'example',
    file.examples.map((example) => example.name),
    (index) => ['examples', index, 'name'],
  );
}

interface Days {
  readonly from?: string | undefined;
  readonly until?: string | undefined;
}
interface Claim extends Days {
  readonly first: string;
  readonly last: string;
  readonly category: string;
}

/** A purchase may be claimed by one category only, or the order of the file would decide. */
function categoriesOf(file: ProgrammeFile, report: Report): Category[] {
  const owners = new Map<string, string>();
  const claims: Claim[] = [];
  const claimPlace = (place: string, category: string, path: YamlPath): void => {
    const owner = owners.get(place);
    if (owner === undefined) owners.set(place, category);
    else report(path, `"${place}" belongs to the category ${owner} already; take it out of one of the two.`);
  };
  const claimCodes = (claim: Claim, path: YamlPath): void => {
    const other = claims.find(
      (earlier) => earlier.first <= claim.last && claim.first <= earlier.last && daysMeet(earlier, claim),
    );
    if (other !== undefined)
      report(
        path,
        `Some of these codes are in ${spell(other)} of ${other.category} on the same days; keep each code in one category.`,
      );
    claims.push(claim);
  };
  return Object.entries(file.categories).map(([code, category]) => {
    const path = ['categories', code];
    if (
      category.mcc.length + category.partners.length + category.outlets.length === 0 &&
      category.submitted === undefined
    ) {
      report(
        path,
        'Nothing belongs to this category: give it "mcc", "partners" or "outlets", or "submitted: true" when partners assign it.',
      );
    }
    for (const [index, { codes, ...period }] of category.mcc.entries())
      claimCodes({ ...codes, ...period, category: code }, [...path, 'mcc', index]);
    for (const [index, partner] of category.partners.entries()) claimPlace(partner, code, [...path, 'partners', index]);
    for (const [index, outlet] of category.outlets.entries()) claimPlace(outlet, code, [...path, 'outlets', index]);
    const mccs = category.mcc.map(({ codes, ...period }) => ({ ...codes, ...days(period) }));
    return { code, name: category.name, mccs, partners: category.partners, outlets: category.outlets };
  });
}

const FIRST_DAY = '0000-01-01';
const LAST_DAY = '9999-12-31';
const daysMeet = (a: Days, b: Days): boolean =>
  (a.from ?? FIRST_DAY) <= (b.until ?? LAST_DAY) && (b.from ?? FIRST_DAY) <= (a.until ?? LAST_DAY);
const spell = ({ first, last }: Claim): string => (first === last ? first : `${first}-${last}`);

/** Open ends stay absent. */
const days = ({ from, until }: Days): { from?: string; until?: string } => ({
  ...(from === undefined ? {} : { from }),
  ...(until === undefined ? {} : { until }),
});

const exclusionsOf = (exclusion: ProgrammeFile['exclusions'][number]): readonly Exclusion[] =>
  exclusion === 'DEFAULT' ? DEFAULT_EXCLUSIONS : [{ ...exclusion.codes, reason: exclusion.reason, ...days(exclusion) }];

function ladderOf(file: ProgrammeFile, scale: number, report: Report): TierLadder {
  let readable = true;
  const levels = file.tiers.levels.map(({ code, name, from }, index) => {
    const fromMinor = minorUnits(from, scale, ['tiers', 'levels', index, 'from'], (path, message) => {
      readable = false;
      report(path, message);
    });
    return { code, name, fromMinor };
  });
  for (const [index, level] of readable ? levels.entries() : []) {
    const below = levels[index - 1];
    const path = ['tiers', 'levels', index, 'from'];
    if (below === undefined) {
      if (level.fromMinor !== 0n) report(path, 'The first tier starts at 0, so that every member has one.');
    } else if (level.fromMinor <= below.fromMinor) {
      const start = file.tiers.levels[index - 1]?.from;
      report(path, `A tier starts above the one before it, and "${below.code}" starts at ${start}.`);
    }
  }
  return { metric: file.tiers.metric, rollingDays: file.tiers.rollingDays, levels };
}

function ruleOf(rule: FileRule, index: number, file: ProgrammeFile, report: Report): EarningRule {
  const { partners, ...period } = rule.when;
  const common = {
    code: rule.code,
    name: rule.name,
    funding: fundingOf(rule.funding),
    ...(partners === undefined ? {} : { partners }),
    ...days(period),
  };
  if (rule.matrix === undefined) return { ...common, kind: 'RATE', rate: rule.rate as Rate };
  const path = ['rules', index, 'matrix'];
  for (const tier of tierCodes(file)) {
    if (rule.matrix[tier] === undefined)
      report(path, `The tier "${tier}" has no row; write "${tier}: {}" if it earns nothing here.`);
  }
  for (const [tier, row] of Object.entries(rule.matrix)) {
    checkKnown('tier', tier, tierCodes(file), [...path, tier], report);
    for (const category of Object.keys(row))
      checkKnown('category', category, [BASE, ...categoryNames(file)], [...path, tier, category], report);
  }
  return { ...common, kind: 'TIER_CATEGORY_MATRIX', rates: rule.matrix };
}

const ROLES = ['MERCHANT', 'ISSUER', 'PROGRAMME'] as const;

function fundingOf(funding: FileRule['funding']): Funding {
  if (typeof funding === 'string') return { by: 'CONTRACT', of: funding };
  const shares = ROLES.flatMap((party) => {
    const share = funding[party];
    return share === undefined ? [] : [{ party, share }];
  });
  return { by: 'SPLIT', shares };
}

function capsOf(file: ProgrammeFile, report: Report): Cap[] {
  return file.caps.map(({ code, category, max }, index) => {
    if (category !== undefined)
      checkKnown('category', category, categoryNames(file), ['caps', index, 'category'], report);
    const maxUnits = minorUnits(max, file.unit.scale, ['caps', index, 'max'], report);
    if (/^[0.]+$/.test(max))
      report(['caps', index, 'max'], 'A cap of zero forbids all reward; remove the rules instead.');
    return { code, ...(category === undefined ? {} : { category }), per: 'CALENDAR_MONTH' as const, maxUnits };
  });
}
