/** Choosing categories. */
import type { Principal } from '../../domain/access/principal.js';
import { checkChoice, choiceWindow } from '../../domain/earning/choice.js';
import type { CategoryChoice } from '../../domain/earning/model.js';
import { periodEnd, periodStart } from '../../domain/earning/periods.js';
import { addDays, type BusinessDate } from '../../domain/kernel/calendar.js';
import { fail, ok, type Result } from '../../domain/kernel/result.js';
import { answerOnce } from '../../infrastructure/db/command-key.js';
import type { Database, DbTransaction } from '../../infrastructure/db/database.js';
import type { MemberRecord } from '../members/index.js';
import { lockNamedMember, type NamedMember } from './named-member.js';
import type { OfferErrorCode } from './offer.errors.js';
import { findChoice, insertChoice, today } from './offer.sql.js';
import type { ReferenceSource } from './reference-source.js';

export interface ChooseCategories {
  readonly member: NamedMember;
  readonly choiceCode: string;
  /** Any day of the period; the one that is open when absent. */
  readonly period?: BusinessDate | undefined;
  readonly categories: readonly string[];
  /** The choice shall stay as it is. */
  readonly lock: boolean;
  readonly idempotencyKey: string;
}

/** What a choice remembers under its key. */
interface Answer {
  readonly choice: string;
  readonly period: BusinessDate;
}

export interface Chosen extends Answer {
  readonly member: MemberRecord;
}

export class ChoiceService {
  constructor(
    private readonly database: Database,
    private readonly references: ReferenceSource,
  ) {}

  /**
   * Chooses for a period; once more before it closes or is locked replaces the choice from that day on and keeps
   * the history. The same key gives the same answer.
   */
  async choose(principal: Principal, command: ChooseCategories): Promise<Result<Chosen, OfferErrorCode>> {
    const { member: name, idempotencyKey, ...rest } = command;
    return this.database.command(async (tx) => {
      const member = await lockNamedMember(tx, principal, 'offer.use', name);
      if (!member.ok) return member;
      const body = { ...rest, memberId: member.value.id };
      const answer = await answerOnce<Answer, OfferErrorCode>(
        tx,
        { client: principal.subject, key: idempotencyKey, operation: 'CHOOSE_CATEGORIES', body },
        () => this.store(tx, member.value, command),
      );
      return answer.ok ? ok({ ...answer.value, member: member.value }) : answer;
    });
  }

  private async store(
    tx: DbTransaction,
    member: MemberRecord,
    { choiceCode, period: asked, categories, lock }: ChooseCategories,
  ): Promise<Result<Answer, OfferErrorCode>> {
    const found = await this.findOpen(tx, member, choiceCode, asked);
    if (!found.ok) return found;
    const { choice, period, day } = found.value;
    const standing = await findChoice(tx, member.no, choiceCode, period);
    const checked = checkChoice(choice, member.id, period, categories, day, standing);
    if (!checked.ok) return checked;
    const same = standing !== undefined && standing.locked === lock && sameSet(standing.categories, checked.value);
    if (!same) {
      const version = (standing?.version ?? 0) + 1;
      const made = { choice: choiceCode, period, version, categories: checked.value, locked: lock, chosenOn: day };
      await insertChoice(tx, member.no, made);
    }
    return ok({ choice: choiceCode, period });
  }

  /** The choice as the programme has it in the period, and the period that is meant. */
  private async findOpen(
    tx: DbTransaction,
    member: MemberRecord,
    choiceCode: string,
    asked: BusinessDate | undefined,
  ): Promise<Result<{ choice: CategoryChoice; period: BusinessDate; day: BusinessDate }, OfferErrorCode>> {
    const { programmes } = await this.references.current(tx);
    const programme = programmes.byNo(member.programmeNo);
    const { today: day } = await today(tx, programme?.timeZone ?? 'UTC');
    const termsOn = (date: BusinessDate) => programmes.inForce(member.programmeNo, date > day ? date : day)?.terms;
    const choiceOn = (date: BusinessDate) => termsOn(date)?.choices.find(({ code }) => code === choiceCode);
    if (termsOn(asked ?? day) === undefined)
      return fail('NOTHING_IN_FORCE', 'The programme has no version in force yet; choose when it has begun.');
    const present = choiceOn(asked ?? day);
    if (present === undefined) return unknownChoice(choiceCode);
    if (asked !== undefined) {
      const period = periodStart(present.per, asked);
      return ok({ choice: choiceOn(period) ?? present, period, day });
    }
    const current = periodStart(present.per, day);
    const next = addDays(periodEnd(present.per, day), 1);
    const coming = choiceOn(next);
    // The period that is running, unless it has closed and the next one has opened.
    if (day > choiceWindow(present, current).closesOn && coming && day >= choiceWindow(coming, next).opensOn)
      return ok({ choice: coming, period: next, day });
    return ok({ choice: present, period: current, day });
  }
}

const unknownChoice = (code: string) =>
  fail('UNKNOWN_CHOICE', `The programme has no choice "${code}"; see the member's choices.`, 'choiceCode');

const sameSet = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((each) => b.includes(each));
