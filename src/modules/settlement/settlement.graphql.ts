/** Settlements, their lines and statements as the schema shows them. */
import { ArgsType, Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { formatDecimal } from '../../domain/money/decimal.js';
import { STATEMENT_EVENTS, type StatementEvent } from '../../domain/settlement/statement.js';
import { ConnectionArguments, connectionOf } from '../../graphql/connection.js';
import { enumType } from '../../graphql/enums.js';
import { Money, toMoney } from '../../graphql/money.js';
import { NodeInterface } from '../../graphql/node.js';
import { DateTimeScalar, DecimalScalar } from '../../graphql/scalars.js';
import { userErrorType } from '../../graphql/user-error.js';
import type {
  SettlementEntity,
  SettlementItemEntity,
  SettlementLineEntity,
  SettlementLineState,
  SettlementState,
} from './settlement.entity.js';
import { SETTLEMENT_ERRORS, type SettlementErrorCode } from './settlement.errors.js';
import { SettlementWindow } from './window.graphql.js';

export const SettlementStateEnum = enumType<SettlementState>('SettlementState', 'How far a settlement has come.', {
  DRAFT: 'It is being prepared.',
  ISSUED: 'Its lines and statements are frozen; payments are due.',
  PAYING: 'Payments are under way.',
  SETTLED: 'Nothing of it is left to pay.',
  ABORTED: 'It was given up before anything was paid.',
});

export const SettlementLineStateEnum = enumType<SettlementLineState>(
  'SettlementLineState',
  'What became of what one party owes or is owed.',
  {
    PENDING: 'It is to be paid.',
    INSTRUCTED: 'The payment is instructed.',
    CONFIRMED: 'The payment is booked.',
    REJECTED: 'The payment came back.',
    CARRIED: 'It is below the minimum payout and opens the next statement.',
    DISPUTED: 'The party disputes it.',
    SETTLED: 'Nothing is left to pay.',
  },
);

export const StatementEventEnum = enumType<StatementEvent>('StatementEvent', 'What an item of a statement sums up.', {
  ACCRUED: 'Rewards earned and waiting for confirmation; nothing is charged yet.',
  CONFIRMED: 'Rewards that became available, charged with commission and tax.',
  VOIDED: 'Rewards taken back before they were confirmed.',
  REFUNDED: 'Confirmed rewards taken back, with the commission and tax that are returned.',
  CLAWED_BACK: 'Rewards taken back after they were spent.',
  REPAID: 'New units that repaid what a member owed.',
  AUTHORISED: 'Units held for a redemption.',
  REDEEMED: 'Units redeemed, with the acceptance fee and what their funders owe from then on.',
  RELEASED: 'Units held for a redemption that was not taken.',
  RETURNED: 'Redeemed units given back with a returned basket.',
  CASHED_OUT: 'Units paid out to a card.',
  DONATED: 'Units given to a charity.',
  EXPIRED: 'Units that ran out.',
  SETTLED: 'What was settled before.',
  PAYOUT_INSTRUCTED: 'A payment that was instructed.',
  PAYOUT_BOOKED: 'A payment that the bank booked.',
  PAYOUT_REJECTED: 'A payment that the bank sent back.',
  RECEIVED: 'A payment that came in.',
  DISPUTED: 'What is in dispute.',
  DISPUTE_RESOLVED: 'What came of a dispute.',
  GOODWILL: 'Units given as goodwill.',
  BAD_DEBT: 'What a partner owed and will not pay.',
  NEGATIVE_WRITTEN_OFF: 'What a member owed and will not repay.',
  SERVICE_CHARGED: 'Services charged to the programme, with their tax.',
  CONVERTED: 'Amounts converted into another currency.',
  TRANSFERRED: 'Units given to another member.',
  DORMANCY_FEE: 'Units taken as a fee from members who did nothing.',
  WOUND_DOWN: 'Units written off at the end of the programme.',
  PREPAID: 'Blocks bought in advance and what was taken from them.',
  DEPOSIT: 'Deposits paid in and returned.',
  CHARITY_PAID: 'Donations handed on.',
  ITEM_REDEEMED: 'Units redeemed for items of the catalogue.',
  COMMISSION: 'Commission on all that a statement covers.',
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
      totals: {
        programmeNet: toMoney(row.programmeNetMinor, currencyCode),
        gross: toMoney(row.grossMinor, currencyCode),
        netPayments: toMoney(row.netPaymentsMinor, currencyCode),
      },
    });
  }
}

/** What the amounts of a line are written in. */
export interface Notation {
  readonly currencyCode: string;
  readonly unitScale: number;
}

@ObjectType({
  description: 'What one party owes (+) or is owed (-) in a settlement.',
  simpleResolvers: true,
})
export class SettlementLine {
  /** Not published. */
  readonly settlementId!: string;
  readonly partyNo!: number;
  readonly notation!: Notation;

  @Field(() => ID, { description: 'The id, a UUID made by the gateway.' })
  readonly id!: string;

  @Field(() => Money, { description: 'Carried over from the settlement before.' })
  readonly opening!: Money;

  @Field(() => Money, { description: 'What came of the windows settled: the sum of the items.' })
  readonly net!: Money;

  @Field(() => Money, { description: 'Opening and net together: what is paid, or carried on.' })
  readonly closing!: Money;

  @Field(() => SettlementLineStateEnum, { description: 'What became of it.' })
  readonly state!: SettlementLineState;

  static of(row: Omit<SettlementLineEntity, 'statementCsv' | 'statementSha256'>, notation: Notation): SettlementLine {
    const { id, settlementId, partyNo, openingMinor, netMinor, state } = row;
    const money = (minor: bigint): Money => toMoney(minor, notation.currencyCode);
    return Object.assign(new SettlementLine(), {
      id,
      settlementId,
      partyNo,
      notation,
      state,
      opening: money(openingMinor),
      net: money(netMinor),
      closing: money(openingMinor + netMinor),
    });
  }
}

@ObjectType({
  description: 'The sum of one kind of event on one account: why a net is what it is.',
  simpleResolvers: true,
})
export class SettlementItem {
  @Field(() => StatementEventEnum, { description: 'What happened.' })
  readonly event!: StatementEvent;

  @Field(() => Int, { description: 'The account of the chart it is summed over, such as 1100 (partner position).' })
  readonly account!: number;

  @Field(() => Int, { description: 'How many journal entries it sums up.' })
  readonly entryCount!: number;

  @Field(() => DecimalScalar, { description: 'Units of reward behind it.' })
  readonly units!: string;

  @Field(() => Money, { description: 'Those units at issue price.' })
  readonly reward!: Money;

  @Field(() => Money, { description: 'Commission of the programme.' })
  readonly commission!: Money;

  @Field(() => Money, { description: 'Tax on the commission.' })
  readonly tax!: Money;

  @Field(() => Money, { description: 'What it adds to the net; zero for what is only reported.' })
  readonly amount!: Money;

  static of(row: SettlementItemEntity, { currencyCode, unitScale }: Notation): SettlementItem {
    const money = (minor: bigint): Money => toMoney(minor, currencyCode);
    return Object.assign(new SettlementItem(), {
      event: STATEMENT_EVENTS[row.entryKind],
      account: row.account,
      entryCount: Number(row.entryCount),
      units: formatDecimal(row.units, unitScale),
      reward: money(row.rewardMinor),
      commission: money(row.commissionMinor),
      tax: money(row.taxMinor),
      amount: money(row.amountMinor),
    });
  }
}

@ObjectType({ description: 'The frozen statement of one line: its bytes and their hash.', simpleResolvers: true })
export class SettlementStatement {
  @Field(() => String, { description: 'The statement as CSV (RFC 4180), exactly as it was issued.' })
  readonly csv!: string;

  @Field(() => String, { description: 'SHA-256 of the CSV in UTF-8, in hexadecimal.' })
  readonly sha256!: string;

  @Field(() => SettlementLine, { description: 'The line it explains.' })
  readonly line!: SettlementLine;
}

@ObjectType({
  description: 'Where one partner stands with a programme now. + owes, - is owed.',
  simpleResolvers: true,
})
export class Position {
  /** Not published. */
  readonly partyNo!: number;

  @Field(() => Money, { description: 'In the open window.' })
  readonly open!: Money;

  @Field(() => Money, { description: 'In closed windows that are not settled yet.' })
  readonly closed!: Money;

  @Field(() => Money, { description: 'Settled and not yet paid, carried amounts included.' })
  readonly unpaid!: Money;
}

export const SettlementConnection = connectionOf('Settlement', () => Settlement);

@ArgsType()
export class OfProgrammeArguments extends ConnectionArguments {
  @Field(() => String, { nullable: true, description: 'Only those of this programme.' })
  programmeCode?: string | null;
}

@InputType({ description: 'Names the programme whose window to close.' })
export class SettlementWindowCloseInput {
  @Field(() => String, { description: 'The programme.' })
  programmeCode!: string;

  @Field(() => String, {
    description: 'Your own name for this command, 1 to 200 characters: the same key has the same answer for ever.',
  })
  idempotencyKey!: string;
}

@InputType({ description: 'Names the programme to settle.' })
export class SettlementIssueInput {
  @Field(() => String, { description: 'The programme.' })
  programmeCode!: string;

  @Field(() => String, {
    description: 'Your own name for this command, 1 to 200 characters: the same key has the same answer for ever.',
  })
  idempotencyKey!: string;
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
