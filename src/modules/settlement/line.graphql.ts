/** Lines of settlements, what explains them, and where partners stand, as the schema shows them. */
import { Field, ID, Int, ObjectType } from 'type-graphql';
import type { BusinessDate } from '../../domain/kernel/calendar.js';
import { formatDecimal } from '../../domain/money/decimal.js';
import type { Rate } from '../../domain/money/rate.js';
import { storedRate } from '../../domain/partners/contract.js';
import type { SettlementLineState } from '../../domain/settlement/line-state.js';
import type { LineSide } from '../../domain/settlement/netting.js';
import { STATEMENT_EVENTS, type StatementEvent } from '../../domain/settlement/statement.js';
import { enumType } from '../../graphql/enums.js';
import { Money, toMoney } from '../../graphql/money.js';
import { BusinessDateScalar, DecimalScalar, RateScalar } from '../../graphql/scalars.js';
import type { SettlementItemEntity, SettlementLineEntity } from './settlement.entity.js';

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

export const SettlementSideEnum = enumType<LineSide>('SettlementSide', 'What a line or an item is about.', {
  NET: 'Everything: the difference is paid.',
  OWES: 'What the programme supplied to the party, less what was taken back.',
  OWED: 'What the party supplied to the programme, less what was taken back.',
});

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
  SETTLED: 'Positions of partners that are settled at another time; only on the line of the programme.',
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

/** What the amounts of a line are written in. */
export interface Notation {
  readonly currencyCode: string;
  readonly unitScale: number;
}

@ObjectType({ description: 'How a line became an amount of another currency.', simpleResolvers: true })
export class LineConversion {
  @Field(() => RateScalar, { description: "One unit of the programme's currency in the other one, exactly." })
  readonly rate!: Rate;

  @Field(() => BusinessDateScalar, { description: 'The banking day of the reference rate.' })
  readonly on!: BusinessDate;
}

@ObjectType({
  description:
    'What one party owes (+) or is owed (-) in a settlement: one line of everything, or one for each side of a ' +
    'partner that is settled gross.',
  simpleResolvers: true,
})
export class SettlementLine {
  /** Not published. */
  readonly settlementId!: string;
  readonly partyNo!: number;
  readonly notation!: Notation;

  @Field(() => ID, { description: 'The id, a UUID made by the gateway.' })
  readonly id!: string;

  @Field(() => SettlementSideEnum, { description: 'What it is about.' })
  readonly side!: LineSide;

  @Field(() => Money, { description: 'Carried over from the settlement before.' })
  readonly opening!: Money;

  @Field(() => Money, { description: 'What came of the windows settled: the sum of the items.' })
  readonly net!: Money;

  @Field(() => Money, { description: 'Opening and net together: what is paid, or carried on.' })
  readonly closing!: Money;

  @Field(() => Money, {
    description:
      'What is left to pay of it, in the currency in which the partner is settled; zero when nothing is, when it is ' +
      'carried on, or before it was converted.',
  })
  readonly due!: Money;

  @Field(() => LineConversion, { nullable: true, description: 'How it was converted; null when it was not.' })
  readonly conversion!: LineConversion | null;

  @Field(() => BusinessDateScalar, {
    nullable: true,
    description: "The day on which it is to be paid; null on the programme's own line.",
  })
  readonly dueOn!: BusinessDate | null;

  @Field(() => BusinessDateScalar, {
    nullable: true,
    description: "The last day on which it may be disputed; null on the programme's own line.",
  })
  readonly disputeUntil!: BusinessDate | null;

  @Field(() => SettlementLineStateEnum, { description: 'What became of it.' })
  readonly state!: SettlementLineState;

  static of(row: SettlementLineEntity, notation: Notation): SettlementLine {
    const { id, settlementId, partyNo, side, openingMinor, netMinor, dueMinor, state } = row;
    const money = (minor: bigint): Money => toMoney(minor, notation.currencyCode);
    return Object.assign(new SettlementLine(), {
      id,
      settlementId,
      partyNo,
      notation,
      side,
      state,
      dueOn: row.dueOn ?? null,
      disputeUntil: row.disputeUntil ?? null,
      opening: money(openingMinor),
      net: money(netMinor),
      closing: money(openingMinor + netMinor),
      due: toMoney(dueMinor, row.dueCurrencyCode ?? notation.currencyCode),
      conversion:
        row.fxRate == null || row.convertedOn == null ? null : { rate: storedRate(row.fxRate), on: row.convertedOn },
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

  @Field(() => SettlementSideEnum, { description: 'Which side it belongs to.' })
  readonly side!: LineSide;

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
      side: row.side,
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
