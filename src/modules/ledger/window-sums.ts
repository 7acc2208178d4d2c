/** What entries of a window come to, in SQL: of all of it, of a part, of the rest. */
import { Account } from '../../domain/ledger/accounts.js';
import { EntryKind } from '../../domain/ledger/entry.js';

/** Which entries: a condition on the columns of their window and their number. */
export type Within = (columns: readonly [window: string, no: string]) => string;

/** Each entry with the hash of its canonical form (window-digest.ts). */
export const entryHashes = (within: Within): string => `
  select j.window_no, j.no, j.member_no, p.posting_count, p.debit_sum, sha256(convert_to(
    concat_ws('|', j.no, j.member_no, j.programme_no, j.window_no, j.kind, coalesce(j.source_id::text, ''),
      to_char(j.business_date, 'YYYY-MM-DD'), (extract(epoch from j.recorded_at) * 1000000)::bigint)
    || E'\\n' || coalesce(p.lines, ''), 'UTF8')) as hash
  from journal_entry j
  left join (
    select entry_no, count(*) as posting_count, sum(amount) filter (where amount > 0) as debit_sum,
           string_agg(concat_ws('|', line, member_no, account, party, unit, window_no, amount) || E'\\n', ''
             order by line, member_no) as lines
    from posting where ${within(['window_no', 'entry_no'])}
    group by entry_no
  ) p on p.entry_no = j.no
  where ${within(['j.window_no', 'j.no'])} and j.kind <> ${EntryKind.SETTLEMENT}`;

/** Of a set of such entries, called e: counts, sum of debits and digest. */
export const OF_ENTRIES = `
  count(e.no) as entry_count, coalesce(sum(e.posting_count), 0)::bigint as posting_count,
  coalesce(sum(e.debit_sum), 0) as debit_sum,
  sha256(coalesce(string_agg(e.hash, ''::bytea order by e.no, e.member_no), ''::bytea)) as digest`;

/** Accounts by which a partner takes part in a window. */
const PARTAKING = [Account.ISSUED, Account.REDEEMED, Account.POSITION, Account.FUNDING_PENDING].join(', ');

/** Partners who took part: party, net and gross of what they were charged. */
export const partnerSums = (within: Within): string => `
  select party, coalesce(sum(amount) filter (where account = ${Account.POSITION}), 0) as net,
         coalesce(sum(abs(amount)) filter (where account = ${Account.POSITION}), 0) as gross
  from posting where ${within(['window_no', 'entry_no'])} and party > 0 and account in (${PARTAKING})
  group by party`;
