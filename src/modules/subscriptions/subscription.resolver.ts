/**
 * Subscriptions: arguments -> what is wanted of the news, and an item of the news -> what is told of it.
 *
 * Who may subscribe is decided when it does; what it hears, by row-level security at each event.
 */
import { Args, Ctx, Resolver, Root, Subscription } from 'type-graphql';
import { badUserInput } from '../../graphql/bad-user-input.js';
import type { GatewayContext } from '../../graphql/context.js';
import type { NewsItem, SubscriptionContext, Wanted } from '../../graphql/news.js';
import { isId } from '../../graphql/scalars.js';
import { authorize, itself } from '../access/index.js';
import { MEMBER_BY_NO, type Member, memberNodes } from '../members/index.js';
import { PartnerEntity } from '../partners/index.js';
import { ProgrammeEntity } from '../programmes/index.js';
import { type Redemption, redemptionNodes } from '../redemption/index.js';
import { type SettlementWindow, windowNodes } from '../settlement/index.js';
import {
  AccrualConfirmation,
  AccrualConfirmedArguments,
  BalanceChange,
  BalanceChangedArguments,
  RedemptionAuthorisation,
  RedemptionAuthorisedArguments,
  WindowClosedArguments,
  WindowClosing,
} from './subscription.graphql.js';

interface Asked<Arguments> {
  readonly args: Arguments;
  readonly context: SubscriptionContext;
}

async function balanceChanges({ args, context }: Asked<BalanceChangedArguments>): Promise<AsyncIterable<NewsItem>> {
  authorize(context.principal, 'member.read', itself(context.principal));
  const memberNo = await memberNoOf(args.memberId, context);
  return hear(context, { type: 'balance.changed', memberNo, beginsNow: true }, args.after);
}

async function confirmations({ args, context }: Asked<AccrualConfirmedArguments>): Promise<AsyncIterable<NewsItem>> {
  const { memberId, after } = args;
  authorize(context.principal, 'member.read', itself(context.principal));
  const programmeNo = await programmeNoOf(args.programmeCode, context);
  const ofMember = memberId ? { memberNo: await memberNoOf(memberId, context) } : {};
  return hear(context, { type: 'accrual.confirmed', programmeNo, ...ofMember }, after);
}

async function authorisations({
  args,
  context,
}: Asked<RedemptionAuthorisedArguments>): Promise<AsyncIterable<NewsItem>> {
  const partner = await context.em.findOne(PartnerEntity, { code: args.partnerCode });
  if (partner === null) throw badUserInput('There is no partner of this code.');
  authorize(context.principal, 'redemption.read', { partnerNos: [partner.no] });
  return hear(context, { type: 'redemption.authorised', partnerNo: partner.no }, args.after);
}

async function closings({ args, context }: Asked<WindowClosedArguments>): Promise<AsyncIterable<NewsItem>> {
  authorize(context.principal, 'settlement.read', itself(context.principal));
  return hear(
    context,
    { type: 'window.closed', programmeNo: await programmeNoOf(args.programmeCode, context) },
    args.after,
  );
}

const CURSOR = /^\d{1,18}$/;

function hear(context: SubscriptionContext, wanted: Wanted, after: string | null | undefined): AsyncIterable<NewsItem> {
  if (after !== null && after !== undefined && !CURSOR.test(after))
    throw badUserInput('This is no cursor: give the `cursor` of something that you were told.');
  return context.news.hear({ ...wanted, ...(after && { after: BigInt(after) }) }, context);
}

async function memberNoOf(id: string, context: GatewayContext): Promise<number> {
  const member = isId(id) ? ((await memberNodes.find(id, context)) as Member | undefined) : undefined;
  if (!member) throw badUserInput('There is no member of this id that you may see.');
  return member.no;
}

async function programmeNoOf(code: string, { em }: GatewayContext): Promise<number> {
  const programme = await em.findOne(ProgrammeEntity, { code });
  if (programme === null) throw badUserInput('There is no programme of this code.');
  return programme.no;
}

const toldOf = ({ number, at }: NewsItem): { cursor: string; at: Date } => ({ cursor: String(number), at });

const memberOf = async ({ memberNo }: NewsItem, { loader }: GatewayContext): Promise<Member | null> =>
  memberNo === null ? null : ((await loader(MEMBER_BY_NO).load(memberNo)) ?? null);

@Resolver()
export class SubscriptionResolver {
  @Subscription(() => BalanceChange, {
    nullable: true,
    subscribe: balanceChanges as never,
    description:
      'Tells the balance of a member at once, and again whenever it has changed, wherever that was. Who may see the ' +
      'member may subscribe.',
  })
  async balanceChanged(
    @Root() item: NewsItem,
    @Args(() => BalanceChangedArguments) _args: BalanceChangedArguments,
    @Ctx() context: GatewayContext,
  ): Promise<BalanceChange> {
    return { ...toldOf(item), member: await memberOf(item, context) };
  }

  @Subscription(() => AccrualConfirmation, {
    nullable: true,
    subscribe: confirmations as never,
    description: 'Tells when rewards become available, once for each member.',
  })
  async accrualConfirmed(
    @Root() item: NewsItem,
    @Args(() => AccrualConfirmedArguments) _args: AccrualConfirmedArguments,
    @Ctx() context: GatewayContext,
  ): Promise<AccrualConfirmation> {
    return { ...toldOf(item), member: await memberOf(item, context) };
  }

  @Subscription(() => RedemptionAuthorisation, {
    nullable: true,
    subscribe: authorisations as never,
    description: 'Tells when units are held at a partner, for the partner itself and those who run the programme.',
  })
  async redemptionAuthorised(
    @Root() item: NewsItem,
    @Args(() => RedemptionAuthorisedArguments) _args: RedemptionAuthorisedArguments,
    @Ctx() context: GatewayContext,
  ): Promise<RedemptionAuthorisation> {
    const found = item.subjectId === null ? null : await redemptionNodes.find(item.subjectId, context);
    return { ...toldOf(item), redemption: (found as Redemption | null | undefined) ?? null };
  }

  @Subscription(() => WindowClosing, {
    nullable: true,
    subscribe: closings as never,
    description: 'Tells when a settlement window of a programme is closed.',
  })
  async windowClosed(
    @Root() item: NewsItem,
    @Args(() => WindowClosedArguments) _args: WindowClosedArguments,
    @Ctx() context: GatewayContext,
  ): Promise<WindowClosing> {
    const found = item.subjectId === null ? null : await windowNodes.find(item.subjectId, context);
    return { ...toldOf(item), window: (found as SettlementWindow | null | undefined) ?? null };
  }
}
