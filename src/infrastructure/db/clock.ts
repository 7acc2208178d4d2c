/** The database's time for work through the ORM: the clock that tests move. */
import type { EntityManager } from '@mikro-orm/postgresql';

/** hansa_now(), inside the EntityManager's transaction when it has one. */
export async function databaseTime(em: EntityManager): Promise<Date> {
  const [row] = await em.execute<{ now: string }[]>('select hansa_now() as now');
  return new Date(row?.now ?? Number.NaN);
}
