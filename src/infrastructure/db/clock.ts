/** The database's time: the clock that tests move. */
import type { EntityManager } from '@mikro-orm/postgresql';
import { type DbTransaction, statement } from './database.js';

const READ_CLOCK = statement('clock.read', 'select hansa_now() as now');

/** hansa_now() of a transaction. */
export async function readClock(tx: DbTransaction): Promise<Date> {
  const [clock] = await tx.run<{ now: Date }>(READ_CLOCK);
  return clock?.now ?? new Date(Number.NaN);
}

/** The same for work through the ORM, inside the EntityManager's transaction when it has one. */
export async function databaseTime(em: EntityManager): Promise<Date> {
  const [row] = await em.execute<{ now: string }[]>('select hansa_now() as now');
  return new Date(row?.now ?? Number.NaN);
}
