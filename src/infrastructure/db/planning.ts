/**
 * How the writer's queries are planned. PostgreSQL plans by statistics, and ours lag behind: a table that a
 * file has just filled still counts as empty, and a plan made for it then is kept for the connection's life.
 * We know what each kind of work reads, so we say it.
 */
import { type DbTransaction, type Statement, statement } from './database.js';

type Switch = 'on' | 'off';

interface Planning {
  readonly seqscan: Switch;
  readonly nestloop: Switch;
  readonly hashjoin: Switch;
  readonly mergejoin: Switch;
}

const settingsOf = ({ seqscan, nestloop, hashjoin, mergejoin }: Planning): readonly (readonly [string, string])[] => [
  ['enable_seqscan', seqscan],
  ['enable_nestloop', nestloop],
  ['enable_hashjoin', hashjoin],
  ['enable_mergejoin', mergejoin],
  ['jit', 'off'],
];

/** Commands find rows by their keys, a batch of keys at a time: index lookups, whatever the statistics say. */
const BY_KEY: Planning = { seqscan: 'off', nestloop: 'on', hashjoin: 'off', mergejoin: 'off' };

// A second process costs more than all that a command reads, and takes the place of somebody else's.
const ALONE: readonly (readonly [string, string])[] = [['max_parallel_workers_per_gather', '0']];

/** A connection URL whose session plans for commands. */
export function plannedByKey(url: string): string {
  const planned = new URL(url);
  const options = [...settingsOf(BY_KEY), ...ALONE].map(([name, value]) => `-c ${name}=${value}`);
  const given = planned.searchParams.get('options');
  planned.searchParams.set('options', [...(given === null ? [] : [given]), ...options].join(' '));
  return planned.href;
}

const setLocally = (name: string, settings: readonly (readonly [string, string])[]): Statement =>
  statement(name, `select ${settings.map(([key, value]) => `set_config('${key}', '${value}', true)`).join(', ')}`);

const WINDOWS = setLocally('planning.windows', [
  ...settingsOf({ seqscan: 'off', nestloop: 'off', hashjoin: 'on', mergejoin: 'on' }),
  ...ALONE,
  ['statement_timeout', '0'],
]);

const WHOLE_TABLES = setLocally('planning.whole-tables', [
  ...settingsOf({ seqscan: 'on', nestloop: 'off', hashjoin: 'on', mergejoin: 'on' }),
  ['max_parallel_workers_per_gather', '2'],
  ['work_mem', '128MB'],
  ['statement_timeout', '0'],
  ['idle_in_transaction_session_timeout', '0'],
]);

// A plan that has to sort would read all that follows anew for every page.
const PAGES = setLocally('planning.pages', [
  ['enable_sort', 'off'],
  ['enable_incremental_sort', 'off'],
  ['enable_bitmapscan', 'off'],
]);

// For few values PostgreSQL finds a plan of their own cheaper, and makes one each time: in small batches that is a fifth.
const ONCE = setLocally('planning.once', [['plan_cache_mode', 'force_generic_plan']]);

/**
 * For the rest of the transaction: a statement's plan is made once, whatever its values. Not where a value decides which
 * index is of use: a condition of a partial index must then stand in the text.
 */
export const planOnce = (tx: DbTransaction): void => tx.send(ONCE);

const KEYS = setLocally('planning.keys', [...settingsOf(BY_KEY), ...ALONE]);

/** For the rest of the transaction: finds rows by their keys again, as commands do. */
export const planForKeys = async (tx: DbTransaction): Promise<void> => void (await tx.run(KEYS));

/** For the rest of the transaction: reads a page of something long, in the order of an index. */
export const planForPages = async (tx: DbTransaction): Promise<void> => void (await tx.run(PAGES));

/**
 * For the rest of the transaction: reads settlement windows. Their rows lie together, so indexes find them,
 * and sets are joined with sets. No time limit, because nobody waits for it.
 */
export const planForWindows = async (tx: DbTransaction): Promise<void> => void (await tx.run(WINDOWS));

/**
 * For the rest of the transaction: reads everything and joins sets with sets, with all hands, room to sort in and no
 * time limit.
 */
export const planForWholeTables = async (tx: DbTransaction): Promise<void> => void (await tx.run(WHOLE_TABLES));
