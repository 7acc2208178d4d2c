/** Rules of rounding up: set, ended, and what has come since each was looked at. */
import { type DbTransaction, statement } from '../../infrastructure/db/database.js';
import type { RoundUpEntity } from './round-up.entity.js';

export type RoundUpRecord = RoundUpEntity;

const COLUMNS = `member_no as "memberNo", programme_no as "programmeNo", charity_no as "charityNo", step_minor as "stepMinor",
  set_at as "setAt", seen_id as "seenId", rest_minor as "restMinor"`;

const SET = statement(
  'round-ups.set',
  `insert into round_up as r (member_no, programme_no, charity_no, step_minor, set_at, seen_id)
   values ($1, $2, $3, $4, $5, $6)
   on conflict (member_no) do update set charity_no = excluded.charity_no, step_minor = excluded.step_minor,
     set_at = excluded.set_at
     where (r.charity_no, r.step_minor) is distinct from (excluded.charity_no, excluded.step_minor)`,
);

/** Makes the rule or changes it; what it is already stays as it is. */
export const setRoundUp = (tx: DbTransaction, rule: Omit<RoundUpRecord, 'restMinor'>): Promise<unknown> =>
  tx.run(SET, [rule.memberNo, rule.programmeNo, rule.charityNo, rule.stepMinor, rule.setAt, rule.seenId]);

const END = statement('round-ups.end', 'delete from round_up where member_no = $1');

export const endRoundUp = (tx: DbTransaction, memberNo: number): Promise<unknown> => tx.run(END, [memberNo]);

const FIND = statement('round-ups.find', `select ${COLUMNS} from round_up where member_no = $1`);

export async function findRoundUp(tx: DbTransaction, memberNo: number): Promise<RoundUpRecord | undefined> {
  const [found] = await tx.run<RoundUpRecord>(FIND, [memberNo]);
  return found;
}

// As they stand when they are looked at: who pays with a card rounds up at the till, not when it is cleared.
const COUNTED = `t.kind = 'PURCHASE' and t.status <> 'REVERSED'`;

const FIND_DUE = statement(
  'round-ups.find-due',
  `select m.no as "memberNo", m.id as "memberId"
   from round_up r join member m on m.no = r.member_no
   where r.programme_no = $1 and r.member_no > $2
     and exists (select from transaction t where t.member_no = r.member_no and t.id > r.seen_id and ${COUNTED})
   order by r.member_no limit $3`,
);

export interface DueMember {
  readonly memberNo: number;
  readonly memberId: string;
}

/** Members who have bought something since their rule was last looked at, by number. */
export const findDue = (tx: DbTransaction, programmeNo: number, after: number, limit: number): Promise<DueMember[]> =>
  tx.run<DueMember>(FIND_DUE, [programmeNo, after, limit]);

const FIND_PURCHASES = statement(
  'round-ups.find-purchases',
  `select t.id, t.amount_minor - t.refunded_minor as "keptMinor" from transaction t
   where t.member_no = $1 and t.id > $2 and ${COUNTED} order by t.id limit $3`,
);

/** What a member has bought since, oldest first, less what came back of it. The member is locked. */
export const findPurchases = (
  tx: DbTransaction,
  memberNo: number,
  seenId: string,
  limit: number,
): Promise<{ readonly id: string; readonly keptMinor: bigint }[]> => tx.run(FIND_PURCHASES, [memberNo, seenId, limit]);

const SEEN = statement('round-ups.seen', 'update round_up set seen_id = $2, rest_minor = $3 where member_no = $1');

export const markSeen = (tx: DbTransaction, memberNo: number, seenId: string, restMinor: bigint): Promise<unknown> =>
  tx.run(SEEN, [memberNo, seenId, restMinor]);
