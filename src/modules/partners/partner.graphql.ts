/** Partners and outlets as the schema shows them. */
import { ArgsType, Field, ID, InputType, ObjectType } from 'type-graphql';
import type { Channel } from '../../domain/earning/model.js';
import type { NewOutlet, PartnerRole, PartnerStatus } from '../../domain/partners/partner.js';
import { ConnectionArguments, connectionOf } from '../../graphql/connection.js';
import { enumType } from '../../graphql/enums.js';
import { NodeInterface } from '../../graphql/node.js';
import { DateTimeScalar } from '../../graphql/scalars.js';
import { userErrorType } from '../../graphql/user-error.js';
import { Contract, ContractTermsInput } from './contract.graphql.js';
import { PARTNER_ERRORS, type PartnerErrorCode } from './partner.errors.js';

export const PartnerRoleEnum = enumType<PartnerRole>(
  'PartnerRole',
  'What a partner does in the coalition; it may do several.',
  {
    MERCHANT: 'Sells to members.',
    BANK: 'Issues cards that members pay with.',
    CHARITY: 'Receives donated rewards.',
    OPERATOR: 'Runs the programme.',
  },
);

export const PartnerStatusEnum = enumType<PartnerStatus>('PartnerStatus', 'Whether a partner takes part.', {
  ACTIVE: 'Its messages are taken in.',
  SUSPENDED: 'Its messages are refused until it is reactivated.',
  CLOSED: 'It has left for good.',
});

export const ChannelEnum = enumType<Channel>('Channel', 'How a purchase is made.', {
  ONLINE: 'On the web.',
  IN_STORE: 'At a till.',
  APP: "In the merchant's app.",
});

@ObjectType({
  implements: NodeInterface,
  description: 'A member of the coalition: a merchant, a bank, a charity or the operator.',
  simpleResolvers: true,
})
export class Partner extends NodeInterface {
  /** The ledger's party number; not published. */
  readonly no!: number;

  @Field(() => String, { description: 'The short name that partners use for each other; never changes.' })
  readonly code!: string;

  @Field(() => String, { description: 'The name for people.' })
  readonly name!: string;

  @Field(() => [PartnerRoleEnum], { description: 'What it does in the coalition.' })
  readonly roles!: readonly PartnerRole[];

  @Field(() => PartnerStatusEnum, { description: 'Whether it takes part.' })
  readonly status!: PartnerStatus;

  @Field(() => DateTimeScalar, { description: 'When it was taken in.' })
  readonly onboardedAt!: Date;

  static of({ id, no, code, name, roles, status, onboardedAt }: Partner): Partner {
    return Object.assign(new Partner(), { id, no, code, name, roles, status, onboardedAt });
  }
}

@ObjectType({ description: 'A shop, site or app of a partner.', simpleResolvers: true })
export class Outlet {
  @Field(() => ID, { description: 'The id, a UUID made by the gateway.' })
  readonly id!: string;

  @Field(() => String, { description: 'The short name, unique within its partner.' })
  readonly code!: string;

  @Field(() => String, { description: 'The name for people.' })
  readonly name!: string;

  @Field(() => ChannelEnum, { description: 'How purchases are made there.' })
  readonly channel!: Channel;

  @Field(() => String, {
    nullable: true,
    description: 'Its merchant category code (ISO 18245), four digits; null when it is not known.',
  })
  readonly mcc!: string | null;

  static of({
    id,
    code,
    name,
    channel,
    mcc,
  }: {
    id: string;
    code: string;
    name: string;
    channel: Channel;
    mcc?: string | null | undefined;
  }): Outlet {
    return Object.assign(new Outlet(), { id, code, name, channel, mcc: mcc ?? null });
  }
}

export const PartnerConnection = connectionOf('Partner', () => Partner);
export const OutletConnection = connectionOf('Outlet', () => Outlet);

@ArgsType()
export class PartnersArguments extends ConnectionArguments {
  @Field(() => PartnerRoleEnum, { nullable: true, description: 'Only partners of this role.' })
  role?: PartnerRole | null;
}

@InputType({ description: 'A shop, site or app of a partner.' })
export class OutletInput {
  @Field(() => String, { description: 'The short name, unique within the partner: small letters, digits and dashes.' })
  code!: string;

  @Field(() => String, { description: 'The name for people.' })
  name!: string;

  @Field(() => ChannelEnum, { description: 'How purchases are made there.' })
  channel!: Channel;

  @Field(() => String, { nullable: true, description: 'Its merchant category code (ISO 18245), four digits.' })
  mcc?: string | null;

  @Field(() => [String], {
    defaultValue: [],
    description: 'What acquirers call it; each names one outlet only, in the whole coalition.',
  })
  merchantIds!: string[];
}

@InputType({ description: 'A new partner.' })
export class PartnerOnboardInput {
  @Field(() => String, { description: 'The short name: small letters, digits and dashes; never changes.' })
  code!: string;

  @Field(() => String, { description: 'The name for people.' })
  name!: string;

  @Field(() => [PartnerRoleEnum], { description: 'What it does in the coalition; at least one.' })
  roles!: PartnerRole[];

  @Field(() => [OutletInput], { defaultValue: [], description: 'Its shops, sites and apps; more can be added later.' })
  outlets!: OutletInput[];

  @Field(() => ContractTermsInput, {
    nullable: true,
    description: 'Its first contract, agreed together with the onboarding.',
  })
  contract?: ContractTermsInput | null;
}

@InputType({ description: 'A new outlet of a partner.' })
export class OutletAddInput extends OutletInput {
  @Field(() => String, { description: 'The partner.' })
  partnerCode!: string;
}

@InputType({ description: 'A new version of the contract of a partner and a programme.' })
export class ContractAgreeInput extends ContractTermsInput {
  @Field(() => String, { description: 'The partner.' })
  partnerCode!: string;
}

@InputType({ description: 'Names the partner to suspend or reactivate.' })
export class PartnerStatusInput {
  @Field(() => String, { description: 'The partner.' })
  partnerCode!: string;
}

export const PartnerUserError = userErrorType<PartnerErrorCode>('Partner', PARTNER_ERRORS);
type PartnerUserErrors = InstanceType<typeof PartnerUserError>[];

@ObjectType({ description: 'What became of a command on a partner.', simpleResolvers: true })
export class PartnerPayload {
  @Field(() => Partner, { nullable: true, description: 'The partner as it is now; null when the command was refused.' })
  readonly partner?: Partner;

  @Field(() => [PartnerUserError], { description: 'Why the command was refused; empty when it was not.' })
  readonly userErrors!: PartnerUserErrors;
}

@ObjectType({ description: 'What became of adding an outlet.', simpleResolvers: true })
export class OutletAddPayload {
  @Field(() => Outlet, { nullable: true, description: 'The new outlet; null when the command was refused.' })
  readonly outlet?: Outlet;

  @Field(() => [PartnerUserError], { description: 'Why the command was refused; empty when it was not.' })
  readonly userErrors!: PartnerUserErrors;
}

@ObjectType({ description: 'What became of agreeing a contract.', simpleResolvers: true })
export class ContractAgreePayload {
  @Field(() => Contract, { nullable: true, description: 'The new version; null when the command was refused.' })
  readonly contract?: Contract;

  @Field(() => [PartnerUserError], { description: 'Why the command was refused; empty when it was not.' })
  readonly userErrors!: PartnerUserErrors;
}

export const outletCommand = ({ code, name, channel, mcc, merchantIds }: OutletInput): NewOutlet => ({
  code,
  name,
  channel,
  merchantIds,
  ...(mcc === null || mcc === undefined ? {} : { mcc }),
});
