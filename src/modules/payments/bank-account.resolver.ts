/** Bank accounts: input -> command, result -> payload, and who may see a whole number. */
import { Arg, Args, Ctx, FieldResolver, Mutation, Query, Resolver, Root } from 'type-graphql';
import type { Result } from '../../domain/kernel/result.js';
import type { Connection } from '../../graphql/connection.js';
import type { GatewayContext } from '../../graphql/context.js';
import { entityConnection } from '../../graphql/entity-connection.js';
import type { Keyset } from '../../graphql/keyset.js';
import type { NodeSource } from '../../graphql/node.js';
import { authorize, itself, may } from '../access/index.js';
import { ofPartner, PARTNER_BY_NO, Partner } from '../partners/index.js';
import { ofProgramme, Programme, programmeOf } from '../programmes/index.js';
import { BankAccountEntity } from './bank-account.entity.js';
import {
  BankAccount,
  BankAccountApproveInput,
  BankAccountApprovePayload,
  BankAccountArguments,
  BankAccountConnection,
  BankAccountDeclineInput,
  BankAccountDeclinePayload,
  BankAccountProposeInput,
  BankAccountProposePayload,
  BankAccountUserError,
} from './bank-account.graphql.js';
import type { BankAccountService } from './bank-account.service.js';
import type { BankAccountErrorCode } from './payments.errors.js';
import { BANK_ACCOUNT_BY_ID } from './payments.loaders.js';

const NEWEST_FIRST: Keyset = {
  name: 'bank-accounts',
  columns: [{ property: 'no', kind: 'integer' }],
  direction: 'DESC',
};

/** Reads are narrowed by row-level security: a partner sees its own accounts, and no other's. */
export const bankAccountNodes: NodeSource = {
  type: BankAccount,
  async find(id, context) {
    authorize(context.principal, 'bankAccount.read', itself(context.principal));
    return (await context.loader(BANK_ACCOUNT_BY_ID).load(id)) ?? null;
  },
};

@Resolver(() => BankAccount)
export class BankAccountResolver {
  constructor(private readonly service: BankAccountService) {}

  @Mutation(() => BankAccountProposePayload, {
    nullable: true,
    description: 'Proposes a bank account. Money goes there once somebody else has approved it.',
  })
  async bankAccountPropose(
    @Arg('input', () => BankAccountProposeInput, { description: 'The account and whose it is.' })
    input: BankAccountProposeInput,
    @Ctx() context: GatewayContext,
  ): Promise<BankAccountProposePayload> {
    const { partnerCode, programmeCode, currencyCode, holderName, iban, bic } = input;
    const command = {
      partnerCode: partnerCode ?? undefined,
      programmeCode: programmeCode ?? undefined,
      currencyCode: currencyCode ?? undefined,
    };
    return payloadOf(
      await this.service.propose(context.principal, { ...command, holderName, iban, bic: bic ?? undefined }),
      context,
    );
  }

  @Mutation(() => BankAccountApprovePayload, {
    nullable: true,
    description: 'Puts a proposed account into use; the one before it is replaced. Whoever proposed it may not do it.',
  })
  async bankAccountApprove(
    @Arg('input', () => BankAccountApproveInput, { description: 'The account.' }) input: BankAccountApproveInput,
    @Ctx() context: GatewayContext,
  ): Promise<BankAccountApprovePayload> {
    return payloadOf(await this.service.approve(context.principal, input.bankAccountId), context);
  }

  @Mutation(() => BankAccountDeclinePayload, {
    nullable: true,
    description: 'Turns a proposed account down.',
  })
  async bankAccountDecline(
    @Arg('input', () => BankAccountDeclineInput, { description: 'The account.' }) input: BankAccountDeclineInput,
    @Ctx() context: GatewayContext,
  ): Promise<BankAccountDeclinePayload> {
    return payloadOf(await this.service.decline(context.principal, input.bankAccountId), context);
  }

  @Query(() => BankAccountConnection, {
    nullable: true,
    description: 'Bank accounts of whatever state, the newest first. A partner sees its own.',
  })
  async bankAccounts(
    @Args(() => BankAccountArguments) args: BankAccountArguments,
    @Ctx() context: GatewayContext,
  ): Promise<Connection<BankAccount>> {
    authorize(context.principal, 'bankAccount.read', itself(context.principal));
    const own = {
      ...(await ofPartner(args.partnerCode, context.em)),
      ...(await ofProgramme(args.programmeCode, context.em)),
    };
    return entityConnection(args, NEWEST_FIRST, { em: context.em, entity: BankAccountEntity, where: own }, (rows) =>
      rows.map(BankAccount.of),
    );
  }

  @FieldResolver(() => String, {
    nullable: true,
    description: 'The whole IBAN; null to those who may not see it.',
  })
  iban(@Root() { iban, partnerNo }: BankAccount, @Ctx() { principal }: GatewayContext): string | null {
    return may(principal, 'bankAccount.number', partnerNo === null ? {} : { partnerNos: [partnerNo] }) ? iban : null;
  }

  @FieldResolver(() => Partner, { nullable: true, description: "The partner; null for a programme's account." })
  async partner(@Root() { partnerNo }: BankAccount, @Ctx() context: GatewayContext): Promise<Partner | null> {
    return partnerNo === null ? null : ((await context.loader(PARTNER_BY_NO).load(partnerNo)) ?? null);
  }

  @FieldResolver(() => Programme, { nullable: true, description: "The programme; null for a partner's account." })
  async programme(@Root() { programmeNo }: BankAccount, @Ctx() context: GatewayContext): Promise<Programme | null> {
    return programmeNo === null ? null : Programme.of(await programmeOf(programmeNo, context));
  }
}

async function payloadOf(
  result: Result<{ readonly id: string }, BankAccountErrorCode>,
  context: GatewayContext,
): Promise<BankAccountProposePayload> {
  if (!result.ok) return { userErrors: BankAccountUserError.from(result.failure) };
  const bankAccount = await context.loader(BANK_ACCOUNT_BY_ID).load(result.value.id);
  return { userErrors: [], ...(bankAccount && { bankAccount }) };
}
