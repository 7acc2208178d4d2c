/** What contracts say about redeeming, settling and risk, as the schema shows it. */
import { Field, InputType, Int, ObjectType } from 'type-graphql';
import { formatDecimal } from '../../domain/money/decimal.js';
import type { Rate } from '../../domain/money/rate.js';
import { storedRate } from '../../domain/partners/contract.js';
import type { SettlementTerms as Terms } from '../../domain/partners/settlement-terms.js';
import { enumType } from '../../graphql/enums.js';
import { Money, MoneyInput, toMoney } from '../../graphql/money.js';
import { CurrencyCodeScalar, DecimalScalar, RateScalar } from '../../graphql/scalars.js';
import type { ContractEntity } from './contract.entity.js';
import type { WantedSettlementTerms } from './contract.service.js';

const BreakageOwnerEnum = enumType<Terms['breakageOwner']>('BreakageOwner', 'Who gets what expires.', {
  PROGRAMME: 'The programme keeps its value.',
  FUNDER: 'The partner that funded it gets its value back.',
});
const ClawbackPolicyEnum = enumType<Terms['clawbackPolicy']>(
  'ClawbackPolicy',
  'Who bears a refund of a purchase whose units are spent.',
  {
    MEMBER_OWES: 'The member: the balance goes below zero and the next rewards repay it.',
    MERCHANT_BEARS: 'The partner that funded the units: it is not credited.',
    PROGRAMME_BEARS: 'The programme writes it off.',
  },
);
const SettlementCycleEnum = enumType<Terms['cycle']>('SettlementCycle', 'How often a partner is settled.', {
  DAILY: 'Every day.',
  WEEKLY: 'Every week, which ends on Sunday.',
  MONTHLY: 'Every calendar month.',
  ON_DEMAND: 'Whenever somebody asks.',
});
const NettingEnum = enumType<Terms['netting']>('Netting', 'What is paid.', {
  NET: 'One payment of the difference.',
  GROSS: 'What is owed and what is due, each by a payment of its own.',
});
const CommissionPeriodEnum = enumType<Terms['commissionPer']>('CommissionPeriod', 'What commission is computed for.', {
  ACCRUAL: 'Each accrual.',
  STATEMENT: 'All that a statement covers, at once.',
});
const ExposureActionEnum = enumType<Terms['exposureAction']>('ExposureAction', 'What happens above the exposure cap.', {
  REJECT: 'The partner funds no further rewards.',
  FLAG: 'It goes on, and the programme is alerted.',
});

const PRICE = "Money for one whole unit, such as 0.01; the programme's own price when absent.";

@ObjectType({ description: 'What a contract says about redeeming, settling and risk.', simpleResolvers: true })
export class SettlementTerms {
  @Field(() => RateScalar, { nullable: true, description: `What the partner pays for what it gives. ${PRICE}` })
  readonly issuePrice!: Rate | null;

  @Field(() => RateScalar, { nullable: true, description: `What it is paid for what is redeemed there. ${PRICE}` })
  readonly redemptionPrice!: Rate | null;

  @Field(() => RateScalar, { description: 'What it pays the programme of every redemption value.' })
  readonly acceptanceFeeRate!: Rate;

  @Field(() => Boolean, { description: 'Whether a returned basket gives the acceptance fee back.' })
  readonly returnReversesFee!: boolean;

  @Field(() => BreakageOwnerEnum, { description: 'Who gets what expires of the units it funded.' })
  readonly breakageOwner!: Terms['breakageOwner'];

  @Field(() => ClawbackPolicyEnum, { description: 'Who bears a refund of a purchase whose units are spent.' })
  readonly clawbackPolicy!: Terms['clawbackPolicy'];

  @Field(() => DecimalScalar, {
    nullable: true,
    description: 'Most units per member and year that the merchant or the programme bears; no limit when null.',
  })
  readonly clawbackLimit!: string | null;

  @Field(() => SettlementCycleEnum, { description: 'How often it is settled.' })
  readonly cycle!: Terms['cycle'];

  @Field(() => NettingEnum, { description: 'What is paid.' })
  readonly netting!: Terms['netting'];

  @Field(() => CommissionPeriodEnum, { description: 'What commission is computed for.' })
  readonly commissionPer!: Terms['commissionPer'];

  @Field(() => CurrencyCodeScalar, {
    nullable: true,
    description: "The currency in which it pays and is paid; the programme's when null.",
  })
  readonly settlementCurrency!: string | null;

  @Field(() => Int, { description: 'Days from a statement until its payment is due.' })
  readonly paymentDays!: number;

  @Field(() => Int, { description: 'Days from a statement during which a line may be disputed.' })
  readonly disputeDays!: number;

  @Field(() => Money, { description: 'The deposit that is to be held.' })
  readonly deposit!: Money;

  @Field(() => Money, {
    nullable: true,
    description: 'Most that it may owe and have pending, less its deposit; no cap when null.',
  })
  readonly exposureCap!: Money | null;

  @Field(() => ExposureActionEnum, { description: 'What happens above the cap.' })
  readonly exposureAction!: Terms['exposureAction'];

  @Field(() => Boolean, { description: 'Whether its rewards are paid from a block that it bought before.' })
  readonly prepaid!: boolean;

  @Field(() => Money, { nullable: true, description: 'The programme is alerted when the block falls below.' })
  readonly prepaidReorder!: Money | null;

  static of(
    row: ContractEntity,
    { currencyCode, unitScale }: { readonly currencyCode: string; readonly unitScale: number },
  ): SettlementTerms {
    const price = (text: string | null | undefined): Rate | null => (text ? storedRate(text) : null);
    const money = (minor: bigint | null | undefined): Money | null =>
      minor == null ? null : toMoney(minor, currencyCode);
    return Object.assign(new SettlementTerms(), {
      issuePrice: price(row.issuePrice),
      redemptionPrice: price(row.redemptionPrice),
      acceptanceFeeRate: storedRate(row.acceptanceFeeRate),
      returnReversesFee: row.returnReversesFee,
      breakageOwner: row.breakageOwner,
      clawbackPolicy: row.clawbackPolicy,
      clawbackLimit: row.clawbackLimitUnits == null ? null : formatDecimal(row.clawbackLimitUnits, unitScale),
      cycle: row.cycle,
      netting: row.netting,
      commissionPer: row.commissionPer,
      settlementCurrency: row.settlementCurrencyCode ?? null,
      paymentDays: row.paymentDays,
      disputeDays: row.disputeDays,
      deposit: toMoney(row.depositMinor, currencyCode),
      exposureCap: money(row.exposureCapMinor),
      exposureAction: row.exposureAction,
      prepaid: row.prepaid,
      prepaidReorder: money(row.prepaidReorderMinor),
    });
  }
}

@InputType({
  description: 'What a contract says about redeeming, settling and risk. What is left out has its default.',
})
export class SettlementTermsInput {
  @Field(() => RateScalar, { nullable: true, description: `What the partner pays for what it gives. ${PRICE}` })
  issuePrice?: Rate | null;

  @Field(() => RateScalar, { nullable: true, description: `What it is paid for what is redeemed there. ${PRICE}` })
  redemptionPrice?: Rate | null;

  @Field(() => RateScalar, {
    nullable: true,
    description: 'What it pays the programme of every redemption value, at most 100 %; nothing when absent.',
  })
  acceptanceFeeRate?: Rate | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'Whether a returned basket gives the acceptance fee back; it does when absent.',
  })
  returnReversesFee?: boolean | null;

  @Field(() => BreakageOwnerEnum, { nullable: true, description: 'Who gets what expires; the programme when absent.' })
  breakageOwner?: Terms['breakageOwner'] | null;

  @Field(() => ClawbackPolicyEnum, {
    nullable: true,
    description: 'Who bears a refund of a purchase whose units are spent; the member when absent.',
  })
  clawbackPolicy?: Terms['clawbackPolicy'] | null;

  @Field(() => DecimalScalar, {
    nullable: true,
    description: 'Most units per member and year that the merchant or the programme bears; no limit when absent.',
  })
  clawbackLimit?: string | null;

  @Field(() => SettlementCycleEnum, { nullable: true, description: 'How often it is settled; on demand when absent.' })
  cycle?: Terms['cycle'] | null;

  @Field(() => NettingEnum, { nullable: true, description: 'What is paid; the difference when absent.' })
  netting?: Terms['netting'] | null;

  @Field(() => CommissionPeriodEnum, {
    nullable: true,
    description: 'What commission is computed for; each accrual when absent.',
  })
  commissionPer?: Terms['commissionPer'] | null;

  @Field(() => CurrencyCodeScalar, {
    nullable: true,
    description: "The currency in which it pays and is paid; the programme's when absent.",
  })
  settlementCurrency?: string | null;

  @Field(() => Int, { nullable: true, description: 'Days until a payment is due, 0 to 365; 14 when absent.' })
  paymentDays?: number | null;

  @Field(() => Int, { nullable: true, description: 'Days in which a line may be disputed, 0 to 365; 30 when absent.' })
  disputeDays?: number | null;

  @Field(() => MoneyInput, { nullable: true, description: 'The deposit that is to be held; none when absent.' })
  deposit?: MoneyInput | null;

  @Field(() => MoneyInput, {
    nullable: true,
    description: 'Most that it may owe and have pending, less its deposit; no cap when absent.',
  })
  exposureCap?: MoneyInput | null;

  @Field(() => ExposureActionEnum, { nullable: true, description: 'What happens above the cap; REJECT when absent.' })
  exposureAction?: Terms['exposureAction'] | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'Whether its rewards are paid from a block that it bought before; not when absent.',
  })
  prepaid?: boolean | null;

  @Field(() => MoneyInput, { nullable: true, description: 'The programme is alerted when the block falls below.' })
  prepaidReorder?: MoneyInput | null;
}

/** What was given; fields left out or null keep their defaults. */
export const settlementTermsOf = (input: SettlementTermsInput): WantedSettlementTerms =>
  Object.fromEntries(Object.entries(input).filter(([, value]) => value != null));
