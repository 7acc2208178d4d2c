/** What a proof is made of: whose entries, the entries themselves, and the blocks they lie in. */
import { MEMBER_ACCOUNTS } from '../../domain/ledger/accounts.js';
import { EntryKind } from '../../domain/ledger/entry.js';
import { type EntryHead, type EntryPosting, PARTNER_ACCOUNTS } from '../../domain/proofs/entry-leaf.js';
import { type DbTransaction, statement } from '../../infrastructure/db/database.js';
import { BLOCK_COLUMNS, INSTANT_FORMAT, type SealedBlock } from './chain.sql.js';

export interface SettledLine {
  readonly settlementNo: number;
  readonly programmeNo: number;
  readonly programmeCode: string;
  readonly currencyCode: string;
  /** The unit its money is counted in. */
  readonly unit: number;
  readonly statement: string;
  readonly windows: readonly bigint[];
}

const FIND_SETTLED_LINE = statement(
  'proofs.find-settled-line',
  `select s.no as "settlementNo", s.programme_no as "programmeNo", p.code as "programmeCode", s.currency_code as "currencyCode",
          u.no as unit, t.csv as statement,
          array(select w.window_no::bigint from window_position w where w.settlement_id = s.id and w.party_no = $2 order by 1) as windows
   from settlement s
   join settlement_statement t on t.settlement_id = s.id and t.party_no = $2
   join programme p on p.no = s.programme_no
   join unit u on u.kind = 'MONEY' and u.programme_no = s.programme_no and u.code = s.currency_code
   where s.id = $1 and s.state <> 'ABORTED'`,
);

/** What a partner was settled by a settlement; undefined when it has no part in it, or it was given up. */
export async function findSettledLine(
  tx: DbTransaction,
  settlementId: string,
  partnerNo: number,
): Promise<SettledLine | undefined> {
  const [row] = await tx.run<SettledLine>(FIND_SETTLED_LINE, [settlementId, partnerNo]);
  return row;
}

export interface MemberAccount {
  readonly memberNo: number;
  readonly memberCode: string;
  readonly programmeNo: number;
  readonly programmeCode: string;
  readonly unitScale: number;
  readonly currencyCode: string;
}

const FIND_MEMBER_ACCOUNT = statement(
  'proofs.find-member-account',
  `select m.no as "memberNo", m.code as "memberCode", m.programme_no as "programmeNo", p.code as "programmeCode",
          p.unit_scale as "unitScale", p.currency_code as "currencyCode"
   from member m join programme p on p.no = m.programme_no where m.id = $1`,
);

/** A member and what its account is counted in. */
export async function findMemberAccount(tx: DbTransaction, memberId: string): Promise<MemberAccount | undefined> {
  const [row] = await tx.run<MemberAccount>(FIND_MEMBER_ACCOUNT, [memberId]);
  return row;
}

/** An entry among those of a proof. Numbers are nobody else's, but the key of an entry is both. */
export interface EntryKey {
  readonly no: bigint;
  readonly memberNo: number;
}

/** Below the first entry of all. */
export const BEFORE_ALL: EntryKey = { no: 0n, memberNo: 0 };

const OF_PARTNER = `party = $1 and account in (${[...PARTNER_ACCOUNTS].join(', ')}) and window_no = any ($2::integer[])`;
const OF_MEMBER = `party = $1 and account in (${[...MEMBER_ACCOUNTS].join(', ')})`;

const SPAN_OF_PARTNER = statement(
  'proofs.span-of-partner',
  `select count(*) as count, min(e.no) as first, max(e.no) as last
   from (select distinct entry_no, member_no from posting where ${OF_PARTNER}) p
   join journal_entry e on e.no = p.entry_no and e.member_no = p.member_no and e.window_no = any ($2::integer[])
   where e.kind <> ${EntryKind.SETTLEMENT}`,
);

/** How many entries a partner has in windows, and between which numbers. */
export async function spanOfPartner(
  tx: DbTransaction,
  partnerNo: number,
  windows: readonly bigint[],
): Promise<{ readonly count: bigint; readonly first: bigint | null; readonly last: bigint | null }> {
  const [row] = await tx.run(SPAN_OF_PARTNER, [partnerNo, windows]);
  return row as { count: bigint; first: bigint | null; last: bigint | null };
}

const NEXT_OF_PARTNER = statement(
  'proofs.next-of-partner',
  `select distinct p.entry_no as no, p.member_no as "memberNo"
   from posting p join journal_entry e on e.no = p.entry_no and e.member_no = p.member_no
   where (p.entry_no, p.member_no) > ($3::bigint, $4::integer) and p.entry_no >= $3 and p.entry_no <= $5 and p.${OF_PARTNER.replaceAll(' and ', ' and p.')}
     and e.kind <> ${EntryKind.SETTLEMENT}
   order by p.entry_no, p.member_no limit $6`,
);

/** The next entries of a partner in windows, after one and up to a number. */
export const nextOfPartner = (
  tx: DbTransaction,
  partnerNo: number,
  windows: readonly bigint[],
  after: EntryKey,
  uptoNo: bigint,
  limit: number,
): Promise<EntryKey[]> =>
  tx.run<EntryKey>(NEXT_OF_PARTNER, [partnerNo, windows, after.no, after.memberNo, uptoNo, limit]);

const NEXT_OF_MEMBER = statement(
  'proofs.next-of-member',
  `select distinct entry_no as no, member_no as "memberNo" from posting
   where ${OF_MEMBER} and (entry_no, member_no) > ($2::bigint, $3::integer) and entry_no <= $4
   order by entry_no, member_no limit $5`,
);

/** The next entries that moved a balance of a member, whoever they belong to. */
export const nextOfMember = (
  tx: DbTransaction,
  memberNo: number,
  after: EntryKey,
  uptoNo: bigint,
  limit: number,
): Promise<EntryKey[]> => tx.run<EntryKey>(NEXT_OF_MEMBER, [memberNo, after.no, after.memberNo, uptoNo, limit]);

const SUMS_OF_MEMBER = statement(
  'proofs.sums-of-member',
  `select account, -sum(amount)::bigint as balance, (select count(distinct entry_no) from posting where ${OF_MEMBER} and entry_no <= $2) as count
   from posting where ${OF_MEMBER} and entry_no <= $2 group by account`,
);

/** What a member has by all entries up to a number, by account, and how many they are. */
export async function sumsOfMember(
  tx: DbTransaction,
  memberNo: number,
  uptoNo: bigint,
): Promise<{ readonly count: number; readonly balances: Record<string, bigint> }> {
  const rows = await tx.run<{ account: number; balance: bigint; count: bigint }>(SUMS_OF_MEMBER, [memberNo, uptoNo]);
  return {
    count: Number(rows[0]?.count ?? 0n),
    balances: Object.fromEntries(rows.map(({ account, balance }) => [String(account), balance])),
  };
}

export interface JournalRow extends EntryHead {
  readonly memberNo: number;
  readonly postings: readonly EntryPosting[];
}

const READ_HEADS = statement(
  'proofs.read-heads',
  `select e.no, e.member_no as "memberNo", e.programme_no as "programmeNo", e.window_no as "windowNo", e.kind,
          coalesce(e.source_id::text, '') as "sourceId", e.business_date::text as "businessDate",
          to_char(e.recorded_at at time zone 'UTC', '${INSTANT_FORMAT}') as "recordedAt"
   from unnest($1::bigint[], $2::integer[]) as k (no, member_no)
   join journal_entry e on e.no = k.no and e.member_no = k.member_no
   order by e.no, e.member_no`,
);
const READ_POSTINGS = statement(
  'proofs.read-postings',
  `select p.entry_no as "entryNo", p.member_no as "memberNo", p.line, p.account, p.party, p.unit, p.window_no as "windowNo", p.amount
   from unnest($1::bigint[], $2::integer[]) as k (no, member_no)
   join posting p on p.entry_no = k.no and p.member_no = k.member_no
   order by p.entry_no, p.member_no, p.line`,
);

/** These entries with all their postings, in order of their keys. */
export async function readEntries(tx: DbTransaction, keys: readonly EntryKey[]): Promise<JournalRow[]> {
  const columns = [keys.map(({ no }) => no), keys.map(({ memberNo }) => memberNo)];
  const heads = await tx.run<Omit<JournalRow, 'postings'>>(READ_HEADS, columns);
  const postings = await tx.run<EntryPosting & EntryKeyOfPosting>(READ_POSTINGS, columns);
  const byEntry = Map.groupBy(postings, ({ entryNo, memberNo }) => `${entryNo}/${memberNo}`);
  return heads.map((head) => ({
    ...head,
    postings: (byEntry.get(`${head.no}/${head.memberNo}`) ?? []).map(
      ({ line, account, party, unit, windowNo, amount }) => ({ line, account, party, unit, windowNo, amount }),
    ),
  }));
}

interface EntryKeyOfPosting {
  readonly entryNo: bigint;
  readonly memberNo: number;
}

const FIND_BLOCK = statement('proofs.find-block', `select ${BLOCK_COLUMNS} from chain_block where sequence = $1`);

export async function findBlock(tx: DbTransaction, sequence: number): Promise<SealedBlock | undefined> {
  const [block] = await tx.run<SealedBlock>(FIND_BLOCK, [sequence]);
  return block;
}

const BLOCKS_OF = statement(
  'proofs.blocks-of',
  `select ${BLOCK_COLUMNS}, leaves from chain_block where sequence in (
     select distinct b.sequence from unnest($1::bigint[]) as k (no)
     cross join lateral (select sequence from chain_block where upto_no >= k.no order by upto_no limit 1) b
     order by b.sequence limit $2
   ) order by sequence`,
);

/** The first blocks, at most `limit`, that entries of these numbers lie in, with their leaves. */
export const blocksOf = (
  tx: DbTransaction,
  nos: readonly bigint[],
  limit: number,
): Promise<(SealedBlock & { readonly leaves: Buffer })[]> => tx.run(BLOCKS_OF, [nos, limit]);

const HASHES_BELOW = statement(
  'proofs.hashes-below',
  'select hash from chain_block where sequence < $1 order by sequence',
);

/** The hashes of all blocks before one: the leaves of its history. */
export const hashesBelow = async (tx: DbTransaction, sequence: number): Promise<Buffer[]> =>
  (await tx.run<{ hash: Buffer }>(HASHES_BELOW, [sequence])).map(({ hash }) => hash);

const PLACE_IN_BLOCK = statement(
  'proofs.place-in-block',
  'select count(*) as place from journal_entry where no > $1 and (no, member_no) < ($2::bigint, $3::integer)',
);

/** How many entries above a number come before one. */
export async function placeInBlock(tx: DbTransaction, afterNo: bigint, { no, memberNo }: EntryKey): Promise<number> {
  const [row] = await tx.run<{ place: bigint }>(PLACE_IN_BLOCK, [afterNo, no, memberNo]);
  return Number(row?.place ?? 0n);
}

const READ_SECRET = statement('proofs.read-secret', 'select secret from chain_secret');

/** The key of all blinds. It never leaves the gateway. */
export async function readSecret(tx: DbTransaction): Promise<Buffer> {
  const [row] = await tx.run<{ secret: Buffer }>(READ_SECRET);
  return (row as { secret: Buffer }).secret;
}
