/** What banks were told to pay out, as the schema shows it. */
import { ArgsType, Field, Int, ObjectType } from 'type-graphql';
import type { PayoutState } from '../../domain/connectors/payout.js';
import { ConnectionArguments, connectionOf } from '../../graphql/connection.js';
import { enumType } from '../../graphql/enums.js';
import { Money, toMoney } from '../../graphql/money.js';
import { DateTimeScalar } from '../../graphql/scalars.js';
import type { PartnerPayoutEntity } from './payout.entity.js';

export const PartnerPayoutStateEnum = enumType<PayoutState>('PartnerPayoutState', 'What became of a payout.', {
  PENDING: 'The bank has not said yet; it is asked again by the same key.',
  CONFIRMED: 'The bank has paid.',
  FAILED: 'The bank will not pay: the member has the units back.',
});

@ObjectType({ description: 'What a bank was told to pay out to a card for a cash-out.', simpleResolvers: true })
export class PartnerPayout {
  /** Not published. */
  readonly redemptionId!: string;

  @Field(() => PartnerPayoutStateEnum, { description: 'What became of it.' })
  readonly state!: PayoutState;

  @Field(() => Money, { description: 'How much.' })
  readonly amount!: Money;

  @Field(() => Int, { description: 'How often the bank was asked.' })
  readonly asked!: number;

  @Field(() => String, {
    nullable: true,
    description: 'Why it gave no answer when it was asked last; null when it did.',
  })
  readonly lastFaultCode!: string | null;

  @Field(() => String, { nullable: true, description: "The bank's own reference; null when it has named none." })
  readonly bankReference!: string | null;

  @Field(() => String, { nullable: true, description: 'What the bank says to it; null when nothing.' })
  readonly bankReason!: string | null;

  @Field(() => DateTimeScalar, { description: 'When it was made.' })
  readonly madeAt!: Date;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'When the bank said what became of it; null while it is open.',
  })
  readonly settledAt!: Date | null;

  static of(row: PartnerPayoutEntity): PartnerPayout {
    const { redemptionId, state, amountMinor, currencyCode, asked, madeAt } = row;
    return Object.assign(new PartnerPayout(), {
      ...{ redemptionId, state, amount: toMoney(amountMinor, currencyCode), asked, madeAt },
      ...{ lastFaultCode: row.lastFaultCode ?? null, bankReference: row.bankReference ?? null },
      ...{ bankReason: row.bankReason ?? null, settledAt: row.settledAt ?? null },
    });
  }
}

export const PartnerPayoutConnection = connectionOf('PartnerPayout', () => PartnerPayout);

@ArgsType()
export class PartnerPayoutArguments extends ConnectionArguments {
  @Field(() => String, { nullable: true, description: 'Only those of this programme.' })
  programmeCode?: string | null;

  @Field(() => PartnerPayoutStateEnum, {
    nullable: true,
    description: 'Only those in this state.',
  })
  state?: PayoutState | null;
}
