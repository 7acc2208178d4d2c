/** Claims: taking an item, its code and its access, and what claims add to a member. */
import { Arg, Args, Ctx, FieldResolver, Mutation, Query, Resolver, Root } from 'type-graphql';
import { type Connection, ConnectionArguments } from '../../graphql/connection.js';
import type { GatewayContext } from '../../graphql/context.js';
import { entityConnection } from '../../graphql/entity-connection.js';
import { byId } from '../../graphql/keyset.js';
import { authorize, itself } from '../access/index.js';
import { Member } from '../members/index.js';
import { payerNamed, REDEMPTION_BY_ID, Redemption, shownRedemption, tillOf } from '../redemption/index.js';
import { CatalogueClaimEntity } from './catalogue.entity.js';
import {
  CatalogueAccess,
  CatalogueAccessInput,
  CatalogueClaim,
  CatalogueClaimConnection,
  CatalogueClaimInput,
  CatalogueClaimPayload,
  CatalogueItem,
  CatalogueUserError,
  DiscountCodeRedeemInput,
  DiscountCodeRenewInput,
} from './catalogue.graphql.js';
import type { ClaimService } from './claim.service.js';
import type { CodeService } from './code.service.js';
import { ITEM_BY_ID, shownItem } from './item.resolver.js';

/** Newest first; ids are in the order of claiming. */
const CLAIMS = byId('claims', 'DESC');

@Resolver(() => CatalogueClaim)
export class CatalogueClaimResolver {
  constructor(
    private readonly claims: ClaimService,
    private readonly codes: CodeService,
  ) {}

  @Query(() => CatalogueAccess, {
    nullable: true,
    description:
      'Whether a member has access to an item today: for the supplier, the member, its bank, and those who run the programme.',
  })
  async catalogueAccess(
    @Arg('input', () => CatalogueAccessInput, { description: 'The item and the member.' })
    { programmeCode, itemCode, payer }: CatalogueAccessInput,
    @Ctx() { principal }: GatewayContext,
  ): Promise<CatalogueAccess> {
    const result = await this.claims.access(principal, { programmeCode, itemCode, payer: payerNamed(payer) });
    return result.ok
      ? { until: result.value, userErrors: [] }
      : { userErrors: CatalogueUserError.from(result.failure) };
  }

  @Mutation(() => CatalogueClaimPayload, {
    nullable: true,
    description:
      "Takes an item for a member's units. A gift holds them until the supplier captures the redemption; a discount and " +
      'access use them at once.',
  })
  async catalogueClaim(
    @Arg('input', () => CatalogueClaimInput, { description: 'The item and the member.' })
    { programmeCode, itemCode, payer, idempotencyKey }: CatalogueClaimInput,
    @Ctx() { principal }: GatewayContext,
  ): Promise<CatalogueClaimPayload> {
    const command = { programmeCode, itemCode, payer: payerNamed(payer), idempotencyKey };
    const result = await this.claims.claim(principal, command);
    if (!result.ok) return { userErrors: CatalogueUserError.from(result.failure) };
    return { claim: CatalogueClaim.of(result.value.claim), code: result.value.code, userErrors: [] };
  }

  @Mutation(() => CatalogueClaimPayload, {
    nullable: true,
    description: 'A new code for a discount whose code was lost; the one before is good no more.',
  })
  async discountCodeRenew(
    @Arg('input', () => DiscountCodeRenewInput, { description: 'The claim.' }) { claimId }: DiscountCodeRenewInput,
    @Ctx() { principal }: GatewayContext,
  ): Promise<CatalogueClaimPayload> {
    const result = await this.claims.renew(principal, claimId);
    if (!result.ok) return { userErrors: CatalogueUserError.from(result.failure) };
    return { claim: CatalogueClaim.of(result.value.claim), code: result.value.code, userErrors: [] };
  }

  @Mutation(() => CatalogueClaimPayload, {
    nullable: true,
    description: 'Uses the code of a discount up, at the till of its supplier. Once.',
  })
  async discountCodeRedeem(
    @Arg('input', () => DiscountCodeRedeemInput, { description: 'The code.' })
    { partnerCode, code, reference }: DiscountCodeRedeemInput,
    @Ctx() { principal }: GatewayContext,
  ): Promise<CatalogueClaimPayload> {
    const result = await this.codes.redeem(principal, { partnerCode: tillOf(partnerCode, principal), code, reference });
    if (!result.ok) return { userErrors: CatalogueUserError.from(result.failure) };
    return { claim: CatalogueClaim.of(result.value), userErrors: [] };
  }

  @FieldResolver(() => CatalogueItem, { nullable: true, description: 'The item.' })
  async item(@Root() { row }: CatalogueClaim, @Ctx() context: GatewayContext): Promise<CatalogueItem | null> {
    const item = await context.loader(ITEM_BY_ID).load(row.itemId);
    return item === undefined ? null : shownItem(item, context);
  }

  @FieldResolver(() => Redemption, {
    nullable: true,
    description: 'The units that pay for it, and how far that has come.',
  })
  async redemption(@Root() { id }: CatalogueClaim, @Ctx() context: GatewayContext): Promise<Redemption | null> {
    const row = await context.loader(REDEMPTION_BY_ID).load(id);
    return row === undefined ? null : shownRedemption(row, context);
  }
}

/** What the catalogue adds to a member. */
@Resolver(() => Member)
export class MemberClaimsResolver {
  @FieldResolver(() => CatalogueClaimConnection, {
    nullable: true,
    description: 'Items that the member has claimed, as far as the caller may see them, newest first.',
  })
  claims(
    @Root() { no }: Member,
    @Args(() => ConnectionArguments) args: ConnectionArguments,
    @Ctx() { em, principal }: GatewayContext,
  ): Promise<Connection<CatalogueClaim>> {
    authorize(principal, 'redemption.read', itself(principal));
    return entityConnection(args, CLAIMS, { em, entity: CatalogueClaimEntity, where: { memberNo: no } }, (rows) =>
      rows.map(CatalogueClaim.of),
    );
  }
}
