/** Activating offers, and the segments that offers are for. */
import type { Principal } from '../../domain/access/principal.js';
import { activationPeriod, isFor } from '../../domain/earning/audience.js';
import { variantsOf } from '../../domain/earning/experiment.js';
import { noTraits } from '../../domain/earning/traits.js';
import { type BusinessDate, businessDateIn } from '../../domain/kernel/calendar.js';
import { fail, ok, type Result } from '../../domain/kernel/result.js';
import type { Database } from '../../infrastructure/db/database.js';
import type { MemberRecord } from '../members/index.js';
import { lockNamedMember, type NamedMember } from './named-member.js';
import type { OfferErrorCode } from './offer.errors.js';
import { endSegment, insertActivation, insertSegment, loadTraits, today, wantsOffers } from './offer.sql.js';
import type { ReferenceSource } from './reference-source.js';
import { tiersOn } from './tier-on.js';

export interface ActivateOffer {
  readonly member: NamedMember;
  readonly ruleCode: string;
}

export interface SetSegment {
  readonly member: NamedMember;
  readonly segment: string;
  /** Whether the member is in it from then on. */
  readonly inIt: boolean;
  /** Today when absent; not before. */
  readonly from?: BusinessDate | undefined;
  /** Last day; for good when absent. */
  readonly until?: BusinessDate | undefined;
}

const SEGMENT = /^[a-z0-9][a-z0-9-]{0,62}$/;

export class OfferService {
  constructor(
    private readonly database: Database,
    private readonly references: ReferenceSource,
  ) {}

  /** Activates a rule for the period that is running; again changes nothing. Purchases count from today on. */
  async activate(principal: Principal, command: ActivateOffer): Promise<Result<MemberRecord, OfferErrorCode>> {
    const { member: name, ruleCode } = command;
    return this.database.command(async (tx) => {
      const found = await lockNamedMember(tx, principal, 'offer.use', name);
      if (!found.ok) return found;
      const member = found.value;
      const { programmes } = await this.references.current(tx);
      const clock = await today(tx, programmes.byNo(member.programmeNo)?.timeZone ?? 'UTC');
      const terms = programmes.inForce(member.programmeNo, clock.today)?.terms;
      if (terms === undefined)
        return fail('NOTHING_IN_FORCE', 'The programme has no version in force yet; activate when it has begun.');
      const rule = terms.rules.find(({ code }) => code === ruleCode);
      if (rule === undefined)
        return fail('UNKNOWN_OFFER', `There is no offer "${ruleCode}"; see the member's offers.`, 'offerCode');
      const period = activationPeriod(rule, clock.today);
      if (period === undefined)
        return fail('NO_ACTIVATION_NEEDED', 'This offer counts by itself; there is nothing to activate.', 'offerCode');
      const traits = (await loadTraits(tx, [member.no])).get(member.no) ?? noTraits(member.id);
      const tier = (await tiersOn(tx, [member.no], terms.tiers, clock.today)).get(member.no) as string;
      const memberDate = traits.timeZone === undefined ? undefined : businessDateIn(clock.now, traits.timeZone);
      const variants = variantsOf(terms, member.id);
      if (!isFor(rule, { traits, tier, variants, date: clock.today, memberDate })) {
        return fail(
          'NOT_FOR_THIS_MEMBER',
          "This offer is for other members, or for other days; see the member's offers.",
          'offerCode',
        );
      }
      await insertActivation(tx, member.no, rule.code, period, clock.today);
      return ok(member);
    });
  }

  /** Puts a member into a segment or takes it out, from a day on; the days before stay as they were. */
  async setSegment(principal: Principal, command: SetSegment): Promise<Result<MemberRecord, OfferErrorCode>> {
    const { member: name, segment, inIt, until } = command;
    return this.database.command(async (tx) => {
      const member = await lockNamedMember(tx, principal, 'segment.set', name);
      if (!member.ok) return member;
      if (!SEGMENT.test(segment)) {
        return fail(
          'MALFORMED_SEGMENT',
          'A segment is a code of small letters, digits and dashes, such as "young-families".',
          'segment',
        );
      }
      const { programmes } = await this.references.current(tx);
      const { today: day } = await today(tx, programmes.byNo(member.value.programmeNo)?.timeZone ?? 'UTC');
      const from = command.from ?? day;
      if (from < day) return fail('SEGMENT_IN_THE_PAST', `What was is kept; begin on ${day} or later.`, 'from');
      if (until !== undefined && until < from)
        return fail('DAYS_OUT_OF_ORDER', `The last day is before the first, ${from}; correct one of them.`, 'until');
      if (inIt && !(await wantsOffers(tx, member.value.no))) {
        return fail(
          'CONSENT_MISSING',
          'The member does not consent to PERSONALISED_OFFERS; ask it, and record what it says with consentGive.',
          'member',
        );
      }
      await endSegment(tx, member.value.no, segment, from);
      if (inIt) await insertSegment(tx, member.value.no, segment, from, until);
      return ok(member.value);
    });
  }
}
