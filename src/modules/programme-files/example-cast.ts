/**
 * Who takes part in an example and where they stand: its member, the partners of the file and their contracts,
 * and what each step tells about a purchase.
 */
import type { CounterBook, MemberBooks } from '../../domain/earning/books.js';
import { capKey } from '../../domain/earning/caps.js';
import {
  type CardTraits,
  type ContractTerms,
  PROGRAMME_PARTY,
  type ProgrammeTerms,
  type Purchase,
} from '../../domain/earning/model.js';
import { BEGINNING, periodStart } from '../../domain/earning/periods.js';
import type { MemberTraits } from '../../domain/earning/traits.js';
import type { BusinessDate } from '../../domain/kernel/calendar.js';
import { ONE, ZERO_RATE } from '../../domain/money/rate.js';
import type { NamedLine } from '../../domain/transactions/basket.js';
import type { YamlPath } from '../../infrastructure/yaml.js';
import type { ExampleCard, ExampleStep, ProgrammeExample } from './example-schema.js';
import { checkKnown, type FileCheck, minorUnits, present } from './file-check.js';
import type { FileContract } from './partner-schema.js';
import { metricScale } from './tier-terms.js';
import { onClockOf } from './zoned-time.js';

/** When a step happens, where, and by which card. */
export interface Occasion {
  readonly date: BusinessDate;
  readonly time?: string | undefined;
  readonly at?: string | undefined;
  readonly card?: ExampleCard | undefined;
}

export class ExampleCast {
  private readonly partners: readonly string[];

  constructor(
    private readonly check: FileCheck,
    private readonly terms: ProgrammeTerms,
    private readonly example: ProgrammeExample,
  ) {
    this.partners = check.namesOf('partner');
  }

  /** Reports names that the file does not have. */
  checkNames(path: YamlPath): void {
    const { check } = this;
    const { member, card, contracts } = this.example;
    const at = [...path, 'member'];
    if (member.tier !== undefined) check.known('tier', member.tier, [...at, 'tier']);
    for (const cap of Object.keys(member.capUsed)) check.known('cap', cap, [...at, 'capUsed', cap]);
    check.allKnown('rule', member.activated, [...at, 'activated']);
    for (const [choice, categories] of Object.entries(member.chosen)) {
      check.known('choice', choice, [...at, 'chosen', choice]);
      const { offered = [], pick = 0 } = check.file.choices[choice] ?? {};
      check.allOf('offered category', categories, offered, [...at, 'chosen', choice]);
      if (categories.length > pick) check.report([...at, 'chosen', choice], `Only ${pick} can be chosen; remove one.`);
    }
    for (const [experiment, variant] of Object.entries(member.variants)) {
      check.known('experiment', experiment, [...at, 'variants', experiment]);
      const variants = Object.keys(check.file.experiments[experiment]?.variants ?? {});
      checkKnown('variant', variant, variants, [...at, 'variants', experiment], check.report);
    }
    this.checkCard(card, [...path, 'card']);
    for (const partner of Object.keys(contracts)) check.known('partner', partner, [...path, 'contracts', partner]);
  }

  /** Choices and activations are of the period that the first day falls into. */
  traits(first: BusinessDate): MemberTraits {
    const { member, name } = this.example;
    const { rules, choices } = this.terms;
    return present({
      id: name,
      segments: member.segments.map((code) => ({ code })),
      birthday: member.birthday,
      timeZone: member.timeZone,
      activations: member.activated.map((rule) => {
        const per = rules.find(({ code }) => code === rule)?.when.activation?.per;
        return { rule, period: per === undefined ? BEGINNING : periodStart(per, first) };
      }),
      choices: Object.entries(member.chosen).map(([choice, categories]) => ({
        choice,
        categories,
        period: periodStart(choices.find(({ code }) => code === choice)?.per ?? 'MONTH', first),
      })),
    });
  }

  /** What the member did before the example begins, as if on its first day. */
  putHistory(books: MemberBooks, budgets: CounterBook, first: BusinessDate, path: YamlPath): void {
    const { member } = this.example;
    const { tiers, caps } = this.terms;
    const metric =
      member.windowSpend === undefined
        ? (tiers.levels.find(({ code }) => code === member.tier)?.from ?? 0n)
        : minorUnits(
            member.windowSpend,
            metricScale(this.check),
            [...path, 'member', 'windowSpend'],
            this.check.report,
          );
    if (metric > 0n) {
      const day = {
        day: first,
        keptMinor: tiers.metric === 'KEPT_SPEND' ? metric : 0n,
        accruedUnits: tiers.metric === 'REWARDS_ACCRUED' ? metric : 0n,
        purchases: tiers.metric === 'PURCHASES' ? Number(metric) : 0,
      };
      books.putDays([day]);
    }
    const probe = this.probe(first);
    for (const [code, amount] of Object.entries(member.capUsed)) {
      const cap = caps.find((each) => each.code === code);
      if (cap === undefined) continue;
      const at = [...path, 'member', 'capUsed', code];
      if (cap.per === 'TRANSACTION') {
        this.check.report(at, 'A cap of one transaction has no use before it; remove this.');
        continue;
      }
      const { stored, period, shared } = capKey(cap, probe);
      const used = minorUnits(amount, this.scaleOf(cap.measure), at, this.check.report);
      (shared ? budgets : books.counters).put(stored, period, used);
    }
  }

  /** Decimals of what a cap measures. */
  scaleOf(measure: 'REWARD' | 'SPEND' | 'COUNT'): number {
    return { REWARD: this.check.unitScale, SPEND: this.check.moneyScale, COUNT: 0 }[measure];
  }

  /** A purchase of nothing in particular with the example's card: what counters are asked by. */
  probe(date: BusinessDate): Purchase {
    return { amountMinor: 0n, businessDate: date, ...this.cardOf(this.example.card) };
  }

  /** The purchase a step tells of, attributed to its day; amount and lines are put in by the caller. */
  purchaseAt(occasion: Occasion, told: Partial<ExampleStep>, path: YamlPath): Omit<Purchase, 'amountMinor'> {
    const { date, time, at, card } = occasion;
    const [partnerCode = '', outletCode] = (at ?? '').split('/');
    if (partnerCode !== '') this.check.known('partner', partnerCode, [...path, 'at']);
    this.checkCard(card, [...path, 'card']);
    if (told.category !== undefined)
      checkKnown(
        'category',
        told.category,
        Object.keys(this.check.file.categories),
        [...path, 'category'],
        this.check.report,
      );
    const zone = this.example.member.timeZone;
    const own = time && zone ? onClockOf({ date, time }, this.terms.timeZone, zone) : undefined;
    return present({
      businessDate: date,
      time,
      memberDate: own?.date,
      memberTime: own?.time,
      channel: told.channel,
      mcc: told.mcc,
      descriptor: told.descriptor,
      submittedCategory: told.category,
      merchant:
        partnerCode === ''
          ? undefined
          : present({ partnerNo: this.numberOf(partnerCode), partnerCode, outletCode: outletCode || undefined }),
      ...this.cardOf(card ?? this.example.card),
    });
  }

  linesOf(step: ExampleStep, path: YamlPath): NamedLine[] | undefined {
    return step.lines?.flatMap((line, index) =>
      typeof line === 'string'
        ? []
        : [
            present({
              kind: line.kind,
              amountMinor: this.check.money(line.amount, [...path, 'lines', index, 'amount']),
              quantity: line.quantity,
              tags: line.tags,
              reference: line.as,
            }),
          ],
    );
  }

  contracts({ merchant, issuer }: Pick<Purchase, 'merchant' | 'issuer'>) {
    return present({
      merchantContract: merchant && this.contractOf(merchant.partnerCode),
      issuerContract: issuer && this.contractOf(issuer.partnerCode),
    });
  }

  /** Partners are numbered by their place in the file. */
  numberOf(partner: string): number {
    return partner === 'PROGRAMME' ? PROGRAMME_PARTY : this.partners.indexOf(partner) + 1;
  }

  private checkCard(card: ExampleCard | undefined, path: YamlPath): void {
    const issuer = typeof card === 'string' ? card : card?.issuer;
    if (issuer !== undefined) this.check.known('partner', issuer, path);
  }

  private cardOf(card: ExampleCard | undefined): { issuer?: NonNullable<Purchase['issuer']>; card?: CardTraits } {
    if (card === undefined) return {};
    const traits: Exclude<ExampleCard, string> = typeof card === 'string' ? { issuer: card } : card;
    const { issuer, id, ...others } = traits;
    return present({
      issuer: issuer === undefined ? undefined : { partnerNo: this.numberOf(issuer), partnerCode: issuer },
      // Cards that are told of in the same words are one card.
      card: { id: id ?? JSON.stringify(traits), ...present(others) },
    });
  }

  private contractOf(partner: string): ContractTerms | undefined {
    const agreed: FileContract | undefined =
      this.example.contracts[partner] ?? this.check.file.partners[partner]?.contract;
    return agreed === 'NONE' ? undefined : contract(this.numberOf(partner), agreed, this.terms.effectiveFrom);
  }
}

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
