/** What tiers add to a member. */
import { Args, Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import type { ProgrammeTerms } from '../../domain/earning/model.js';
import { type BusinessDate, businessDateIn } from '../../domain/kernel/calendar.js';
import { forecastTier } from '../../domain/tiers/forecast.js';
import { metricOfDay, metricOfDays, metricWindow } from '../../domain/tiers/qualify.js';
import { historyStart } from '../../domain/tiers/standing.js';
import { type Connection, ConnectionArguments, connection } from '../../graphql/connection.js';
import type { GatewayContext, LoaderDefinition } from '../../graphql/context.js';
import { Member } from '../members/index.js';
import type { Programmes, PublishedTo } from '../programmes/index.js';
import { MemberTier, TierChange, TierChangeConnection } from './tier.graphql.js';
import { DAYS_OF_MEMBER, STANDING_OF_MEMBER, TIER_CHANGES, TIER_CHANGES_OF_MEMBER } from './tier.loaders.js';

interface TermsToday {
  readonly today: BusinessDate;
  readonly terms?: ProgrammeTerms;
  readonly programmes: Programmes;
}

@Resolver(() => MemberTier)
export class TierResolver {
  /** By the programme's number; once per request. */
  private readonly termsToday: LoaderDefinition<number, TermsToday>;

  constructor(published: PublishedTo) {
    this.termsToday = {
      name: 'tiers.terms-today',
      async load(programmeNos, context) {
        const { programmes, now } = await published(context);
        return programmeNos.map((no) => {
          const today = businessDateIn(now, programmes.byNo(no)?.timeZone ?? 'UTC');
          const terms = programmes.inForce(no, today)?.terms;
          return { today, programmes, ...(terms && { terms }) };
        });
      },
    };
  }

  /** The tier as of today by what is stored now: a rise or a fall that nobody noted yet is in it. */
  async tierOf({ no, programmeNo }: Member, context: GatewayContext): Promise<MemberTier | null> {
    const { today, terms } = await context.loader(this.termsToday).load(programmeNo);
    if (terms === undefined) return null;
    const { tiers } = terms;
    // Beside the standing; one whose review is overdue goes by earlier days too.
    const recent = historyStart(tiers, undefined, today);
    const daysFrom = (first: BusinessDate) => context.loader(DAYS_OF_MEMBER).load({ memberNo: no, first });
    const [stored, ofLate] = await Promise.all([context.loader(STANDING_OF_MEMBER).load(no), daysFrom(recent)]);
    const first = historyStart(tiers, stored, today);
    const days = first < recent ? await daysFrom(first) : ofLate;
    const metricIn = metricOfDays(new Map(days.map((row) => [row.day, metricOfDay(tiers, row)])));
    const window = metricWindow(tiers, today);
    return MemberTier.of({ no, programmeNo }, terms, forecastTier(tiers, stored, today, metricIn), {
      isKnown: stored !== undefined,
      metric: metricIn(window.first, window.last),
      today,
    });
  }

  @FieldResolver(() => TierChangeConnection, { description: 'How the tier changed, the latest change first.' })
  async history(
    @Root() { memberNo, programmeNo }: MemberTier,
    @Args(() => ConnectionArguments) args: ConnectionArguments,
    @Ctx() context: GatewayContext,
  ): Promise<Connection<TierChange>> {
    const { programmes, terms } = await context.loader(this.termsToday).load(programmeNo);
    const changes = context.loader(TIER_CHANGES_OF_MEMBER);
    return connection(
      args,
      TIER_CHANGES,
      (slice) => changes.load({ parent: memberNo, slice }),
      (row) => TierChange.of(row, programmes.inForce(programmeNo, row.changedOn)?.terms ?? (terms as ProgrammeTerms)),
    );
  }
}

@Resolver(() => Member)
export class MemberTierResolver {
  constructor(private readonly tiers: TierResolver) {}

  @FieldResolver(() => MemberTier, {
    nullable: true,
    description: 'The tier of the member today, and what is to come; null when its programme does not run today.',
  })
  tier(@Root() member: Member, @Ctx() context: GatewayContext): Promise<MemberTier | null> {
    return this.tiers.tierOf(member, context);
  }
}
