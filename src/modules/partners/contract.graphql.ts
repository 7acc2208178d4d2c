/** Contracts as the schema shows them. */
import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import type { ContractShare, ContractTerms } from '../../domain/earning/model.js';
import type { Rate } from '../../domain/money/rate.js';
import { storedRate } from '../../domain/partners/contract.js';
import { enumType } from '../../graphql/enums.js';
import { Money, MoneyInput, toMoney } from '../../graphql/money.js';
import { BusinessDateScalar, DateTimeScalar, RateScalar } from '../../graphql/scalars.js';
import type { ContractEntity } from './contract.entity.js';
import type { AgreeContract } from './contract.service.js';
import { SettlementTerms, SettlementTermsInput, settlementTermsOf } from './settlement-terms.graphql.js';

export const FundingPartyEnum = enumType<ContractShare['party']>(
  'FundingParty',
  "Who pays a part of what a partner's contract funds.",
  {
    SELF: 'The partner whose contract it is.',
    MERCHANT: 'The merchant of the purchase.',
    ISSUER: 'The bank that issued the card of the purchase.',
    PROGRAMME: 'The programme itself.',
  },
);

export const TaxTreatmentEnum = enumType<ContractTerms['taxTreatment']>(
  'TaxTreatment',
  'What the funded reward is to the tax office; it goes into statements.',
  {
    DISCOUNT: 'A reduction of the price of the purchase.',
    MARKETING: 'An expense of advertising.',
    SERVICE: 'A price paid for a service of the programme.',
  },
);

export const SettlementModelEnum = enumType<ContractTerms['model']>(
  'SettlementModel',
  'When a partner owes what it funds.',
  {
    SETTLE_AT_ISSUANCE: 'When the reward is confirmed.',
    SETTLE_AT_REDEMPTION: 'When the member spends the reward.',
  },
);

@ObjectType({ description: "One party's part of a reward.", simpleResolvers: true })
export class FundingShare {
  @Field(() => FundingPartyEnum, { description: 'Who pays.' })
  readonly party!: ContractShare['party'];

  @Field(() => RateScalar, { description: 'Which part of the reward.' })
  readonly share!: Rate;
}

@ObjectType({
  description:
    'One version of what a partner and a programme have agreed. A version is never edited: the one in force on the day ' +
    'of a purchase counts for it for ever.',
  simpleResolvers: true,
})
export class Contract {
  @Field(() => ID, { description: 'The id of this version.' })
  readonly id!: string;

  @Field(() => String, { description: 'The programme that the contract belongs to.' })
  readonly programmeCode!: string;

  @Field(() => Int, { description: 'Counts the versions of this partner and programme from 1.' })
  readonly version!: number;

  @Field(() => BusinessDateScalar, { description: 'The first day on which it counts, until a later version does.' })
  readonly effectiveFrom!: string;

  @Field(() => [FundingShare], { description: 'Who pays for the rewards that this contract funds; sums to 100 %.' })
  readonly fundingShares!: readonly FundingShare[];

  @Field(() => RateScalar, { description: 'What the programme charges on the value of the rewards.' })
  readonly commissionRate!: Rate;

  @Field(() => String, { description: 'Names the tax on the commission in statements.' })
  readonly taxCode!: string;

  @Field(() => RateScalar, { description: 'The tax on the commission.' })
  readonly taxRate!: Rate;

  @Field(() => TaxTreatmentEnum, { description: 'What the funded reward is to the tax office.' })
  readonly taxTreatment!: ContractTerms['taxTreatment'];

  @Field(() => Money, { description: 'A smaller amount is carried to the next settlement.' })
  readonly minimumPayout!: Money;

  @Field(() => SettlementModelEnum, { description: 'When the partner owes what it funds.' })
  readonly model!: ContractTerms['model'];

  @Field(() => Boolean, { description: 'Whether a refund gives the commission back.' })
  readonly refundReturnsCommission!: boolean;

  @Field(() => SettlementTerms, { description: 'What it says about redeeming, settling and risk.' })
  readonly settlement!: SettlementTerms;

  @Field(() => DateTimeScalar, { description: 'When this version was agreed.' })
  readonly agreedAt!: Date;

  static of(
    row: ContractEntity,
    programme: { readonly code: string; readonly currencyCode: string; readonly unitScale: number },
  ): Contract {
    return Object.assign(new Contract(), {
      id: row.id,
      programmeCode: programme.code,
      version: row.version,
      effectiveFrom: row.effectiveFrom,
      fundingShares: row.fundingShares.map(({ party, share }) => ({ party, share: storedRate(share) })),
      commissionRate: storedRate(row.commissionRate),
      taxCode: row.taxCode,
      taxRate: storedRate(row.taxRate),
      taxTreatment: row.taxTreatment,
      minimumPayout: toMoney(row.minimumPayoutMinor, programme.currencyCode),
      model: row.model,
      refundReturnsCommission: row.refundReturnsCommission,
      settlement: SettlementTerms.of(row, programme),
      agreedAt: row.agreedAt,
    });
  }
}

@InputType({ description: "One party's part of a reward." })
export class FundingShareInput {
  @Field(() => FundingPartyEnum, { description: 'Who pays; each party once.' })
  party!: ContractShare['party'];

  @Field(() => RateScalar, { description: 'Which part of the reward, above zero: "50%", "0.5" or "1/3".' })
  share!: Rate;
}

@InputType({ description: 'What a partner and a programme agree on.' })
export class ContractTermsInput {
  @Field(() => String, { description: 'The programme.' })
  programmeCode!: string;

  @Field(() => BusinessDateScalar, {
    description: 'The first day on which it counts; later than the first day of every version agreed before.',
  })
  effectiveFrom!: string;

  @Field(() => [FundingShareInput], { description: 'Who pays for the rewards; must sum to exactly 100 %.' })
  fundingShares!: FundingShareInput[];

  @Field(() => RateScalar, { description: 'What the programme charges on the value of the rewards; at most 100 %.' })
  commissionRate!: Rate;

  @Field(() => String, { description: 'Names the tax on the commission in statements, such as "VAT-20".' })
  taxCode!: string;

  @Field(() => RateScalar, { description: 'The tax on the commission; at most 100 %.' })
  taxRate!: Rate;

  @Field(() => TaxTreatmentEnum, { description: 'What the funded reward is to the tax office.' })
  taxTreatment!: ContractTerms['taxTreatment'];

  @Field(() => MoneyInput, {
    nullable: true,
    description: 'A smaller amount is carried to the next settlement; every amount is paid when it is absent.',
  })
  minimumPayout?: MoneyInput | null;

  @Field(() => SettlementModelEnum, { description: 'When the partner owes what it funds.' })
  model!: ContractTerms['model'];

  @Field(() => Boolean, { defaultValue: true, description: 'Whether a refund gives the commission back.' })
  refundReturnsCommission!: boolean;

  @Field(() => SettlementTermsInput, {
    nullable: true,
    description: 'What it says about redeeming, settling and risk; every field has a default.',
  })
  settlement?: SettlementTermsInput | null;
}

export function contractCommand(input: ContractTermsInput): AgreeContract {
  const { minimumPayout } = input;
  return {
    programmeCode: input.programmeCode,
    effectiveFrom: input.effectiveFrom,
    fundingShares: input.fundingShares,
    commissionRate: input.commissionRate,
    taxCode: input.taxCode,
    taxRate: input.taxRate,
    taxTreatment: input.taxTreatment,
    ...(minimumPayout ? { minimumPayout } : {}),
    model: input.model,
    refundReturnsCommission: input.refundReturnsCommission,
    ...(input.settlement ? { settlement: settlementTermsOf(input.settlement) } : {}),
  };
}
