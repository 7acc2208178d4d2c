/** Reconciliations: input -> command, result -> payload, and their differences as list and file. */
import { Arg, Args, Ctx, FieldResolver, ID, Mutation, Query, Resolver, Root } from 'type-graphql';
import { currencyScale } from '../../domain/money/currency.js';
import { differenceCsv } from '../../domain/reconciliation/difference-csv.js';
import { sourceKindOf } from '../../domain/transactions/model.js';
import { badUserInput } from '../../graphql/bad-user-input.js';
import type { Connection } from '../../graphql/connection.js';
import type { GatewayContext } from '../../graphql/context.js';
import { entityConnection } from '../../graphql/entity-connection.js';
import { byId, type Keyset } from '../../graphql/keyset.js';
import { rowsById } from '../../graphql/loaders.js';
import type { NodeSource } from '../../graphql/node.js';
import { authorize, itself } from '../access/index.js';
import { ofPartner, PARTNER_BY_NO, Partner } from '../partners/index.js';
import { Programme, programmeOf } from '../programmes/index.js';
import { TRANSACTION_BY_ID, Transaction } from '../transactions/index.js';
import type { ListMapping, PartnerList } from './partner-list.js';
import { ReconciliationDifferenceEntity, ReconciliationEntity } from './reconciliation.entity.js';
import {
  DifferencesArguments,
  Reconciliation,
  ReconciliationConnection,
  ReconciliationDifference,
  ReconciliationDifferenceConnection,
  type ReconciliationFileInput,
  ReconciliationPayload,
  ReconciliationRunInput,
  ReconciliationsArguments,
  ReconciliationUserError,
} from './reconciliation.graphql.js';
import type { ReconciliationService, Subject } from './reconciliation.service.js';

const NEWEST_FIRST = byId('reconciliations', 'DESC');
const IN_ORDER: Keyset = { name: 'differences', columns: [{ property: 'no', kind: 'integer' }], direction: 'ASC' };

/** Row-level security narrows what a partner reads to its own. */
const authorizeReading = ({ principal }: GatewayContext): void =>
  authorize(principal, 'reconciliation.run', itself(principal));

async function shown(row: ReconciliationEntity, context: GatewayContext): Promise<Reconciliation> {
  const { currencyCode } = await programmeOf(row.programmeNo, context);
  return Reconciliation.of(row, currencyCode);
}

const RECONCILIATION_BY_ID = rowsById('reconciliation.by-id', ReconciliationEntity);

async function findReconciliation(id: string, context: GatewayContext): Promise<Reconciliation | null> {
  authorizeReading(context);
  const row = await context.loader(RECONCILIATION_BY_ID).load(id);
  return row === undefined ? null : shown(row, context);
}

export const reconciliationNodes: NodeSource = { type: Reconciliation, find: findReconciliation };

@Resolver(() => Reconciliation)
export class ReconciliationResolver {
  constructor(private readonly service: ReconciliationService) {}

  @Mutation(() => ReconciliationPayload, {
    nullable: true,
    description: "Compares a partner's own list with ours and keeps what came of it. The books are not touched.",
  })
  async reconciliationRun(
    @Arg('input', () => ReconciliationRunInput, { description: 'The list, and what to compare it with.' })
    input: ReconciliationRunInput,
    @Ctx() context: GatewayContext,
  ): Promise<ReconciliationPayload> {
    const { programmeCode, partnerCode, idempotencyKey } = input;
    const command = { programmeCode, partnerCode, subjects: subjectsOf(input), lists: listsOf(input), idempotencyKey };
    const result = await this.service.reconcile(context.principal, command);
    if (!result.ok) return { userErrors: ReconciliationUserError.from(result.failure) };
    return { reconciliation: await findReconciliation(result.value.reconciliationId, context), userErrors: [] };
  }

  @Query(() => Reconciliation, { nullable: true, description: 'A comparison by its id; null when there is none.' })
  reconciliation(
    @Arg('id', () => ID, { description: 'The id of the comparison.' }) id: string,
    @Ctx() context: GatewayContext,
  ): Promise<Reconciliation | null> {
    return findReconciliation(id, context);
  }

  @Query(() => ReconciliationConnection, { nullable: true, description: 'Comparisons, the latest first.' })
  async reconciliations(
    @Args(() => ReconciliationsArguments) args: ReconciliationsArguments,
    @Ctx() context: GatewayContext,
  ): Promise<Connection<Reconciliation>> {
    authorizeReading(context);
    const own = await ofPartner(args.partnerCode, context.em);
    return entityConnection(args, NEWEST_FIRST, { em: context.em, entity: ReconciliationEntity, where: own }, (rows) =>
      Promise.all(rows.map((row) => shown(row, context))),
    );
  }

  @FieldResolver(() => Programme, { description: 'The programme.' })
  async programme(@Root() { programmeNo }: Reconciliation, @Ctx() context: GatewayContext): Promise<Programme> {
    return Programme.of(await programmeOf(programmeNo, context));
  }

  @FieldResolver(() => Partner, { nullable: true, description: 'Whose list it was.' })
  async partner(@Root() { partnerNo }: Reconciliation, @Ctx() context: GatewayContext): Promise<Partner | null> {
    return (await context.loader(PARTNER_BY_NO).load(partnerNo)) ?? null;
  }

  @FieldResolver(() => ReconciliationDifferenceConnection, {
    description: 'Where they differ: in the order of the list, then what it lacks.',
  })
  differences(
    @Root() { id, currencyCode }: Reconciliation,
    @Args(() => DifferencesArguments) args: DifferencesArguments,
    @Ctx() { em }: GatewayContext,
  ): Promise<Connection<ReconciliationDifference>> {
    const own = { reconciliationId: id, ...(args.kind && { kind: args.kind }) };
    return entityConnection(args, IN_ORDER, { em, entity: ReconciliationDifferenceEntity, where: own }, (rows) =>
      rows.map((row) => ReconciliationDifference.of(row, currencyCode)),
    );
  }

  @FieldResolver(() => String, { description: 'All differences as CSV (RFC 4180), with a header.' })
  async csv(@Root() { id, currencyCode }: Reconciliation, @Ctx() { em }: GatewayContext): Promise<string> {
    const rows = await em.find(ReconciliationDifferenceEntity, { reconciliationId: id }, { orderBy: { no: 'asc' } });
    const lines = rows.map(({ kind, reference, sourceKind, rowNo, givenMinor, hereMinor, transactionId, entryNo }) => ({
      kind,
      reference,
      ...(sourceKind != null && { message: sourceKindOf(sourceKind) }),
      ...(rowNo != null && { rowNo }),
      ...(givenMinor != null && { givenMinor }),
      ...(hereMinor != null && { hereMinor }),
      ...(transactionId != null && { transactionId }),
      ...(entryNo != null && { entryNo }),
    }));
    return differenceCsv(lines, currencyCode, currencyScale(currencyCode));
  }
}

@Resolver(() => ReconciliationDifference)
export class ReconciliationDifferenceResolver {
  @FieldResolver(() => Transaction, {
    nullable: true,
    description: 'The transaction behind it; null when we have none.',
  })
  async transaction(
    @Root() { transactionId }: ReconciliationDifference,
    @Ctx() context: GatewayContext,
  ): Promise<Transaction | null> {
    if (transactionId === null) return null;
    const row = await context.loader(TRANSACTION_BY_ID).load(transactionId);
    return row === undefined ? null : new Transaction(row);
  }
}

function subjectsOf({ transactions, settlementId }: ReconciliationRunInput): Subject[] {
  return [
    ...(transactions ? [{ from: transactions.from, until: transactions.until }] : []),
    ...(settlementId ? [{ settlementId }] : []),
  ];
}

function listsOf({ file, rows }: ReconciliationRunInput): PartnerList[] {
  return [
    ...(file ? [{ file: { text: file.text, mapping: mappingOf(file) } }] : []),
    ...(rows
      ? [{ rows: rows.map(({ reference, kind, amount }) => ({ reference, kind: kind ?? 'PURCHASE', amount })) }]
      : []),
  ];
}

function mappingOf({ columns, kinds, delimiter, decimalSeparator }: ReconciliationFileInput): ListMapping {
  const { reference, amount, kind, partner } = columns;
  return {
    reference,
    amount,
    ...(kind && { kind: { column: kind, words: (kinds ?? []).map((entry) => ({ ...entry })) } }),
    ...(partner && { partner }),
    delimiter: oneOf([',', ';', '|', '\t'], delimiter, 'delimiter'),
    decimalSeparator: oneOf(['.', ','], decimalSeparator, 'decimalSeparator'),
  };
}

/** The first is the default. */
function oneOf(choices: readonly string[], value: string | null | undefined, field: string): string {
  const chosen = value ?? (choices[0] as string);
  if (choices.includes(chosen)) return chosen;
  throw badUserInput(`${field} is one of ${choices.map((choice) => JSON.stringify(choice)).join(', ')}.`);
}
