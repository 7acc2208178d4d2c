/** Sums over the journal up to an instant of recording, up to a business day, or both. */
import { Account, MEMBER_ACCOUNTS } from '../../domain/ledger/accounts.js';
import { type DbTransaction, statement } from '../../infrastructure/db/database.js';

/** Of what was recorded at or before an instant, what happened on or before a day. Either may be left open. */
export interface When {
  readonly asKnownAt?: Date | undefined;
  readonly effectiveOn?: string | undefined;
}

const upTo = (instant: string, day: string): string =>
  `(${instant}::timestamptz is null or e.recorded_at <= ${instant}) and (${day}::date is null or e.business_date <= ${day})`;

/** What there are records of. */
export interface Records {
  readonly programmeNo: number;
  /** When the first entry could be recorded. */
  readonly since: Date;
  /** The first day on which something could be earned. */
  readonly sinceDay: string;
  readonly now: Date;
  readonly today: string;
}

const RECORDS = `p.no as "programmeNo", (select min(opened_at) from settlement_window w where w.programme_no = p.no) as since,
  (select min(effective_from) from programme_version v where v.programme_id = p.id) as "sinceDay",
  hansa_now() as now, (hansa_now() at time zone p.time_zone)::date as today`;

const FIND_RECORDS = statement('time-machine.find-records', `select ${RECORDS} from programme p where p.code = $1`);

/** The records of a programme; undefined when there is none of that code. */
export async function findRecords(tx: DbTransaction, programmeCode: string): Promise<Records | undefined> {
  const [row] = await tx.run<Records>(FIND_RECORDS, [programmeCode]);
  return row;
}

export interface MemberRecords extends Records {
  readonly enrolledAt: Date;
  readonly unitCode: string;
  readonly unitScale: number;
  readonly currencyCode: string;
}

const GET_MEMBER_RECORDS = statement(
  'time-machine.get-member-records',
  `select ${RECORDS}, m.enrolled_at as "enrolledAt", p.unit_code as "unitCode", p.unit_scale as "unitScale",
          p.currency_code as "currencyCode"
   from member m join programme p on p.no = m.programme_no where m.no = $1`,
);

export async function getMemberRecords(tx: DbTransaction, memberNo: number): Promise<MemberRecords> {
  const [row] = await tx.run<MemberRecords>(GET_MEMBER_RECORDS, [memberNo]);
  return row as MemberRecords;
}

/** Reward steps, and minor units of what is owed. */
export interface MemberSums {
  readonly pendingUnits: bigint;
  readonly availableUnits: bigint;
  readonly heldUnits: bigint;
  readonly owedMinor: bigint;
}

const sumOf = (account: number, sign = ''): string =>
  `coalesce(${sign}sum(p.amount) filter (where p.account = ${account}), 0)::bigint`;

const SUM_MEMBER = statement(
  'time-machine.sum-member',
  `select ${sumOf(Account.MEMBER_PENDING, '-')} as "pendingUnits", ${sumOf(Account.MEMBER_AVAILABLE, '-')} as "availableUnits",
          ${sumOf(Account.MEMBER_HELD, '-')} as "heldUnits", ${sumOf(Account.MEMBER_RECEIVABLE)} as "owedMinor"
   from posting p join journal_entry e on e.no = p.entry_no and e.member_no = p.member_no
   where p.party = $1 and p.account in (${[...MEMBER_ACCOUNTS].join(', ')}) and ${upTo('$2', '$3')}`,
);

export async function sumMember(
  tx: DbTransaction,
  memberNo: number,
  { asKnownAt, effectiveOn }: When,
): Promise<MemberSums> {
  const [row] = await tx.run<MemberSums>(SUM_MEMBER, [memberNo, asKnownAt ?? null, effectiveOn ?? null]);
  return row as MemberSums;
}

export interface PositionSums {
  readonly partyNo: number;
  readonly currencyCode: string;
  readonly openMinor: bigint;
  readonly closedMinor: bigint;
  readonly unpaidMinor: bigint;
}

// A window counts as closed when it was by then; without an instant, when it is now.
const CLOSED_BY_THEN = 'w.closed_at is not null and ($3::timestamptz is null or w.closed_at <= $3)';

const SUM_POSITIONS = statement(
  'time-machine.sum-positions',
  `select p.party as "partyNo", u.code as "currencyCode",
          coalesce(sum(p.amount) filter (where p.account = ${Account.POSITION} and not (${CLOSED_BY_THEN})), 0)::bigint as "openMinor",
          coalesce(sum(p.amount) filter (where p.account = ${Account.POSITION} and ${CLOSED_BY_THEN}), 0)::bigint as "closedMinor",
          coalesce(sum(p.amount) filter (where p.account = ${Account.SETTLED_UNPAID}), 0)::bigint as "unpaidMinor"
   from posting p
   join journal_entry e on e.no = p.entry_no and e.member_no = p.member_no
   join settlement_window w on w.no = p.window_no
   join unit u on u.no = p.unit
   join partner a on a.no = p.party
   where e.programme_no = $1 and p.account in (${Account.POSITION}, ${Account.SETTLED_UNPAID})
     and p.party > 0 and ($2::integer is null or p.party = $2) and ${upTo('$3', '$4')}
   group by p.party, u.code, a.code order by a.code, u.code`,
);

/** Where partners stood with a programme; one alone when it is named. */
export const sumPositions = (
  tx: DbTransaction,
  programmeNo: number,
  partnerNo: number | undefined,
  { asKnownAt, effectiveOn }: When,
): Promise<PositionSums[]> =>
  tx.run<PositionSums>(SUM_POSITIONS, [programmeNo, partnerNo ?? null, asKnownAt ?? null, effectiveOn ?? null]);
