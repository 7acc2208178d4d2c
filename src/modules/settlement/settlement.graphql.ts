/** Settlements as the schema shows them, and what asks for them. */
import { ArgsType, Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import type { SettlementState } from '../../domain/settlement/line-state.js';
import { ConnectionArguments, connectionOf } from '../../graphql/connection.js';
import { enumType } from '../../graphql/enums.js';
import { IdempotentInput } from '../../graphql/idempotent-input.js';
import { type Money, toMoney } from '../../graphql/money.js';
import { NodeInterface } from '../../graphql/node.js';
import { DateTimeScalar } from '../../graphql/scalars.js';
import { userErrorType } from '../../graphql/user-error.js';
import type { SettlementEntity } from './settlement.entity.js';
import { SETTLEMENT_ERRORS, type SettlementErrorCode } from './settlement.errors.js';
import { SettlementWindow } from './window.graphql.js';

export const SettlementStateEnum = enumType<SettlementState>('SettlementState', 'How far a settlement has come.', {
  DRAFT: 'It is being prepared.',
  ISSUED: 'Its lines and statements are frozen; payments are due.',
  PAYING: 'Payments are under way.',
  SETTLED: 'Nothing of it is left to pay.',
  ABORTED: 'It was given up before anything was paid.',
});

@ObjectType({
  implements: NodeInterface,
  description:
    'What came of one or more closed windows: every partner against the programme. Frozen when it is issued. ' +
    'In all amounts + means owes to the programme, - is owed by it.',
  simpleResolvers: true,
})
export class Settlement extends NodeInterface {
  /** Not published. */
  readonly programmeNo!: number;

  @Field(() => Int, { description: 'The number, as its statements carry it.' })
  readonly number!: number;

  @Field(() => SettlementStateEnum, { description: 'How far it has come.' })
  readonly state!: SettlementState;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When it was issued; null while it is a draft.' })
  readonly issuedAt!: Date | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When it was given up; null unless it was.' })
  readonly abortedAt!: Date | null;

  @Field(() => String, { nullable: true, description: 'Why it was given up; null unless it was.' })
  readonly abortReason!: string | null;

  /** Published to those who run the programme. */
  readonly totals!: Readonly<Record<'programmeNet' | 'gross' | 'netPayments', Money>>;

  static of(row: SettlementEntity): Settlement {
    const { id, no, programmeNo, currencyCode, state, issuedAt } = row;
    return Object.assign(new Settlement(), {
      id,
      programmeNo,
      number: no,
      state,
      issuedAt: issuedAt ?? null,
      abortedAt: row.abortedAt ?? null,
      abortReason: row.abortReason ?? null,
      totals: {
        programmeNet: toMoney(row.programmeNetMinor, currencyCode),
        gross: toMoney(row.grossMinor, currencyCode),
        netPayments: toMoney(row.netPaymentsMinor, currencyCode),
      },
    });
  }
}

export const SettlementConnection = connectionOf('Settlement', () => Settlement);

@ArgsType()
export class OfProgrammeArguments extends ConnectionArguments {
  @Field(() => String, { nullable: true, description: 'Only those of this programme.' })
  programmeCode?: string | null;
}

@InputType({ description: 'Names the programme whose window to close.' })
export class SettlementWindowCloseInput extends IdempotentInput {
  @Field(() => String, { description: 'The programme.' })
  programmeCode!: string;
}

@InputType({ description: 'Names the programme to settle, and the partners when not all of them are meant.' })
export class SettlementIssueInput extends IdempotentInput {
  @Field(() => String, { description: 'The programme.' })
  programmeCode!: string;

  @Field(() => [String], {
    nullable: true,
    description: 'Only these partners, at most 1,000; everybody when left out.',
  })
  partnerCodes?: string[] | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'Only partners whose cycle is due, with what lies before the period that runs now.',
  })
  onlyDue?: boolean | null;
}

@InputType({ description: 'Names the settlement to give up.' })
export class SettlementAbortInput extends IdempotentInput {
  @Field(() => ID, { description: 'The settlement; nothing of it may be paid, instructed or disputed.' })
  settlementId!: string;

  @Field(() => String, { description: 'Why, 1 to 500 characters; its parties read it.' })
  reason!: string;
}

export const SettlementUserError = userErrorType<SettlementErrorCode>('Settlement', SETTLEMENT_ERRORS);
type SettlementUserErrors = InstanceType<typeof SettlementUserError>[];

@ObjectType({ description: 'The closed window, or why none was closed.', simpleResolvers: true })
export class SettlementWindowClosePayload {
  @Field(() => SettlementWindow, {
    nullable: true,
    description: 'The window with its digest; null when it was refused.',
  })
  readonly window?: SettlementWindow;

  @Field(() => [SettlementUserError], { description: 'Why it was refused; empty when it was not.' })
  readonly userErrors!: SettlementUserErrors;
}

@ObjectType({ description: 'The issued settlement, or why there is none.', simpleResolvers: true })
export class SettlementIssuePayload {
  @Field(() => Settlement, { nullable: true, description: 'The settlement; null when it was refused.' })
  readonly settlement?: Settlement;

  @Field(() => [SettlementUserError], { description: 'Why it was refused; empty when it was not.' })
  readonly userErrors!: SettlementUserErrors;
}

@ObjectType({ description: 'The settlement that was given up, or why it was not.', simpleResolvers: true })
export class SettlementAbortPayload {
  @Field(() => Settlement, { nullable: true, description: 'The settlement; null when it was refused.' })
  readonly settlement?: Settlement;

  @Field(() => [SettlementUserError], { description: 'Why it was refused; empty when it was not.' })
  readonly userErrors!: SettlementUserErrors;
}
