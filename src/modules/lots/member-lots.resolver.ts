/** What lots add to a member, and who is to be told that units will be gone. */
import { Arg, Args, Ctx, FieldResolver, Query, Resolver, Root } from 'type-graphql';
import { addDays, type BusinessDate, businessDateIn } from '../../domain/kernel/calendar.js';
import { invariant } from '../../domain/kernel/invariant.js';
import { formatDecimal } from '../../domain/money/decimal.js';
import { expiring } from '../../domain/redemption/expiring.js';
import { NO_LOTS } from '../../domain/redemption/member-lots.js';
import { badUserInput } from '../../graphql/bad-user-input.js';
import { type Connection, ConnectionArguments, connection } from '../../graphql/connection.js';
import type { GatewayContext, LoaderDefinition } from '../../graphql/context.js';
import { entityConnection } from '../../graphql/entity-connection.js';
import type { Slice } from '../../graphql/keyset.js';
import { toMoney } from '../../graphql/money.js';
import { BusinessDateScalar } from '../../graphql/scalars.js';
import { databaseTime } from '../../infrastructure/db/clock.js';
import { authorize, itself } from '../access/index.js';
import { BALANCE_OF_MEMBER, MEMBER_BY_NO, Member } from '../members/index.js';
import type { ProgrammeRecord, Programmes, PublishedTo } from '../programmes/index.js';
import { EXPIRY_NOTICES, findExpiryNotices } from './expiry-notices.sql.js';
import { MemberDebtEntity } from './lot.entity.js';
import {
  ExpiringUnits,
  ExpiryNotice,
  ExpiryNoticeConnection,
  ExpiryNoticesArguments,
  Lot,
  LotConnection,
  MemberDebt,
  MemberDebtConnection,
  MemberDebtsArguments,
} from './lot.graphql.js';
import { DEBTS, DEBTS_OF_MEMBER, LIVE_LOTS_OF_MEMBER, LOTS, lotsOf } from './lot.loaders.js';
import { kernelLot } from './lot-reads.resolver.js';
import { type ProgrammeToday, programmesToday, programmeToday } from './programme-today.js';

@Resolver(() => Member)
export class MemberLotsResolver {
  private readonly today: LoaderDefinition<number, ProgrammeToday | undefined>;

  constructor(published: PublishedTo) {
    this.today = programmesToday(published);
  }

  @FieldResolver(() => LotConnection, {
    description: 'All lots of the member, used up ones included, the latest first.',
  })
  lots(
    @Root() { no, programmeNo }: Member,
    @Args(() => ConnectionArguments) args: ConnectionArguments,
    @Ctx() context: GatewayContext,
  ): Promise<Connection<Lot>> {
    // With all that its figures go by, so that no field of a lot has to wait.
    const read = async (slice: Slice): Promise<Lot[]> => {
      const [rows, at, balance] = await Promise.all([
        lotsOf(no, slice, context),
        programmeToday(this.today, programmeNo, context),
        context.loader(BALANCE_OF_MEMBER).load(no),
      ]);
      return rows.map((row) => Lot.of(row, at, balance?.lastActivityOn ?? undefined));
    };
    return connection(args, LOTS, read, (lot) => lot);
  }

  @FieldResolver(() => [MemberDebt], {
    description: 'What the member owes after refunds of spent units, the oldest first.',
  })
  async debts(@Root() { no, programmeNo }: Member, @Ctx() context: GatewayContext): Promise<MemberDebt[]> {
    const debts = await context.loader(DEBTS_OF_MEMBER).load(no);
    if (debts.length === 0) return [];
    const { programme } = await programmeToday(this.today, programmeNo, context);
    return debts.map((debt) => shownDebt(debt, programme));
  }

  @FieldResolver(() => [ExpiringUnits], {
    description:
      'Units that will be gone by a day if the member does nothing, pending ones included; the soonest first.',
  })
  async expiring(
    @Root() { no, programmeNo }: Member,
    @Arg('until', () => BusinessDateScalar, { description: 'The last day to look at.' }) until: BusinessDate,
    @Ctx() context: GatewayContext,
  ): Promise<ExpiringUnits[]> {
    const { programme, terms, today } = await programmeToday(this.today, programmeNo, context);
    if (terms === undefined) return [];
    const [rows, balance] = await Promise.all([
      context.loader(LIVE_LOTS_OF_MEMBER).load(no),
      context.loader(BALANCE_OF_MEMBER).load(no),
    ]);
    const lastActivityOn = balance?.lastActivityOn;
    const member = { ...NO_LOTS, lots: rows.map(kernelLot), asOf: today, ...(lastActivityOn && { lastActivityOn }) };
    return expiring(member, terms, until).map(({ on, part }) =>
      Object.assign(new ExpiringUnits(), shown(programme, on, part.units, part.valueMinor)),
    );
  }
}

const shown = (
  { unitScale, currencyCode }: ProgrammeRecord,
  on: BusinessDate,
  units: bigint,
  valueMinor: bigint,
): ExpiringUnits => ({ on, units: formatDecimal(units, unitScale), value: toMoney(valueMinor, currencyCode) });

const shownDebt = (
  { memberNo, since, units, issuedUnits, valueMinor }: MemberDebtEntity,
  { unitScale, currencyCode }: ProgrammeRecord,
): MemberDebt =>
  Object.assign(new MemberDebt(), {
    memberNo,
    since,
    units: formatDecimal(units, unitScale),
    issued: formatDecimal(issuedUnits, unitScale),
    value: toMoney(valueMinor, currencyCode),
  });

@Resolver(() => MemberDebt)
export class MemberDebtResolver {
  constructor(private readonly published: () => Promise<Programmes>) {}

  @Query(() => MemberDebtConnection, {
    nullable: true,
    description: 'What members of a programme still owe, the oldest first, for those who run it.',
  })
  async memberDebts(
    @Args(() => MemberDebtsArguments) args: MemberDebtsArguments,
    @Ctx() { em, principal }: GatewayContext,
  ): Promise<Connection<MemberDebt>> {
    authorize(principal, 'member.list');
    const programme = programmeNamed(await this.published(), args.programmeCode);
    const open = { programmeNo: programme.no, units: { $gt: 0n } };
    return entityConnection(args, DEBTS, { em, entity: MemberDebtEntity, where: open }, (rows) =>
      rows.map((debt) => shownDebt(debt, programme)),
    );
  }

  @FieldResolver(() => Member, { description: 'Who owes it.' })
  member(@Root() { memberNo }: MemberDebt, @Ctx() context: GatewayContext): Promise<Member> {
    return memberOf(memberNo, context);
  }
}

function programmeNamed(programmes: Programmes, code: string): ProgrammeRecord {
  const programme = programmes.byCode(code);
  if (programme === undefined) throw badUserInput('There is no programme of the code given as programmeCode.');
  return programme;
}

async function memberOf(memberNo: number, context: GatewayContext): Promise<Member> {
  const member = await context.loader(MEMBER_BY_NO).load(memberNo);
  invariant(member !== undefined, `whoever sees what belongs to member ${memberNo} sees the member`);
  return member;
}

@Resolver(() => ExpiryNotice)
export class ExpiryNoticeResolver {
  constructor(private readonly published: () => Promise<Programmes>) {}

  @Query(() => ExpiryNoticeConnection, {
    nullable: true,
    description:
      'Members who are to be told that units will be gone, the soonest first: all of them for those who run the programme, its customers for a bank, itself for a member. One notice for a member and a day, so whoever sends them knows which it has sent.',
  })
  async expiryNotices(
    @Args(() => ExpiryNoticesArguments) args: ExpiryNoticesArguments,
    @Ctx() context: GatewayContext,
  ): Promise<Connection<ExpiryNotice>> {
    authorize(context.principal, 'member.read', itself(context.principal));
    const programmes = await this.published();
    const programme = programmeNamed(programmes, args.programmeCode);
    const today = businessDateIn(await databaseTime(context.em), programme.timeZone);
    const terms = programmes.inForce(programme.no, today)?.terms.redemption;
    return connection(
      args,
      EXPIRY_NOTICES,
      async (slice) => {
        if (terms === undefined) return [];
        const until = args.until ?? addDays(today, terms.noticeDays);
        return findExpiryNotices(context.em, programme.no, terms, today, until, slice);
      },
      ({ memberNo, goneOn, units, valueMinor }) =>
        Object.assign(new ExpiryNotice(), {
          memberNo,
          ...shown(programme, goneOn, BigInt(units), BigInt(valueMinor)),
        }),
    );
  }

  @FieldResolver(() => Member, { description: 'Who is to be told.' })
  member(@Root() { memberNo }: ExpiryNotice, @Ctx() context: GatewayContext): Promise<Member> {
    return memberOf(memberNo, context);
  }
}
