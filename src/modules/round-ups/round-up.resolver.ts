/** Rounding up: input -> command, result -> payload, and what it adds to a member. */
import { Arg, Ctx, FieldResolver, Mutation, Resolver, Root } from 'type-graphql';
import { ok, type Result } from '../../domain/kernel/result.js';
import type { GatewayContext, LoaderDefinition } from '../../graphql/context.js';
import { inOrderOf } from '../../graphql/loaders.js';
import { parseMoney, toMoney } from '../../graphql/money.js';
import { Member } from '../members/index.js';
import { PARTNER_BY_NO, Partner } from '../partners/index.js';
import { programmeOf } from '../programmes/index.js';
import { payerNamed } from '../redemption/index.js';
import { RoundUpEntity } from './round-up.entity.js';
import type { RoundUpErrorCode } from './round-up.errors.js';
import { RoundUp, RoundUpEndInput, RoundUpPayload, RoundUpSetInput, RoundUpUserError } from './round-up.graphql.js';
import type { RoundingMember, RoundUpService } from './round-up.service.js';
import type { RoundUpRecord } from './round-up.sql.js';

const ROUND_UP_OF_MEMBER: LoaderDefinition<number, RoundUpEntity | undefined> = {
  name: 'round-ups.of-member',
  async load(memberNos, { em }) {
    const found = await em.find(RoundUpEntity, { memberNo: { $in: [...memberNos] } });
    return inOrderOf(memberNos, found, ({ memberNo }) => memberNo);
  },
};

@Resolver(() => RoundUp)
export class RoundUpResolver {
  constructor(private readonly service: RoundUpService) {}

  @Mutation(() => RoundUpPayload, {
    nullable: true,
    description:
      'From now on the spare change of what a member buys goes to a charity, in units and as far as its units reach. For ' +
      'the member itself, a bank for its card holders, and those who run the programme. Again is the same.',
  })
  async roundUpSet(
    @Arg('input', () => RoundUpSetInput, { description: 'The rule.' }) input: RoundUpSetInput,
    @Ctx() { principal }: GatewayContext,
  ): Promise<RoundUpPayload> {
    const { programmeCode, payer, charityCode, step } = input;
    return payload(
      await this.service.set(principal, programmeCode, ({ currencyCode }) => {
        const minor = parseMoney(step, currencyCode, 'step');
        return minor.ok ? ok({ payer: payerNamed(payer), charityCode, stepMinor: minor.value }) : minor;
      }),
    );
  }

  @Mutation(() => RoundUpPayload, {
    nullable: true,
    description: "Ends a member's rule of rounding up. Again is the same.",
  })
  async roundUpEnd(
    @Arg('input', () => RoundUpEndInput, { description: 'The member.' }) { programmeCode, payer }: RoundUpEndInput,
    @Ctx() { principal }: GatewayContext,
  ): Promise<RoundUpPayload> {
    return payload(await this.service.end(principal, programmeCode, payerNamed(payer)));
  }

  @FieldResolver(() => Partner, { nullable: true, description: 'Who gets the change.' })
  charity(@Root() { charityNo }: RoundUp, @Ctx() { loader }: GatewayContext): Promise<Partner | undefined> {
    return loader(PARTNER_BY_NO).load(charityNo);
  }
}

/** What rounding up adds to a member. */
@Resolver(() => Member)
export class MemberRoundUpResolver {
  @FieldResolver(() => RoundUp, {
    nullable: true,
    description:
      'The rule by which it gives the change of its purchases away; null when it has none, or the caller may not see it.',
  })
  async roundUp(@Root() { no, programmeNo }: Member, @Ctx() context: GatewayContext): Promise<RoundUp | null> {
    const rule = await context.loader(ROUND_UP_OF_MEMBER).load(no);
    if (rule === undefined) return null;
    return shown(rule, (await programmeOf(programmeNo, context)).currencyCode);
  }
}

const shown = ({ charityNo, stepMinor, setAt }: RoundUpRecord, currencyCode: string): RoundUp =>
  Object.assign(new RoundUp(), { charityNo, setAt, step: toMoney(stepMinor, currencyCode) });

function payload(result: Result<RoundingMember, RoundUpErrorCode>): RoundUpPayload {
  if (!result.ok) return { userErrors: RoundUpUserError.from(result.failure) };
  const { rule, programme } = result.value;
  return { roundUp: rule && shown(rule, programme.currencyCode), userErrors: [] };
}
