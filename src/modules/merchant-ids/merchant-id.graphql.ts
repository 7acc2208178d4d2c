/** Merchant ids that no outlet has, as the schema shows them. */
import { Field, InputType, Int, ObjectType } from 'type-graphql';
import type { ProposalGround } from '../../domain/partners/merchant-id.js';
import { enumType } from '../../graphql/enums.js';
import { BusinessDateScalar } from '../../graphql/scalars.js';
import { PartnerUserError } from '../partners/index.js';

export const MerchantIdGroundEnum = enumType<ProposalGround>(
  'MerchantIdGround',
  'Why a merchant id looks like an outlet.',
  {
    TOLD_BY_MERCHANT: 'The merchant itself told of purchases with it, at that outlet.',
    NAME_IN_DESCRIPTOR: "The merchant's name stands in the text of the card statements.",
  },
);

@ObjectType({ description: 'A merchant id that no outlet has, and the outlet it looks like.', simpleResolvers: true })
export class MerchantIdProposal {
  @Field(() => String, { description: "The acquirer's merchant id, raw." })
  readonly merchantId!: string;

  @Field(() => String, { nullable: true, description: 'What card statements say most often.' })
  readonly descriptor!: string | null;

  @Field(() => String, { description: 'Code of the partner.' })
  readonly partnerCode!: string;

  @Field(() => String, { description: 'Code of its outlet.' })
  readonly outletCode!: string;

  @Field(() => MerchantIdGroundEnum, { description: 'Why.' })
  readonly ground!: ProposalGround;

  @Field(() => Int, { description: 'How sure that is, 0 to 100.' })
  readonly score!: number;

  @Field(() => Int, { description: 'How many purchases carry it.' })
  readonly purchases!: number;

  @Field(() => BusinessDateScalar, { description: 'Day of the latest of them.' })
  readonly lastSeenOn!: string;
}

@InputType({ description: 'A merchant id and the outlet that it is, or is not.' })
export class MerchantIdInput {
  @Field(() => String, { description: "The acquirer's merchant id, as it is." })
  merchantId!: string;

  @Field(() => String, { description: 'Code of the partner.' })
  partnerCode!: string;

  @Field(() => String, { description: 'Code of its outlet.' })
  outletCode!: string;
}

@ObjectType({ description: 'What was decided on a merchant id, or why it was not.', simpleResolvers: true })
export class MerchantIdPayload {
  @Field(() => String, { nullable: true, description: 'The merchant id; null when nothing was done.' })
  readonly merchantId?: string | null;

  @Field(() => [PartnerUserError], { description: 'Why nothing was done; empty when it was.' })
  readonly userErrors!: readonly InstanceType<typeof PartnerUserError>[];
}
