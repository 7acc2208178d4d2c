/** Reconciliations as the schema shows them. */
import { ArgsType, Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import type { BusinessDate } from '../../domain/kernel/calendar.js';
import type { DifferenceKind } from '../../domain/reconciliation/reconcile.js';
import { type SourceKind, sourceKindOf } from '../../domain/transactions/model.js';
import { ConnectionArguments, connectionOf } from '../../graphql/connection.js';
import { enumType } from '../../graphql/enums.js';
import { IdempotentInput } from '../../graphql/idempotent-input.js';
import { Money, toMoney } from '../../graphql/money.js';
import { NodeInterface } from '../../graphql/node.js';
import { BusinessDateScalar, DateTimeScalar } from '../../graphql/scalars.js';
import { userErrorType } from '../../graphql/user-error.js';
import { SourceKindEnum } from '../transactions/index.js';
import type { ReconciliationDifferenceEntity, ReconciliationEntity } from './reconciliation.entity.js';
import { RECONCILIATION_ERRORS, type ReconciliationErrorCode } from './reconciliation.errors.js';

export const DifferenceKindEnum = enumType<DifferenceKind>(
  'ReconciliationDifferenceKind',
  'In what the list of the partner and ours differ.',
  {
    MISSING_HERE: 'The list has it, and we do not.',
    MISSING_THERE: 'We have it, and the list does not.',
    DIFFERENT_AMOUNT: 'Both have it, with different amounts.',
    REPEATED: 'The list has it once more; the first time counts.',
  },
);

@ObjectType({
  description: 'One row in which the two sides differ, with the transaction behind it.',
  simpleResolvers: true,
})
export class ReconciliationDifference {
  /** Not published. */
  readonly no!: number;
  readonly transactionId!: string | null;

  @Field(() => DifferenceKindEnum, { description: 'In what they differ.' })
  readonly kind!: DifferenceKind;

  @Field(() => String, { description: 'What names the row on both sides.' })
  readonly reference!: string;

  @Field(() => SourceKindEnum, { nullable: true, description: 'What the message says; null when it is no message.' })
  readonly message!: SourceKind | null;

  @Field(() => Int, {
    nullable: true,
    description: 'The row of the list, from 1 below its header; null when it lacks it.',
  })
  readonly row!: number | null;

  @Field(() => Money, { nullable: true, description: 'The amount in the list; null when it lacks the row.' })
  readonly given!: Money | null;

  @Field(() => Money, { nullable: true, description: 'Our amount; null when we lack it.' })
  readonly here!: Money | null;

  @Field(() => ID, { nullable: true, description: 'Number of the journal entry behind it, where it is one.' })
  readonly entryNumber!: string | null;

  static of(row: ReconciliationDifferenceEntity, currencyCode: string): ReconciliationDifference {
    const { no, kind, reference, sourceKind, rowNo, givenMinor, hereMinor, transactionId, entryNo } = row;
    return Object.assign(new ReconciliationDifference(), {
      no,
      transactionId: transactionId ?? null,
      kind,
      reference,
      message: sourceKind == null ? null : sourceKindOf(sourceKind),
      row: rowNo ?? null,
      given: givenMinor == null ? null : toMoney(givenMinor, currencyCode),
      here: hereMinor == null ? null : toMoney(hereMinor, currencyCode),
      entryNumber: entryNo == null ? null : String(entryNo),
    });
  }
}

export const ReconciliationDifferenceConnection = connectionOf(
  'ReconciliationDifference',
  () => ReconciliationDifference,
);

@ObjectType({
  implements: NodeInterface,
  description:
    "A partner's own list compared with ours: every row of either side is matched once or stands in a difference.",
  simpleResolvers: true,
})
export class Reconciliation extends NodeInterface {
  /** Not published. */
  readonly programmeNo!: number;
  readonly partnerNo!: number;
  readonly currencyCode!: string;

  @Field(() => BusinessDateScalar, { nullable: true, description: 'First business day of our side.' })
  readonly from!: BusinessDate | null;

  @Field(() => BusinessDateScalar, { nullable: true, description: 'Last business day of our side.' })
  readonly until!: BusinessDate | null;

  @Field(() => ID, { nullable: true, description: 'The settlement whose entries were compared; null for messages.' })
  readonly settlementId!: string | null;

  @Field(() => String, { description: 'SHA-256 of the list as it was given, in hexadecimal.' })
  readonly sha256!: string;

  @Field(() => Int, { description: 'Rows of the list.' })
  readonly givenCount!: number;

  @Field(() => Int, { description: 'Rows of our side.' })
  readonly hereCount!: number;

  @Field(() => Int, { description: 'Rows in which both sides agree.' })
  readonly matchedCount!: number;

  @Field(() => Money, { description: 'Sum of the list.' })
  readonly given!: Money;

  @Field(() => Money, { description: 'Sum of our side.' })
  readonly here!: Money;

  @Field(() => String, { description: 'Who asked for it: the subject of the token.' })
  readonly requestedBy!: string;

  @Field(() => DateTimeScalar, { description: 'When it was made; nothing that came later is in it.' })
  readonly requestedAt!: Date;

  static of(row: ReconciliationEntity, currencyCode: string): Reconciliation {
    const { id, programmeNo, partnerNo, fromDay, untilDay, sha256, requestedBy, requestedAt } = row;
    const { givenCount, hereCount, matchedCount, givenMinor, hereMinor } = row;
    return Object.assign(new Reconciliation(), {
      id,
      programmeNo,
      partnerNo,
      currencyCode,
      from: fromDay ?? null,
      until: untilDay ?? null,
      settlementId: row.settlementId ?? null,
      sha256,
      givenCount,
      hereCount,
      matchedCount,
      given: toMoney(givenMinor, currencyCode),
      here: toMoney(hereMinor, currencyCode),
      requestedBy,
      requestedAt,
    });
  }
}

export const ReconciliationConnection = connectionOf('Reconciliation', () => Reconciliation);
export const ReconciliationUserError = userErrorType<ReconciliationErrorCode>('Reconciliation', RECONCILIATION_ERRORS);
export type ReconciliationUserError = InstanceType<typeof ReconciliationUserError>;

@ArgsType()
export class ReconciliationsArguments extends ConnectionArguments {
  @Field(() => String, { nullable: true, description: 'Only those of this partner.' })
  partnerCode?: string | null;
}

@ArgsType()
export class DifferencesArguments extends ConnectionArguments {
  @Field(() => DifferenceKindEnum, { nullable: true, description: 'Only differences of this kind.' })
  kind?: DifferenceKind | null;
}

@InputType({ description: 'Which messages of ours to compare with.' })
export class ReconciliationPeriodInput {
  @Field(() => BusinessDateScalar, { description: 'The first business day.' })
  from!: BusinessDate;

  @Field(() => BusinessDateScalar, { description: 'The last business day; at most 366 days in all.' })
  until!: BusinessDate;
}

@InputType({ description: 'Which column holds what.' })
export class ReconciliationColumnsInput {
  @Field(() => String, { description: 'Header of the column with your reference.' })
  reference!: string;

  @Field(() => String, { description: 'Header of the column with the amount.' })
  amount!: string;

  @Field(() => String, {
    nullable: true,
    description:
      'Header of the column with the kind. Without it an amount below zero is a refund, all else a purchase.',
  })
  kind?: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      'Header of the column with the code of the partner: a file of another partner is then refused at once.',
  })
  partner?: string | null;
}

@InputType({ description: 'A word of the column with the kind.' })
export class ReconciliationKindInput {
  @Field(() => String, { description: 'The word as it stands in the file.' })
  word!: string;

  @Field(() => SourceKindEnum, { description: 'What it means.' })
  kind!: SourceKind;
}

@InputType({ description: 'A file of the partner: CSV with a header, in UTF-8.' })
export class ReconciliationFileInput {
  @Field(() => String, { description: 'The whole text, at most 50,000 rows.' })
  text!: string;

  @Field(() => ReconciliationColumnsInput, { description: 'Which column holds what.' })
  columns!: ReconciliationColumnsInput;

  @Field(() => [ReconciliationKindInput], { nullable: true, description: 'The words of the column with the kind.' })
  kinds?: ReconciliationKindInput[] | null;

  @Field(() => String, {
    nullable: true,
    description: 'What stands between cells: "," (the default), ";", "|" or a tab.',
  })
  delimiter?: string | null;

  @Field(() => String, { nullable: true, description: 'What stands before decimals: "." (the default) or ",".' })
  decimalSeparator?: string | null;
}

@InputType({ description: 'One row of the list.' })
export class ReconciliationRowInput {
  @Field(() => String, { description: 'Your reference.' })
  reference!: string;

  @Field(() => SourceKindEnum, { nullable: true, description: 'The kind of the message; PURCHASE when absent.' })
  kind?: SourceKind | null;

  @Field(() => String, { description: 'The amount in the programme\'s currency, such as "12.30".' })
  amount!: string;
}

@InputType({ description: 'A list to compare with ours.' })
export class ReconciliationRunInput extends IdempotentInput {
  @Field(() => String, { description: 'The code of the programme.' })
  programmeCode!: string;

  @Field(() => String, { description: 'The code of the partner whose list it is.' })
  partnerCode!: string;

  @Field(() => ReconciliationPeriodInput, {
    nullable: true,
    description: "The partner's own messages of these days; or give a settlement.",
  })
  transactions?: ReconciliationPeriodInput | null;

  @Field(() => ID, {
    nullable: true,
    description:
      "The entries behind the partner's statement in this settlement: references are their numbers, amounts what they " +
      'charge (+) or credit (-).',
  })
  settlementId?: string | null;

  @Field(() => ReconciliationFileInput, { nullable: true, description: 'The list as a file; or give rows.' })
  file?: ReconciliationFileInput | null;

  @Field(() => [ReconciliationRowInput], { nullable: true, description: 'The list row by row; or give a file.' })
  rows?: ReconciliationRowInput[] | null;
}

@ObjectType({ description: 'What came of a comparison, or why it was refused.', simpleResolvers: true })
export class ReconciliationPayload {
  @Field(() => Reconciliation, { nullable: true, description: 'The comparison.' })
  readonly reconciliation?: Reconciliation | null;

  @Field(() => [ReconciliationUserError], { description: 'Why nothing was done; empty when it was.' })
  readonly userErrors!: readonly ReconciliationUserError[];
}
