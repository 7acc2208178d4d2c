/** Bank accounts as the schema shows them. */
import { ArgsType, Field, ID, InputType, ObjectType } from 'type-graphql';
import { ConnectionArguments, connectionOf } from '../../graphql/connection.js';
import { enumType } from '../../graphql/enums.js';
import { NodeInterface } from '../../graphql/node.js';
import { CurrencyCodeScalar, DateTimeScalar } from '../../graphql/scalars.js';
import { userErrorType } from '../../graphql/user-error.js';
import { maskIban } from '../bank-files/index.js';
import type { BankAccountEntity, BankAccountState } from './bank-account.entity.js';
import { BANK_ACCOUNT_ERRORS, type BankAccountErrorCode } from './payments.errors.js';

export const BankAccountStateEnum = enumType<BankAccountState>('BankAccountState', 'What became of a bank account.', {
  PROPOSED: 'It waits for a second person.',
  ACTIVE: 'It is in use.',
  DECLINED: 'It was turned down or taken back.',
  REPLACED: 'Another account took its place.',
});

@ObjectType({
  implements: NodeInterface,
  description: 'Where a partner is paid, or what account a programme pays from and is paid to. Never edited.',
  simpleResolvers: true,
})
export class BankAccount extends NodeInterface {
  /** Not published. */
  readonly partnerNo!: number | null;
  readonly programmeNo!: number | null;
  /** Published to those who may see it. */
  readonly iban!: string;

  @Field(() => BankAccountStateEnum, { description: 'What became of it.' })
  readonly state!: BankAccountState;

  @Field(() => String, { description: 'Whose account it is, as the bank knows them.' })
  readonly holderName!: string;

  @Field(() => String, { description: 'The IBAN without its middle: enough to recognise it.' })
  readonly maskedIban!: string;

  @Field(() => String, { nullable: true, description: 'The code of the bank; null where payments need none.' })
  readonly bic!: string | null;

  @Field(() => CurrencyCodeScalar, {
    nullable: true,
    description: "The currency, for a programme's account; null for a partner's, which is paid in what it is owed.",
  })
  readonly currencyCode!: string | null;

  @Field(() => String, { description: 'Who proposed it: the subject of the token.' })
  readonly proposedBy!: string;

  @Field(() => DateTimeScalar, { description: 'When it was proposed.' })
  readonly proposedAt!: Date;

  @Field(() => String, { nullable: true, description: 'Who approved or declined it; null while it waits.' })
  readonly decidedBy!: string | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When that was; null while it waits.' })
  readonly decidedAt!: Date | null;

  static of(row: BankAccountEntity): BankAccount {
    const { id, partnerNo, programmeNo, iban, state, holderName, bic, currencyCode } = row;
    return Object.assign(new BankAccount(), {
      id,
      partnerNo: partnerNo ?? null,
      programmeNo: programmeNo ?? null,
      iban,
      state,
      holderName,
      maskedIban: maskIban(iban as string),
      bic: bic ?? null,
      currencyCode: currencyCode ?? null,
      proposedBy: row.proposedBy,
      proposedAt: row.proposedAt,
      decidedBy: row.decidedBy ?? null,
      decidedAt: row.decidedAt ?? null,
    });
  }
}

export const BankAccountConnection = connectionOf('BankAccount', () => BankAccount);

@ArgsType()
export class BankAccountArguments extends ConnectionArguments {
  @Field(() => String, { nullable: true, description: 'Only those of this partner.' })
  partnerCode?: string | null;

  @Field(() => String, { nullable: true, description: 'Only those of this programme.' })
  programmeCode?: string | null;
}

@InputType({ description: 'An account and whose it is: of a partner or of a programme.' })
export class BankAccountProposeInput {
  @Field(() => String, { nullable: true, description: 'The partner that is to be paid there.' })
  partnerCode?: string | null;

  @Field(() => String, { nullable: true, description: 'The programme that is to pay from it.' })
  programmeCode?: string | null;

  @Field(() => CurrencyCodeScalar, {
    nullable: true,
    description:
      "The currency a programme's account is kept in; its own when absent. Partners are paid in what they are owed.",
  })
  currencyCode?: string | null;

  @Field(() => String, {
    description: 'Whose account it is, as the bank knows them: 1 to 140 characters, in letters that banks can take.',
  })
  holderName!: string;

  @Field(() => String, { description: 'The IBAN; spaces do not matter.' })
  iban!: string;

  @Field(() => String, {
    nullable: true,
    description: 'The code of the bank (BIC), needed outside the single euro payments area.',
  })
  bic?: string | null;
}

@InputType({ description: 'Names the account.' })
export class BankAccountApproveInput {
  @Field(() => ID, { description: 'The account.' })
  bankAccountId!: string;
}

@InputType({ description: 'Names the account.' })
export class BankAccountDeclineInput {
  @Field(() => ID, { description: 'The account.' })
  bankAccountId!: string;
}

export const BankAccountUserError = userErrorType<BankAccountErrorCode>('BankAccount', BANK_ACCOUNT_ERRORS);
type BankAccountUserErrors = InstanceType<typeof BankAccountUserError>[];

@ObjectType({ description: 'The proposed account, or why there is none.', simpleResolvers: true })
export class BankAccountProposePayload {
  @Field(() => BankAccount, { nullable: true, description: 'The account; null when it was refused.' })
  readonly bankAccount?: BankAccount;

  @Field(() => [BankAccountUserError], { description: 'Why it was refused; empty when it was not.' })
  readonly userErrors!: BankAccountUserErrors;
}

@ObjectType({ description: 'The account in use now, or why it is not.', simpleResolvers: true })
export class BankAccountApprovePayload {
  @Field(() => BankAccount, { nullable: true, description: 'The account; null when it was refused.' })
  readonly bankAccount?: BankAccount;

  @Field(() => [BankAccountUserError], { description: 'Why it was refused; empty when it was not.' })
  readonly userErrors!: BankAccountUserErrors;
}

@ObjectType({ description: 'The declined account, or why it is not declined.', simpleResolvers: true })
export class BankAccountDeclinePayload {
  @Field(() => BankAccount, { nullable: true, description: 'The account; null when it was refused.' })
  readonly bankAccount?: BankAccount;

  @Field(() => [BankAccountUserError], { description: 'Why it was refused; empty when it was not.' })
  readonly userErrors!: BankAccountUserErrors;
}
