/** Cash-outs, donations and transfers: input to command, answer to payload. */
import { Arg, Ctx, FieldResolver, Mutation, Resolver, Root } from 'type-graphql';
import { ok } from '../../domain/kernel/result.js';
import type { GatewayContext } from '../../graphql/context.js';
import { MEMBER_BY_NO, Member } from '../members/index.js';
import type { ProgrammeRecord } from '../programmes/index.js';
import {
  CashOutInput,
  DonateInput,
  UnitsTransfer,
  UnitsTransferInput,
  UnitsTransferPayload,
} from './payout.graphql.js';
import type { PayoutService } from './payout.service.js';
import { Redemption, RedemptionPayload, RedemptionUserError } from './redemption.graphql.js';
import { payload } from './redemption.resolver.js';
import { payerNamed, unitsOf } from './translate.js';

@Resolver(() => UnitsTransfer)
export class PayoutResolver {
  constructor(private readonly payouts: PayoutService) {}

  @Mutation(() => RedemptionPayload, {
    nullable: true,
    description:
      'Pays units out to a linked card: the bank of the card credits what they were worth when they were issued, and is ' +
      'owed it. Above the amount that the programme names it waits for a decision: the answer is then what holds the ' +
      'units. For a member itself, a bank for its card holders, and those who run the programme.',
  })
  async cashOut(
    @Arg('input', () => CashOutInput, { description: 'Whose units, how many, and the card.' }) input: CashOutInput,
    @Ctx() { principal }: GatewayContext,
  ): Promise<RedemptionPayload> {
    const card = { id: input.cardId ?? undefined, token: input.cardToken ?? undefined };
    return payload(await this.payouts.cashOut(principal, keyed(input, { card })));
  }

  @Mutation(() => RedemptionPayload, {
    nullable: true,
    description: 'Gives units to a charity, which gets what they were worth when they were issued.',
  })
  async donate(
    @Arg('input', () => DonateInput, { description: 'Whose units, how many, and the charity.' }) input: DonateInput,
    @Ctx() { principal }: GatewayContext,
  ): Promise<RedemptionPayload> {
    return payload(await this.payouts.donate(principal, keyed(input, { charityCode: input.charityCode })));
  }

  @Mutation(() => UnitsTransferPayload, {
    nullable: true,
    description: 'Gives units to another member of the programme; they keep their price and their last day.',
  })
  async unitsTransfer(
    @Arg('input', () => UnitsTransferInput, { description: 'Whose units, how many, and who gets them.' })
    input: UnitsTransferInput,
    @Ctx() { principal }: GatewayContext,
  ): Promise<UnitsTransferPayload> {
    const result = await this.payouts.transfer(principal, keyed(input, { toMemberCode: input.toMemberCode }));
    if (!result.ok) return { userErrors: RedemptionUserError.from(result.failure) };
    const { transfer, held, programme } = result.value;
    return {
      ...(transfer && { transfer: UnitsTransfer.of(transfer, programme) }),
      ...(held && { held: Redemption.of(held, programme) }),
      userErrors: [],
    };
  }

  @FieldResolver(() => Member, { nullable: true, description: 'Who gave them, when the caller may see the member.' })
  async from(@Root() { row }: UnitsTransfer, @Ctx() context: GatewayContext): Promise<Member | null> {
    return (await context.loader(MEMBER_BY_NO).load(row.fromMemberNo)) ?? null;
  }

  @FieldResolver(() => Member, { nullable: true, description: 'Who got them, when the caller may see the member.' })
  async to(@Root() { row }: UnitsTransfer, @Ctx() context: GatewayContext): Promise<Member | null> {
    return (await context.loader(MEMBER_BY_NO).load(row.toMemberNo)) ?? null;
  }
}

/** The input's command with `more` of its own, in its programme and once for its key. */
const keyed = <More extends object>(
  { programmeCode, idempotencyKey, payer, units: text }: CashOutInput | DonateInput | UnitsTransferInput,
  more: More,
) => ({
  programmeCode,
  idempotencyKey,
  translate: (programme: ProgrammeRecord) => {
    const units = unitsOf(text, programme);
    return units.ok ? ok({ payer: payerNamed(payer), units: units.value, ...more }) : units;
  },
});
