/** What banks reported as the schema shows it. */
import { ArgsType, Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import type { BusinessDate } from '../../domain/kernel/calendar.js';
import type { ReceiptPurpose } from '../../domain/ledger/payment-entries.js';
import type { UnmatchedReason } from '../../domain/payments/match.js';
import { ConnectionArguments, connectionOf } from '../../graphql/connection.js';
import { enumType } from '../../graphql/enums.js';
import { IdempotentInput } from '../../graphql/idempotent-input.js';
import { Money, MoneyInput, toMoney } from '../../graphql/money.js';
import { BusinessDateScalar } from '../../graphql/scalars.js';
import { userErrorType } from '../../graphql/user-error.js';
import { maskIban } from '../bank-files/index.js';
import { PaymentFile } from './payment.graphql.js';
import {
  BANK_FILE_UPLOAD_ERRORS,
  type BankFileErrorCode,
  RECEIPT_ERRORS,
  type ReceiptErrorCode,
} from './payments.errors.js';
import type { BankMovementEntity, BankStatementEntity, MovementMatch } from './statement.entity.js';

export const BankMovementMatchEnum = enumType<MovementMatch>('BankMovementMatch', 'What a movement was taken for.', {
  BOOKED: 'A payment of the gateway, paid.',
  RETURNED: 'A payment of the gateway that came back.',
  RECEIVED: 'A partner that pays what it owes.',
  UNMATCHED: 'Nobody knew; it waits for a person.',
  OPENING: 'What the account held before its first statement.',
});

export const BankMovementReasonEnum = enumType<UnmatchedReason>('BankMovementReason', 'Why nobody knew a movement.', {
  UNKNOWN_PAYER: 'No partner has this account, and no reference was quoted.',
  SEVERAL_PAYERS: 'It could be of several partners.',
  NOTHING_OWED: 'The partner owes nothing.',
  AMOUNT_DIFFERS: 'It names a payment of another amount.',
  PAYMENT_NOT_OPEN: 'It names a payment that cannot be booked or returned any more.',
  UNKNOWN_DEBIT: 'It went out, and the gateway has not asked for it.',
});

@ObjectType({ description: 'A statement of a bank account, as it was taken.', simpleResolvers: true })
export class BankStatement {
  /** Not published. */
  readonly accountNo!: number;
  readonly currencyCode!: string;

  @Field(() => ID, { description: 'The id, a UUID made by the gateway.' })
  readonly id!: string;

  @Field(() => String, { description: "The bank's own id of it." })
  readonly statementId!: string;

  @Field(() => Int, { nullable: true, description: "The bank's number of it; null where it does not count." })
  readonly sequenceNumber!: number | null;

  @Field(() => Money, { description: 'What the account held before; + is its own money.' })
  readonly opening!: Money;

  @Field(() => Money, { description: 'What it held after.' })
  readonly closing!: Money;

  @Field(() => BusinessDateScalar, { description: 'The day of the closing balance.' })
  readonly closedOn!: BusinessDate;

  static of(row: BankStatementEntity, currencyCode: string): BankStatement {
    const { id, accountNo, statementId, sequenceNumber, openingMinor, closingMinor, closedOn } = row;
    return Object.assign(new BankStatement(), {
      id,
      accountNo,
      currencyCode,
      statementId,
      sequenceNumber: sequenceNumber === null || sequenceNumber === undefined ? null : Number(sequenceNumber),
      opening: toMoney(openingMinor, currencyCode),
      closing: toMoney(closingMinor, currencyCode),
      closedOn,
    });
  }
}

@ObjectType({ description: 'One movement that a bank has booked.', simpleResolvers: true })
export class BankMovement {
  /** Not published. */
  readonly partnerNo!: number | null;

  @Field(() => ID, { description: 'The id, a UUID made by the gateway.' })
  readonly id!: string;

  @Field(() => Money, { description: '+ came in, - went out.' })
  readonly amount!: Money;

  @Field(() => BusinessDateScalar, { description: 'The day on which it was booked.' })
  readonly bookedOn!: BusinessDate;

  @Field(() => BankMovementMatchEnum, { description: 'What it was taken for.' })
  readonly match!: MovementMatch;

  @Field(() => BankMovementReasonEnum, { nullable: true, description: 'Why nobody knew it; null when somebody did.' })
  readonly reason!: UnmatchedReason | null;

  @Field(() => Money, { description: 'What of it waits until somebody says whose it is.' })
  readonly unallocated!: Money;

  @Field(() => String, { nullable: true, description: "The payer's id of it; null when there is none." })
  readonly endToEndId!: string | null;

  @Field(() => String, { nullable: true, description: 'Who paid or was paid, as the bank names them.' })
  readonly counterpartyName!: string | null;

  @Field(() => String, { nullable: true, description: 'Their IBAN without its middle.' })
  readonly counterpartyMaskedIban!: string | null;

  @Field(() => String, { nullable: true, description: 'What the payer wrote.' })
  readonly remittance!: string | null;

  static of(row: BankMovementEntity, currencyCode: string): BankMovement {
    const { id, partnerNo, amountMinor, bookedOn, match, reason, unallocatedMinor, counterpartyIban } = row;
    return Object.assign(new BankMovement(), {
      id,
      partnerNo: partnerNo ?? null,
      amount: toMoney(amountMinor, currencyCode),
      bookedOn,
      match,
      reason: reason ?? null,
      unallocated: toMoney(unallocatedMinor, currencyCode),
      endToEndId: row.endToEndId ?? null,
      counterpartyName: row.counterpartyName ?? null,
      counterpartyMaskedIban: counterpartyIban ? maskIban(counterpartyIban) : null,
      remittance: row.remittance ?? null,
    });
  }
}

export const BankMovementConnection = connectionOf('BankMovement', () => BankMovement);
export const BankStatementConnection = connectionOf('BankStatement', () => BankStatement);

@ArgsType()
export class BankMovementArguments extends ConnectionArguments {
  @Field(() => String, { nullable: true, description: 'Only those of this programme.' })
  programmeCode?: string | null;

  @Field(() => Boolean, {
    defaultValue: false,
    description: 'Only those of which something waits until somebody says whose it is.',
  })
  unallocatedOnly!: boolean;
}

@ArgsType()
export class BankStatementArguments extends ConnectionArguments {
  @Field(() => String, { nullable: true, description: 'Only those of this programme.' })
  programmeCode?: string | null;
}

@InputType({ description: 'A report of the bank on a payment file.' })
export class PaymentReportUploadInput {
  @Field(() => String, { description: 'The file as the bank made it: pain.002, versions 02 to 15.' })
  content!: string;
}

@InputType({ description: 'Statements of the bank.' })
export class BankStatementUploadInput {
  @Field(() => String, { description: 'The file as the bank made it: camt.053, versions 02 to 13.' })
  content!: string;
}

export const ReceiptPurposeEnum = enumType<ReceiptPurpose>('ReceiptPurpose', 'What a receipt is for.', {
  SETTLEMENT: 'It pays what the partner owes by settlements, the oldest first.',
  DEPOSIT: 'It is a deposit of the partner.',
  PREPAID: 'It buys a block of rewards in advance.',
});

@InputType({ description: 'Says whose a receipt is, and what for.' })
export class ReceiptAllocateInput extends IdempotentInput {
  @Field(() => ID, { description: 'The movement of which something waits.' })
  movementId!: string;

  @Field(() => String, { description: 'The partner that has paid.' })
  partnerCode!: string;

  @Field(() => ReceiptPurposeEnum, { defaultValue: 'SETTLEMENT', description: 'What it is for.' })
  purpose!: ReceiptPurpose;

  @Field(() => MoneyInput, { nullable: true, description: 'How much of it; all that waits when absent.' })
  amount?: MoneyInput | null;
}

export const BankFileUserError = userErrorType<BankFileErrorCode>('BankFile', BANK_FILE_UPLOAD_ERRORS);
type BankFileUserErrors = InstanceType<typeof BankFileUserError>[];

@ObjectType({ description: 'What became of a report.', simpleResolvers: true })
export class PaymentReportUploadPayload {
  @Field(() => PaymentFile, { nullable: true, description: 'The file it reports on; null when it was refused.' })
  readonly paymentFile?: PaymentFile;

  @Field(() => Boolean, { description: 'Whether it was taken before, so that it has changed nothing now.' })
  readonly alreadyTaken!: boolean;

  @Field(() => [BankFileUserError], { description: 'Why it was refused; empty when it was not.' })
  readonly userErrors!: BankFileUserErrors;
}

@ObjectType({ description: 'What became of a file of statements.', simpleResolvers: true })
export class BankStatementUploadPayload {
  @Field(() => [BankStatement], { description: 'The statements in it; empty when it was refused.' })
  readonly statements!: readonly BankStatement[];

  @Field(() => Boolean, { description: 'Whether it was taken before, so that it has changed nothing now.' })
  readonly alreadyTaken!: boolean;

  @Field(() => [BankFileUserError], { description: 'Why it was refused; empty when it was not.' })
  readonly userErrors!: BankFileUserErrors;
}

export const ReceiptUserError = userErrorType<ReceiptErrorCode>('Receipt', RECEIPT_ERRORS);
type ReceiptUserErrors = InstanceType<typeof ReceiptUserError>[];

@ObjectType({ description: 'The movement as it stands now, or why nothing was allocated.', simpleResolvers: true })
export class ReceiptAllocatePayload {
  @Field(() => BankMovement, { nullable: true, description: 'The movement; null when it was refused.' })
  readonly movement?: BankMovement;

  @Field(() => [ReceiptUserError], { description: 'Why it was refused; empty when it was not.' })
  readonly userErrors!: ReceiptUserErrors;
}
