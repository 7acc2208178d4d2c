/** Pages of the audit log, for its export. */
import type { ActOutcome } from '../../infrastructure/db/acts.js';
import { type DbTransaction, statement } from '../../infrastructure/db/database.js';

export interface EntryRow {
  readonly id: string;
  readonly recordedAt: Date;
  readonly actor: string;
  readonly actorKind: string;
  readonly operation: string;
  readonly requestId: string;
  readonly outcome: ActOutcome;
  readonly code: string | null;
  readonly subjects: readonly string[];
  readonly input: object;
}

const FIND = statement(
  'audit.find',
  `select id, recorded_at as "recordedAt", actor, actor_kind as "actorKind", operation, request_id as "requestId", outcome,
     code, subjects, input
   from audit_entry
   where id > $1 and ($2::date is null or recorded_at >= $2::date::timestamp at time zone 'UTC')
     and ($3::date is null or recorded_at < ($3::date + 1)::timestamp at time zone 'UTC')
   order by id limit $4`,
);

export interface EntryPage {
  readonly after: string;
  /** Days, both inclusive. */
  readonly from: string | undefined;
  readonly until: string | undefined;
  readonly limit: number;
}

export const findEntries = (tx: DbTransaction, { after, from, until, limit }: EntryPage): Promise<EntryRow[]> =>
  tx.run<EntryRow>(FIND, [after, from ?? null, until ?? null, limit]);
