/**
 * In which order operations happened that were in flight together: that of their entries. Numbers are taken while
 * the members of an entry are locked, so whatever touches the same member is in the order of its numbers.
 */
import { EntryKind } from '../../src/domain/ledger/entry.js';
import type { TestDatabase } from '../support/database.js';
import type { Life } from './life.js';
import type { Operation } from './operations.js';
import { ITEMS, type Item } from './world.js';

const { AUTHORISATION, CAPTURE, RELEASE, RETURN, CASH_OUT, DONATION, ITEM, TRANSFER, GOODWILL, NEGATIVE_WRITTEN_OFF } =
  EntryKind;

/**
 * What the entry of an operation looks like; undefined where its message names it, or where it is none of a member's.
 * Two operations that look alike are never in flight together.
 */
export function traceOf(operation: Operation, life: Life): string | undefined {
  switch (operation.kind) {
    case 'AUTHORISE':
      return `${AUTHORISATION} ${operation.member} ${operation.units}`;
    case 'CAPTURE':
    case 'GIVE_BACK': {
      const kind = operation.kind === 'CAPTURE' ? CAPTURE : RETURN;
      return `${kind} ${operation.member} ${operation.units} ${life.redemption(operation.redemption)?.redeemer}`;
    }
    case 'VOID':
      return `${RELEASE} ${operation.member} ${heldBy(operation.redemption, life)}`;
    case 'CASH_OUT':
      return `${CASH_OUT} ${operation.member} ${operation.units} ${operation.bank}`;
    case 'DONATE':
      return `${DONATION} ${operation.member} ${operation.units} ${operation.charity}`;
    case 'TRANSFER':
      return `${TRANSFER} ${operation.member} ${operation.units}`;
    case 'GOODWILL':
      return `${GOODWILL} ${operation.member} ${operation.units}`;
    case 'ITEM': {
      const { units, shop } = ITEMS.find(({ code }) => code === operation.item) as Item;
      return `${ITEM} ${operation.member} ${units} ${shop}`;
    }
    case 'WRITE_OFF':
      return `${NEGATIVE_WRITTEN_OFF} ${operation.member}`;
    default:
      return undefined;
  }
}

const heldBy = (redemption: string, life: Life): bigint =>
  (life.redemption(redemption)?.takes ?? []).reduce((sum, { part }) => sum + part.units, 0n);

/** Whether a part of what is held goes back. */
const leavesRest = (operation: Operation, life: Life): boolean =>
  operation.kind === 'CAPTURE' && operation.units < heldBy(operation.redemption, life);

export interface Recorded {
  readonly no: bigint;
  readonly windowNo: number;
  /** As `traceOf` writes it. */
  readonly trace: string;
  readonly sourceId: string | null;
}

export async function lastEntryNo({ superuser }: TestDatabase): Promise<bigint> {
  const { rows } = await superuser.query<{ no: string }>('select coalesce(max(no), 0)::text as no from journal_entry');
  return BigInt(rows[0]?.no ?? 0);
}

// What pays for an item is held by an entry of its own: their numbers follow each other.
const READ = `
  with fresh as (
    select e.no, e.window_no, e.member_no, e.kind, e.source_id, m.code
    from journal_entry e join member m on m.no = e.member_no where e.no > $1
  )
  select e.no::text, e.window_no as "windowNo", e.source_id as "sourceId",
         concat_ws(' ', e.kind, e.code,
           case e.kind when ${TRANSFER} then (select sum(amount) from posting p where p.entry_no = e.no and p.account = 110 and amount > 0)
                       when ${GOODWILL} then (select sum(amount) from posting p where p.entry_no = e.no and p.account = 900)
                       when ${RELEASE} then (select sum(amount) from posting p where p.entry_no = e.no and p.account = 120)
                       when ${AUTHORISATION} then (select -sum(amount) from posting p where p.entry_no = e.no and p.account = 120)
                       else redeemed.units end, redeemed.partner) as trace
  from fresh e
  left join lateral (
    select abs(p.amount) as units, r.code as partner from posting p join partner r on r.no = p.party
    where p.entry_no = e.no and p.account = 910
  ) redeemed on true
  where not (e.kind = ${AUTHORISATION} and exists (
    select from fresh c where c.no = e.no + 1 and c.member_no = e.member_no and c.kind = ${ITEM}
  ))
  order by e.no`;

/**
 * What these operations have recorded, by its numbers. The rest of a partial capture goes back by an entry of its own,
 * the next one; it looks like a void and is none. A void may follow any other capture: both may be of one batch.
 *
 * @param life as it was before them
 */
export async function recordedSince(
  { superuser }: TestDatabase,
  no: bigint,
  operations: readonly Operation[],
  life: Life,
): Promise<Recorded[]> {
  const { rows } = await superuser.query<Omit<Recorded, 'no'> & { no: string }>(READ, [no]);
  const recorded = rows.map((row) => ({ ...row, no: BigInt(row.no) }));
  const partial = new Set(
    operations.flatMap((operation) => (leavesRest(operation, life) ? [traceOf(operation, life)] : [])),
  );
  const rests = new Set(recorded.flatMap((row) => (partial.has(row.trace) ? [row.no + 1n] : [])));
  return recorded.filter((row) => !rests.has(row.no));
}
