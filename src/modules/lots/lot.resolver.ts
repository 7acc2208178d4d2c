/** Lots over the API: what runs by itself, on demand. */
import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import type { GatewayContext } from '../../graphql/context.js';
import { LotUserError } from './lot.errors.js';
import type { LotService } from './lot.service.js';
import { LotsExpireInput, LotsExpirePayload } from './lots-expire.graphql.js';

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
    if (result.ok) return LotsExpirePayload.of(result.value.expired, result.value.programme.unitScale);
    const userErrors = LotUserError.from(result.failure);
    return Object.assign(new LotsExpirePayload(), {
      members: null,
      expired: null,
      fees: null,
      writtenOff: null,
      userErrors,
    });
  }
}
