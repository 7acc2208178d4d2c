/** Payment files and payments: input -> command, result -> payload, and the fields that need a read. */
import { Arg, Args, Ctx, FieldResolver, ID, Mutation, Query, Resolver, Root } from 'type-graphql';
import type { Connection } from '../../graphql/connection.js';
import type { GatewayContext } from '../../graphql/context.js';
import { entityConnection } from '../../graphql/entity-connection.js';
import { byId, type Keyset } from '../../graphql/keyset.js';
import type { NodeSource } from '../../graphql/node.js';
import { isId } from '../../graphql/scalars.js';
import { authorize, itself, may } from '../access/index.js';
import { PARTNER_BY_NO, Partner } from '../partners/index.js';
import { ofProgramme, Programme, programmeOf } from '../programmes/index.js';
import { BankAccount } from './bank-account.graphql.js';
import { PaymentEntity, PaymentFileEntity } from './payment.entity.js';
import {
  Payment,
  PaymentArguments,
  PaymentConnection,
  PaymentFile,
  PaymentFileArguments,
  PaymentFileConnection,
  PaymentSkipped,
  PaymentsInstructInput,
  PaymentsInstructPayload,
  PaymentUserError,
} from './payment.graphql.js';
import type { PaymentService } from './payment.service.js';
import {
  BANK_ACCOUNT_BY_ID,
  CONTENT_OF_FILE,
  PAYMENT_BY_ID,
  PAYMENT_FILE_BY_ID,
  PAYMENTS_OF_FILE,
} from './payments.loaders.js';

const FILES: Keyset = { name: 'payment-files', columns: [{ property: 'no', kind: 'integer' }], direction: 'DESC' };
const PAYMENTS = byId('payments', 'DESC');

/** Reads are narrowed by row-level security: a partner sees the payments to it, and no file. */
const authorizeReading = ({ principal }: GatewayContext): void =>
  authorize(principal, 'payment.read', itself(principal));

export const paymentNodes: NodeSource = {
  type: Payment,
  async find(id, context) {
    authorizeReading(context);
    return context.loader(PAYMENT_BY_ID).load(id);
  },
};

export const paymentFileNodes: NodeSource = {
  type: PaymentFile,
  async find(id, context) {
    authorizeReading(context);
    return context.loader(PAYMENT_FILE_BY_ID).load(id);
  },
};

@Resolver(() => PaymentFile)
export class PaymentFileResolver {
  constructor(private readonly service: PaymentService) {}

  @Mutation(() => PaymentsInstructPayload, {
    nullable: true,
    description:
      'Pays what settled partners are owed, what members have donated and deposits that go back: one file for the bank, at ' +
      'most 2,000 payments. ' +
      'What is under way is never paid again; ask once more for the rest.',
  })
  async paymentsInstruct(
    @Arg('input', () => PaymentsInstructInput, { description: 'What to pay, and when.' }) input: PaymentsInstructInput,
    @Ctx() context: GatewayContext,
  ): Promise<PaymentsInstructPayload> {
    const { executionDate, currencyCode, ...command } = input;
    const result = await this.service.instruct(context.principal, {
      ...command,
      executionDate: executionDate ?? undefined,
      currencyCode: currencyCode ?? undefined,
    });
    if (!result.ok) return { skipped: [], userErrors: PaymentUserError.from(result.failure) };
    const { fileId, skipped } = result.value;
    const paymentFile = await context.loader(PAYMENT_FILE_BY_ID).load(fileId);
    return { skipped: skipped.map(PaymentSkipped.of), userErrors: [], ...(paymentFile && { paymentFile }) };
  }

  @Query(() => PaymentFileConnection, { nullable: true, description: 'Files for banks, the newest first.' })
  async paymentFiles(
    @Args(() => PaymentFileArguments) args: PaymentFileArguments,
    @Ctx() context: GatewayContext,
  ): Promise<Connection<PaymentFile>> {
    authorizeReading(context);
    const own = await ofProgramme(args.programmeCode, context.em);
    return entityConnection(args, FILES, { em: context.em, entity: PaymentFileEntity, where: own }, (rows) =>
      rows.map(PaymentFile.of),
    );
  }

  @Query(() => PaymentFile, {
    nullable: true,
    description: 'A file for the bank by its id, to be downloaded; null when there is none.',
  })
  async paymentFile(
    @Arg('id', () => ID, { description: 'The id of the file.' }) id: string,
    @Ctx() context: GatewayContext,
  ): Promise<PaymentFile | null> {
    authorizeReading(context);
    return isId(id) ? ((await context.loader(PAYMENT_FILE_BY_ID).load(id)) ?? null) : null;
  }

  @FieldResolver(() => String, {
    nullable: true,
    description: 'The file itself, the same bytes every time; null to those who may not have it.',
  })
  async content(@Root() { id }: PaymentFile, @Ctx() context: GatewayContext): Promise<string | null> {
    if (!may(context.principal, 'payment.download')) return null;
    return (await context.loader(CONTENT_OF_FILE).load(id)) ?? null;
  }

  @FieldResolver(() => [Payment], { description: 'The payments in it.' })
  payments(@Root() { id }: PaymentFile, @Ctx() context: GatewayContext): Promise<readonly Payment[]> {
    return context.loader(PAYMENTS_OF_FILE).load(id);
  }

  @FieldResolver(() => Programme, { nullable: true, description: 'The programme that pays.' })
  async programme(@Root() { programmeNo }: PaymentFile, @Ctx() context: GatewayContext): Promise<Programme> {
    return Programme.of(await programmeOf(programmeNo, context));
  }
}

@Resolver(() => Payment)
export class PaymentResolver {
  @Query(() => PaymentConnection, {
    nullable: true,
    description: 'Payments, the newest first. A partner sees those to it.',
  })
  async payments(
    @Args(() => PaymentArguments) args: PaymentArguments,
    @Ctx() context: GatewayContext,
  ): Promise<Connection<Payment>> {
    authorizeReading(context);
    const own = { ...(await ofProgramme(args.programmeCode, context.em)), ...(args.state && { state: args.state }) };
    return entityConnection(args, PAYMENTS, { em: context.em, entity: PaymentEntity, where: own }, (rows) =>
      rows.map(Payment.of),
    );
  }

  @FieldResolver(() => Partner, { nullable: true, description: 'The partner that is paid.' })
  async partner(@Root() { partnerNo }: Payment, @Ctx() context: GatewayContext): Promise<Partner | null> {
    return (await context.loader(PARTNER_BY_NO).load(partnerNo)) ?? null;
  }

  @FieldResolver(() => BankAccount, { nullable: true, description: 'The account it goes to.' })
  async bankAccount(@Root() { bankAccountId }: Payment, @Ctx() context: GatewayContext): Promise<BankAccount | null> {
    return (await context.loader(BANK_ACCOUNT_BY_ID).load(bankAccountId)) ?? null;
  }
}

@Resolver(() => PaymentSkipped)
export class PaymentSkippedResolver {
  @FieldResolver(() => Partner, { nullable: true, description: 'The partner that is owed it.' })
  async partner(@Root() { partnerNo }: PaymentSkipped, @Ctx() context: GatewayContext): Promise<Partner | null> {
    return (await context.loader(PARTNER_BY_NO).load(partnerNo)) ?? null;
  }
}
