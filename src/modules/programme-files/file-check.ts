/**
 * Checks that need two places of a programme file: names that must exist or be new, amounts whose decimals
 * another field allows.
 */
import { UNCATEGORISED } from '../../domain/earning/model.js';
import { currencyScale } from '../../domain/money/currency.js';
import { parseDecimal } from '../../domain/money/decimal.js';
import { nearest, type YamlPath } from '../../infrastructure/yaml.js';
import type { ProgrammeFile } from './programme-schema.js';

/** Takes a fault at a path of the file. */
export type Report = (path: YamlPath, message: string) => void;

/** One file under examination: what it names, and where faults go. */
export class FileCheck {
  readonly moneyScale: number;
  readonly unitScale: number;

  constructor(
    readonly file: ProgrammeFile,
    readonly report: Report,
  ) {
    this.moneyScale = currencyScale(file.currency);
    this.unitScale = file.unit.scale;
  }

  /** Money as integer minor units; zero after a report. */
  money(value: string, path: YamlPath): bigint {
    return minorUnits(value, this.moneyScale, path, this.report);
  }

  /** Units as integer steps; zero after a report. */
  units(value: string, path: YamlPath): bigint {
    return minorUnits(value, this.unitScale, path, this.report);
  }

  /** Reports a name that the file does not have. */
  known(what: Named, name: string, path: YamlPath): void {
    checkKnown(what, name, this.namesOf(what), path, this.report);
  }

  /** As `known`, for a list at `path`; a name twice is a fault too. */
  allKnown(what: Named, names: readonly string[] | undefined, path: YamlPath): void {
    this.allOf(what, names ?? [], this.namesOf(what), path);
  }

  allOf(what: string, names: readonly string[], known: readonly string[], path: YamlPath): void {
    for (const [index, name] of names.entries()) {
      checkKnown(what, name, known, [...path, index], this.report);
      if (names.indexOf(name) !== index)
        this.report([...path, index], `"${name}" stands in this list already; remove one of the two.`);
    }
  }

  namesOf(what: Named): string[] {
    return NAMES[what](this.file);
  }

  /** Reports a name that an earlier entry has. */
  unique(what: string, names: readonly string[], path: (index: number) => YamlPath): void {
    for (const [index, name] of names.entries()) {
      if (names.indexOf(name) < index)
        this.report(path(index), `There is a ${what} "${name}" above already; choose another name.`);
    }
  }
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

const NAMES = {
  partner: (file) => Object.keys(file.partners),
  category: (file) => [...Object.keys(file.categories), UNCATEGORISED],
  tier: (file) => file.tiers.levels.map(({ code }) => code),
  rule: (file) => file.rules.map(({ code }) => code),
  group: (file) => Object.keys(file.groups),
  cap: (file) => [...file.caps, ...file.budgets].map(({ code }) => code),
  budget: (file) => file.budgets.map(({ code }) => code),
  choice: (file) => Object.keys(file.choices),
  experiment: (file) => Object.keys(file.experiments),
} satisfies Readonly<Record<string, (file: ProgrammeFile) => string[]>>;

export type Named = keyof typeof NAMES;

/** Reports a name that is not among the known ones, with the one that was probably meant. */
export function checkKnown(what: string, name: string, known: readonly string[], path: YamlPath, report: Report): void {
  if (known.includes(name)) return;
  const suggestion = nearest(name, known);
  const has = known.length === 0 ? 'it has none' : `it has ${known.join(', ')}`;
  report(
    path,
    `There is no ${what} "${name}" in this file; ${suggestion === undefined ? `${has}.` : `did you mean "${suggestion}"?`}`,
  );
}

export interface FileDays {
  readonly from?: string | undefined;
  readonly until?: string | undefined;
}

type Present<T> = { [K in keyof T as undefined extends T[K] ? never : K]: T[K] } & {
  [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>;
};

/** What the file left out stays absent in the terms. */
export const present = <T extends object>(value: T): Present<T> =>
  Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined)) as Present<T>;

/** Open ends stay absent. */
export const daysOf = ({ from, until }: FileDays): { from?: string; until?: string } => present({ from, until });
