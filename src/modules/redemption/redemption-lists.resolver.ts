/** Lists of redemptions and transfers, as far as the caller may see them: a till's own, a member's, a bank's card holders'. */
import { Arg, Args, ArgsType, Ctx, Field, FieldResolver, Query, Resolver, Root } from 'type-graphql';
import { type Connection, ConnectionArguments } from '../../graphql/connection.js';
import type { GatewayContext } from '../../graphql/context.js';
import { entityConnection } from '../../graphql/entity-connection.js';
import { byId } from '../../graphql/keyset.js';
import { authorize, itself } from '../access/index.js';
import { Member } from '../members/index.js';
import { ofPartner } from '../partners/index.js';
import { type UnitsTransfer, UnitsTransferConnection } from './payout.graphql.js';
import { RedemptionEntity, type RedemptionState, UnitTransferEntity } from './redemption.entity.js';
import { Redemption, RedemptionConnection, RedemptionStateEnum } from './redemption.graphql.js';
import { shownRedemption, shownTransfer } from './redemption.loaders.js';

/** Newest first; ids are in the order of authorising. */
const REDEMPTIONS = byId('redemptions', 'DESC');
const TRANSFERS = byId('transfers', 'DESC');

@ArgsType()
class RedemptionsArguments extends ConnectionArguments {
  @Field(() => String, { nullable: true, description: 'Only those at the till of this partner.' })
  partnerCode?: string | null;

  @Field(() => RedemptionStateEnum, { nullable: true, description: 'Only those in this state.' })
  state?: RedemptionState | null;
}

@Resolver(() => Redemption)
export class RedemptionListsResolver {
  @Query(() => RedemptionConnection, {
    nullable: true,
    description: 'Redemptions that the caller may see, newest first.',
  })
  async redemptions(
    @Args(() => RedemptionsArguments) args: RedemptionsArguments,
    @Ctx() context: GatewayContext,
  ): Promise<Connection<Redemption>> {
    const own = { ...(await ofPartner(args.partnerCode, context.em)), ...(args.state && { state: args.state }) };
    return page(args, own, context);
  }

  @Query(() => Redemption, {
    nullable: true,
    description: "A redemption by its partner's own name of it; null when there is none that the caller may see.",
  })
  async redemptionByReference(
    @Arg('partnerCode', () => String, { description: 'The partner at whose till it is.' }) partnerCode: string,
    @Arg('reference', () => String, { description: 'The name that the partner gave it.' }) reference: string,
    @Ctx() context: GatewayContext,
  ): Promise<Redemption | null> {
    authorize(context.principal, 'redemption.read', itself(context.principal));
    const own = await ofPartner(partnerCode, context.em);
    const row = await context.em.findOne(RedemptionEntity, { ...own, reference });
    return row && shownRedemption(row, context);
  }
}

/** What redemptions and transfers add to a member. */
@Resolver(() => Member)
export class MemberRedemptionsResolver {
  @FieldResolver(() => RedemptionConnection, {
    nullable: true,
    description: "The member's redemptions that the caller may see, newest first.",
  })
  redemptions(
    @Root() { no }: Member,
    @Args(() => ConnectionArguments) args: ConnectionArguments,
    @Ctx() context: GatewayContext,
  ): Promise<Connection<Redemption>> {
    return page(args, { memberNo: no }, context);
  }

  @FieldResolver(() => UnitsTransferConnection, {
    nullable: true,
    description:
      'Units that the member gave to others or got from them, as far as the caller may see it, newest first.',
  })
  transfers(
    @Root() { no }: Member,
    @Args(() => ConnectionArguments) args: ConnectionArguments,
    @Ctx() context: GatewayContext,
  ): Promise<Connection<UnitsTransfer>> {
    authorize(context.principal, 'redemption.read', itself(context.principal));
    const own = { $or: [{ fromMemberNo: no }, { toMemberNo: no }] };
    return entityConnection(args, TRANSFERS, { em: context.em, entity: UnitTransferEntity, where: own }, (rows) =>
      Promise.all(rows.map((row) => shownTransfer(row, context))),
    );
  }
}

/** Row-level security narrows it to what the caller may see. */
async function page(args: ConnectionArguments, own: object, context: GatewayContext): Promise<Connection<Redemption>> {
  authorize(context.principal, 'redemption.read', itself(context.principal));
  return entityConnection(args, REDEMPTIONS, { em: context.em, entity: RedemptionEntity, where: own }, (rows) =>
    Promise.all(rows.map((row) => shownRedemption(row, context))),
  );
}
