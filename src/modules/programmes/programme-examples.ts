/**
 * The worked examples of a programme file, executed by the engine that decides real purchases.
 *
 * Each example starts with a member of its own. Purchases and refunds follow each other as they stand;
 * spend, tier and caps carry over from step to step.
 */

import { evaluate } from '../../domain/earning/evaluate.js';
import {
  type AccrualDecision,
  CHANNELS,
  type ContractTerms,
  type EarningFacts,
  type Evaluation,
  PROGRAMME_PARTY,
  type ProgrammeTerms,
  type Purchase,
} from '../../domain/earning/model.js';
import { reevaluate } from '../../domain/earning/refund.js';
import { type BusinessDate, startOfMonth } from '../../domain/kernel/calendar.js';
import { formatDecimal } from '../../domain/money/decimal.js';
import { ONE, ZERO_RATE } from '../../domain/money/rate.js';
import { tierFor, windowStart } from '../../domain/tiers/qualify.js';
import type { YamlPath } from '../../infrastructure/yaml.js';
import type { ExampleStep, ProgrammeExample } from './example-schema.js';
import { checkKnown, FileCheck, minorUnits, type Report } from './file-check.js';
import type { FileContract } from './partner-schema.js';
import type { ProgrammeFile } from './programme-schema.js';

/** Runs every example and reports each expectation that does not hold, at its own line. */
export function runExamples(file: ProgrammeFile, terms: ProgrammeTerms, report: Report): void {
  for (const [index, example] of file.examples.entries())
    new ExampleRun(file, terms, example, ['examples', index], report).run();
}

/** A purchase of the example and what stands of it. */
interface Bought {
  readonly purchase: Purchase;
  readonly facts: EarningFacts;
  readonly evaluation: Evaluation;
  keptMinor: bigint;
  standing: readonly AccrualDecision[];
}

class ExampleRun {
  private readonly partners: readonly string[];
  private readonly used = new Map<string, bigint>();
  private readonly spendByDay = new Map<BusinessDate, bigint>();
  private startSpendMinor = 0n;
  private readonly bought = new Map<string, Bought>();
  private last: Bought | undefined;
  private reported = false;

  constructor(
    private readonly file: ProgrammeFile,
    private readonly terms: ProgrammeTerms,
    private readonly example: ProgrammeExample,
    private readonly path: YamlPath,
    private readonly reportFault: Report,
  ) {
    this.partners = Object.keys(file.partners);
  }

  /** Steps build on each other, so the first one that cannot be carried out ends the example. */
  run(): void {
    this.setUp();
    for (const [index, step] of this.example.steps.entries()) {
      if (this.reported) return;
      const path = [...this.path, 'steps', index];
      const bought = step.purchase === undefined ? this.refund(step, path) : this.buy(step, step.purchase, path);
      if (bought !== undefined && !this.reported) this.compare(step.expect, bought, [...path, 'expect'], index);
    }
  }

  private report(path: YamlPath, message: string): void {
    this.reported = true;
    this.reportFault(path, message);
  }

  private readonly reporting: Report = (path, message) => {
    this.report(path, message);
  };

  private setUp(): void {
    const { member, card, contracts, steps } = this.example;
    const path = [...this.path, 'member'];
    if (member.tier !== undefined) {
      checkKnown('tier', member.tier, tierCodes(this.file), [...path, 'tier'], this.reporting);
      this.startSpendMinor = this.terms.tiers.levels.find((level) => level.code === member.tier)?.fromMinor ?? 0n;
    }
    if (member.windowSpend !== undefined)
      this.startSpendMinor = this.money(member.windowSpend, [...path, 'windowSpend']);
    const month = startOfMonth(steps[0]?.date ?? this.terms.effectiveFrom);
    for (const [cap, amount] of Object.entries(member.capUsed)) {
      const at = [...path, 'capUsed', cap];
      checkKnown(
        'cap',
        cap,
        this.terms.caps.map((each) => each.code),
        at,
        this.reporting,
      );
      this.used.set(counterKey(cap, month), minorUnits(amount, this.terms.unit.scale, at, this.reporting));
    }
    if (card !== undefined) checkKnown('partner', card, this.partners, [...this.path, 'card'], this.reporting);
    for (const partner of Object.keys(contracts))
      checkKnown('partner', partner, this.partners, [...this.path, 'contracts', partner], this.reporting);
  }

  private buy(step: ExampleStep, amount: string, path: YamlPath): Bought | undefined {
    const purchase = this.purchaseOf(step, amount, path);
    if (this.reported) return undefined;
    const windowSpendMinor = this.windowSpend(purchase.businessDate);
    const month = startOfMonth(purchase.businessDate);
    const merchantContract = purchase.merchant && this.contractOf(purchase.merchant.partnerCode);
    const issuerContract = purchase.issuer && this.contractOf(purchase.issuer.partnerCode);
    const facts: EarningFacts = {
      tier: tierFor(this.terms.tiers, windowSpendMinor).code,
      windowSpendMinor,
      capUsed: Object.fromEntries(
        this.terms.caps.map((cap) => [cap.code, this.used.get(counterKey(cap.code, month)) ?? 0n]),
      ),
      ...(merchantContract === undefined ? {} : { merchantContract }),
      ...(issuerContract === undefined ? {} : { issuerContract }),
    };
    const evaluation = evaluate(purchase, facts, this.terms);
    for (const use of evaluation.capUses) this.count(use.capCode, use.period, use.units);
    this.spend(purchase.businessDate, purchase.amountMinor);
    const bought = { purchase, facts, evaluation, keptMinor: purchase.amountMinor, standing: evaluation.accruals };
    this.last = bought;
    if (step.as !== undefined) {
      if (this.bought.has(step.as))
        this.report([...path, 'as'], `There is a purchase "${step.as}" above already; choose another name.`);
      this.bought.set(step.as, bought);
    }
    return bought;
  }

  private refund(step: ExampleStep, path: YamlPath): Bought | undefined {
    const of = step.of === undefined ? this.last : this.bought.get(step.of);
    if (of === undefined) {
      this.report(
        [...path, step.of === undefined ? 'refund' : 'of'],
        'There is no such purchase above; name one by its "as".',
      );
      return undefined;
    }
    const amountMinor = this.money(step.refund ?? '', [...path, 'refund']);
    if (amountMinor > of.keptMinor) {
      this.report(
        [...path, 'refund'],
        `Only ${formatDecimal(of.keptMinor, this.terms.currencyScale)} of that purchase is left to refund.`,
      );
      return undefined;
    }
    const { kept, capReleases } = reevaluate(
      of.purchase,
      of.facts,
      this.terms,
      of.keptMinor - amountMinor,
      of.standing,
    );
    of.keptMinor -= amountMinor;
    of.standing = kept;
    for (const release of capReleases) this.count(release.capCode, release.period, -release.units);
    this.spend(of.purchase.businessDate, -amountMinor);
    return of;
  }

  private purchaseOf(step: ExampleStep, amount: string, path: YamlPath): Purchase {
    const [partnerCode, outletCode] = (step.at ?? '').split('/');
    const issuer = step.card ?? this.example.card;
    if (partnerCode) checkKnown('partner', partnerCode, this.partners, [...path, 'at'], this.reporting);
    if (step.card !== undefined) checkKnown('partner', step.card, this.partners, [...path, 'card'], this.reporting);
    if (step.category !== undefined)
      checkKnown('category', step.category, Object.keys(this.file.categories), [...path, 'category'], this.reporting);
    const amountMinor = this.money(amount, [...path, 'purchase']);
    if (amountMinor === 0n) this.report([...path, 'purchase'], 'A purchase is more than nothing.');
    const channel = CHANNELS.find((each) => each === step.channel);
    return {
      amountMinor,
      businessDate: step.date ?? this.terms.effectiveFrom,
      ...(channel === undefined ? {} : { channel }),
      ...(step.mcc === undefined ? {} : { mcc: step.mcc }),
      ...(step.category === undefined ? {} : { submittedCategory: step.category }),
      ...(partnerCode
        ? { merchant: { partnerNo: this.numberOf(partnerCode), partnerCode, ...(outletCode ? { outletCode } : {}) } }
        : {}),
      ...(issuer === undefined ? {} : { issuer: { partnerNo: this.numberOf(issuer), partnerCode: issuer } }),
    };
  }

  /** Reports what differs; an expectation that names something unknown ends the example. */
  private compare(expect: ExampleStep['expect'], of: Bought, path: YamlPath, index: number): void {
    const { scale } = this.terms.unit;
    const same = (field: readonly string[], expected: string, actual: string): void => {
      if (this.reported || expected === actual) return;
      const where = `Example "${this.example.name}", step ${index + 1}`;
      const message = `${where}: expected ${field.join('.')} ${expected}, got ${actual}. ${why(of.evaluation)}`;
      this.reportFault([...path, ...field], message);
    };
    const sameUnits = (field: readonly string[], expected: string, actual: bigint): void => {
      const wanted = minorUnits(expected, scale, [...path, ...field], this.reporting);
      same(field, formatDecimal(wanted, scale), formatDecimal(actual, scale));
    };
    const sum = (matches: (accrual: AccrualDecision) => boolean): bigint =>
      of.standing.filter(matches).reduce((total, accrual) => total + accrual.units, 0n);
    if (expect.category !== undefined) {
      checkKnown('category', expect.category, categoryNames(this.file), [...path, 'category'], this.reporting);
      same(['category'], expect.category, of.evaluation.category);
    }
    if (expect.tier !== undefined) {
      checkKnown('tier', expect.tier, tierCodes(this.file), [...path, 'tier'], this.reporting);
      same(['tier'], expect.tier, of.facts.tier);
    }
    if (expect.units !== undefined)
      sameUnits(
        ['units'],
        expect.units,
        sum(() => true),
      );
    if (expect.shortfall !== undefined) sameUnits(['shortfall'], expect.shortfall, of.evaluation.shortfallUnits);
    if (expect.reason !== undefined) same(['reason'], expect.reason, of.evaluation.zeroReason ?? 'none');
    const rules = this.terms.rules.map(({ code }) => code);
    for (const [rule, units] of Object.entries(expect.rules ?? {})) {
      checkKnown('rule', rule, rules, [...path, 'rules', rule], this.reporting);
      sameUnits(
        ['rules', rule],
        units,
        sum(({ ruleCode }) => ruleCode === rule),
      );
    }
    const funders = ['PROGRAMME', ...this.partners];
    for (const [funder, units] of Object.entries(expect.funders ?? {})) {
      checkKnown('partner', funder, funders, [...path, 'funders', funder], this.reporting);
      sameUnits(
        ['funders', funder],
        units,
        sum(({ funderNo }) => funderNo === this.numberOf(funder)),
      );
    }
  }

  /** Partners are numbered by their place in the file. */
  private readonly numberOf = (partner: string): number =>
    partner === 'PROGRAMME' ? PROGRAMME_PARTY : this.partners.indexOf(partner) + 1;

  private contractOf(partner: string): ContractTerms | undefined {
    const agreed: FileContract | undefined = this.example.contracts[partner] ?? this.file.partners[partner]?.contract;
    return agreed === 'NONE' ? undefined : contract(this.numberOf(partner), agreed, this.terms.effectiveFrom);
  }

  private money(value: string, path: YamlPath): bigint {
    return minorUnits(value, this.terms.currencyScale, path, this.reporting);
  }

  private count(cap: string, period: BusinessDate, units: bigint): void {
    const key = counterKey(cap, period);
    this.used.set(key, (this.used.get(key) ?? 0n) + units);
  }

  private spend(day: BusinessDate, amountMinor: bigint): void {
    this.spendByDay.set(day, (this.spendByDay.get(day) ?? 0n) + amountMinor);
  }

  /** The starting spend never leaves the window; what the example buys does. */
  private windowSpend(date: BusinessDate): bigint {
    const first = windowStart(this.terms.tiers, date);
    return [...this.spendByDay]
      .filter(([day]) => first <= day && day <= date)
      .reduce((sum, [, amount]) => sum + amount, this.startSpendMinor);
  }
}

const counterKey = (cap: string, period: BusinessDate): string => `${cap} ${period}`;

const why = ({ explanation }: Evaluation): string => explanation.children.map((child) => child.text).join(' ');

/** Stands for a partner's contract: only who pays matters to an example, charges do not. */
const contract = (
  partnerNo: number,
  agreed: Exclude<FileContract, 'NONE'> | undefined,
  effectiveFrom: BusinessDate,
): ContractTerms => ({
  no: partnerNo,
  partnerNo,
  effectiveFrom,
  fundingShares: (['SELF', 'MERCHANT', 'ISSUER', 'PROGRAMME'] as const).flatMap((party) => {
    const share = agreed === undefined ? (party === 'SELF' ? ONE : undefined) : agreed[party];
    return share === undefined ? [] : [{ party, share }];
  }),
  commissionRate: ZERO_RATE,
  taxRate: ZERO_RATE,
  taxTreatment: 'MARKETING',
  refundReturnsCommission: true,
  model: 'SETTLE_AT_ISSUANCE',
});
