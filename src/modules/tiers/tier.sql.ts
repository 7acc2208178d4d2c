/**
 * Standings and their history: loaded and stored under the members' locks, by the pipeline and by the review.
 */
import type { BusinessDate } from '../../domain/kernel/calendar.js';
import type { StandingMove } from '../../domain/tiers/kept-standing.js';
import type { TierStanding } from '../../domain/tiers/standing.js';
import { type DbTransaction, statement } from '../../infrastructure/db/database.js';
import { newId } from '../../infrastructure/db/ids.js';

const LOAD_STANDINGS = statement(
  'tiers.load-standings',
  `select member_no as "memberNo", tier_code as tier, since, review_on as "reviewOn"
   from member_tier where member_no = any ($1::int[])`,
);

interface StandingRow {
  readonly memberNo: number;
  readonly tier: string;
  readonly since: BusinessDate;
  readonly reviewOn: BusinessDate | null;
}

/** By member number; members that nobody has looked at are missing. */
export async function loadStandings(
  tx: DbTransaction,
  memberNos: Iterable<number>,
): Promise<ReadonlyMap<number, TierStanding>> {
  const nos = [...new Set(memberNos)];
  const rows = nos.length === 0 ? [] : await tx.run<StandingRow>(LOAD_STANDINGS, [nos]);
  return new Map(
    rows.map(({ memberNo, tier, since, reviewOn }) => [
      memberNo,
      { tier, since, ...(reviewOn !== null && { reviewOn }) },
    ]),
  );
}

const STORE_STANDINGS = statement(
  'tiers.store-standings',
  `insert into member_tier (member_no, programme_no, tier_code, since, review_on)
   select member_no, $1, tier_code, since, review_on
   from unnest($2::int[], $3::text[], $4::date[], $5::date[]) as s (member_no, tier_code, since, review_on)
   order by member_no
   on conflict (member_no) do update
   set tier_code = excluded.tier_code, since = excluded.since, review_on = excluded.review_on`,
);

const INSERT_CHANGES = statement(
  'tiers.insert-changes',
  `insert into member_tier_change (member_no, id, changed_on, recorded_at, from_code, to_code, metric, because)
   select member_no, id, changed_on, (select hansa_now()), from_code, to_code, metric, because
   from unnest($1::int[], $2::uuid[], $3::date[], $4::text[], $5::text[], $6::bigint[], $7::text[])
     as c (member_no, id, changed_on, from_code, to_code, metric, because)`,
);

export interface MemberMoves {
  readonly memberNo: number;
  readonly moves: readonly StandingMove[];
}

/** Keeps the last standing of each member and notes every change of tier. The members are locked. */
export function storeStandings(tx: DbTransaction, programmeNo: number, moved: readonly MemberMoves[]): void {
  const standings = moved.flatMap(({ memberNo, moves }) => {
    const last = moves.at(-1);
    return last === undefined ? [] : [{ memberNo, ...last.standing }];
  });
  if (standings.length === 0) return;
  tx.send(STORE_STANDINGS, [
    programmeNo,
    standings.map((s) => s.memberNo),
    standings.map((s) => s.tier),
    standings.map((s) => s.since),
    standings.map((s) => s.reviewOn ?? null),
  ]);
  const changes = moved.flatMap(({ memberNo, moves }) =>
    moves.flatMap(({ change }) => (change === undefined ? [] : [{ memberNo, ...change }])),
  );
  if (changes.length === 0) return;
  tx.send(INSERT_CHANGES, [
    changes.map((c) => c.memberNo),
    changes.map(() => newId()),
    changes.map((c) => c.on),
    changes.map((c) => c.from ?? null),
    changes.map((c) => c.to),
    changes.map((c) => c.metric),
    changes.map((c) => c.because),
  ]);
}

const HELD_TO_REVIEW = statement(
  'tiers.held-to-review',
  `select member_no as "memberNo" from member_tier
   where programme_no = $1 and member_no > $2 and (review_on <= $3 or (review_on is null and tier_code <> $4))
   order by member_no limit $5`,
);

const ABOVE_THE_LOWEST = statement(
  'tiers.above-the-lowest',
  `select member_no as "memberNo" from member_tier
   where programme_no = $1 and member_no > $2 and tier_code <> $3
   order by member_no limit $4`,
);

/** A page of members after `memberNo` whose held tier is due, or was reached when nothing was held yet. */
export async function findHeldToReview(
  tx: DbTransaction,
  programmeNo: number,
  after: number,
  today: BusinessDate,
  lowest: string,
  limit: number,
): Promise<number[]> {
  const rows = await tx.run<{ memberNo: number }>(HELD_TO_REVIEW, [programmeNo, after, today, lowest, limit]);
  return rows.map(({ memberNo }) => memberNo);
}

/** A page of members after `memberNo` who have a tier to lose. */
export async function findAboveTheLowest(
  tx: DbTransaction,
  programmeNo: number,
  after: number,
  lowest: string,
  limit: number,
): Promise<number[]> {
  const rows = await tx.run<{ memberNo: number }>(ABOVE_THE_LOWEST, [programmeNo, after, lowest, limit]);
  return rows.map(({ memberNo }) => memberNo);
}
