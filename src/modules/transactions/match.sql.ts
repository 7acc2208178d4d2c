/** Two purchases that may be one: proposing, superseding, deciding. */
import { type DbTransaction, statement } from '../../infrastructure/db/database.js';
import { newId } from '../../infrastructure/db/ids.js';
import type { NearMiss } from './batch-state.js';
import type { Merged } from './lifecycle.sql.js';
import type { MatchState } from './match.entity.js';

const PROPOSE = statement(
  'transactions.propose-matches',
  `insert into purchase_match (programme_no, proposed_at, id, member_no, earlier_id, later_id, likeness)
   select $1, hansa_now(), m.* from unnest($2::uuid[], $3::int[], $4::uuid[], $5::uuid[], $6::jsonb[]) as m
   on conflict (earlier_id, later_id) do nothing`,
);

export function proposeMatches(tx: DbTransaction, programmeNo: number, rows: readonly NearMiss[]): void {
  if (rows.length === 0) return;
  tx.send(PROPOSE, [
    programmeNo,
    rows.map(() => newId()),
    rows.map((row) => row.memberNo),
    rows.map((row) => row.earlierId),
    rows.map((row) => row.laterId),
    rows.map(({ score, grounds }) => JSON.stringify({ score, grounds })),
  ]);
}

const SUPERSEDE = statement(
  'transactions.supersede-matches',
  `update purchase_match set state = 'SUPERSEDED'
   where state = 'PROPOSED' and (earlier_id = any ($1::uuid[]) or later_id = any ($1::uuid[]))`,
);

/** What was merged is not to be matched any more. */
export function supersedeMatches(tx: DbTransaction, merged: readonly Merged[]): void {
  if (merged.length > 0) tx.send(SUPERSEDE, [merged.map(({ id }) => id)]);
}

export interface StoredMatch {
  readonly id: string;
  readonly programmeNo: number;
  readonly memberNo: number;
  readonly earlierId: string;
  readonly laterId: string;
  readonly state: MatchState;
}

const COLUMNS = `id, programme_no as "programmeNo", member_no as "memberNo", earlier_id as "earlierId", later_id as "laterId", state`;
const FIND = statement('transactions.find-match', `select ${COLUMNS} from purchase_match where id = $1`);
const LOCK = statement('transactions.lock-match', `select ${COLUMNS} from purchase_match where id = $1 for update`);

export async function findMatch(tx: DbTransaction, id: string): Promise<StoredMatch | undefined> {
  const [row] = await tx.run<StoredMatch>(FIND, [id]);
  return row;
}

export async function lockMatch(tx: DbTransaction, id: string): Promise<StoredMatch | undefined> {
  const [row] = await tx.run<StoredMatch>(LOCK, [id]);
  return row;
}

const DECIDE = statement(
  'transactions.decide-match',
  'update purchase_match set state = $2, decided_by = $3, decided_at = hansa_now() where id = $1',
);

export async function decideMatch(
  tx: DbTransaction,
  id: string,
  state: 'CONFIRMED' | 'REJECTED',
  by: string,
): Promise<void> {
  await tx.run(DECIDE, [id, state, by]);
}

const FIND_FIRST_SOURCE = statement(
  'transactions.find-first-source',
  'select id from transaction_source where transaction_id = $1 and member_no = $2 order by id limit 1',
);

/** The message that made a transaction. */
export async function findFirstSource(tx: DbTransaction, transactionId: string, memberNo: number): Promise<string> {
  const [row] = await tx.run<{ id: string }>(FIND_FIRST_SOURCE, [transactionId, memberNo]);
  return row?.id ?? transactionId;
}
