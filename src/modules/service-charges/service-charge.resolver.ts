/** Partners' invoices: recording one, and the list. */
import { Arg, Args, Ctx, FieldResolver, Mutation, Query, Resolver, Root } from 'type-graphql';
import type { Connection } from '../../graphql/connection.js';
import type { GatewayContext, LoaderDefinition } from '../../graphql/context.js';
import { entityConnection } from '../../graphql/entity-connection.js';
import { byId } from '../../graphql/keyset.js';
import { inOrderOf } from '../../graphql/loaders.js';
import type { NodeSource } from '../../graphql/node.js';
import { authorize, itself } from '../access/index.js';
import { PARTNER_BY_NO, Partner } from '../partners/index.js';
import { ProgrammeEntity } from '../programmes/index.js';
import { ServiceChargeEntity } from './service-charge.entity.js';
import {
  ServiceCharge,
  ServiceChargeArguments,
  ServiceChargeConnection,
  ServiceChargePayload,
  ServiceChargeRecordInput,
  ServiceChargeUserError,
} from './service-charge.graphql.js';
import type { ServiceChargeService } from './service-charge.service.js';

/** Ids are UUIDv7: the order of their ids is the order in which they were recorded. */
const NEWEST_FIRST = byId('service-charges', 'DESC');

const SERVICE_CHARGE_BY_ID: LoaderDefinition<string, ServiceCharge | undefined> = {
  name: 'service-charges.by-id',
  async load(ids, { em }) {
    const found = await em.find(ServiceChargeEntity, { id: { $in: [...ids] } });
    const programmes = await em.find(ProgrammeEntity, { no: { $in: found.map(({ programmeNo }) => programmeNo) } });
    const currencies = new Map(programmes.map(({ no, currencyCode }) => [no, currencyCode]));
    return inOrderOf(ids, found, ({ id }) => id).map(
      (row) => row && ServiceCharge.of(row, currencies.get(row.programmeNo) as string),
    );
  },
};

async function findServiceCharge(id: string, { loader, principal }: GatewayContext): Promise<ServiceCharge | null> {
  authorize(principal, 'settlement.read', itself(principal));
  return (await loader(SERVICE_CHARGE_BY_ID).load(id)) ?? null;
}

export const serviceChargeNodes: NodeSource = { type: ServiceCharge, find: findServiceCharge };

@Resolver(() => ServiceCharge)
export class ServiceChargeResolver {
  constructor(private readonly charges: ServiceChargeService) {}

  @Query(() => ServiceChargeConnection, {
    nullable: true,
    description: 'Invoices of partners that were recorded, the latest first. A partner sees its own alone.',
  })
  async serviceCharges(
    @Args(() => ServiceChargeArguments) args: ServiceChargeArguments,
    @Ctx() { em, principal }: GatewayContext,
  ): Promise<Connection<ServiceCharge>> {
    authorize(principal, 'settlement.read', itself(principal));
    const programme = await em.findOne(ProgrammeEntity, { code: args.programmeCode });
    const programmeNo = programme?.no ?? -1;
    return entityConnection(args, NEWEST_FIRST, { em, entity: ServiceChargeEntity, where: { programmeNo } }, (rows) =>
      rows.map((row) => ServiceCharge.of(row, programme?.currencyCode ?? '')),
    );
  }

  @FieldResolver(() => Partner, { nullable: true, description: 'The partner whose invoice it is.' })
  async partner(@Root() { partnerNo }: ServiceCharge, @Ctx() context: GatewayContext): Promise<Partner | null> {
    return (await context.loader(PARTNER_BY_NO).load(partnerNo)) ?? null;
  }

  @Mutation(() => ServiceChargePayload, {
    nullable: true,
    description:
      'Records the invoice of a partner for what it supplies, such as redemptions. The net stands in its position ' +
      'already; the tax is added, and reclaimed by the programme as input tax.',
  })
  async serviceChargeRecord(
    @Arg('input', () => ServiceChargeRecordInput, { description: 'The invoice.' }) input: ServiceChargeRecordInput,
    @Ctx() context: GatewayContext,
  ): Promise<ServiceChargePayload> {
    const command = { ...input, net: { ...input.net }, tax: { ...input.tax } };
    const result = await this.charges.record(context.principal, command);
    if (!result.ok) return { userErrors: ServiceChargeUserError.from(result.failure) };
    return { serviceCharge: await findServiceCharge(result.value.id, context), userErrors: [] };
  }
}
