/** Redemptions at a till: input to command, answer to payload. */
import { Arg, Ctx, ID, Mutation, Query, Resolver } from 'type-graphql';
import { ok, type Result } from '../../domain/kernel/result.js';
import { formatDecimal } from '../../domain/money/decimal.js';
import type { GatewayContext } from '../../graphql/context.js';
import { toMoney } from '../../graphql/money.js';
import { authorize, itself } from '../access/index.js';
import type { RedemptionErrorCode } from './redemption.errors.js';
import {
  Redemption,
  RedemptionAuthoriseInput,
  RedemptionCaptureInput,
  RedemptionPayload,
  RedemptionQuote,
  RedemptionQuoteInput,
  RedemptionReturnInput,
  RedemptionUserError,
  RedemptionVoidInput,
} from './redemption.graphql.js';
import { REDEMPTION_BY_ID, shownRedemption } from './redemption.loaders.js';
import type { Redeemed, RedemptionService } from './redemption.service.js';
import type { ResolutionService } from './resolution.service.js';
import { basketOf, optionalMoney, partOfIt } from './translate.js';

@Resolver(() => Redemption)
export class RedemptionResolver {
  constructor(
    private readonly service: RedemptionService,
    private readonly resolutions: ResolutionService,
  ) {}

  @Query(() => RedemptionQuote, {
    nullable: true,
    description: 'How many units may pay for a purchase, what they pay, and every limit. Nothing is held.',
  })
  async redemptionQuote(
    @Arg('input', () => RedemptionQuoteInput, { description: 'The purchase.' }) input: RedemptionQuoteInput,
    @Ctx() { principal }: GatewayContext,
  ): Promise<RedemptionQuote> {
    const result = await this.service.quote(principal, input.programmeCode, (programme) =>
      basketOf(input, principal, programme),
    );
    if (!result.ok) return { limits: [], userErrors: RedemptionUserError.from(result.failure) };
    const { allowed, balanceUnits, programme } = result.value;
    const units = (steps: bigint): string => formatDecimal(steps, programme.unitScale);
    return {
      ...{ units: units(allowed.units), pays: toMoney(allowed.paysMinor, programme.currencyCode) },
      ...{ balance: units(balanceUnits), because: allowed.because, refused: allowed.refused ?? null },
      limits: allowed.limits.map((limit) => ({ reason: limit.reason, units: units(limit.units) })),
      userErrors: [],
    };
  }

  @Query(() => Redemption, {
    nullable: true,
    description: 'A redemption by its id; null when there is none that the caller may see.',
  })
  async redemption(
    @Arg('id', () => ID, { description: 'The id of the redemption.' }) id: string,
    @Ctx() context: GatewayContext,
  ): Promise<Redemption | null> {
    authorize(context.principal, 'redemption.read', itself(context.principal));
    const row = await context.loader(REDEMPTION_BY_ID).load(id);
    return row === undefined ? null : shownRedemption(row, context);
  }

  @Mutation(() => RedemptionPayload, {
    nullable: true,
    description:
      'Holds units of a member for a purchase, at any channel: for the partner at whose till it is, a bank for its card ' +
      'holders, a member for itself. The same reference with the same contents has one answer, for ever.',
  })
  async redemptionAuthorise(
    @Arg('input', () => RedemptionAuthoriseInput, { description: 'The purchase.' }) input: RedemptionAuthoriseInput,
    @Ctx() context: GatewayContext,
  ): Promise<RedemptionPayload> {
    const { programmeCode, reference, channel, transactionId } = input;
    return payload(
      await this.service.authorise(context, programmeCode, (programme) => {
        const basket = basketOf(input, context.principal, programme);
        if (!basket.ok) return basket;
        return ok({
          ...basket.value,
          ...{ reference, channel: channel ?? undefined, transactionId: transactionId ?? undefined },
        });
      }),
    );
  }

  @Mutation(() => RedemptionPayload, {
    nullable: true,
    description: 'Uses units that are held, all or a part; what is not used goes back to the member. Once.',
  })
  async redemptionCapture(
    @Arg('input', () => RedemptionCaptureInput, { description: 'The redemption, and the part.' })
    input: RedemptionCaptureInput,
    @Ctx() context: GatewayContext,
  ): Promise<RedemptionPayload> {
    return payload(
      await this.resolutions.capture(context, input, (programme) => {
        const part = partOfIt(input, programme);
        if (!part.ok) return part;
        const purchase = optionalMoney(input.purchase, programme, 'purchase');
        if (!purchase.ok) return purchase;
        const { transactionId } = input;
        return ok({ ...part.value, purchaseMinor: purchase.value, transactionId: transactionId ?? undefined });
      }),
    );
  }

  @Mutation(() => RedemptionPayload, {
    nullable: true,
    description: 'Gives up a redemption that is held: all its units go back to the member with their old last day.',
  })
  async redemptionVoid(
    @Arg('input', () => RedemptionVoidInput, { description: 'The redemption.' }) input: RedemptionVoidInput,
    @Ctx() context: GatewayContext,
  ): Promise<RedemptionPayload> {
    return payload(await this.resolutions.void(context, input));
  }

  @Mutation(() => RedemptionPayload, {
    nullable: true,
    description: 'Gives units back for a basket that was returned, whole or in part.',
  })
  async redemptionReturn(
    @Arg('input', () => RedemptionReturnInput, { description: 'The redemption, and the part.' })
    input: RedemptionReturnInput,
    @Ctx() context: GatewayContext,
  ): Promise<RedemptionPayload> {
    return payload(await this.resolutions.giveBack(context, input, (programme) => partOfIt(input, programme)));
  }
}

export const payload = (result: Result<Redeemed, RedemptionErrorCode>): RedemptionPayload =>
  result.ok
    ? { redemption: Redemption.of(result.value.redemption, result.value.programme), userErrors: [] }
    : { userErrors: RedemptionUserError.from(result.failure) };
