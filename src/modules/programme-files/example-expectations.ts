/** What an example expects of a step, against what came out of it. */
import { capKey, isCounted } from '../../domain/earning/caps.js';
import type { AccrualDecision, Cap, ProgrammeTerms, Purchase } from '../../domain/earning/model.js';
import type { BusinessDate } from '../../domain/kernel/calendar.js';
import { formatDecimal } from '../../domain/money/decimal.js';
import type { Happened } from '../../domain/redemption/lot-book.js';
import type { YamlPath } from '../../infrastructure/yaml.js';
import { type Bought, type ExampleBooks, unitsOf } from './example-books.js';
import type { ExampleCast } from './example-cast.js';
import type { FileExpectation } from './example-schema.js';
import { checkKnown, type FileCheck, minorUnits } from './file-check.js';

/** What a step came to. */
export interface Outcome {
  readonly date: BusinessDate;
  /** The purchase or action that the step was about. */
  readonly of?: Bought;
  /** Units that paid. */
  readonly redeemed?: bigint;
  /** What fell due until the end of the step. */
  readonly happened: Happened;
}

export class Expectations {
  constructor(
    private readonly check: FileCheck,
    private readonly terms: ProgrammeTerms,
    private readonly cast: ExampleCast,
    private readonly books: ExampleBooks,
    /** Says which example and step it was. */
    private readonly differs: (path: YamlPath, message: string) => void,
  ) {}

  /** Reports names that the file does not have; they would never differ. */
  checkNames({ category, tier, rules, funders, budgetLeft, capLeft }: FileExpectation, path: YamlPath): void {
    const { check } = this;
    if (category !== undefined) check.known('category', category, [...path, 'category']);
    if (tier !== undefined) check.known('tier', tier, [...path, 'tier']);
    for (const rule of Object.keys(rules ?? {})) check.known('rule', rule, [...path, 'rules', rule]);
    const payers = ['PROGRAMME', ...check.namesOf('partner')];
    for (const funder of Object.keys(funders ?? {}))
      checkKnown('partner', funder, payers, [...path, 'funders', funder], check.report);
    for (const cap of Object.keys(capLeft ?? {})) {
      check.known('cap', cap, [...path, 'capLeft', cap]);
      if (this.terms.caps.find(({ code }) => code === cap)?.per === 'TRANSACTION')
        check.report([...path, 'capLeft', cap], 'A cap of one transaction leaves nothing for the next; remove this.');
    }
    for (const budget of Object.keys(budgetLeft ?? {})) check.known('budget', budget, [...path, 'budgetLeft', budget]);
  }

  compare(expect: FileExpectation, outcome: Outcome, path: YamlPath): void {
    const { of, date, happened } = outcome;
    this.word(['tier'], expect.tier, of?.tier ?? this.books.tierOn(date), path, of);
    if (of !== undefined) this.comparePurchase(expect, of, path);
    this.units(['redeemed'], expect.redeemed, outcome.redeemed ?? 0n, path);
    this.units(['available'], expect.available, this.books.lots.available(date), path);
    this.units(['pending'], expect.pending, this.books.lots.pending(date), path);
    this.units(['expired'], expect.expired, happened.expired + happened.writtenOff, path);
    this.units(['fees'], expect.fees, happened.fees, path);
    const purchase = of?.standing.purchase ?? this.cast.probe(date);
    for (const [code, left] of Object.entries({ ...expect.capLeft, ...expect.budgetLeft })) {
      const cap = this.terms.caps.find((each) => each.code === code) as Cap;
      const field = expect.budgetLeft?.[code] === undefined ? 'capLeft' : 'budgetLeft';
      this.amount([field, code], left, this.leftOf(cap, purchase), this.cast.scaleOf(cap.measure), path);
    }
  }

  private comparePurchase(expect: FileExpectation, of: Bought, path: YamlPath): void {
    const { evaluation, standing } = of;
    const sum = (matches: (accrual: AccrualDecision) => boolean): bigint =>
      unitsOf({ ...standing, accruals: standing.accruals.filter(matches) });
    this.word(['category'], expect.category, evaluation.category, path, of);
    this.units(['units'], expect.units, unitsOf(standing), path, of);
    this.units(['shortfall'], expect.shortfall, evaluation.shortfallUnits, path, of);
    this.word(['reason'], expect.reason, evaluation.zeroReason ?? 'none', path, of);
    for (const [rule, units] of Object.entries(expect.rules ?? {})) {
      const actual = sum(({ ruleCode }) => ruleCode === rule);
      this.units(['rules', rule], units, actual, path, of);
    }
    for (const [funder, units] of Object.entries(expect.funders ?? {})) {
      const actual = sum(({ funderNo }) => funderNo === this.cast.numberOf(funder));
      this.units(['funders', funder], units, actual, path, of);
    }
  }

  /** Room under a cap for one more purchase like this one, after the step. */
  private leftOf(cap: Cap, purchase: Purchase): bigint {
    if (!isCounted(cap, purchase)) return cap.max;
    const used = this.books.member.usedOf(capKey(cap, purchase));
    return used < cap.max ? cap.max - used : 0n;
  }

  private units(
    field: readonly string[],
    expected: string | undefined,
    actual: bigint,
    path: YamlPath,
    of?: Bought,
  ): void {
    if (expected !== undefined) this.amount(field, expected, actual, this.check.unitScale, path, of);
  }

  private amount(
    field: readonly string[],
    expected: string,
    actual: bigint,
    scale: number,
    path: YamlPath,
    of?: Bought,
  ): void {
    const at = [...path, ...field];
    let readable = true;
    const wanted = minorUnits(expected, scale, at, (place, message) => {
      readable = false;
      this.check.report(place, message);
    });
    if (readable) this.word(field, formatDecimal(wanted, scale), formatDecimal(actual, scale), path, of);
  }

  private word(
    field: readonly string[],
    expected: string | undefined,
    actual: string,
    path: YamlPath,
    of?: Bought,
  ): void {
    if (expected === undefined || expected === actual) return;
    const why = of === undefined ? '' : ` ${whyOf(of)}`;
    this.differs([...path, ...field], `expected ${field.join('.')} ${expected}, got ${actual}.${why}`);
  }
}

const whyOf = ({ evaluation }: Bought): string => evaluation.explanation.children.map(({ text }) => text).join(' ');
