/**
 * What was known at an instant, about a day: balances and positions summed over the journal, which is never changed and
 * remembers of every entry when it was recorded and on which day what it tells happened. An instant or a day that there
 * are no records of is refused, never answered with nothing.
 *
 * Read by the writer: who is a party to an entry need not see the entry.
 */
import type { Principal } from '../../domain/access/principal.js';
import { fail, ok, type Result } from '../../domain/kernel/result.js';
import type { Database } from '../../infrastructure/db/database.js';
import { planForWholeTables } from '../../infrastructure/db/planning.js';
import { authorize, itself } from '../access/index.js';
import type { TimeMachineErrorCode } from './time-machine.errors.js';
import {
  findRecords,
  getMemberRecords,
  type MemberRecords,
  type MemberSums,
  type PositionSums,
  type Records,
  sumMember,
  sumPositions,
  type When,
} from './time-machine.sql.js';

export type MemberBalanceThen = MemberSums & Pick<MemberRecords, 'unitCode' | 'unitScale' | 'currencyCode'>;

export class TimeMachineService {
  constructor(private readonly database: Database) {}

  /** @param memberNo of a member that the principal may see */
  async balanceOf(
    principal: Principal,
    memberNo: number,
    when: When,
  ): Promise<Result<MemberBalanceThen, TimeMachineErrorCode>> {
    authorize(principal, 'member.read', itself(principal));
    return this.database.command(async (tx) => {
      const records = await getMemberRecords(tx, memberNo);
      const { enrolledAt, unitCode, unitScale, currencyCode } = records;
      const since = enrolledAt > records.since ? enrolledAt : records.since;
      const refused = refusal({ ...records, since }, when);
      if (refused !== undefined) return refused;
      return ok({ ...(await sumMember(tx, memberNo, when)), unitCode, unitScale, currencyCode });
    });
  }

  /** Of all partners, or of the one that asks. */
  async positionsOf(
    principal: Principal,
    programmeCode: string,
    when: When,
  ): Promise<Result<PositionSums[], TimeMachineErrorCode>> {
    authorize(principal, 'settlement.read', itself(principal));
    return this.database.command(async (tx) => {
      const records = await findRecords(tx, programmeCode);
      if (records === undefined) {
        return fail(
          'UNKNOWN_PROGRAMME',
          `There is no programme "${programmeCode}"; correct the code.`,
          'programmeCode',
        );
      }
      const refused = refusal(records, when);
      if (refused !== undefined) return refused;
      await planForWholeTables(tx);
      const partnerNo = principal.kind === 'PARTNER' ? principal.partnerNo : undefined;
      return ok(await sumPositions(tx, records.programmeNo, partnerNo, when));
    });
  }
}

/** Why there is no answer for that time; nothing when there is one. */
function refusal({ since, sinceDay, now, today }: Records, { asKnownAt, effectiveOn }: When) {
  if (asKnownAt === undefined && effectiveOn === undefined) {
    return fail('WHEN_MISSING', 'Give the instant that it was known at as asKnownAt, a day as effectiveOn, or both.');
  }
  if (asKnownAt !== undefined && asKnownAt < since) {
    const sentence = `The records begin at ${since.toISOString()}; ask for that instant or a later one.`;
    return fail('BEFORE_RECORDS', sentence, 'asKnownAt');
  }
  if (effectiveOn !== undefined && effectiveOn < sinceDay) {
    return fail('BEFORE_RECORDS', `The records begin on ${sinceDay}; ask for that day or a later one.`, 'effectiveOn');
  }
  if (asKnownAt !== undefined && asKnownAt > now) {
    return fail('IN_THE_FUTURE', `It is ${now.toISOString()}; nobody knows yet what will be known later.`, 'asKnownAt');
  }
  if (effectiveOn !== undefined && effectiveOn > today) {
    return fail('IN_THE_FUTURE', `Today is ${today}; ask for that day or an earlier one.`, 'effectiveOn');
  }
  return undefined;
}
