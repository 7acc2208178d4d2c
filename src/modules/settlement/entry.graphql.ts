/** The entries behind a line as the schema shows them. */
import { Field, ID, ObjectType } from 'type-graphql';
import type { BusinessDate } from '../../domain/kernel/calendar.js';
import { formatDecimal } from '../../domain/money/decimal.js';
import type { LineSide } from '../../domain/settlement/netting.js';
import { STATEMENT_EVENTS, type StatementEvent } from '../../domain/settlement/statement.js';
import { connectionOf } from '../../graphql/connection.js';
import { Money, toMoney } from '../../graphql/money.js';
import { BusinessDateScalar, DateTimeScalar, DecimalScalar } from '../../graphql/scalars.js';
import type { EntryOfLine } from './entry.sql.js';
import { type Notation, SettlementSideEnum, StatementEventEnum } from './line.graphql.js';

@ObjectType({
  description: 'What one journal entry adds to a line. All of them sum up to the items, to the last unit.',
  simpleResolvers: true,
})
export class SettlementEntry {
  @Field(() => ID, { description: 'The number of the entry in the journal.' })
  readonly number!: string;

  @Field(() => StatementEventEnum, { description: 'What happened.' })
  readonly event!: StatementEvent;

  @Field(() => SettlementSideEnum, { description: 'Which side it belongs to.' })
  readonly side!: LineSide;

  @Field(() => BusinessDateScalar, { description: 'The day it belongs to.' })
  readonly businessDate!: BusinessDate;

  @Field(() => DateTimeScalar, { description: 'When it was recorded.' })
  readonly recordedAt!: Date;

  @Field(() => DecimalScalar, { description: 'Units of reward behind it.' })
  readonly units!: string;

  @Field(() => Money, { description: 'Those units at issue price, or what they paid.' })
  readonly reward!: Money;

  @Field(() => Money, { description: 'Commission of the programme.' })
  readonly commission!: Money;

  @Field(() => Money, { description: 'Tax on the commission.' })
  readonly tax!: Money;

  @Field(() => Money, { description: 'What it adds to the net; zero for what is only reported.' })
  readonly amount!: Money;

  @Field(() => [String], {
    description:
      "The partner's own references of the messages behind it: of a purchase, refund or redemption, or of the purchases that were confirmed.",
  })
  readonly references!: readonly string[];

  static of(row: EntryOfLine, { currencyCode, unitScale }: Notation): SettlementEntry {
    const money = (minor: bigint): Money => toMoney(minor, currencyCode);
    return Object.assign(new SettlementEntry(), {
      number: String(row.no),
      event: STATEMENT_EVENTS[row.kind],
      side: row.side,
      businessDate: row.businessDate,
      recordedAt: row.recordedAt,
      units: formatDecimal(row.units, unitScale),
      reward: money(row.rewardMinor),
      commission: money(row.commissionMinor),
      tax: money(row.taxMinor),
      amount: money(row.amountMinor),
      references: row.references,
    });
  }
}

export const SettlementEntryConnection = connectionOf('SettlementEntry', () => SettlementEntry);
