/** Transactions over the API: input to command, outcome to payload, and the fields that need a read. */
import { Arg, Args, ArgsType, Ctx, Field, FieldResolver, ID, Mutation, Query, Resolver, Root } from 'type-graphql';
import { invariant } from '../../domain/kernel/invariant.js';
import { formatDecimal } from '../../domain/money/decimal.js';
import { SOURCE_KIND_NO, type SourceKind } from '../../domain/transactions/model.js';
import { NOT_CLEARED } from '../../domain/transactions/restate.js';
import { type Connection, ConnectionArguments, connection } from '../../graphql/connection.js';
import type { GatewayContext } from '../../graphql/context.js';
import { type Keyset, ormSlice } from '../../graphql/keyset.js';
import { Money, toMoney } from '../../graphql/money.js';
import type { NodeSource } from '../../graphql/node.js';
import { isId } from '../../graphql/scalars.js';
import type { Database } from '../../infrastructure/db/database.js';
import { authorize, itself } from '../access/index.js';
import { CARD_BY_ID, Card } from '../cards/index.js';
import { MEMBER_BY_NO, Member } from '../members/index.js';
import { PARTNER_BY_NO, Partner } from '../partners/index.js';
import type { ProgrammeRecord } from '../programmes/index.js';
import { explainTransaction } from './explain.js';
import { funderCode } from './funder-code.js';
import type { SubmitOutcome } from './pipeline.js';
import type { ReferenceCache } from './reference.js';
import { decodeLines } from './stored-basket.js';
import { TransactionEntity } from './transaction.entity.js';
import {
  Accrual,
  Explanation,
  OriginalAmount,
  SourceKindEnum,
  Transaction,
  TransactionClaim,
  TransactionConnection,
  TransactionLine,
  TransactionShortfall,
  TransactionSource,
  TransactionSubmitInput,
  TransactionSubmitPayload,
  TransactionsSubmitInput,
  TransactionsSubmitPayload,
  TransactionUserError,
} from './transaction.graphql.js';
import {
  ACCRUALS_OF_TRANSACTION,
  type AccrualRow,
  SOURCE_BY_ID,
  SOURCES_OF_TRANSACTION,
  TRANSACTION_BY_ID,
} from './transaction.loaders.js';
import { MAX_ITEMS, type TransactionService } from './transaction.service.js';
import { commandOf } from './translate.js';

/** Newest first; ids are in the order of recording. */
const BY_RECORDING: Keyset = { name: 'transactions', columns: [{ property: 'id', kind: 'uuid' }], direction: 'DESC' };

@ArgsType()
class TransactionsArguments extends ConnectionArguments {
  @Field(() => String, { nullable: true, description: 'Only those this partner submitted or sold.' })
  partnerCode?: string | null;
}

export const transactionNodes: NodeSource = {
  async find(id, context) {
    authorize(context.principal, 'transaction.read', itself(context.principal));
    const row = await context.loader(TRANSACTION_BY_ID).load(id);
    return row && new Transaction(row);
  },
};

@Resolver(() => Transaction)
export class TransactionResolver {
  constructor(
    private readonly service: TransactionService,
    private readonly database: Database,
    private readonly cache: ReferenceCache,
  ) {}

  @Mutation(() => TransactionSubmitPayload, {
    nullable: true,
    description: 'Submits one purchase or refund. The same message again gives the same answer, for ever.',
  })
  async transactionSubmit(
    @Arg('input', () => TransactionSubmitInput, { description: 'The message and who sends it.' })
    input: TransactionSubmitInput,
    @Ctx() context: GatewayContext,
  ): Promise<TransactionSubmitPayload> {
    const { programmeCode, partnerCode, transaction } = input;
    const [answer] = await this.submit(context, programmeCode, partnerCode, [transaction]);
    return answer as TransactionSubmitPayload;
  }

  @Mutation(() => TransactionsSubmitPayload, {
    nullable: true,
    description: `Submits up to ${MAX_ITEMS} messages. Not atomic: each has an answer of its own.`,
  })
  async transactionsSubmit(
    @Arg('input', () => TransactionsSubmitInput, { description: 'The messages and who sends them.' })
    input: TransactionsSubmitInput,
    @Ctx() context: GatewayContext,
  ): Promise<TransactionsSubmitPayload> {
    const { programmeCode, partnerCode, transactions } = input;
    const results = await this.submit(context, programmeCode, partnerCode, transactions);
    const tooMany = transactions.length > MAX_ITEMS ? (results[0]?.userErrors ?? []) : [];
    return { results: tooMany.length > 0 ? [] : results, userErrors: tooMany };
  }

  private async submit(
    context: GatewayContext,
    programmeCode: string | null | undefined,
    partnerCode: string | null | undefined,
    inputs: readonly TransactionSubmitInput['transaction'][],
  ): Promise<TransactionSubmitPayload[]> {
    const { principal } = context;
    const partner = partnerCode ?? (principal.kind === 'PARTNER' ? principal.partnerCode : '');
    const outcomes = await this.service.submit(
      principal,
      programmeCode ?? undefined,
      partner,
      inputs.map((input) => (programme: ProgrammeRecord) => commandOf(input, partner, programme)),
    );
    return Promise.all(outcomes.map((outcome) => payloadOf(outcome, context)));
  }

  @Query(() => Transaction, {
    nullable: true,
    description: 'A transaction by its id; null when the caller may not see it or there is none.',
  })
  async transaction(
    @Arg('id', () => ID, { description: 'Id of the transaction.' }) id: string,
    @Ctx() context: GatewayContext,
  ): Promise<Transaction | null> {
    const row = isId(id) ? await context.loader(TRANSACTION_BY_ID).load(id) : undefined;
    return row === undefined ? null : this.visible(row, context);
  }

  @Query(() => Transaction, {
    nullable: true,
    description: "A transaction by a partner's own reference of a message about it.",
  })
  async transactionByReference(
    @Arg('partnerCode', () => String, { description: 'Code of the partner who sent the message.' }) partnerCode: string,
    @Arg('kind', () => SourceKindEnum, { description: 'Kind of the message.' }) kind: SourceKind,
    @Arg('reference', () => String, { description: 'Reference of the message.' }) reference: string,
    @Ctx() context: GatewayContext,
  ): Promise<Transaction | null> {
    const partner = await this.cache.find(this.database, ({ partners }) => partners.byCode(partnerCode));
    if (partner === undefined) return null;
    const key = { partnerNo: partner.no, kind: SOURCE_KIND_NO[kind], reference };
    const [found] = await context.em.execute<{ source_id: string }[]>(
      'select source_id from business_key where partner_no = ? and kind = ? and reference = ?',
      [key.partnerNo, key.kind, key.reference],
    );
    const source = found && (await context.loader(SOURCE_BY_ID).load(found.source_id));
    const row = source && (await context.loader(TRANSACTION_BY_ID).load(source.transactionId));
    return row === undefined ? null : this.visible(row, context);
  }

  @Query(() => TransactionConnection, { nullable: true, description: 'Transactions the caller may see, newest first.' })
  async transactions(
    @Args(() => TransactionsArguments) args: TransactionsArguments,
    @Ctx() context: GatewayContext,
  ): Promise<Connection<Transaction>> {
    authorize(context.principal, 'transaction.read', itself(context.principal));
    const { partnerCode } = args;
    const partner =
      partnerCode == null
        ? undefined
        : await this.cache.find(this.database, ({ partners }) => partners.byCode(partnerCode));
    const about =
      partnerCode == null ? {} : { $or: [{ submitterNo: partner?.no ?? -1 }, { merchantNo: partner?.no ?? -1 }] };
    return page(args, about, context);
  }

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
    description: 'Orphans: the purchase that was found for it after all.',
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

  /** Row-level security has decided already; this says no by the action too (the token's scope). */
  private visible(row: TransactionEntity, context: GatewayContext): Transaction {
    authorize(context.principal, 'transaction.read', itself(context.principal));
    return new Transaction(row);
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

/** Newest first, of those the caller may see. */
function page(args: ConnectionArguments, where: object, { em }: GatewayContext): Promise<Connection<Transaction>> {
  return connection(
    args,
    BY_RECORDING,
    (slice) => {
      const { where: beyond, orderBy, limit } = ormSlice(BY_RECORDING, slice);
      return em.find(TransactionEntity, { $and: [where, beyond] }, { orderBy: orderBy as never, limit });
    },
    (row) => new Transaction(row),
  );
}

async function payloadOf(outcome: SubmitOutcome, context: GatewayContext): Promise<TransactionSubmitPayload> {
  if (outcome.status === 'REJECTED') {
    return { transaction: null, source: null, userErrors: TransactionUserError.from(outcome.failure) };
  }
  const [transaction, source] = await Promise.all([
    context.loader(TRANSACTION_BY_ID).load(outcome.transactionId),
    context.loader(SOURCE_BY_ID).load(outcome.sourceId),
  ]);
  return {
    transaction: transaction ? new Transaction(transaction) : null,
    source: source ? new TransactionSource(source) : null,
    userErrors: [],
  };
}

function presentAccrual(row: AccrualRow, programme: ProgrammeRecord, funder: string): Accrual {
  return {
    id: row.id,
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

@Resolver(() => Member)
export class MemberTransactionsResolver {
  @FieldResolver(() => TransactionConnection, {
    nullable: true,
    description: "The member's transactions that the caller may see, newest first.",
  })
  transactions(
    @Root() { no }: Member,
    @Args(() => ConnectionArguments) args: ConnectionArguments,
    @Ctx() context: GatewayContext,
  ): Promise<Connection<Transaction>> {
    authorize(context.principal, 'transaction.read', itself(context.principal));
    return page(args, { memberNo: no }, context);
  }
}
