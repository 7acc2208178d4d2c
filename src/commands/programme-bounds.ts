/** `hansa programme bounds`: what each rule can pay at most to one member. */
import type { Command } from 'commander';
import { type Bound, boundsOf } from '../domain/earning/bounds.js';
import { boundLines, ratesText, sharedCaps, suggestionYaml } from '../domain/earning/bounds-text.js';
import type { ProgrammeTerms } from '../domain/earning/model.js';
import { formatDecimal } from '../domain/money/decimal.js';
import { formatRate } from '../domain/money/rate.js';
import { termsOfFile } from './named-file.js';

export function registerBounds(programme: Command): void {
  programme
    .command('bounds')
    .description(
      'print what each rule can pay one member at most, or UNBOUNDED and the cap that would bound it; needs no database',
    )
    .argument('<file>', 'YAML file')
    .option('--json', 'print JSON for programs: amounts as decimals, rates as n/d')
    .action((file: string, { json }: { readonly json?: true }) => {
      const terms = termsOfFile(file);
      const bounds = boundsOf(terms);
      process.stdout.write(
        json
          ? `${JSON.stringify(
              bounds.map((bound) => asJson(bound, terms)),
              null,
              2,
            )}\n`
          : table(bounds, terms),
      );
    });
}

const HEADINGS = ['rule', 'highest rate', 'pays one member at most'] as const;

function table(bounds: readonly Bound[], terms: ProgrammeTerms): string {
  const rows = bounds.map((bound) => [bound.rule, ratesText(bound), boundLines(bound, terms)] as const);
  const widths = [0, 1].map((column) =>
    Math.max(...[HEADINGS, ...rows].map((row) => (row[column as 0 | 1] as string).length)),
  );
  const line = (first: string, second: string, third: string): string =>
    `${first.padEnd(widths[0] ?? 0)}  ${second.padEnd(widths[1] ?? 0)}  ${third}`.trimEnd();
  const lines = rows.flatMap(([rule, rates, limits]) =>
    limits.map((limit, no) => line(no === 0 ? rule : '', no === 0 ? rates : '', limit)),
  );
  const open = bounds.filter(({ bounded }) => bounded !== 'MEMBER').length;
  const rules = bounds.length === 1 ? '1 rule' : `${bounds.length} rules`;
  const summary = `${rules}, ${open === 0 ? 'all bounded' : `${open} without a bound for one member`}`;
  return `${[line(...HEADINGS), ...lines, ...sharedCaps(bounds), summary].join('\n')}\n`;
}

function asJson({ rule, name, bounded, limits, rates, suggestion }: Bound, terms: ProgrammeTerms) {
  const units = (amount: bigint): string => formatDecimal(amount, terms.unit.scale);
  return {
    rule,
    name,
    bounded,
    unit: terms.unit.code,
    limits: limits.map(({ stated, roundedUp, per, holder, caps }) => ({
      ...{ per, holder, caps },
      most: units(stated),
      mostRoundedUp: units(roundedUp),
    })),
    rates: rates.map(({ tier, rate }) => ({ tier, rate: formatRate(rate) })),
    ...(suggestion && {
      suggestion: {
        cap: suggestionYaml(suggestion, terms),
        ...(suggestion.instead && { instead: suggestion.instead }),
      },
    }),
  };
}
