/**
 * Members and their balance rows. Bulk from the start: a file enrols thousands with the same statement that
 * enrols one.
 */
import { invariant } from '../../domain/kernel/invariant.js';
import { type DbTransaction, statement } from '../../infrastructure/db/database.js';
import type { SealedPlace } from '../../infrastructure/secret-box.js';
import { recordEvents } from '../events/index.js';

export type MemberStatus = 'ACTIVE' | 'CLOSED';

export interface MemberRecord {
  readonly id: string;
  /** The ledger's party number. */
  readonly no: number;
  readonly code: string;
  readonly programmeNo: number;
  readonly status: MemberStatus;
  readonly enrolledAt: Date;
  /** MM-DD */
  readonly birthday: string | null;
  /** IANA zone of the member's own clock. */
  readonly timeZone: string | null;
  readonly referredByNo: number | null;
  /** The partner that has enrolled it. */
  readonly enrolledByNo: number | null;
}

export interface NewMember {
  readonly id: string;
  readonly code: string;
  readonly birthday?: string | undefined;
  readonly timeZone?: string | undefined;
  readonly referredByNo?: number | undefined;
  readonly enrolledByNo?: number | undefined;
}

const COLUMNS = `id, no, code, programme_no as "programmeNo", status, enrolled_at as "enrolledAt",
                 birthday, birthday_sealed as "birthdaySealed", time_zone as "timeZone", referred_by_no as "referredByNo",
                 enrolled_by_no as "enrolledByNo"`;

/** A birthday is encrypted, for its member alone. */
export const birthdayOf = (memberId: string): SealedPlace => ({
  table: 'member',
  column: 'birthday_sealed',
  rowId: memberId,
});

type StoredMember = MemberRecord & { readonly birthdaySealed: Buffer | null };

/** In the open before it was sealed: rows of an older release. */
function opened({ secrets }: DbTransaction, { birthdaySealed, ...member }: StoredMember): MemberRecord {
  if (birthdaySealed === null) return member;
  return { ...member, birthday: secrets.open(birthdaySealed, birthdayOf(member.id)) };
}

// Known codes are left out before numbers are handed out, so that enrolling again burns none; "on conflict"
// is for the race. Sorted, so that two batches take their unique-index locks in one order.
const ENROL = statement(
  'members.enrol',
  `with enrolled as (
     insert into member (id, programme_no, code, enrolled_at, birthday_sealed, time_zone, referred_by_no, enrolled_by_no)
     select given.id, $1, given.code, hansa_now(), given.birthday, given.time_zone, given.referred_by_no, given.enrolled_by_no
     from unnest($2::uuid[], $3::text[], $4::bytea[], $5::text[], $6::integer[], $7::integer[])
       as given (id, code, birthday, time_zone, referred_by_no, enrolled_by_no)
     where not exists (select from member m where m.programme_no = $1 and m.code = given.code)
     order by given.code
     on conflict (programme_no, code) do nothing
     returning *
   ), opened as (
     insert into member_balance (member_no) select no from enrolled
   )
   select ${COLUMNS} from enrolled`,
);

const FIND = statement(
  'members.find',
  `select ${COLUMNS}
   from member
   where programme_no = $1 and (code = any ($2::text[]) or id = any ($3::uuid[]))
   order by no`,
);

// The member's row is the lock under which what it decides about itself is decided.
const LOCK = statement('members.lock', `select ${COLUMNS} from member where id = $1 for no key update`);

const UPDATE = statement(
  'members.update',
  `update member set birthday = null, birthday_sealed = $2, time_zone = $3, referred_by_no = $4,
     referral_told_at = case when $4::integer is null then null else referral_told_at end
   where no = $1 returning ${COLUMNS}`,
);

const MARK_REFERRALS_TOLD = statement(
  'members.mark-referrals-told',
  'update member set referral_told_at = hansa_now() where no = any ($1::int[]) and referral_told_at is null',
);

const FIND_ISSUERS = statement(
  'members.find-issuers',
  `select issuer_no as "issuerNo", hansa_shared_with($1, issuer_no) as shared
   from (select distinct issuer_no from card where member_no = $1 and unlinked_at is null) as issuers`,
);

const SHARED_WITH = statement('members.shared-with', 'select hansa_shared_with($1, $2) as shared');

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
  const given = [...wanted.values()];
  const enrolled = await tx.run<StoredMember>(ENROL, [
    programmeNo,
    given.map(({ id }) => id),
    codes,
    given.map(({ id, birthday }) => (birthday === undefined ? null : tx.secrets.seal(birthday, birthdayOf(id)))),
    given.map(({ timeZone }) => timeZone ?? null),
    given.map(({ referredByNo }) => referredByNo ?? null),
    given.map(({ enrolledByNo }) => enrolledByNo ?? null),
  ]);
  recordEvents(
    tx,
    enrolled.map(({ no }) => ({ type: 'member.enrolled', programmeNo, memberNo: no })),
  );
  const found = new Map(enrolled.map((member) => [member.code, opened(tx, member)]));
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
  return (await tx.run<StoredMember>(FIND, [programmeNo, codes, ids])).map((member) => opened(tx, member));
}

/** The member of that id, locked to the end of the transaction: what it decides about itself waits for each other. */
export async function lockMember(tx: DbTransaction, id: string): Promise<MemberRecord | undefined> {
  const [member] = await tx.run<StoredMember>(LOCK, [id]);
  return member && opened(tx, member);
}

export type MemberDetails = Pick<MemberRecord, 'birthday' | 'timeZone' | 'referredByNo'>;

/** Writes what is known about a member; it must be locked. */
export async function updateMember(
  tx: DbTransaction,
  { id, no }: MemberRecord,
  details: MemberDetails,
): Promise<MemberRecord> {
  const { birthday, timeZone, referredByNo } = details;
  const sealed = birthday === null ? null : tx.secrets.seal(birthday, birthdayOf(id));
  const [member] = await tx.run<StoredMember>(UPDATE, [no, sealed, timeZone, referredByNo]);
  invariant(member !== undefined, 'a locked member is there');
  return opened(tx, member);
}

/** Remembers that the referrals of these members were told; it is done once. */
export async function markReferralsTold(tx: DbTransaction, memberNos: readonly number[]): Promise<void> {
  if (memberNos.length > 0) await tx.run(MARK_REFERRALS_TOLD, [memberNos]);
}

/** A bank whose card the member has linked now, and whether the member lets it see and act. */
export interface IssuerOfMember {
  readonly issuerNo: number;
  readonly shared: boolean;
}

export const findIssuersOf = (tx: DbTransaction, memberNo: number): Promise<IssuerOfMember[]> =>
  tx.run<IssuerOfMember>(FIND_ISSUERS, [memberNo]);

/** Whether the partner may see the member. */
export async function isSharedWith(tx: DbTransaction, memberNo: number, partnerNo: number): Promise<boolean> {
  const [row] = await tx.run<{ shared: boolean }>(SHARED_WITH, [memberNo, partnerNo]);
  return row?.shared === true;
}

/** The number of the programme of that code, under which its members are kept. */
export async function findProgrammeNo(tx: DbTransaction, programmeCode: string): Promise<number | undefined> {
  const [programme] = await tx.run<{ no: number }>(FIND_PROGRAMME, [programmeCode]);
  return programme?.no;
}

// The member's balance row is the lock under which everything of that member is decided.
const LOCK_MEMBERS = statement(
  'members.lock-balances',
  'select member_no as "memberNo", awaiting, told_sides as "toldSides" from member_balance where member_no = any ($1::int[]) order by member_no for update',
);

/** What intake has to know of a member before it looks anything up. */
export interface LockedMember {
  readonly memberNo: number;
  /** Something waits for a message that has not come yet. */
  readonly awaiting: boolean;
  /** Who has told of purchases of it, as bits (domain/transactions/teller.ts). */
  readonly toldSides: number;
}

/** Locks them, in order of their numbers. */
export async function lockMembers(tx: DbTransaction, memberNos: Iterable<number>): Promise<LockedMember[]> {
  const sorted = [...new Set(memberNos)].sort((a, b) => a - b);
  if (sorted.length === 0) return [];
  return tx.run<LockedMember>(LOCK_MEMBERS, [sorted]);
}
