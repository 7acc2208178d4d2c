/** Questions about the past: arguments -> when, sums -> payload. */
import { Args, Ctx, Query, Resolver } from 'type-graphql';
import { formatDecimal } from '../../domain/money/decimal.js';
import type { GatewayContext } from '../../graphql/context.js';
import { toMoney } from '../../graphql/money.js';
import { isId } from '../../graphql/scalars.js';
import { authorize, itself } from '../access/index.js';
import { Position } from '../settlement/index.js';
import {
  MemberBalanceAtArguments,
  MemberBalanceAtPayload,
  PositionsAtArguments,
  PositionsAtPayload,
  TimeMachineUserError,
} from './time-machine.graphql.js';
import type { TimeMachineService } from './time-machine.service.js';

@Resolver()
export class TimeMachineResolver {
  constructor(private readonly service: TimeMachineService) {}

  @Query(() => MemberBalanceAtPayload, {
    nullable: true,
    description:
      'What a member had: as it was known at an instant, as of a day, or as it was known at an instant about a day. Null ' +
      'when there is no such member that the caller may see.',
  })
  async memberBalanceAt(
    @Args(() => MemberBalanceAtArguments) { memberId, asKnownAt, effectiveOn }: MemberBalanceAtArguments,
    @Ctx() { em, principal }: GatewayContext,
  ): Promise<MemberBalanceAtPayload | null> {
    authorize(principal, 'member.read', itself(principal));
    if (!isId(memberId)) return null;
    // Through the reader: it finds those members alone whose balance the caller sees now.
    const [seen] = await em.execute<{ no: number }[]>(
      'select m.no from member m join member_balance b on b.member_no = m.no where m.id = ?',
      [memberId],
    );
    if (seen === undefined) return null;
    const when = { asKnownAt: asKnownAt ?? undefined, effectiveOn: effectiveOn ?? undefined };
    const result = await this.service.balanceOf(principal, seen.no, when);
    if (!result.ok) return { userErrors: TimeMachineUserError.from(result.failure) };
    const { pendingUnits, availableUnits, heldUnits, owedMinor, unitCode, unitScale, currencyCode } = result.value;
    const units = (steps: bigint): string => formatDecimal(steps, unitScale);
    return {
      balance: {
        pending: units(pendingUnits),
        available: units(availableUnits),
        held: units(heldUnits),
        unitCode,
        owed: toMoney(owedMinor, currencyCode),
      },
      userErrors: [],
    };
  }

  @Query(() => PositionsAtPayload, {
    nullable: true,
    description:
      'Where partners stood with a programme: as it was known at an instant, as of a day, or as it was known at an ' +
      'instant about a day. Windows count as closed when they were by that instant.',
  })
  async positionsAt(
    @Args(() => PositionsAtArguments) { programmeCode, asKnownAt, effectiveOn }: PositionsAtArguments,
    @Ctx() { principal }: GatewayContext,
  ): Promise<PositionsAtPayload> {
    const when = { asKnownAt: asKnownAt ?? undefined, effectiveOn: effectiveOn ?? undefined };
    const result = await this.service.positionsOf(principal, programmeCode, when);
    if (!result.ok) return { userErrors: TimeMachineUserError.from(result.failure) };
    const positions = result.value.map(({ partyNo, currencyCode, openMinor, closedMinor, unpaidMinor }) =>
      Object.assign(new Position(), {
        partyNo,
        open: toMoney(openMinor, currencyCode),
        closed: toMoney(closedMinor, currencyCode),
        unpaid: toMoney(unpaidMinor, currencyCode),
      }),
    );
    return { positions, userErrors: [] };
  }
}
