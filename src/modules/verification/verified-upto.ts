/**
 * How far an invariant was found to hold, for looking only at what came since. Each check counts by what it knows:
 * entry numbers, blocks, instants.
 */
import { type DbTransaction, statement } from '../../infrastructure/db/database.js';

const READ = statement('verify.read-verified-upto', 'select upto from verified_upto where invariant = $1');

/** 0 when it was never found to hold. */
export async function verifiedUpto(tx: DbTransaction, invariant: string): Promise<bigint> {
  const [row] = await tx.run<{ upto: bigint }>(READ, [invariant]);
  return row?.upto ?? 0n;
}

const KEEP = statement(
  'verify.keep-verified-upto',
  `insert into verified_upto as v (invariant, upto, verified_at)
   select k.invariant, k.upto, hansa_now() from unnest($1::text[], $2::bigint[]) as k (invariant, upto) order by 1
   on conflict (invariant) do update set upto = excluded.upto, verified_at = excluded.verified_at`,
);

/** @param reaches how far each invariant was found to hold */
export async function keepVerified(tx: DbTransaction, reaches: ReadonlyMap<string, bigint>): Promise<void> {
  if (reaches.size > 0) await tx.run(KEEP, [[...reaches.keys()], [...reaches.values()]]);
}

const REACH_OF_SEALED = statement(
  'verify.reach-of-sealed-entries',
  'select coalesce(max(upto_no), 0)::bigint as reach from chain_block',
);

/** The last number below which no entry can be added any more: what is sealed. */
export async function reachOfSealedEntries(tx: DbTransaction): Promise<bigint> {
  const [row] = await tx.run<{ reach: bigint }>(REACH_OF_SEALED);
  return row?.reach ?? 0n;
}

// Ids begin with the millisecond they were made in, and are made moments before they are committed.
const MARGIN_MS = 300_000n;

const NEWEST_MESSAGE = statement('verify.newest-message', 'select id from transaction_source order by id desc limit 1');

/** When the newest message was made, in milliseconds since 1970, less what may still be under way. */
export async function reachOfMessages(tx: DbTransaction): Promise<bigint> {
  const [newest] = await tx.run<{ id: string }>(NEWEST_MESSAGE);
  const madeAt = newest === undefined ? 0n : BigInt(`0x${newest.id.replace('-', '').slice(0, 12)}`);
  return madeAt > MARGIN_MS ? madeAt - MARGIN_MS : 0n;
}

/** Below every id that was made in this millisecond. */
export function lowestIdOf(millisecond: bigint): string {
  const hex = millisecond.toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}-0000-0000-000000000000`;
}
