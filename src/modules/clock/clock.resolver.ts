/** Moving the clock, over the API. */
import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import type { GatewayContext } from '../../graphql/context.js';
import { ClockShiftInput, ClockShiftPayload, ClockUserError } from './clock.graphql.js';
import type { ClockService } from './clock.service.js';

@Resolver()
export class ClockResolver {
  constructor(private readonly clock: ClockService) {}

  @Mutation(() => ClockShiftPayload, {
    nullable: true,
    description:
      'Development and test only: moves the clock that holds, expiry and month ends are told by. Production refuses.',
  })
  async clockShift(
    @Arg('input', () => ClockShiftInput, { description: 'The time it shall be.' }) { to }: ClockShiftInput,
    @Ctx() { principal }: GatewayContext,
  ): Promise<ClockShiftPayload> {
    const result = await this.clock.shift(principal, to ?? undefined);
    return result.ok
      ? { now: result.value, userErrors: [] }
      : { now: null, userErrors: ClockUserError.from(result.failure) };
  }
}
