/** Closing windows: the statements behind it. The fence itself is the ledger's. */
import { EntryKind } from '../../domain/ledger/entry.js';
import type { Cycle } from '../../domain/settlement/cycle.js';
import { type DbTransaction, statement } from '../../infrastructure/db/database.js';
import { recordEvents } from '../events/index.js';
import { LAST_NUMBER } from '../ledger/index.js';

export interface ProgrammeRow {
  readonly no: number;
  readonly code: string;
  readonly name: string;
  readonly currencyCode: string;
  readonly unitScale: number;
}

const FIND_PROGRAMME = statement(
  'settlement.find-programme',
  'select no, code, name, currency_code as "currencyCode", unit_scale as "unitScale" from programme where code = $1',
);

export async function findProgramme(tx: DbTransaction, code: string): Promise<ProgrammeRow | undefined> {
  const [row] = await tx.run<ProgrammeRow>(FIND_PROGRAMME, [code]);
  return row;
}

/** A programme with an open window, and how often its partners are settled. */
export interface ProgrammeCycles {
  readonly code: string;
  /** Of the contracts in force today. */
  readonly cycles: readonly Cycle[];
  readonly windowNo: number;
  /** The programme's own days: on which the open window was opened, and now. */
  readonly openedOn: string;
  readonly today: string;
}

const FIND_CYCLES = statement(
  'settlement.find-programme-cycles',
  `select g.code, w.no as "windowNo", (w.opened_at at time zone g.time_zone)::date as "openedOn",
          (hansa_now() at time zone g.time_zone)::date as today,
          array(
            select distinct c.cycle from (
              select distinct on (partner_id) cycle from contract
              where programme_id = g.id and effective_from <= (hansa_now() at time zone g.time_zone)::date
              order by partner_id, effective_from desc, version desc
            ) c
          ) as cycles
   from programme g join settlement_window w on w.programme_no = g.no and w.state = 'OPEN' order by g.no`,
);

export const findProgrammeCycles = (tx: DbTransaction): Promise<ProgrammeCycles[]> =>
  tx.run<ProgrammeCycles>(FIND_CYCLES);

export interface WindowRow {
  readonly no: number;
  readonly id: string;
  readonly programmeNo: number;
  readonly currencyCode: string;
  readonly state: 'OPEN' | 'CLOSED';
  readonly openedAt: Date;
  readonly closedAt: Date | null;
  readonly settlementId: string | null;
  readonly entryCount: bigint | null;
  readonly postingCount: bigint | null;
  /** Both books together; a checksum, no amount of anything. */
  readonly debitSum: string | null;
  readonly digest: Buffer | null;
}

const FIND_WINDOW = statement(
  'settlement.find-window',
  `select no, id, programme_no as "programmeNo", currency_code as "currencyCode", state, opened_at as "openedAt",
          closed_at as "closedAt", settlement_id as "settlementId", entry_count as "entryCount",
          posting_count as "postingCount", debit_sum as "debitSum", digest
   from settlement_window where no = $1`,
);

export async function getWindow(tx: DbTransaction, no: number): Promise<WindowRow> {
  const [row] = await tx.run<WindowRow>(FIND_WINDOW, [no]);
  if (row === undefined) throw new Error(`There is no settlement window ${no}`);
  return row;
}

// Entry numbers are taken inside the fence, so a programme's newest number lies in its newest window.
const OPEN_WINDOW_IS_EMPTY = statement(
  'settlement.open-window-is-empty',
  `select not exists (
     select from (
       select window_no from journal_entry
       where programme_no = $1 and kind <> ${EntryKind.SETTLEMENT} order by no desc limit 1
     ) newest
     join settlement_window w on w.no = newest.window_no and w.state = 'OPEN'
   ) as empty`,
);

/** Whether nothing has been recorded since the last close. What is being recorded right now does not count. */
export async function openWindowIsEmpty(tx: DbTransaction, programmeNo: number): Promise<boolean> {
  const [row] = await tx.run<{ empty: boolean }>(OPEN_WINDOW_IS_EMPTY, [programmeNo]);
  return row?.empty ?? true;
}

const CLOSE_OPEN_WINDOW = statement(
  'settlement.close-open-window',
  `update settlement_window set state = 'CLOSED', closed_at = hansa_now()
   where programme_no = $1 and state = 'OPEN' returning no, id`,
);
const OPEN_NEXT_WINDOW = statement(
  'settlement.open-next-window',
  `insert into settlement_window (id, programme_no, currency_code, opened_at, after_no)
   values ($1, $2, $3, hansa_now(), ${LAST_NUMBER})`,
);

/** Closes the open window and opens the next. The exclusive fence must be held. Returns the closed one's number. */
export async function cutWindow(tx: DbTransaction, programme: ProgrammeRow, nextId: string): Promise<number> {
  const [closed] = await tx.run<{ no: number; id: string }>(CLOSE_OPEN_WINDOW, [programme.no]);
  if (closed === undefined) throw new Error(`Programme ${programme.code} has no open window`);
  await tx.run(OPEN_NEXT_WINDOW, [nextId, programme.no, programme.currencyCode]);
  recordEvents(tx, [{ type: 'window.closed', programmeNo: programme.no, subjectId: closed.id }]);
  return closed.no;
}
