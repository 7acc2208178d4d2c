/** Lines of the money book, a page of entries at a time, and what they add up to. */
import { Account, type AccountCode, MEMBER_ACCOUNTS } from '../../domain/ledger/accounts.js';
import { EntryKind, type EntryKindCode } from '../../domain/ledger/entry.js';
import { type DbTransaction, statement } from '../../infrastructure/db/database.js';
import { planForPages, planForWholeTables } from '../../infrastructure/db/planning.js';
import { SealedText } from '../../infrastructure/sealed-text.js';

/** What is exported: a window without its settlement, or what was recorded in a stretch of time. */
export interface ExportRange {
  readonly programmeNo: number;
  readonly timeZone: string;
  readonly windowNo: number | null;
  readonly from: Date | null;
  /** Exclusive. */
  readonly until: Date | null;
  /** Nothing will be added to it. */
  readonly isFinal: boolean;
}

const FIND_RANGE = statement(
  'accounting.find-range',
  `select g.no as "programmeNo", g.time_zone as "timeZone", w.no as "windowNo",
          $3::date::timestamp at time zone g.time_zone as "from",
          ($4::date + 1)::timestamp at time zone g.time_zone as until,
          case when $2::int is null then ($4::date + 1)::timestamp at time zone g.time_zone <= hansa_now()
               else w.state = 'CLOSED' end as "isFinal"
   from programme g left join settlement_window w on w.programme_no = g.no and w.no = $2 where g.code = $1`,
);

/** Undefined when there is no such programme; without a window when it has none of that number. */
export async function findRange(
  tx: DbTransaction,
  programmeCode: string,
  windowNo: number | null,
  from: string | null,
  until: string | null,
): Promise<ExportRange | undefined> {
  const [range] = await tx.run<ExportRange>(FIND_RANGE, [programmeCode, windowNo, from, until]);
  return range;
}

/** $1 to $4: programme, window, from, until. The entry of a settlement (16) alone comes into a closed window. */
const IN_RANGE = `e.programme_no = $1
  and ($2::int is null or (e.window_no = $2 and e.kind <> ${EntryKind.SETTLEMENT}))
  and ($3::timestamptz is null or e.recorded_at >= $3) and ($4::timestamptz is null or e.recorded_at < $4)`;

const rangeValues = ({ programmeNo, windowNo, from, until }: ExportRange): unknown[] => [
  programmeNo,
  windowNo,
  from,
  until,
];

const READ_PAGE = statement(
  'accounting.read-page',
  `with page as (
     select e.no, e.member_no, e.kind, e.business_date, e.recorded_at, e.window_no, e.source_id
     from journal_entry e where (e.no, e.member_no) > ($5::bigint, $6::int) and ${IN_RANGE}
     order by e.no, e.member_no limit $7
   )
   select e.no as "entryNo", e.member_no as "memberNo", e.kind, e.business_date as "businessDate", e.window_no as "windowNo",
          (e.recorded_at at time zone $8)::date as date, p.line, p.account, p.amount, p.currency_code as "currencyCode", p.party,
          b.id as "bankId", b.iban, b.iban_sealed as "ibanSealed",
          s.reference, t.code as "toldBy"
   from page e
   left join lateral (
     select p.line, p.account, p.amount, u.code as currency_code,
            case when p.account = ${Account.BANK} then p.party end as bank_no,
            case when p.account in (${[...MEMBER_ACCOUNTS].join(', ')}) then (select m.id::text from member m where m.no = p.party)
                 when p.party > 0 and p.account <> ${Account.BANK} then (select r.code from partner r where r.no = p.party)
                 else '' end as party
     from posting p join unit u on u.no = p.unit and u.kind = 'MONEY'
     where p.entry_no = e.no and p.member_no = e.member_no
   ) p on true
   left join bank_account b on b.no = p.bank_no
   left join transaction_source s on s.id = e.source_id and s.member_no = e.member_no
   left join partner t on t.no = s.partner_no
   order by e.no, e.member_no, p.line`,
);

/** Where a page begins: after this entry. */
export interface EntryPlace {
  readonly no: bigint;
  readonly memberNo: number;
}

export interface LineRow {
  readonly entryNo: bigint;
  readonly memberNo: number;
  readonly kind: EntryKindCode;
  readonly businessDate: string;
  readonly windowNo: number;
  readonly date: string;
  /** Null, like all of its posting, where an entry moves units alone. */
  readonly line: number | null;
  readonly account: AccountCode;
  readonly amount: bigint;
  readonly currencyCode: string;
  readonly party: string | null;
  readonly reference: string | null;
  readonly toldBy: string | null;
}

const IBAN = new SealedText('bank_account', 'iban');

interface StoredLine extends LineRow {
  readonly bankId: string | null;
  readonly iban: string | null;
  readonly ibanSealed: Buffer | null;
}

/** The lines of so many entries of a range, in the order in which they were numbered. */
export async function readPage(
  tx: DbTransaction,
  range: ExportRange,
  after: EntryPlace,
  limit: number,
): Promise<LineRow[]> {
  await planForPages(tx);
  const values = [...rangeValues(range), after.no, after.memberNo, limit, range.timeZone];
  const rows = await tx.run<StoredLine>(READ_PAGE, values);
  return rows.map(({ bankId, iban, ibanSealed, ...line }) =>
    bankId === null ? line : { ...line, party: IBAN.open(tx.secrets, bankId, ibanSealed, iban) },
  );
}

const SUM_ACCOUNTS = statement(
  'accounting.sum-accounts',
  `select p.account, u.code as "currencyCode", count(*)::int as lines,
          coalesce(sum(p.amount) filter (where p.amount > 0), 0)::bigint as "debitMinor",
          coalesce(-sum(p.amount) filter (where p.amount < 0), 0)::bigint as "creditMinor"
   from journal_entry e
   join posting p on p.entry_no = e.no and p.member_no = e.member_no
   join unit u on u.no = p.unit and u.kind = 'MONEY'
   where ${IN_RANGE} group by p.account, u.code order by p.account, u.code`,
);

/** What one account was debited and credited. */
export interface Turnover {
  readonly account: AccountCode;
  readonly currencyCode: string;
  readonly lines: number;
  readonly debitMinor: bigint;
  readonly creditMinor: bigint;
}

export async function sumAccounts(tx: DbTransaction, range: ExportRange): Promise<Turnover[]> {
  await planForWholeTables(tx);
  return tx.run<Turnover>(SUM_ACCOUNTS, rangeValues(range));
}
