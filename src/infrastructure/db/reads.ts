/**
 * Reads beside the ORM: what one EntityManager is asked in one turn of the event loop is one statement and one round
 * trip, under the same role and the same row-level security. For what is read with every request; lists and
 * administration go through the ORM.
 *
 * Each read becomes a column of JSON: text has no limit of precision, so statements write what JSON cannot carry
 * (bigint, numeric) as text.
 */
import type { EntityManager, PostgreSqlConnection } from '@mikro-orm/postgresql';
import type { PoolClient } from 'pg';
import { arrayLiteral } from './database.js';
import type { ReaderClient } from './reader-client.js';
import { isDatabaseUnavailable } from './unavailable.js';

interface Waiting {
  readonly text: string;
  readonly values: readonly unknown[];
  resolve(rows: object[]): void;
  reject(error: unknown): void;
}

/** So many reads make one statement at most. */
const MOST_TOGETHER = 40;

const waitingFor = new WeakMap<EntityManager, Waiting[]>();

const askedFor = new WeakMap<EntityManager, number>();

/**
 * Says whose rows an EntityManager is about to read. It shows none that it would not see otherwise: policies ask once
 * whether that member is shared with the partner that asks, instead of at each row.
 */
export const askingFor = (em: EntityManager, memberNo: number): void => void askedFor.set(em, memberNo);

/**
 * Rows of a select, as JSON has them, of those that the EntityManager may see.
 * @param text with $1, $2 … for the values
 */
export function read<Row extends object>(
  em: EntityManager,
  text: string,
  values: readonly unknown[] = [],
): Promise<Row[]> {
  return new Promise((resolve, reject) => {
    const asked = { text, values, resolve: resolve as Waiting['resolve'], reject };
    const others = waitingFor.get(em);
    if (others !== undefined) {
      others.push(asked);
      return;
    }
    waitingFor.set(em, [asked]);
    // After all that goes on without waiting for anything from outside, loaders' own ticks included, whichever came first.
    setImmediate(() => {
      const batch = waitingFor.get(em) as Waiting[];
      waitingFor.delete(em);
      for (let from = 0; from < batch.length; from += MOST_TOGETHER)
        void send(em, batch.slice(from, from + MOST_TOGETHER));
    });
  });
}

async function send(em: EntityManager, batch: readonly Waiting[]): Promise<void> {
  try {
    const answers = await ask(em, batch);
    batch.forEach(({ resolve }, index) => {
      resolve(JSON.parse(answers[index] ?? '[]'));
    });
  } catch (error) {
    // One that fails does not take its neighbours with it; a database that is away has failed them all.
    if (batch.length === 1 || isDatabaseUnavailable(error)) for (const each of batch) each.reject(error);
    else for (const each of batch) await send(em, [each]);
  }
}

async function ask(em: EntityManager, batch: readonly Waiting[]): Promise<readonly (string | null)[]> {
  const pool = await (em.getConnection() as PostgreSqlConnection).getNativeClient();
  const client = (await pool.connect()) as PoolClient & ReaderClient;
  let fault: Error | undefined;
  try {
    const variables = em.getSessionContext()?.variables ?? {};
    const settings = [
      ...['hansa.sees_all', 'hansa.partner_no', 'hansa.member_no'].map((name) => String(variables[name] ?? '')),
      String(askedFor.get(em) ?? ''),
    ];
    return await client.answer(
      settings,
      combined(batch),
      batch.flatMap(({ values }) => values.map(written)),
    );
  } catch (error) {
    fault = error as Error;
    throw error;
  } finally {
    // A statement's own error leaves the connection as it was; whatever has no code of PostgreSQL may have broken it.
    client.release(fault !== undefined && !('severity' in fault));
  }
}

const written = (value: unknown): string | null => {
  if (value === null || value === undefined) return null;
  return Array.isArray(value) ? arrayLiteral(value) : String(value);
};

/** Selects that were combined before, by the numbers of their parts; parts come from code, so they are few. */
const known = new Map<string, string>();
const numbers = new Map<string, number>();
const MOST_KNOWN = 1_000;

/** One select of one row: a column of JSON for each read, parameters numbered on. */
function combined(batch: readonly Waiting[]): string {
  let key = '';
  for (const { text } of batch) {
    let number = numbers.get(text);
    if (number === undefined) {
      number = numbers.size;
      if (number < MOST_KNOWN) numbers.set(text, number);
      else return combine(batch);
    }
    key += `${number},`;
  }
  let text = known.get(key);
  if (text === undefined) {
    text = combine(batch);
    if (known.size < MOST_KNOWN) known.set(key, text);
  }
  return text;
}

function combine(batch: readonly Waiting[]): string {
  let before = 0;
  const columns = batch.map(({ text, values }, index) => {
    const first = before;
    before += values.length;
    const own = first === 0 ? text : text.replace(/\$(\d+)/g, (_place, no) => `$${Number(no) + first}`);
    return `(select json_agg(r${index}) from (${own}) r${index})`;
  });
  return `select ${columns.join(', ')}`;
}
