/** Forgetting events that are old and that nobody waits for, and how they were tried. */
import { type Database, type DbTransaction, statement } from '../../infrastructure/db/database.js';
import { removeOld } from '../events/index.js';

const CHUNK = 10_000;

// A paused endpoint keeps its place; one that is disabled does not keep anything for itself.
const NOBODY_WAITS_UPTO = statement(
  'webhooks.nobody-waits-upto',
  `select least(h.last_number, (select min(e.cursor) from webhook_endpoint e where e.status <> 'DISABLED'),
                (select min(d.number) - 1 from webhook_delivery d join webhook_endpoint e on e.no = d.endpoint_no
                 where d.state = 'WAITING' and e.status <> 'DISABLED')) as upto
   from event_head h`,
);
const FORGET_ATTEMPTS = statement(
  'webhooks.forget-attempts',
  `delete from webhook_attempt where id in (
     select id from webhook_attempt where attempted_at < hansa_now() - make_interval(days => $1) order by id limit ${CHUNK})
   returning id`,
);
const FORGET_GIVEN_UP = statement(
  'webhooks.forget-given-up',
  `delete from webhook_delivery d
   where d.state = 'GIVEN_UP' and not exists (select from event e where e.number = d.number)`,
);

/** The periodic job; returns how many events were removed. */
export async function forgetOld(database: Database, days: number, signal?: AbortSignal): Promise<number> {
  let total = 0;
  for (let removed = CHUNK; removed === CHUNK && signal?.aborted !== true; total += removed)
    removed = await database.command(async (tx) => removeOld(tx, await nobodyWaitsUpto(tx), days, CHUNK));
  for (let gone = CHUNK; gone === CHUNK && signal?.aborted !== true; )
    gone = (await database.command((tx) => tx.run(FORGET_ATTEMPTS, [days]))).length;
  await database.command((tx) => tx.run(FORGET_GIVEN_UP));
  return total;
}

async function nobodyWaitsUpto(tx: DbTransaction): Promise<bigint> {
  const [row] = await tx.run<{ upto: bigint }>(NOBODY_WAITS_UPTO);
  return row?.upto ?? 0n;
}
