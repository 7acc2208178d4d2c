/** Lots over the API: what runs by itself, on demand. */
import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import type { GatewayContext } from '../../graphql/context.js';
import { LotUserError } from './lot.errors.js';
import type { LotService } from './lot.service.js';
import { LotsExpired, LotsExpireInput, LotsExpirePayload } from './lots-expire.graphql.js';

@Resolver()
export class LotResolver {
  constructor(private readonly lots: LotService) {}

  @Mutation(() => LotsExpirePayload, {
    nullable: true,
    description:
      'Lets units expire whose last day has passed, with dormancy fees and what the end of a programme leaves. A job does it every ten minutes.',
  })
  async lotsExpire(
    @Arg('input', () => LotsExpireInput, { description: 'Which programme, and up to which day.' })
    input: LotsExpireInput,
    @Ctx() { principal }: GatewayContext,
  ): Promise<LotsExpirePayload> {
    const result = await this.lots.expire(principal, input.programmeCode, input.asOf ?? undefined);
    if (!result.ok) return { expired: null, userErrors: LotUserError.from(result.failure) };
    const { expired, programme } = result.value;
    return { expired: LotsExpired.of(expired, programme.unitScale), userErrors: [] };
  }
}
