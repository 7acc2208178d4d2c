/**
 * The worked examples of a programme file, executed by the engine that decides real purchases.
 *
 * Each example starts with a member of its own. Its steps follow each other as they stand; spend, tier, caps,
 * lots and marks carry over from step to step.
 */
import type { ProgrammeTerms, Purchase } from '../../domain/earning/model.js';
import type { BusinessDate } from '../../domain/kernel/calendar.js';
import { formatDecimal } from '../../domain/money/decimal.js';
import { checkBasket, type NamedLine, proRata, type ReturnedLine } from '../../domain/transactions/basket.js';
import { attributedOn, type PurchaseMessage, purchaseState } from '../../domain/transactions/lifecycle.js';
import { keptMinor } from '../../domain/transactions/model.js';
import { keptOf } from '../../domain/transactions/restate.js';
import type { YamlPath } from '../../infrastructure/yaml.js';
import { type Bought, ExampleBooks } from './example-books.js';
import { ExampleCast } from './example-cast.js';
import { Expectations } from './example-expectations.js';
import { type ExampleStep, kindOf, type ProgrammeExample } from './example-schema.js';
import { FileCheck, present, type Report } from './file-check.js';
import type { ProgrammeFile } from './programme-schema.js';

/** Runs every example and reports each expectation that does not hold, at its own line. */
export function runExamples(file: ProgrammeFile, terms: ProgrammeTerms, report: Report): void {
  for (const [index, example] of file.examples.entries())
    new ExampleRun(file, terms, example, ['examples', index], report).run();
}

/** What a step comes to besides what falls due. */
interface Done {
  readonly of?: Bought;
  readonly redeemed?: bigint | undefined;
}

class ExampleRun {
  private readonly check: FileCheck;
  private readonly cast: ExampleCast;
  private readonly books: ExampleBooks;
  private readonly expectations: Expectations;
  private readonly named = new Map<string, { readonly bought: Bought; readonly step: ExampleStep }>();
  private last: { readonly bought: Bought; readonly step: ExampleStep } | undefined;
  private date: BusinessDate;
  private step = 0;
  private reported = false;

  constructor(
    file: ProgrammeFile,
    private readonly terms: ProgrammeTerms,
    private readonly example: ProgrammeExample,
    private readonly path: YamlPath,
    private readonly reportFault: Report,
  ) {
    this.check = new FileCheck(file, (at, message) => this.fault(at, message));
    this.cast = new ExampleCast(this.check, terms, example);
    const [first] = example.steps;
    this.date = first?.on ?? first?.date ?? terms.effectiveFrom;
    this.books = new ExampleBooks(terms, this.cast.traits(this.date), example.member.variants);
    this.expectations = new Expectations(this.check, terms, this.cast, this.books, (at, message) =>
      this.reportFault(at, `Example "${example.name}", step ${this.step}: ${message}`),
    );
  }

  /** Steps build on each other, so the first one that cannot be carried out ends the example. */
  run(): void {
    const { member, steps } = this.example;
    this.cast.checkNames(this.path);
    if (this.reported) return;
    const first = { ...steps[0] }.postedOn ?? this.date;
    this.cast.putHistory(
      this.books.member,
      this.books.budgets,
      this.terms.attribution === 'POSTING' ? first : this.date,
      this.path,
    );
    if (member.units !== undefined)
      this.books.open(this.check.units(member.units, [...this.path, 'member', 'units']), this.date);
    for (const [index, step] of steps.entries()) {
      if (this.reported) return;
      this.step = index + 1;
      this.take(step, [...this.path, 'steps', index]);
    }
  }

  private fault(path: YamlPath, message: string): void {
    this.reported = true;
    this.reportFault(path, message);
  }

  private take(step: ExampleStep, path: YamlPath): void {
    this.expectations.checkNames(step.expect, [...path, 'expect']);
    this.advance(step, path);
    if (this.reported) return;
    const done = this.carryOut(step, path);
    if (done === undefined || this.reported) return;
    const { of, redeemed } = done;
    const happened = this.books.advanceTo(this.date);
    this.expectations.compare(step.expect, present({ date: this.date, of, redeemed, happened }), [...path, 'expect']);
  }

  /** A purchase may arrive late; what falls due and what goes back has its day. */
  private advance(step: ExampleStep, path: YamlPath): void {
    const date = step.on ?? step.date ?? this.date;
    if (date < this.date && step.purchase === undefined && step.action === undefined)
      this.fault([...path, step.on === undefined ? 'date' : 'on'], `The step before is of ${this.date} already.`);
    this.date = date;
  }

  private carryOut(step: ExampleStep, path: YamlPath): Done | undefined {
    switch (kindOf(step)) {
      case 'purchase':
        return this.buy(step, step.purchase ?? '', 'purchase', path);
      case 'refund':
        return this.refund(step, path);
      case 'exchange':
        return this.exchange(step, path);
      case 'action':
        return this.act(step, path);
      case 'redeem':
        return this.redeem(step, path);
      default:
        return {};
    }
  }

  private buy(step: ExampleStep, amount: string, field: string, path: YamlPath): Done | undefined {
    const { postedOn, date } = { postedOn: step.postedOn, date: this.date };
    const amountMinor = this.check.money(amount, [...path, field]);
    if (amountMinor === 0n) this.fault([...path, field], 'A purchase is more than nothing.');
    if (postedOn !== undefined && postedOn < date)
      this.fault([...path, 'postedOn'], 'A purchase is posted on its day or later.');
    const id = this.nameOf(step, path);
    const basket = this.basket(step, amountMinor, path);
    if (this.reported) return undefined;
    const paid = this.payWithUnits(step, id, amountMinor, basket, path);
    const message: PurchaseMessage = present({
      kind: 'PURCHASE' as const,
      key: id,
      amountMinor,
      businessDate: date,
      postedOn,
      lines: paid.lines,
    });
    const attributed = attributedOn(purchaseState([message]), this.terms.attribution);
    const time = attributed === date ? step.time : undefined;
    const occasion = { date: attributed, time, at: step.at, card: step.card };
    const purchase: Purchase = present({
      ...this.cast.purchaseAt(occasion, step, path),
      amountMinor,
      lines: paid.lines,
    });
    if (this.reported) return undefined;
    return { of: this.remember(this.books.buy(purchase, message, this.cast.contracts(purchase)), step), ...paid.units };
  }

  private basket(step: ExampleStep, amountMinor: bigint, path: YamlPath): readonly NamedLine[] | undefined {
    const lines = this.cast.linesOf(step, path);
    if (lines === undefined || this.reported) return undefined;
    const checked = checkBasket(lines, amountMinor);
    if (!checked.ok) {
      const [, index] = (checked.failure.field ?? '').split('.');
      this.fault([...path, 'lines', ...(index === undefined ? [] : [Number(index)])], checked.failure.message);
    }
    return lines;
  }

  /** Units that pay become a line of the basket, so that the base without them is known. */
  private payWithUnits(
    step: ExampleStep,
    id: string,
    amountMinor: bigint,
    basket: readonly NamedLine[] | undefined,
    path: YamlPath,
  ): { readonly lines?: readonly NamedLine[] | undefined; readonly units?: { readonly redeemed: bigint } } {
    if (typeof step.redeem !== 'string') return { lines: basket };
    const wanted = this.check.units(step.redeem, [...path, 'redeem']);
    const discountMinor = (basket ?? [])
      .filter(({ kind }) => kind === 'DISCOUNT')
      .reduce((sum, line) => sum + line.amountMinor, 0n);
    const { units, paysMinor, because, refused } = this.books.redeem(id, this.date, amountMinor, discountMinor, wanted);
    if (units < wanted && step.expect.redeemed === undefined) {
      const most = formatDecimal(units, this.terms.unit.scale);
      this.fault([...path, 'redeem'], `Only ${most} units can pay here (${refused ?? because}); expect "redeemed".`);
    }
    const goods: readonly NamedLine[] = basket ?? [{ kind: 'GOODS', amountMinor, quantity: 1, tags: [] }];
    const paid: readonly NamedLine[] =
      paysMinor === 0n ? [] : [{ kind: 'REDEMPTION', amountMinor: paysMinor, quantity: 1, tags: [] }];
    return { lines: paid.length === 0 ? basket : [...goods, ...paid], units: { redeemed: units } };
  }

  private refund(step: ExampleStep, path: YamlPath): Done | undefined {
    const of = this.purchaseNamed(step, 'refund', path)?.bought;
    if (of === undefined) return undefined;
    const amountMinor = this.check.money(step.refund ?? '', [...path, 'refund']);
    if (amountMinor === 0n) this.fault([...path, 'refund'], 'A refund is more than nothing.');
    const left = keptMinor(of.standing);
    if (amountMinor > left)
      this.fault(
        [...path, 'refund'],
        `Only ${formatDecimal(left, this.terms.currencyScale)} of that purchase is left to refund.`,
      );
    const returned = step.lines === undefined ? undefined : this.returnedLines(step.lines, of, amountMinor, path);
    if (this.reported) return undefined;
    this.books.giveBack(
      of,
      present({ kind: 'REFUND' as const, key: this.newKey(), amountMinor, businessDate: this.date, returned }),
    );
    return { of, redeemed: this.books.redemption(of.standing.id) };
  }

  /** The amount over the lines named, as far as each goes; lines whole when it is all of them. */
  private returnedLines(
    names: NonNullable<ExampleStep['lines']>,
    of: Bought,
    amountMinor: bigint,
    path: YamlPath,
  ): ReturnedLine[] {
    const there = (keptOf(of.standing.purchase, purchaseState(of.standing.messages)).lines ??
      []) as readonly NamedLine[];
    const lines = names.flatMap((name, index) => {
      const line = there.find(({ reference }) => reference === name);
      if (line === undefined)
        this.fault([...path, 'lines', index], 'Nothing is left of such a line of that purchase; name one by its "as".');
      return line === undefined ? [] : [{ reference: name as string, amountMinor: line.amountMinor }];
    });
    const total = lines.reduce((sum, line) => sum + line.amountMinor, 0n);
    if (!this.reported && amountMinor > total)
      this.fault(
        [...path, 'refund'],
        `These lines are worth ${formatDecimal(total, this.terms.currencyScale)}; refund no more, or name more lines.`,
      );
    if (this.reported || amountMinor === total) return lines;
    const parts = proRata(
      amountMinor,
      lines.map((line) => line.amountMinor),
    );
    return lines.map(({ reference }, index) => ({ reference, amountMinor: parts[index] as bigint }));
  }

  /** All that is left of a purchase goes back, and a new one is made at the same place. */
  private exchange(step: ExampleStep, path: YamlPath): Done | undefined {
    const of = this.purchaseNamed(step, 'exchange', path);
    if (of === undefined) return undefined;
    if (keptMinor(of.bought.standing) === 0n) {
      this.fault([...path, 'exchange'], 'Nothing of that purchase is left to exchange.');
      return undefined;
    }
    const { at, card, mcc, category, channel, descriptor } = of.step;
    const told = { ...step, ...present({ at, card, mcc, category, channel, descriptor }) };
    this.books.giveBack(of.bought, {
      kind: 'EXCHANGE',
      key: this.newKey(),
      amountMinor: keptMinor(of.bought.standing),
      businessDate: this.date,
    });
    return this.buy(told, step.exchange ?? '', 'exchange', path);
  }

  private act(step: ExampleStep, path: YamlPath): Done | undefined {
    const id = this.nameOf(step, path);
    const occasion = { date: this.date, time: step.time, at: step.at, card: step.card };
    const purchase: Purchase = present({
      ...this.cast.purchaseAt(occasion, {}, path),
      amountMinor: 0n,
      action: step.action,
    });
    if (this.reported) return undefined;
    const message = { kind: 'PURCHASE' as const, key: id, amountMinor: 0n, businessDate: this.date };
    return { of: this.remember(this.books.buy(purchase, message, this.cast.contracts(purchase)), step) };
  }

  private redeem(step: ExampleStep, path: YamlPath): Done | undefined {
    if (typeof step.redeem !== 'object') return undefined;
    const { purchase, units, discount } = step.redeem;
    const at = [...path, 'redeem'];
    const purchaseMinor = this.check.money(purchase, [...at, 'purchase']);
    const discountMinor = discount === undefined ? 0n : this.check.money(discount, [...at, 'discount']);
    const wanted = this.check.units(units, [...at, 'units']);
    if (discountMinor > purchaseMinor)
      this.fault([...at, 'discount'], 'The discount is more than the purchase; write a smaller one.');
    if (this.reported) return undefined;
    return { redeemed: this.books.redeem(this.newKey(), this.date, purchaseMinor, discountMinor, wanted).units };
  }

  private purchaseNamed({ of }: ExampleStep, field: string, path: YamlPath) {
    const found = of === undefined ? this.last : this.named.get(of);
    if (found === undefined || found.step.action !== undefined) {
      this.fault([...path, of === undefined ? field : 'of'], 'There is no such purchase above; name one by its "as".');
      return undefined;
    }
    return found;
  }

  /** What the step is called, or a name of its own that no code can be. */
  private nameOf({ as }: ExampleStep, path: YamlPath): string {
    if (as === undefined) return this.newKey();
    if (this.named.has(as))
      this.fault([...path, 'as'], `There is a purchase "${as}" above already; choose another name.`);
    return as;
  }

  private newKey(): string {
    return `#${String(this.step).padStart(4, '0')}`;
  }

  private remember(bought: Bought, step: ExampleStep): Bought {
    if (step.action === undefined) this.last = { bought, step };
    if (step.as !== undefined) this.named.set(step.as, { bought, step });
    return bought;
  }
}
