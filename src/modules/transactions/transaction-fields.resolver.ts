/** Fields of a transaction that need a read, or the programme's scales. */
import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import { invariant } from '../../domain/kernel/invariant.js';
import { formatDecimal } from '../../domain/money/decimal.js';
import { NOT_CLEARED } from '../../domain/transactions/restate.js';
import type { GatewayContext } from '../../graphql/context.js';
import { Money, toMoney } from '../../graphql/money.js';
import { DecimalScalar } from '../../graphql/scalars.js';
import type { Database } from '../../infrastructure/db/database.js';
import { CARD_BY_ID, Card } from '../cards/index.js';
import { MEMBER_BY_NO, Member } from '../members/index.js';
import { PARTNER_BY_NO, Partner } from '../partners/index.js';
import type { ProgrammeRecord } from '../programmes/index.js';
import { explainTransaction } from './explain.js';
import { funderCode } from './funder-code.js';
import type { ReferenceCache } from './reference.js';
import { decodeLines } from './stored-basket.js';
import type { TransactionEntity } from './transaction.entity.js';
import {
  Accrual,
  Explanation,
  ExplanationNode,
  OriginalAmount,
  Transaction,
  TransactionClaim,
  TransactionLine,
  TransactionShortfall,
  TransactionSource,
} from './transaction.graphql.js';
import {
  ACCRUALS_OF_TRANSACTION,
  type AccrualRow,
  SOURCES_OF_TRANSACTION,
  TRANSACTION_BY_ID,
} from './transaction.loaders.js';

@Resolver(() => Transaction)
export class TransactionFieldsResolver {
  constructor(
    private readonly database: Database,
    private readonly cache: ReferenceCache,
  ) {}

  @FieldResolver(() => String, { description: 'Code of the programme it belongs to.' })
  async programmeCode(@Root() { row }: Transaction): Promise<string> {
    return (await this.programmeOf(row.programmeNo)).code;
  }

  @FieldResolver(() => Money, { description: 'The amount of the purchase, or of the orphan refund.' })
  async amount(@Root() { row }: Transaction): Promise<Money> {
    return this.money(row, row.amountMinor);
  }

  @FieldResolver(() => Money, { description: 'What went back of it so far.' })
  async refunded(@Root() { row }: Transaction): Promise<Money> {
    return this.money(row, row.refundedMinor);
  }

  @FieldResolver(() => [TransactionLine], {
    nullable: true,
    description: 'The basket of the whole purchase; null when none was sent.',
  })
  async lines(@Root() { row }: Transaction): Promise<TransactionLine[] | null> {
    if (row.lines == null) return null;
    const { currencyCode } = await this.programmeOf(row.programmeNo);
    return decodeLines(row.lines).map(({ kind, amountMinor, quantity, tags, reference }) => ({
      kind,
      amount: toMoney(amountMinor, currencyCode),
      quantity,
      tags,
      reference: reference ?? null,
    }));
  }

  @FieldResolver(() => [TransactionShortfall], {
    description: 'What caps and budgets withheld when it was decided; empty when they withheld nothing.',
  })
  async shortfalls(@Root() { row }: Transaction): Promise<TransactionShortfall[]> {
    if (row.shortfalls == null) return [];
    const { unitScale } = await this.programmeOf(row.programmeNo);
    return row.shortfalls.map(({ r, c, b, u }) => ({
      rule: r,
      cap: c,
      because: b,
      units: formatDecimal(BigInt(u), unitScale),
    }));
  }

  @FieldResolver(() => TransactionClaim, {
    nullable: true,
    description: "The partner's own sum of the reward beside ours; null when it sent none.",
  })
  async claim(@Root() { row }: Transaction): Promise<TransactionClaim | null> {
    const { claimedUnits, ourUnits } = row;
    if (claimedUnits == null || ourUnits == null) return null;
    const { unitScale } = await this.programmeOf(row.programmeNo);
    return {
      units: formatDecimal(claimedUnits, unitScale),
      ours: formatDecimal(ourUnits, unitScale),
      differs: claimedUnits !== ourUnits,
    };
  }

  @FieldResolver(() => Transaction, {
    nullable: true,
    description: 'The purchase that was exchanged for this one, when the caller may see it.',
  })
  exchangeOf(@Root() { row }: Transaction, @Ctx() context: GatewayContext): Promise<Transaction | null> {
    return shown(row.exchangeOf, context);
  }

  @FieldResolver(() => Transaction, {
    nullable: true,
    description: 'Orphans: the purchase that was found for it after all. Duplicates: the purchase that it is.',
  })
  joined(@Root() { row }: Transaction, @Ctx() context: GatewayContext): Promise<Transaction | null> {
    return shown(row.joinedId, context);
  }

  @FieldResolver(() => OriginalAmount, {
    nullable: true,
    description: 'The amount at the till, when it was in another currency.',
  })
  original(@Root() { row }: Transaction): OriginalAmount | null {
    if (row.originalAmount == null || row.originalCurrencyCode == null) return null;
    return { amount: row.originalAmount, currencyCode: row.originalCurrencyCode };
  }

  @FieldResolver(() => Partner, { description: 'The partner who submitted it.' })
  submitter(@Root() { row }: Transaction, @Ctx() context: GatewayContext): Promise<Partner | undefined> {
    return context.loader(PARTNER_BY_NO).load(row.submitterNo);
  }

  @FieldResolver(() => Partner, { nullable: true, description: 'The merchant; null when it is not a partner.' })
  async merchant(@Root() { row }: Transaction, @Ctx() context: GatewayContext): Promise<Partner | null> {
    return row.merchantNo == null ? null : ((await context.loader(PARTNER_BY_NO).load(row.merchantNo)) ?? null);
  }

  @FieldResolver(() => Member, { nullable: true, description: 'The member, when the caller may see members of it.' })
  async member(@Root() { row }: Transaction, @Ctx() context: GatewayContext): Promise<Member | null> {
    return (await context.loader(MEMBER_BY_NO).load(row.memberNo)) ?? null;
  }

  @FieldResolver(() => Card, { nullable: true, description: 'The card, when one was used and the caller may see it.' })
  async card(@Root() { row }: Transaction, @Ctx() context: GatewayContext): Promise<Card | null> {
    return row.cardId == null ? null : ((await context.loader(CARD_BY_ID).load(row.cardId)) ?? null);
  }

  @FieldResolver(() => [TransactionSource], { description: 'The messages about it, in the order they came in.' })
  async sources(@Root() { row }: Transaction, @Ctx() context: GatewayContext): Promise<TransactionSource[]> {
    const told = await context.loader(SOURCES_OF_TRANSACTION).load(row.id);
    return told.map(({ source }) => new TransactionSource(source));
  }

  @FieldResolver(() => [Accrual], {
    description: 'What it earned, by rule and funder; empty when nothing was, see the explanation.',
  })
  async accruals(@Root() { row }: Transaction, @Ctx() context: GatewayContext): Promise<Accrual[]> {
    const rows = await context.loader(ACCRUALS_OF_TRANSACTION).load(row.id);
    const programme = await this.programmeOf(row.programmeNo);
    return Promise.all(
      rows.map(async (accrual) =>
        presentAccrual(accrual, programme, await funderCode(accrual.funderNo, this.database, this.cache)),
      ),
    );
  }

  @FieldResolver(() => Explanation, {
    description: 'Why it earned what it earned, computed again by the code that decided.',
  })
  async explanation(@Root() { row }: Transaction, @Ctx() context: GatewayContext): Promise<Explanation> {
    const alone = (row.kind === 'PURCHASE' || row.kind === 'ACTION') && row.refundedMinor === 0n;
    const sources = alone ? [] : await context.loader(SOURCES_OF_TRANSACTION).load(row.id);
    return explainTransaction(row, sources, await this.cache.fresh(this.database));
  }

  private async programmeOf(programmeNo: number): Promise<ProgrammeRecord> {
    const programme = await this.cache.find(this.database, ({ programmes }) => programmes.byNo(programmeNo));
    invariant(programme, `programme ${programmeNo} exists`);
    return programme;
  }

  private async money(row: TransactionEntity, amountMinor: bigint): Promise<Money> {
    return toMoney(amountMinor, (await this.programmeOf(row.programmeNo)).currencyCode);
  }
}

async function shown(id: string | null | undefined, context: GatewayContext): Promise<Transaction | null> {
  const row = id == null ? undefined : await context.loader(TRANSACTION_BY_ID).load(id);
  return row === undefined ? null : new Transaction(row);
}

@Resolver(() => Accrual)
export class AccrualResolver {
  constructor(
    private readonly database: Database,
    private readonly cache: ReferenceCache,
  ) {}

  @FieldResolver(() => [ExplanationNode], {
    description: "Why its rule gave what it gave: the rule's part of the explanation of the transaction.",
  })
  async explanation(
    @Root() { transactionId, rule }: Accrual,
    @Ctx() context: GatewayContext,
  ): Promise<readonly ExplanationNode[]> {
    const row = await context.loader(TRANSACTION_BY_ID).load(transactionId);
    if (row === undefined) return [];
    const sources = await context.loader(SOURCES_OF_TRANSACTION).load(transactionId);
    const { reasons } = explainTransaction(row, sources, await this.cache.fresh(this.database));
    return partOf(reasons, rule);
  }

  @FieldResolver(() => DecimalScalar, {
    description: 'What caps and budgets withheld from its rule on this purchase, all funders together.',
  })
  async shortfall(@Root() { transactionId, rule }: Accrual, @Ctx() context: GatewayContext): Promise<string> {
    const row = await context.loader(TRANSACTION_BY_ID).load(transactionId);
    const programme = await this.cache.find(this.database, ({ programmes }) => programmes.byNo(row?.programmeNo ?? 0));
    const withheld = (row?.shortfalls ?? []).filter(({ r }) => r === rule).reduce((sum, { u }) => sum + BigInt(u), 0n);
    return formatDecimal(withheld, programme?.unitScale ?? 0);
  }
}

/** The reasons that name the rule, each with what stands below it. */
function partOf(reasons: readonly ExplanationNode[], rule: string): ExplanationNode[] {
  const part: ExplanationNode[] = [];
  let below: number | undefined;
  for (const reason of reasons) {
    if (below !== undefined && reason.depth <= below) below = undefined;
    if (below === undefined && reason.values.some(({ name, value }) => name === 'rule' && value === rule))
      below = reason.depth;
    if (below !== undefined) part.push(reason);
  }
  return part;
}

function presentAccrual(row: AccrualRow, programme: ProgrammeRecord, funder: string): Accrual {
  return {
    id: row.id,
    transactionId: row.transactionId,
    rule: row.ruleCode,
    funder,
    units: formatDecimal(BigInt(row.units), programme.unitScale),
    unitsLeft: formatDecimal(BigInt(row.unitsLeft), programme.unitScale),
    value: toMoney(BigInt(row.valueMinor), programme.currencyCode),
    status: row.unitsLeft === '0' ? 'REVERSED' : row.pending ? 'PENDING' : 'CONFIRMED',
    availableOn: row.availableOn === NOT_CLEARED ? null : row.availableOn,
    taxTreatment: row.taxTreatment,
    part: row.part,
  };
}
