/** What partners may be charged, as the schema shows it. */
import { Field, ID, InputType, ObjectType } from 'type-graphql';
import {
  alertsOf,
  type CreditAlert,
  exposureOf,
  type PartnerStanding,
  pendingCharge,
  type RiskTerms,
  roomOf,
} from '../../domain/treasury/exposure.js';
import { enumType } from '../../graphql/enums.js';
import { IdempotentInput } from '../../graphql/idempotent-input.js';
import { Money, MoneyInput, toMoney } from '../../graphql/money.js';
import { userErrorType } from '../../graphql/user-error.js';
import { CREDIT_ERRORS, type CreditErrorCode } from './credit.errors.js';

export const CreditAlertEnum = enumType<CreditAlert>('CreditAlert', 'What somebody should look at.', {
  OVER_EXPOSURE_CAP: 'The partner owes and has pending more than its contract allows.',
  PREPAID_EMPTY: 'Nothing is left of what it has paid in advance.',
  PREPAID_TO_REORDER: 'Less is left of its block than the contract says; another one should be bought.',
  DEPOSIT_MISSING: 'Its deposit is smaller than the contract says.',
});

@ObjectType({
  description: 'What a partner owes and has pending, what stands against it, and what it may still be charged.',
  simpleResolvers: true,
})
export class PartnerCredit {
  /** Not published. */
  readonly partnerNo!: number;

  @Field(() => Money, { description: 'Its position in all windows that are not settled; + owes.' })
  readonly open!: Money;

  @Field(() => Money, { description: 'What its pending rewards will be charged at, with commission and tax.' })
  readonly pending!: Money;

  @Field(() => Money, { description: 'Settled and not yet paid; + owes.' })
  readonly unpaid!: Money;

  @Field(() => Money, { description: 'The deposit that is there.' })
  readonly deposit!: Money;

  @Field(() => Money, { description: 'The deposit that its contract asks for.' })
  readonly depositRequired!: Money;

  @Field(() => Money, { nullable: true, description: 'What is left of its blocks; null unless it pays in advance.' })
  readonly prepaid!: Money | null;

  @Field(() => Money, {
    description: 'What it owes and has pending less its deposit and blocks; below zero it is owed.',
  })
  readonly exposure!: Money;

  @Field(() => Money, { nullable: true, description: 'The most that the exposure may be; null without a cap.' })
  readonly exposureCap!: Money | null;

  @Field(() => Money, {
    nullable: true,
    description: 'What it may still be charged before its rewards are refused; null when nothing bounds it.',
  })
  readonly room!: Money | null;

  @Field(() => [CreditAlertEnum], { description: 'What somebody should look at; empty when nothing.' })
  readonly alerts!: readonly CreditAlert[];

  static of(partnerNo: number, standing: PartnerStanding, terms: RiskTerms, currencyCode: string): PartnerCredit {
    const money = (minor: bigint): Money => toMoney(minor, currencyCode);
    const { prepaid, depositMinor, exposureCapMinor } = terms.settlement;
    const room = roomOf(standing, terms);
    return Object.assign(new PartnerCredit(), {
      partnerNo,
      open: money(standing.openMinor),
      pending: money(pendingCharge(standing, terms)),
      unpaid: money(standing.unpaidMinor),
      deposit: money(standing.depositMinor),
      depositRequired: money(depositMinor),
      prepaid: prepaid ? money(standing.blockMinor) : null,
      exposure: money(exposureOf(standing, terms)),
      exposureCap: exposureCapMinor === undefined ? null : money(exposureCapMinor),
      room: room === undefined ? null : money(room),
      alerts: alertsOf(standing, terms),
    });
  }
}

export const PrepaidUserError = userErrorType<CreditErrorCode>('Prepaid', CREDIT_ERRORS);
export type PrepaidUserError = InstanceType<typeof PrepaidUserError>;

@InputType({ description: 'A block of rewards that a partner pays in advance.' })
export class PrepaidBuyInput extends IdempotentInput {
  @Field(() => String, { description: 'The code of the programme.' })
  programmeCode!: string;

  @Field(() => String, { description: 'The code of the partner, whose contract says that it pays in advance.' })
  partnerCode!: string;

  @Field(() => MoneyInput, { description: 'What the block is worth, commission and tax of its rewards included.' })
  amount!: MoneyInput;
}

@ObjectType({ description: 'A block that was bought, or why it was refused.', simpleResolvers: true })
export class PrepaidPayload {
  @Field(() => ID, { nullable: true, description: 'Number of the journal entry it made.' })
  readonly entryNumber?: string | null;

  @Field(() => PartnerCredit, { nullable: true, description: 'Where the partner stands now.' })
  readonly credit?: PartnerCredit | null;

  @Field(() => [PrepaidUserError], { description: 'Why nothing was done; empty when it was.' })
  readonly userErrors!: readonly PrepaidUserError[];
}
