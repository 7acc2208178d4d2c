/** One member as its choices and offers are shown: by what the caller may see of it, on today's terms. */
import type { ProgrammeTerms } from '../../domain/earning/model.js';
import type { MemberTraits } from '../../domain/earning/traits.js';
import { type BusinessDate, businessDateIn } from '../../domain/kernel/calendar.js';
import type { GatewayContext, LoaderDefinition } from '../../graphql/context.js';
import type { Database } from '../../infrastructure/db/database.js';
import { PERSONALISED } from '../consents/index.js';
import type { Member } from '../members/index.js';
import type { MemberChoiceEntity } from './offer.entity.js';
import { ACTIVATIONS_OF_MEMBER, CHOICES_OF_MEMBER, SEGMENTS_OF_MEMBER } from './offer.loaders.js';
import type { Reference, ReferenceSource } from './reference-source.js';

/** What does not depend on the member: read once per request. */
interface Present {
  readonly reference: Reference;
  readonly now: Date;
}

export interface MemberView extends Present {
  readonly member: Member;
  readonly traits: MemberTraits;
  /** In the order in which they were made. */
  readonly made: readonly MemberChoiceEntity[];
  readonly today: BusinessDate;
  /** Today's; absent when the programme has not begun. */
  readonly terms?: ProgrammeTerms | undefined;
  /** Terms of the programme on a day, today or later. */
  termsOn(date: BusinessDate): ProgrammeTerms | undefined;
}

export class MemberViews {
  private readonly present: LoaderDefinition<'present', Present>;

  constructor(database: Database, references: ReferenceSource) {
    this.present = {
      name: 'offers.present',
      async load(keys, { em }) {
        const present = await references.present(em, database);
        return keys.map(() => present);
      },
    };
  }

  async of(member: Member, context: GatewayContext): Promise<MemberView> {
    const { no, programmeNo } = member;
    const [present, made, activations, segments, personalised] = await Promise.all([
      context.loader(this.present).load('present'),
      context.loader(CHOICES_OF_MEMBER).load(no),
      context.loader(ACTIVATIONS_OF_MEMBER).load(no),
      context.loader(SEGMENTS_OF_MEMBER).load(no),
      context.loader(PERSONALISED).load(no),
    ]);
    const { programmes } = present.reference;
    const zone = programmes.byNo(programmeNo)?.timeZone ?? 'UTC';
    const today = businessDateIn(present.now, zone);
    const termsOn = (date: BusinessDate) => programmes.inForce(programmeNo, date > today ? date : today)?.terms;
    return {
      ...present,
      member,
      made,
      today,
      terms: termsOn(today),
      termsOn,
      traits: {
        id: member.id,
        birthday: member.birthday ?? undefined,
        timeZone: member.timeZone ?? undefined,
        enrolledOn: businessDateIn(member.enrolledAt, zone),
        segments: (personalised ? segments : []).map(({ segment, fromDay, untilDay }) => ({
          code: segment,
          from: fromDay,
          until: untilDay ?? undefined,
        })),
        activations: activations.map(({ ruleCode, period, activatedOn }) => ({ rule: ruleCode, period, activatedOn })),
        choices: made.map(({ choiceCode, period, categories, chosenOn }) => ({
          choice: choiceCode,
          period,
          categories,
          chosenOn,
        })),
      },
    };
  }

  /** After a command: what this request read before is old. */
  forget({ no }: Pick<Member, 'no'>, { loader }: GatewayContext): void {
    loader(CHOICES_OF_MEMBER).clear(no);
    loader(ACTIVATIONS_OF_MEMBER).clear(no);
    loader(SEGMENTS_OF_MEMBER).clear(no);
  }
}
