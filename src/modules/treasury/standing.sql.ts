/** Where partners stand, as intake and the office need it. */
import type { EntityManager } from '@mikro-orm/postgresql';
import { Account } from '../../domain/ledger/accounts.js';
import { NO_STANDING, type PartnerStanding } from '../../domain/treasury/exposure.js';
import { type DbTransaction, statement } from '../../infrastructure/db/database.js';

/** First key of the two-key advisory locks of partners that are charged within bounds ("HANT"); the second is the partner. */
const BOUNDED = 0x48_41_4e_54;

const LOCK_BOUNDED = statement(
  'treasury.lock-bounded',
  `select pg_advisory_xact_lock(${BOUNDED}, p.no) from (select distinct no from unnest($1::integer[]) as no order by no) as p`,
);

// What lines that are paid in other currencies have left to pay, at the rate they were converted by.
const DUE_ELSEWHERE = `coalesce((
    select sum(round(l.due_minor::numeric * (l.opening_minor + l.net_minor) / l.converted_minor))
    from settlement_line l join settlement s on s.id = l.settlement_id
    where l.party_no = b.party and l.converted_minor <> 0
      and s.programme_no = (select u.programme_no from unit u where u.no = b.unit)), 0)`;

/** The programme's number and the partners' as the text of a statement gives them. */
const standings = (programme: string, parties: string): string => `select b.party as "partnerNo",
          coalesce(sum(b.balance) filter (where b.account = ${Account.POSITION}), 0)::bigint as "openMinor",
          coalesce(sum(b.balance) filter (where b.account = ${Account.FUNDING_PENDING}), 0)::bigint as "pendingMinor",
          (coalesce(sum(b.balance) filter (where b.account = ${Account.SETTLED_UNPAID}), 0) + ${DUE_ELSEWHERE})::bigint as "unpaidMinor",
          coalesce(-sum(b.balance) filter (where b.account = ${Account.PARTNER_DEPOSIT}), 0)::bigint as "depositMinor",
          coalesce(-sum(b.balance) filter (where b.account = ${Account.PREPAID_BLOCK}), 0)::bigint as "blockMinor"
   from account_balance b
   where b.unit = (select u.no from unit u join programme g on g.no = u.programme_no and g.currency_code = u.code
                   where u.kind = 'MONEY' and u.programme_no = ${programme})
     and b.party in (${parties})
     and b.account in (${Account.POSITION}, ${Account.FUNDING_PENDING}, ${Account.SETTLED_UNPAID}, ${Account.PARTNER_DEPOSIT},
                       ${Account.PREPAID_BLOCK})
   group by b.party, b.unit`;

const READ_STANDINGS = statement('treasury.read-standings', standings('$1', 'select unnest($2::integer[])'));

/**
 * Where these partners stand in a programme; every one of them is in the answer. LOCKED, whoever else would charge
 * them within bounds waits until the transaction ends: take it after members and budgets.
 */
export async function findStandings(
  tx: DbTransaction,
  programmeNo: number,
  partnerNos: readonly number[],
  mode: 'LOCKED' | 'READ',
): Promise<Map<number, PartnerStanding>> {
  if (partnerNos.length === 0) return new Map();
  if (mode === 'LOCKED') await tx.run(LOCK_BOUNDED, [partnerNos]);
  const rows = await tx.run<PartnerStanding & { partnerNo: number }>(READ_STANDINGS, [programmeNo, partnerNos]);
  const found = new Map(rows.map(({ partnerNo, ...standing }) => [partnerNo, standing]));
  return new Map(partnerNos.map((no) => [no, found.get(no) ?? NO_STANDING]));
}

/** The same as the caller may see it. */
export async function readStandings(
  em: EntityManager,
  programmeNo: number,
  partnerNos: readonly number[],
): Promise<(partnerNo: number) => PartnerStanding> {
  const text = standings('?', 'select value::integer from json_array_elements_text(?::json)');
  const rows = await em.execute<Record<keyof PartnerStanding | 'partnerNo', string>[]>(text, [
    programmeNo,
    JSON.stringify(partnerNos),
  ]);
  const found = new Map(
    rows.map((row) => [
      Number(row.partnerNo),
      {
        openMinor: BigInt(row.openMinor),
        pendingMinor: BigInt(row.pendingMinor),
        unpaidMinor: BigInt(row.unpaidMinor),
        depositMinor: BigInt(row.depositMinor),
        blockMinor: BigInt(row.blockMinor),
      },
    ]),
  );
  return (partnerNo) => found.get(partnerNo) ?? NO_STANDING;
}

const LOCK_BLOCKS = statement(
  'treasury.lock-blocks',
  `select party as "partnerNo", -balance as "blockMinor" from account_balance
   where unit = $1 and account = ${Account.PREPAID_BLOCK} and party = any ($2::integer[]) and window_no = 0 and balance < 0
   order by party for update`,
);

/** What is left of blocks, of those who have one, locked until the transaction ends. */
export async function lockBlocks(
  tx: DbTransaction,
  moneyUnit: number,
  partnerNos: readonly number[],
): Promise<Map<number, bigint>> {
  const rows = await tx.run<{ partnerNo: number; blockMinor: bigint }>(LOCK_BLOCKS, [moneyUnit, partnerNos]);
  return new Map(rows.map(({ partnerNo, blockMinor }) => [partnerNo, blockMinor]));
}
