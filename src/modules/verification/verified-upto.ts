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
