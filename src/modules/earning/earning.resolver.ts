/** Confirming over the API. */
import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import type { GatewayContext } from '../../graphql/context.js';
import { AccrualsConfirmInput, AccrualsConfirmPayload, AccrualUserError } from './earning.graphql.js';
import type { EarningService } from './earning.service.js';

@Resolver()
export class EarningResolver {
  constructor(private readonly earning: EarningService) {}

  @Mutation(() => AccrualsConfirmPayload, {
    nullable: true,
    description:
      'Confirms accruals whose hold has ended: they become available to members and owed by their funders. A job does it every minute.',
  })
  async accrualsConfirm(
    @Arg('input', () => AccrualsConfirmInput, { description: 'Which programme, and up to which day.' })
    input: AccrualsConfirmInput,
    @Ctx() { principal }: GatewayContext,
  ): Promise<AccrualsConfirmPayload> {
    const result = await this.earning.confirm(principal, input.programmeCode, input.asOf ?? undefined);
    return result.ok
      ? { confirmed: result.value.confirmed, userErrors: [] }
      : { confirmed: null, userErrors: AccrualUserError.from(result.failure) };
  }
}
