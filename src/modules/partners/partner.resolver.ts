/** Partners: input -> command, result -> payload, and the fields that need a read of their own. */
import { Arg, Args, Ctx, FieldResolver, Mutation, Query, Resolver, Root } from 'type-graphql';
import type { Result } from '../../domain/kernel/result.js';
import { type Connection, ConnectionArguments, connection } from '../../graphql/connection.js';
import type { GatewayContext } from '../../graphql/context.js';
import { entityConnection } from '../../graphql/entity-connection.js';
import type { Keyset } from '../../graphql/keyset.js';
import { rowsById } from '../../graphql/loaders.js';
import type { NodeSource } from '../../graphql/node.js';
import { authorize, may } from '../access/index.js';
import { Contract, contractCommand } from './contract.graphql.js';
import { PartnerEntity } from './partner.entity.js';
import type { PartnerErrorCode } from './partner.errors.js';
import {
  ContractAgreeInput,
  ContractAgreePayload,
  Outlet,
  OutletAddInput,
  OutletAddPayload,
  OutletConnection,
  outletCommand,
  Partner,
  PartnerConnection,
  PartnerOnboardInput,
  PartnerPayload,
  PartnerStatusInput,
  PartnersArguments,
  PartnerUserError,
} from './partner.graphql.js';
import { CONTRACTS_OF_PARTNER, MERCHANT_IDS_OF_OUTLET, OUTLETS, OUTLETS_OF_PARTNER } from './partner.loaders.js';
import type { PartnerService } from './partner.service.js';

const PARTNERS: Keyset = { name: 'partners', columns: [{ property: 'code', kind: 'text' }], direction: 'ASC' };

const PARTNER_BY_ID = rowsById('partners.by-id', PartnerEntity);

export const partnerNodes: NodeSource = {
  type: Partner,
  async find(id, { loader, principal }) {
    authorize(principal, 'partner.read');
    const found = await loader(PARTNER_BY_ID).load(id);
    return found && Partner.of(found);
  },
};

@Resolver(() => Partner)
export class PartnerResolver {
  constructor(private readonly partners: PartnerService) {}

  @Query(() => Partner, { nullable: true, description: 'A partner by its code; null when there is none.' })
  async partner(
    @Arg('code', () => String, { description: 'The code of the partner.' }) code: string,
    @Ctx() { em, principal }: GatewayContext,
  ): Promise<Partner | null> {
    authorize(principal, 'partner.read');
    const found = await em.findOne(PartnerEntity, { code });
    return found && Partner.of(found);
  }

  @Query(() => PartnerConnection, {
    nullable: true,
    name: 'partners',
    description: 'The partners of the coalition, by code.',
  })
  async list(
    @Args(() => PartnersArguments) args: PartnersArguments,
    @Ctx() { em, principal }: GatewayContext,
  ): Promise<Connection<Partner>> {
    authorize(principal, 'partner.read');
    const ofRole = args.role ? { roles: { $contains: [args.role] } } : {};
    return entityConnection(args, PARTNERS, { em, entity: PartnerEntity, where: ofRole }, (rows) =>
      rows.map(Partner.of),
    );
  }

  @FieldResolver(() => OutletConnection, { description: 'Its shops, sites and apps, by code.' })
  async outlets(
    @Root() partner: Partner,
    @Args(() => ConnectionArguments) args: ConnectionArguments,
    @Ctx() context: GatewayContext,
  ): Promise<Connection<Outlet>> {
    const outlets = context.loader(OUTLETS_OF_PARTNER);
    return connection(args, OUTLETS, (slice) => outlets.load({ parent: partner.id, slice }), Outlet.of);
  }

  @FieldResolver(() => [Contract], {
    nullable: true,
    description:
      'All versions of its contracts, newest first in each programme; null for everyone but the partner itself and those ' +
      'who run the programme.',
  })
  async contracts(@Root() partner: Partner, @Ctx() context: GatewayContext): Promise<readonly Contract[] | null> {
    if (!may(context.principal, 'contract.read', { partnerNos: [partner.no] })) return null;
    return context.loader(CONTRACTS_OF_PARTNER).load(partner.id);
  }

  @Mutation(() => PartnerPayload, {
    nullable: true,
    description: 'Takes a partner in, with its outlets and, when given, its first contract: all of it or nothing.',
  })
  async partnerOnboard(
    @Arg('input', () => PartnerOnboardInput, { description: 'The new partner.' }) input: PartnerOnboardInput,
    @Ctx() { principal }: GatewayContext,
  ): Promise<PartnerPayload> {
    const { code, name, roles, outlets, contract } = input;
    const command = {
      code,
      name,
      roles,
      outlets: outlets.map(outletCommand),
      ...(contract ? { contract: contractCommand(contract) } : {}),
    };
    return partnerPayload(await this.partners.onboard(principal, command));
  }

  @Mutation(() => OutletAddPayload, { nullable: true, description: 'Adds an outlet to a partner.' })
  async outletAdd(
    @Arg('input', () => OutletAddInput, { description: 'The new outlet and its partner.' }) input: OutletAddInput,
    @Ctx() { principal }: GatewayContext,
  ): Promise<OutletAddPayload> {
    const result = await this.partners.addOutlet(principal, input.partnerCode, outletCommand(input));
    return result.ok
      ? { outlet: Outlet.of(result.value), userErrors: [] }
      : { userErrors: PartnerUserError.from(result.failure) };
  }

  @Mutation(() => ContractAgreePayload, {
    nullable: true,
    description:
      'Agrees a new version of the contract of a partner and a programme. Earlier versions stay as they are.',
  })
  async contractAgree(
    @Arg('input', () => ContractAgreeInput, { description: 'The partner and the terms.' }) input: ContractAgreeInput,
    @Ctx() { principal }: GatewayContext,
  ): Promise<ContractAgreePayload> {
    const result = await this.partners.agreeContract(principal, input.partnerCode, contractCommand(input));
    if (!result.ok) return { userErrors: PartnerUserError.from(result.failure) };
    return { contract: Contract.of(result.value.contract, result.value.programme), userErrors: [] };
  }

  @Mutation(() => PartnerPayload, {
    nullable: true,
    description: 'Refuses the messages of a partner until it is reactivated. What it has earned or owes stays.',
  })
  async partnerSuspend(
    @Arg('input', () => PartnerStatusInput, { description: 'The partner.' }) { partnerCode }: PartnerStatusInput,
    @Ctx() { principal }: GatewayContext,
  ): Promise<PartnerPayload> {
    return partnerPayload(await this.partners.suspend(principal, partnerCode));
  }

  @Mutation(() => PartnerPayload, {
    nullable: true,
    description: 'Takes the messages of a suspended partner in again.',
  })
  async partnerReactivate(
    @Arg('input', () => PartnerStatusInput, { description: 'The partner.' }) { partnerCode }: PartnerStatusInput,
    @Ctx() { principal }: GatewayContext,
  ): Promise<PartnerPayload> {
    return partnerPayload(await this.partners.reactivate(principal, partnerCode));
  }
}

@Resolver(() => Outlet)
export class OutletResolver {
  @FieldResolver(() => [String], {
    description: 'What acquirers call it; empty for everyone but the partner itself and those who run the programme.',
  })
  async merchantIds(@Root() outlet: Outlet, @Ctx() context: GatewayContext): Promise<readonly string[]> {
    return context.loader(MERCHANT_IDS_OF_OUTLET).load(outlet.id);
  }
}

const partnerPayload = (result: Result<PartnerEntity, PartnerErrorCode>): PartnerPayload =>
  result.ok
    ? { partner: Partner.of(result.value), userErrors: [] }
    : { userErrors: PartnerUserError.from(result.failure) };
