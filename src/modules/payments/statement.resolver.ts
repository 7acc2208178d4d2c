/** What banks report: uploads, statements, movements and the queue of those nobody knew. */
import { Arg, Args, Ctx, FieldResolver, Mutation, Query, Resolver, Root } from 'type-graphql';
import type { Connection } from '../../graphql/connection.js';
import type { GatewayContext } from '../../graphql/context.js';
import { entityConnection } from '../../graphql/entity-connection.js';
import { byId } from '../../graphql/keyset.js';
import { authorize } from '../access/index.js';
import { PARTNER_BY_NO, Partner } from '../partners/index.js';
import { ofProgramme } from '../programmes/index.js';
import { BankAccount } from './bank-account.graphql.js';
import {
  BANK_ACCOUNT_BY_NO,
  MOVEMENT_BY_ID,
  PAYMENT_FILE_BY_ID,
  shownMovements,
  shownStatements,
} from './payments.loaders.js';
import type { ReceiptService } from './receipt.service.js';
import type { ReportService } from './report.service.js';
import { BankMovementEntity, BankStatementEntity } from './statement.entity.js';
import {
  BankFileUserError,
  BankMovement,
  BankMovementArguments,
  BankMovementConnection,
  BankStatement,
  BankStatementArguments,
  BankStatementConnection,
  BankStatementUploadInput,
  BankStatementUploadPayload,
  PaymentReportUploadInput,
  PaymentReportUploadPayload,
  ReceiptAllocateInput,
  ReceiptAllocatePayload,
  ReceiptUserError,
} from './statement.graphql.js';
import type { StatementService } from './statement.service.js';

const STATEMENTS = byId('bank-statements', 'DESC');
const MOVEMENTS = byId('bank-movements', 'DESC');

@Resolver(() => BankStatement)
export class BankStatementResolver {
  constructor(
    private readonly reports: ReportService,
    private readonly statements: StatementService,
  ) {}

  @Mutation(() => PaymentReportUploadPayload, {
    nullable: true,
    description:
      "Takes a bank's report on a payment file (pain.002). What it rejects is owed again. The same file again changes nothing.",
  })
  async paymentReportUpload(
    @Arg('input', () => PaymentReportUploadInput, { description: 'The report.' }) input: PaymentReportUploadInput,
    @Ctx() context: GatewayContext,
  ): Promise<PaymentReportUploadPayload> {
    const result = await this.reports.take(context.principal, input.content);
    if (!result.ok) return { alreadyTaken: false, userErrors: BankFileUserError.from(result.failure) };
    const paymentFile = await context.loader(PAYMENT_FILE_BY_ID).load(result.value.fileId);
    return { alreadyTaken: !result.value.isNew, userErrors: [], ...(paymentFile && { paymentFile }) };
  }

  @Mutation(() => BankStatementUploadPayload, {
    nullable: true,
    description:
      "Takes a bank's statements (camt.053): all of the file or nothing. They move the bank account, and each movement is " +
      'matched or waits. The same file again changes nothing.',
  })
  async bankStatementUpload(
    @Arg('input', () => BankStatementUploadInput, { description: 'The statements.' }) input: BankStatementUploadInput,
    @Ctx() context: GatewayContext,
  ): Promise<BankStatementUploadPayload> {
    const result = await this.statements.take(context.principal, input.content);
    if (!result.ok) return { statements: [], alreadyTaken: false, userErrors: BankFileUserError.from(result.failure) };
    const { messageId, isNew } = result.value;
    const rows = await context.em.find(BankStatementEntity, { messageId }, { orderBy: { no: 'asc' } });
    return { statements: await shownStatements(context.em, rows), alreadyTaken: !isNew, userErrors: [] };
  }

  @Query(() => BankStatementConnection, { nullable: true, description: 'Statements as taken, the newest first.' })
  async bankStatements(
    @Args(() => BankStatementArguments) args: BankStatementArguments,
    @Ctx() context: GatewayContext,
  ): Promise<Connection<BankStatement>> {
    authorize(context.principal, 'bankFile.read');
    const own = await ofProgramme(args.programmeCode, context.em);
    return entityConnection(args, STATEMENTS, { em: context.em, entity: BankStatementEntity, where: own }, (rows) =>
      shownStatements(context.em, rows),
    );
  }

  @FieldResolver(() => BankAccount, { nullable: true, description: 'The account.' })
  async bankAccount(@Root() { accountNo }: BankStatement, @Ctx() context: GatewayContext): Promise<BankAccount | null> {
    return (await context.loader(BANK_ACCOUNT_BY_NO).load(accountNo)) ?? null;
  }

  @FieldResolver(() => [BankMovement], { description: 'What was booked, in the order of the statement.' })
  async movements(
    @Root() { id, currencyCode }: BankStatement,
    @Ctx() { em }: GatewayContext,
  ): Promise<readonly BankMovement[]> {
    const rows = await em.find(BankMovementEntity, { statementId: id }, { orderBy: { line: 'asc' } });
    return rows.map((row) => BankMovement.of(row, currencyCode));
  }
}

@Resolver(() => BankMovement)
export class BankMovementResolver {
  constructor(private readonly receipts: ReceiptService) {}

  @Mutation(() => ReceiptAllocatePayload, {
    nullable: true,
    description:
      'Says whose a receipt is that nobody knew: it pays what the partner owes, or is its deposit or prepaid block.',
  })
  async receiptAllocate(
    @Arg('input', () => ReceiptAllocateInput, { description: 'The movement and the partner.' })
    input: ReceiptAllocateInput,
    @Ctx() context: GatewayContext,
  ): Promise<ReceiptAllocatePayload> {
    const { amount, ...command } = input;
    const result = await this.receipts.allocate(context.principal, { ...command, amount: amount ?? undefined });
    if (!result.ok) return { userErrors: ReceiptUserError.from(result.failure) };
    const movement = await context.loader(MOVEMENT_BY_ID).load(result.value.movementId);
    return { userErrors: [], ...(movement && { movement }) };
  }

  @Query(() => BankMovementConnection, {
    nullable: true,
    description: 'What banks have booked, the newest first; with unallocatedOnly the queue of what waits.',
  })
  async bankMovements(
    @Args(() => BankMovementArguments) args: BankMovementArguments,
    @Ctx() context: GatewayContext,
  ): Promise<Connection<BankMovement>> {
    authorize(context.principal, 'bankFile.read');
    const own = {
      ...(await ofProgramme(args.programmeCode, context.em)),
      ...(args.unallocatedOnly && { unallocatedMinor: { $ne: 0n } }),
    };
    return entityConnection(args, MOVEMENTS, { em: context.em, entity: BankMovementEntity, where: own }, (rows) =>
      shownMovements(context.em, rows),
    );
  }

  @FieldResolver(() => Partner, { nullable: true, description: 'The partner that paid; null when nobody knows.' })
  async partner(@Root() { partnerNo }: BankMovement, @Ctx() context: GatewayContext): Promise<Partner | null> {
    return partnerNo === null ? null : ((await context.loader(PARTNER_BY_NO).load(partnerNo)) ?? null);
  }
}
