/**
 * The fence between writing into a window and closing it (LEDGER 3).
 *
 * A writer holds the shared lock of its programme until it commits; closing takes the exclusive one, so when
 * it has it nobody is half-way into the open window any more. The order matters: the lock is the first
 * statement of the writer's transaction and the open window is read in a second one, whose snapshot is
 * younger than the lock. Reading both in one statement would see the window as it was before the wait.
 */
import { invariant } from '../../domain/kernel/invariant.js';
import { type DbTransaction, statement } from '../../infrastructure/db/database.js';
import { hearDatabaseTime } from '../../infrastructure/db/ids.js';

/** A window that entries are recorded under, and the units its programme's books are kept in. */
export interface JournalWindow {
  readonly no: number;
  readonly programmeNo: number;
  /** unit.no of reward postings. */
  readonly rewardUnit: number;
  /** unit.no of money postings. */
  readonly moneyUnit: number;
  /** unit.no of money in other currencies, where entries hold any. */
  readonly otherUnits?: ReadonlyMap<string, number>;
}

/** The one that is open now: where everything but settlement entries goes. */
export type OpenWindow = JournalWindow;

/** First key of the two-key advisory locks of this fence ("HANS"); the second is the programme's number. */
const FENCE = 0x48_41_4e_53;

/** How long closing keeps writers waiting before it steps back and tries again. */
const CLOSING_LOCK_TIMEOUT = '50ms';

const LOCK_SHARED = statement(
  'ledger.lock-fence-shared',
  `select pg_advisory_xact_lock_shared(${FENCE}, p.no), current_setting('transaction_isolation') as isolation
   from (select distinct no from unnest($1::integer[]) as no order by no) as p`,
);

const FIND_OPEN_WINDOWS = statement(
  'ledger.find-open-windows',
  `select w.no, w.programme_no as "programmeNo", r.no as "rewardUnit", m.no as "moneyUnit", hansa_now() as now,
          (extract(epoch from clock_timestamp()) * 1000)::float8 as "clockMs"
   from settlement_window w
   join unit r on r.kind = 'REWARD' and r.programme_no = w.programme_no
   join unit m on m.kind = 'MONEY' and m.programme_no = w.programme_no and m.code = w.currency_code
   where w.state = 'OPEN' and w.programme_no = any ($1::integer[])`,
);

/**
 * Enters the fence of these programmes and returns their open windows with the time to record under. Must be
 * the first thing a transaction does. Throws when a programme has no books yet, and outside READ COMMITTED,
 * where the second statement would not see what committed while the first one waited.
 */
export async function openWindows(
  tx: DbTransaction,
  programmeNos: readonly number[],
): Promise<{ now: Date; windows: Map<number, OpenWindow> }> {
  invariant(programmeNos.length > 0, 'a fence is entered for at least one programme');
  // One round trip, and yet two statements, each with its own snapshot.
  const [[locked], rows] = await Promise.all([
    tx.run<{ isolation: string }>(LOCK_SHARED, [programmeNos]),
    tx.run<OpenWindow & { now: Date; clockMs: number }>(FIND_OPEN_WINDOWS, [programmeNos]),
  ]);
  invariant(locked?.isolation === 'read committed', 'the fence needs READ COMMITTED');
  const windows = new Map(rows.map(({ now: _, clockMs: __, ...window }) => [window.programmeNo, window]));
  for (const no of programmeNos) invariant(windows.has(no), `programme ${no} has an open window`);
  const { now, clockMs } = rows[0] as (typeof rows)[number];
  hearDatabaseTime(clockMs);
  return { now, windows };
}

const SET_LOCK_TIMEOUT = statement(
  'ledger.set-closing-lock-timeout',
  `set local lock_timeout = '${CLOSING_LOCK_TIMEOUT}'`,
);
const LOCK_EXCLUSIVE = statement('ledger.lock-fence-exclusive', `select pg_advisory_xact_lock(${FENCE}, $1)`);
const CLEAR_LOCK_TIMEOUT = statement('ledger.clear-closing-lock-timeout', 'set local lock_timeout = 0');

/**
 * Waits until no writer is inside the fence of this programme and keeps new ones out until the end of the
 * transaction. Fails with lock_not_available (55P03) after 50 ms: roll back, let the writers through, retry.
 */
export async function lockForClosing(tx: DbTransaction, programmeNo: number): Promise<void> {
  await tx.run(SET_LOCK_TIMEOUT);
  await tx.run(LOCK_EXCLUSIVE, [programmeNo]);
  await tx.run(CLEAR_LOCK_TIMEOUT);
}
