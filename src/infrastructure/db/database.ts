/**
 * The command runner and the only way to write SQL.
 *
 * A `Statement` is named, so that PostgreSQL parses and plans it once per connection. Statements that need not wait for
 * each other travel together (round-trip.ts), a transaction's begin with its first one. A `DbTransaction` is
 * the proof that a transaction is open: functions that lock or write take one by type. `Database.command`
 * begins, runs, retries what PostgreSQL asks to retry, and commits; it knows no command.
 */
import type { Pool, PoolClient } from 'pg';
import pg from 'pg';
import { Background } from '../background.js';
import type { SecretBox } from '../secret-box.js';
import { spanned } from '../tracing.js';
import { recordActs } from './acts.js';
import { type Asked, inOneRoundTrip, type Written } from './round-trip.js';
import type { Statement } from './statement.js';

export { declaredStatements, type Statement, statement } from './statement.js';

const INT8 = 20;
const DATE = 1082;
const BIGINT_ARRAY = 1016;

/** int8 -> bigint and date -> "YYYY-MM-DD"; the rest as pg does it (numeric stays text, timestamptz a Date). */
function parserOf(type: number): (text: string) => unknown {
  if (type === INT8) return BigInt;
  if (type === DATE) return (text) => text;
  if (type === BIGINT_ARRAY) return (text) => text.slice(1, -1).split(',').filter(Boolean).map(BigInt);
  return pg.types.getTypeParser(type) as (text: string) => unknown;
}

/**
 * An array as PostgreSQL writes it. The driver would do it too, but with a regular expression per element:
 * on batches of a thousand rows that costs more than deciding them.
 */
export function arrayLiteral(values: readonly unknown[]): string {
  let text = '{';
  for (let index = 0; index < values.length; index += 1) {
    if (index > 0) text += ',';
    text += elementOf(values[index]);
  }
  return `${text}}`;
}

const SPECIAL = /["\\]/;

function elementOf(value: unknown): string {
  if (value === null || value === undefined) return 'NULL';
  if (typeof value === 'string') return SPECIAL.test(value) ? `"${value.replace(/["\\]/g, '\\$&')}"` : `"${value}"`;
  if (Buffer.isBuffer(value)) return `"\\\\x${value.toString('hex')}"`;
  if (value instanceof Date) return `"${value.toISOString()}"`;
  return String(value);
}

/** A parameter as it travels. */
function written(value: unknown): Written {
  if (value === null || value === undefined) return null;
  if (typeof value === 'string' || Buffer.isBuffer(value)) return value;
  if (Array.isArray(value)) return arrayLiteral(value);
  if (value instanceof Date) return value.toISOString();
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

const nothing = (): void => undefined;

export class DbTransaction {
  /** What was asked and is not on its way. */
  private readonly waiting: Asked[] = [];
  private leaves = false;
  private readonly endings: (() => Promise<void>)[] = [];

  constructor(
    private readonly client: PoolClient,
    /** Seals and opens the fields that are encrypted at rest. */
    readonly secrets: SecretBox,
  ) {}

  /** Runs `work` in this transaction when everything else is done, right before it commits. */
  beforeCommit(work: () => Promise<void>): void {
    this.endings.push(work);
  }

  /** What was put off until the end; whoever commits calls it. */
  async finish(): Promise<void> {
    for (const end of this.endings.splice(0)) await end();
  }

  /**
   * Runs a named statement. bigint parameters and arrays of them are fine; rows come back as objects. Statements that
   * are asked in one tick take one round trip, in their order.
   */
  run<Row extends object>(what: Statement, values: readonly unknown[] = []): Promise<Row[]> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ what, values: values.map(written), resolve: resolve as Asked['resolve'], reject });
      if (this.leaves) return;
      this.leaves = true;
      queueMicrotask(() => void this.flush().catch(nothing));
    });
  }

  /** The same for one whose answer nobody needs: it goes with the next one that is waited for, and fails it. */
  send(what: Statement, values: readonly unknown[] = []): void {
    this.waiting.push({ what, values: values.map(written), resolve: nothing, reject: nothing });
  }

  /** Drops what was asked and is not on its way. */
  abandon(): void {
    this.waiting.length = 0;
  }

  /** Everything asked so far is done when this resolves. */
  async flush(): Promise<void> {
    this.leaves = false;
    const asked = this.waiting.splice(0);
    if (asked.length > 0) await inOneRoundTrip(this.client, asked, parserOf);
  }

  /** The connection itself, for COPY streams only. */
  async connection(): Promise<PoolClient> {
    await this.flush();
    return this.client;
  }
}

const BEGIN: Statement = { name: 'database.begin', text: 'begin isolation level read committed' };
const COMMIT: Statement = { name: 'database.commit', text: 'commit' };

/** serialization_failure, deadlock_detected, lock_not_available: nothing happened, try again. */
const RETRYABLE = new Set(['40001', '40P01', '55P03']);
const MAX_ATTEMPTS = 5;

export const sqlState = (error: unknown): string | undefined =>
  typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string'
    ? error.code
    : undefined;

export class Database {
  /** Where the jobs of this process take turns. */
  readonly background = new Background();

  /** @param pool connections of the writer role */
  constructor(
    readonly pool: Pool,
    readonly secrets: SecretBox,
  ) {}

  /**
   * Runs `work` in one READ COMMITTED transaction; what it returns has been committed. Retries up to five
   * times when PostgreSQL says that nothing happened. Everything `work` does must go through its argument.
   */
  async command<T>(work: (tx: DbTransaction) => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.once(work);
      } catch (error) {
        if (attempt === MAX_ATTEMPTS || !RETRYABLE.has(sqlState(error) ?? '')) throw error;
      }
    }
  }

  private once<T>(work: (tx: DbTransaction) => Promise<T>): Promise<T> {
    return spanned('database transaction', {}, () => this.run(work));
  }

  private async run<T>(work: (tx: DbTransaction) => Promise<T>): Promise<T> {
    const client = await this.pool.connect();
    const tx = new DbTransaction(client, this.secrets);
    let broken: Error | undefined;
    try {
      tx.send(BEGIN);
      const result = await work(tx);
      await tx.finish();
      const committed = await recordActs(tx, result);
      await tx.run(COMMIT);
      committed();
      return result;
    } catch (error) {
      tx.abandon();
      await client.query('rollback').catch((rollbackError: Error) => {
        broken = rollbackError;
      });
      throw error;
    } finally {
      client.release(broken);
    }
  }
}
