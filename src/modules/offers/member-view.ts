/** One member as its choices and offers are shown: by what the caller may see of it, on today's terms. */
import type { ProgrammeTerms } from '../../domain/earning/model.js';
import type { MemberTraits } from '../../domain/earning/traits.js';
import { type BusinessDate, businessDateIn } from '../../domain/kernel/calendar.js';
import type { GatewayContext } from '../../graphql/context.js';
import { PERSONALISED } from '../consents/index.js';
import type { Member } from '../members/index.js';
import type { MemberChoiceEntity } from './offer.entity.js';
import { ACTIVATIONS_OF_MEMBER, CHOICES_OF_MEMBER, SEGMENTS_OF_MEMBER } from './offer.loaders.js';
import type { Present } from './reference-source.js';

/** What a member chose, and what it may choose from. */
export interface ChoosingView extends Present {
  readonly member: Member;
  /** In the order in which they were made. */
  readonly made: readonly MemberChoiceEntity[];
  /** The same, as decisions know them. */
  readonly choices: MemberTraits['choices'];
  readonly today: BusinessDate;
  /** Today's; absent when the programme has not begun. */
  readonly terms?: ProgrammeTerms | undefined;
  /** Terms of the programme on a day, today or later. */
  termsOn(date: BusinessDate): ProgrammeTerms | undefined;
}

/** With everything that rules look at. */
export interface MemberView extends ChoosingView {
  readonly traits: MemberTraits;
}

export class MemberViews {
  constructor(private readonly present: (context: GatewayContext) => Promise<Present>) {}

  /** As far as choosing goes by it. */
  async choosing(member: Member, context: GatewayContext): Promise<ChoosingView> {
    const { no, programmeNo } = member;
    const [present, made] = await Promise.all([this.present(context), context.loader(CHOICES_OF_MEMBER).load(no)]);
    const { programmes } = present.reference;
    const today = businessDateIn(present.now, zoneOf(member, present));
    const termsOn = (date: BusinessDate) => programmes.inForce(programmeNo, date > today ? date : today)?.terms;
    return {
      ...present,
      member,
      made,
      choices: made.map(({ choiceCode, period, categories, chosenOn }) => ({
        choice: choiceCode,
        period,
        categories,
        chosenOn,
      })),
      today,
      terms: termsOn(today),
      termsOn,
    };
  }

  async of(member: Member, context: GatewayContext): Promise<MemberView> {
    const { no } = member;
    const [view, activations, segments, personalised] = await Promise.all([
      this.choosing(member, context),
      context.loader(ACTIVATIONS_OF_MEMBER).load(no),
      context.loader(SEGMENTS_OF_MEMBER).load(no),
      context.loader(PERSONALISED).load(no),
    ]);
    return {
      ...view,
      traits: {
        id: member.id,
        birthday: member.birthday ?? undefined,
        timeZone: member.timeZone ?? undefined,
        enrolledOn: businessDateIn(member.enrolledAt, zoneOf(member, view)),
        segments: (personalised ? segments : []).map(({ segment, fromDay, untilDay }) => ({
          code: segment,
          from: fromDay,
          until: untilDay ?? undefined,
        })),
        activations: activations.map(({ ruleCode, period, activatedOn }) => ({ rule: ruleCode, period, activatedOn })),
        choices: view.choices,
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

const zoneOf = ({ programmeNo }: Member, { reference }: Present): string =>
  reference.programmes.byNo(programmeNo)?.timeZone ?? 'UTC';
