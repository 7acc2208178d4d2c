/** Choices, offers and segments: input -> command, result -> payload, and what they add to a member. */
import { Arg, Args, Ctx, FieldResolver, Mutation, Resolver, Root } from 'type-graphql';
import { startOfMonth } from '../../domain/kernel/calendar.js';
import { badUserInput } from '../../graphql/bad-user-input.js';
import type { GatewayContext } from '../../graphql/context.js';
import { itself, may } from '../access/index.js';
import { Member } from '../members/index.js';
import type { TierResolver } from '../tiers/index.js';
import {
  AdviceArguments,
  CategoryChooseInput,
  CategoryChoosePayload,
  ChoiceAdvice,
  MemberChoice,
} from './choice.graphql.js';
import type { ChoiceService } from './choice.service.js';
import { adviceOn, choicesOf, findChoiceOf } from './choice-view.js';
import type { MemberViews } from './member-view.js';
import type { NamedMember } from './named-member.js';
import {
  MemberOffer,
  MemberSegment,
  MemberSegmentSetInput,
  MemberSegmentSetPayload,
  type NamedMemberInput,
  OfferActivateInput,
  OfferActivatePayload,
  OfferUserError,
} from './offer.graphql.js';
import { PURCHASES_OF_MEMBER, purchasesSince, SEGMENTS_OF_MEMBER } from './offer.loaders.js';
import type { OfferService } from './offer.service.js';
import { offersOf } from './offer-view.js';

const ADVICE_MONTHS = 3;
const MOST_ADVICE_MONTHS = 12;

@Resolver(() => Member)
export class MemberOffersResolver {
  constructor(
    private readonly views: MemberViews,
    private readonly tiers: TierResolver,
    private readonly choosing: ChoiceService,
    private readonly offering: OfferService,
  ) {}

  @FieldResolver(() => [MemberChoice], {
    description: 'What the member may choose: of the running period, and of the next one where that has opened.',
  })
  async choices(@Root() member: Member, @Ctx() context: GatewayContext): Promise<MemberChoice[]> {
    return choicesOf(await this.views.choosing(member, context));
  }

  @FieldResolver(() => [MemberOffer], {
    description:
      'The rules by which the member can earn today, those for its tier, segments, variant and birthday included and ' +
      'those for others left out.',
  })
  async offers(@Root() member: Member, @Ctx() context: GatewayContext): Promise<MemberOffer[]> {
    const [view, tier] = await Promise.all([this.views.of(member, context), this.tiers.tierOf(member, context)]);
    return tier === null ? [] : offersOf(view, tier.code, context);
  }

  @FieldResolver(() => [MemberSegment], {
    nullable: true,
    description:
      'The segments the member is in, was in or will be in, by code and day; null for members, who see their offers.',
  })
  async segments(
    @Root() { no }: Member,
    @Ctx() { loader, principal }: GatewayContext,
  ): Promise<MemberSegment[] | null> {
    if (!may(principal, 'segment.set', itself(principal))) return null;
    const rows = await loader(SEGMENTS_OF_MEMBER).load(no);
    return rows.map(({ segment, fromDay, untilDay }) =>
      Object.assign(new MemberSegment(), { segment, from: fromDay, until: untilDay ?? null }),
    );
  }

  @Mutation(() => CategoryChoosePayload, {
    nullable: true,
    description:
      'Chooses categories for a period. Once more before it closes replaces the choice from that day on: purchases of ' +
      'earlier days keep what counted then.',
  })
  async categoryChoose(
    @Arg('input', () => CategoryChooseInput, { description: 'The choice.' }) input: CategoryChooseInput,
    @Ctx() context: GatewayContext,
  ): Promise<CategoryChoosePayload> {
    const { member, choiceCode, period, categories, lock, idempotencyKey } = input;
    const result = await this.choosing.choose(context.principal, {
      member: nameOf(member),
      choiceCode,
      period: period ?? undefined,
      categories,
      lock: lock ?? false,
      idempotencyKey,
    });
    if (!result.ok) return { userErrors: OfferUserError.from(result.failure) };
    const chosen = result.value;
    const of = Member.of(chosen.member);
    this.views.forget(of, context);
    return {
      choice: findChoiceOf(await this.views.choosing(of, context), chosen.choice, chosen.period),
      userErrors: [],
    };
  }

  @Mutation(() => OfferActivatePayload, {
    nullable: true,
    description:
      'Activates an offer for the running period; purchases count from today on. Again it changes nothing, so a ' +
      'repeated request is harmless.',
  })
  async offerActivate(
    @Arg('input', () => OfferActivateInput, { description: 'The offer.' }) input: OfferActivateInput,
    @Ctx() context: GatewayContext,
  ): Promise<OfferActivatePayload> {
    const { member, offerCode } = input;
    const result = await this.offering.activate(context.principal, { member: nameOf(member), ruleCode: offerCode });
    if (!result.ok) return { userErrors: OfferUserError.from(result.failure) };
    const of = Member.of(result.value);
    this.views.forget(of, context);
    const offers = await this.offers(of, context);
    return { offer: offers.find(({ code }) => code === offerCode), userErrors: [] };
  }

  @Mutation(() => MemberSegmentSetPayload, {
    nullable: true,
    description:
      'Puts a member into a segment or takes it out, from a day on. The days before stay as they were; again it ' +
      'changes nothing.',
  })
  async memberSegmentSet(
    @Arg('input', () => MemberSegmentSetInput, { description: 'Member, segment and days.' })
    input: MemberSegmentSetInput,
    @Ctx() context: GatewayContext,
  ): Promise<MemberSegmentSetPayload> {
    const { member, segment, inSegment, from, until } = input;
    const result = await this.offering.setSegment(context.principal, {
      member: nameOf(member),
      segment,
      inIt: inSegment,
      from: from ?? undefined,
      until: until ?? undefined,
    });
    if (!result.ok) return { userErrors: OfferUserError.from(result.failure) };
    const of = Member.of(result.value);
    this.views.forget(of, context);
    return { member: of, userErrors: [] };
  }
}

@Resolver(() => MemberChoice)
export class MemberChoiceResolver {
  constructor(private readonly views: MemberViews) {}

  @FieldResolver(() => [ChoiceAdvice], {
    description:
      'What each offered category would have paid on those purchases of the last months that the caller may see, most ' +
      'first. Made by the very code that decides purchases.',
  })
  async advice(
    @Root() choice: MemberChoice,
    @Args(() => AdviceArguments) { months }: AdviceArguments,
    @Ctx() context: GatewayContext,
  ): Promise<ChoiceAdvice[]> {
    const asked = months ?? ADVICE_MONTHS;
    if (asked < 1 || asked > MOST_ADVICE_MONTHS)
      throw badUserInput(`Advice goes by 1 to ${MOST_ADVICE_MONTHS} months of purchases.`);
    const { today, reference, traits } = await this.views.of(choice.member, context);
    const since = monthsBefore(today, asked);
    const purchases = await context.loader(PURCHASES_OF_MEMBER).load(purchasesSince(choice.member.no, since));
    return adviceOn(choice, traits, purchases, reference);
  }
}

/** The first day of the month that lies so many months back. */
function monthsBefore(today: string, months: number): string {
  const [year, month] = startOfMonth(today).split('-').map(Number) as [number, number];
  const index = year * 12 + (month - 1) - months;
  return `${String(Math.floor(index / 12)).padStart(4, '0')}-${String((index % 12) + 1).padStart(2, '0')}-01`;
}

const nameOf = (input: NamedMemberInput | null | undefined): NamedMember => ({
  programmeCode: input?.programmeCode ?? undefined,
  memberId: input?.memberId ?? undefined,
  memberCode: input?.memberCode ?? undefined,
  cardToken: input?.cardToken ?? undefined,
});
