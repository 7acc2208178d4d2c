/**
 * Members and their balance rows. Bulk from the start: a file enrols thousands with the same statement that
 * enrols one.
 */
import { type DbTransaction, statement } from '../../infrastructure/db/database.js';

export type MemberStatus = 'ACTIVE' | 'CLOSED';

export interface MemberRecord {
  readonly id: string;
  /** The ledger's party number. */
  readonly no: number;
  readonly code: string;
  readonly programmeNo: number;
  readonly status: MemberStatus;
  readonly enrolledAt: Date;
}

export interface NewMember {
  readonly id: string;
  readonly code: string;
}

// Known codes are left out before numbers are handed out, so that enrolling again burns none; "on conflict"
// is for the race. Sorted, so that two batches take their unique-index locks in one order.
const ENROL = statement(
  'members.enrol',
  `with enrolled as (
     insert into member (id, programme_no, code, enrolled_at)
     select given.id, $1, given.code, hansa_now()
     from unnest($2::uuid[], $3::text[]) as given (id, code)
     where not exists (select from member m where m.programme_no = $1 and m.code = given.code)
     order by given.code
     on conflict (programme_no, code) do nothing
     returning id, no, code, programme_no, status, enrolled_at
   ), opened as (
     insert into member_balance (member_no) select no from enrolled
   )
   select id, no, code, programme_no as "programmeNo", status, enrolled_at as "enrolledAt" from enrolled`,
);

const FIND = statement(
  'members.find',
  `select id, no, code, programme_no as "programmeNo", status, enrolled_at as "enrolledAt"
   from member
   where programme_no = $1 and (code = any ($2::text[]) or id = any ($3::uuid[]))
   order by no`,
);

const FIND_PROGRAMME = statement('members.find-programme', 'select no from programme where code = $1');

/**
 * Makes the members whose codes are new, each with its balance row, and returns all of them by code; those
 * that exist are returned as they are. Of two concurrent calls for one code one makes it, both get it.
 */
export async function enrolMembers(
  tx: DbTransaction,
  programmeNo: number,
  members: readonly NewMember[],
): Promise<Map<string, MemberRecord>> {
  const wanted = new Map(members.map((member) => [member.code, member]));
  if (wanted.size === 0) return new Map();
  const codes = [...wanted.keys()];
  const enrolled = await tx.run<MemberRecord>(ENROL, [programmeNo, [...wanted.values()].map(({ id }) => id), codes]);
  const found = new Map(enrolled.map((member) => [member.code, member]));
  const others = codes.filter((code) => !found.has(code));
  for (const member of await findMembers(tx, programmeNo, { codes: others })) found.set(member.code, member);
  return found;
}

/** Members of one programme by code, by id, or both; the ones that do not exist are simply not there. */
export async function findMembers(
  tx: DbTransaction,
  programmeNo: number,
  by: { readonly codes?: readonly string[]; readonly ids?: readonly string[] },
): Promise<MemberRecord[]> {
  const { codes = [], ids = [] } = by;
  if (codes.length === 0 && ids.length === 0) return [];
  return tx.run<MemberRecord>(FIND, [programmeNo, codes, ids]);
}

/** The number of the programme of that code, under which its members are kept. */
export async function findProgrammeNo(tx: DbTransaction, programmeCode: string): Promise<number | undefined> {
  const [programme] = await tx.run<{ no: number }>(FIND_PROGRAMME, [programmeCode]);
  return programme?.no;
}
