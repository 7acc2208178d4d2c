/**
 * How many may wait for a connection of a pool. Whoever comes then hears at once that there is none: waiting for the
 * time-out together with a thousand others would help nobody.
 */
import type { Pool, PoolClient } from 'pg';

const MOST_WAITING = 1_000;

/** With PostgreSQL's own code for it (too_many_connections): nothing has happened, and it is worth asking again. */
class NoConnectionError extends Error {
  override readonly name = 'NoConnectionError';
  readonly code = '53300';
}

type Callback = (error: Error | undefined, client?: PoolClient, done?: () => void) => void;

export function boundWaiting(pool: Pool, most = MOST_WAITING): Pool {
  const connect = pool.connect.bind(pool) as (callback?: Callback) => Promise<PoolClient>;
  pool.connect = ((callback?: Callback) => {
    if (pool.waitingCount < most) return connect(callback);
    const error = new NoConnectionError(`${most} are waiting for a connection already.`);
    if (callback === undefined) return Promise.reject(error);
    callback(error);
    return undefined;
  }) as Pool['connect'];
  return pool;
}
