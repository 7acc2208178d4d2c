/**
 * How far a feed was taken in. Whoever fetches holds the connector's run for a while; the cursor moves only for the
 * run that holds it and only from where that run began its page, in the transaction that takes the page in.
 */
import { type DbTransaction, statement } from '../../infrastructure/db/database.js';
import { CONNECTOR, type ConnectorRecord } from './connector.sql.js';

/** A page, its attempts and its transaction fit into this many times over. */
const RUN_SECONDS = 180;

const HELD = `run_until > hansa_now()`;
const FEEDS = `endpoints @> '[{"capability": "TRANSACTIONS"}]'`;

const DUE = statement(
  'connectors.due',
  `select id from connector
   where status = 'ACTIVE' and next_run_at <= hansa_now() and ${FEEDS} and not coalesce(${HELD}, false)
   order by next_run_at limit $1`,
);

/** Connectors whose feed is due and that nobody fetches, the longest waiting first. */
export const findDue = async (tx: DbTransaction, most: number): Promise<string[]> =>
  (await tx.run<{ id: string }>(DUE, [most])).map(({ id }) => id);

export type ClaimedConnector = ConnectorRecord & { readonly runId: string };

const CLAIM_ONE = statement(
  'connectors.claim-one',
  `update connector set run_id = $2, run_until = hansa_now() + make_interval(secs => ${RUN_SECONDS}), last_run_at = hansa_now()
   where id = $1 and status = 'ACTIVE' and ${FEEDS} and not coalesce(${HELD}, false)
   returning run_id as "runId", ${CONNECTOR}`,
);

export async function claimOne(tx: DbTransaction, id: string, runId: string): Promise<ClaimedConnector | undefined> {
  const [row] = await tx.run<ClaimedConnector>(CLAIM_ONE, [id, runId]);
  return row;
}

const MOVE = statement(
  'connectors.move-cursor',
  `update connector set cursor = $4, run_until = hansa_now() + make_interval(secs => ${RUN_SECONDS}),
     newest_at = greatest(newest_at, $5)
   where id = $1 and run_id = $2 and cursor is not distinct from $3 and status <> 'REMOVED' returning id`,
);

/** False when the run has lost the connector, or it was removed: what was done with the page must be undone. */
export const moveCursor = async (
  tx: DbTransaction,
  { id, runId }: ClaimedConnector,
  from: string | null,
  to: string | null,
  newestAt: Date | null,
): Promise<boolean> => (await tx.run(MOVE, [id, runId, from, to, newestAt])).length > 0;

export interface PageCounts {
  readonly accepted: number;
  readonly duplicates: number;
  readonly rejected: number;
}

const COUNT = statement(
  'connectors.count-page',
  `insert into connector_run (id, connector_id, partner_no, started_at, pages, accepted, duplicates, rejected)
   values ($1, $2, $3, hansa_now(), 1, $4, $5, $6)
   on conflict (id) do update set pages = connector_run.pages + 1, accepted = connector_run.accepted + excluded.accepted,
     duplicates = connector_run.duplicates + excluded.duplicates, rejected = connector_run.rejected + excluded.rejected`,
);

export const countPage = (
  tx: DbTransaction,
  { id, runId, partnerNo }: ClaimedConnector,
  { accepted, duplicates, rejected }: PageCounts,
): Promise<unknown> => tx.run(COUNT, [runId, id, partnerNo, accepted, duplicates, rejected]);

export interface RejectedItem {
  readonly id: string;
  readonly hash: Buffer;
  readonly reference: string | undefined;
  readonly line: number | undefined;
  readonly code: string;
  readonly reason: string;
}

const REJECT = statement(
  'connectors.insert-rejects',
  `insert into connector_reject (id, connector_id, partner_no, run_id, item_hash, reference, file_name, line, code, reason,
     rejected_at)
   select r.id, $1, $2, $3, r.item_hash, r.reference, $4, r.line, r.code, r.reason, hansa_now()
   from unnest($5::uuid[], $6::bytea[], $7::text[], $8::integer[], $9::text[], $10::text[])
     as r (id, item_hash, reference, line, code, reason)
   on conflict (connector_id, item_hash) do nothing returning id`,
);

/** How many of them are new: an item that comes again is kept once. */
export async function insertRejects(
  tx: DbTransaction,
  { id, runId, partnerNo }: ClaimedConnector,
  fileName: string | undefined,
  rejects: readonly RejectedItem[],
): Promise<number> {
  if (rejects.length === 0) return 0;
  const column = <T>(pick: (reject: RejectedItem) => T): T[] => rejects.map(pick);
  const kept = await tx.run(REJECT, [
    ...[id, partnerNo, runId, fileName ?? null],
    ...[column((each) => each.id), column(({ hash }) => hash), column(({ reference }) => reference)],
    ...[column(({ line }) => line), column(({ code }) => code), column(({ reason }) => reason)],
  ]);
  return kept.length;
}

const END_WELL = statement(
  'connectors.end-well',
  `with ended as (update connector_run set ended_at = hansa_now() where id = $2)
   update connector set run_id = null, run_until = null, failures = 0, last_success_at = hansa_now(),
     last_fault_code = null, last_fault_detail = null, next_run_at = hansa_now() + make_interval(secs => $3)
   where id = $1 and run_id = $2`,
);

export const endWell = (tx: DbTransaction, { id, runId }: ClaimedConnector, restSeconds: number): Promise<unknown> =>
  tx.run(END_WELL, [id, runId, restSeconds]);

const LET_GO = statement(
  'connectors.let-go',
  'update connector set run_id = null, run_until = null where id = $1 and run_id = $2',
);

/** A run that is told to stop leaves everything as it stands: the next one goes on. */
export const letGo = (tx: DbTransaction, { id, runId }: ClaimedConnector): Promise<unknown> =>
  tx.run(LET_GO, [id, runId]);

const END_BADLY = statement(
  'connectors.end-badly',
  `with ended as (
     insert into connector_run (id, connector_id, partner_no, started_at, ended_at, fault_code, fault_detail)
     values ($2, $1, $3, hansa_now(), hansa_now(), $4, $5)
     on conflict (id) do update set ended_at = hansa_now(), fault_code = excluded.fault_code, fault_detail = excluded.fault_detail
   )
   update connector set run_id = null, run_until = null, failures = failures + 1, last_fault_code = $4, last_fault_detail = $5,
     next_run_at = hansa_now() + make_interval(secs => least(every_seconds * power(2, least(failures + 1, 12)),
       greatest(every_seconds, 3600)))
   where id = $1 and run_id = $2`,
);

/** The rest doubles with every failure in a row, to an hour at most. */
export const endBadly = (
  tx: DbTransaction,
  { id, runId, partnerNo }: ClaimedConnector,
  fault: { readonly code: string; readonly detail: string },
): Promise<unknown> => tx.run(END_BADLY, [id, runId, partnerNo, fault.code, fault.detail]);

const FORGET = statement(
  'connectors.forget-old',
  `with runs as (delete from connector_run where connector_id = $1 and started_at < hansa_now() - interval '90 days')
   delete from connector_reject where connector_id = $1 and rejected_at < hansa_now() - interval '90 days'`,
);

/** Runs and rejects of more than 90 days ago. */
export const forgetOld = (tx: DbTransaction, id: string): Promise<unknown> => tx.run(FORGET, [id]);

const KNOWN_FILE = statement(
  'connectors.known-file',
  'select fault from connector_file where connector_id = $1 and sha256 = $2',
);

/** What became of the file of these bytes; nothing when it is new. */
export async function findFile(
  tx: DbTransaction,
  id: string,
  sha256: Buffer,
): Promise<{ readonly fault: string | null } | undefined> {
  const [row] = await tx.run<{ fault: string | null }>(KNOWN_FILE, [id, sha256]);
  return row;
}

const INSERT_FILE = statement(
  'connectors.insert-file',
  `insert into connector_file (connector_id, sha256, partner_no, name, rows, fault, taken_at)
   values ($1, $2, $3, $4, $5, $6, hansa_now()) on conflict do nothing`,
);

export interface FinishedFile {
  readonly sha256: Buffer;
  readonly name: string;
  readonly rows: number;
  readonly fault: string | undefined;
}

export const insertFile = (
  tx: DbTransaction,
  { id, partnerNo }: ClaimedConnector,
  { sha256, name, rows, fault }: FinishedFile,
): Promise<unknown> => tx.run(INSERT_FILE, [id, sha256, partnerNo, name, rows, fault ?? null]);
