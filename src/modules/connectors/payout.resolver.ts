/** Payouts by banks: the list of them, and the one of a cash-out. */
import { Args, Ctx, FieldResolver, Query, Resolver, Root } from 'type-graphql';
import type { Connection } from '../../graphql/connection.js';
import type { GatewayContext, LoaderDefinition } from '../../graphql/context.js';
import { entityConnection } from '../../graphql/entity-connection.js';
import type { Keyset } from '../../graphql/keyset.js';
import { inOrderOf } from '../../graphql/loaders.js';
import { authorize, itself } from '../access/index.js';
import { ofProgramme } from '../programmes/index.js';
import { Redemption } from '../redemption/index.js';
import { PartnerPayoutEntity } from './payout.entity.js';
import { PartnerPayout, PartnerPayoutArguments, PartnerPayoutConnection } from './payout.graphql.js';

const PAYOUTS: Keyset = {
  name: 'partner-payouts',
  columns: [{ property: 'redemptionId', sql: 'redemption_id', kind: 'uuid' }],
  direction: 'DESC',
};

const PAYOUT_OF_REDEMPTION: LoaderDefinition<string, PartnerPayoutEntity | undefined> = {
  name: 'connectors.payout-of-redemption',
  async load(ids, { em }) {
    const found = await em.find(PartnerPayoutEntity, { redemptionId: { $in: [...ids] } });
    return inOrderOf(ids, found, ({ redemptionId }) => redemptionId);
  },
};

@Resolver(() => Redemption)
export class PartnerPayoutResolver {
  @Query(() => PartnerPayoutConnection, {
    nullable: true,
    description: 'What banks were told to pay out to cards, the newest first. A bank sees its own.',
  })
  async partnerPayouts(
    @Args(() => PartnerPayoutArguments) args: PartnerPayoutArguments,
    @Ctx() { em, principal }: GatewayContext,
  ): Promise<Connection<PartnerPayout>> {
    authorize(principal, 'redemption.read', itself(principal));
    const where = { ...(await ofProgramme(args.programmeCode, em)), ...(args.state && { state: args.state }) };
    return entityConnection(args, PAYOUTS, { em, entity: PartnerPayoutEntity, where }, (rows) =>
      rows.map(PartnerPayout.of),
    );
  }

  @FieldResolver(() => PartnerPayout, {
    nullable: true,
    description: 'Cash-outs: what the bank was told to pay; null where banks are not told by the gateway.',
  })
  async payout(@Root() { id }: Redemption, @Ctx() { loader }: GatewayContext): Promise<PartnerPayout | null> {
    const row = await loader(PAYOUT_OF_REDEMPTION).load(id);
    return row === undefined ? null : PartnerPayout.of(row);
  }
}
