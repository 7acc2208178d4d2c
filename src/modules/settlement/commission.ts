/**
 * Commission per statement (LEDGER 6): before a settlement is issued, what its closed windows charged such a partner is
 * summed up, entry 36 is recorded in the open window, and that window is closed too, so that both are in the statement.
 *
 * The sums are of windows in which nothing changes any more, so nobody waits for them. Whatever dies in between is gone
 * on with by the next settlement.
 */
import { statementCommissionEntry } from '../../domain/ledger/partner-charges.js';
import { storedRate } from '../../domain/partners/contract.js';
import { isDue } from '../../domain/settlement/cycle.js';
import { type StatementCharges, statementCommission } from '../../domain/settlement/statement-commission.js';
import type { Database, DbTransaction } from '../../infrastructure/db/database.js';
import {
  type OpenWindow,
  openWindows,
  readByWindow,
  recordEntries,
  sealClosedWindows,
  takeEntryNumbers,
} from '../ledger/index.js';
import {
  type CommissionRow,
  findUnchargedWindows,
  insertCommissions,
  sumCharged,
  type UnchargedWindow,
} from './commission.sql.js';
import type { Choice } from './issue.js';

type Commission = Omit<CommissionRow, 'entryNo'> & StatementCharges & { readonly today: string };

/** Records the commission of everybody who is chosen. The open window is still to be closed then. */
export async function chargeCommission(database: Database, programmeNo: number, choice: Choice): Promise<void> {
  const due = await database.command((tx) => commissionsDue(tx, programmeNo, choice));
  if (due.length > 0) await database.command((tx) => record(tx, programmeNo, due));
}

async function commissionsDue(tx: DbTransaction, programmeNo: number, choice: Choice): Promise<Commission[]> {
  await sealClosedWindows(tx, programmeNo);
  const chosen = (await findUnchargedWindows(tx, programmeNo)).filter((window) => isChosen(window, choice));
  if (chosen.length === 0) return [];
  const windowsOf = Map.groupBy(chosen, ({ partnerNo }) => partnerNo);
  await readByWindow(tx);
  const sums = await sumCharged(tx, [...new Set(chosen.map(({ windowNo }) => windowNo))], [...windowsOf.keys()]);
  const due: Commission[] = [];
  for (const [partnerNo, windows] of windowsOf) {
    const [first, last] = [windows[0] as UnchargedWindow, windows.at(-1) as UnchargedWindow];
    const nos = new Set(windows.map(({ windowNo }) => windowNo));
    const charged = { chargedMinor: 0n, returnedMinor: 0n };
    for (const sum of sums) {
      if (sum.partnerNo !== partnerNo || !nos.has(sum.windowNo)) continue;
      charged.chargedMinor += sum.chargedMinor;
      charged.returnedMinor += sum.returnedMinor;
    }
    const commission = statementCommission(charged, {
      commissionRate: storedRate(first.commissionRate),
      taxRate: storedRate(first.taxRate),
      returnsCommission: first.returnsCommission,
    });
    if (commission.commissionMinor === 0n) continue;
    due.push({
      ...commission,
      ...{ partnerNo, afterWindow: first.afterWindow, throughWindow: last.windowNo },
      ...{ since: first.openedOn, today: first.today },
    });
  }
  return due;
}

function isChosen({ partnerNo, cycle, openedOn, today }: UnchargedWindow, choice: Choice): boolean {
  switch (choice.of) {
    case 'EVERYBODY':
      return true;
    case 'DUE':
      return isDue(cycle, openedOn, today);
    case 'NAMED':
      return choice.partnerNos.includes(partnerNo);
  }
}

async function record(tx: DbTransaction, programmeNo: number, due: readonly Commission[]): Promise<void> {
  const { now, windows } = await openWindows(tx, [programmeNo]);
  const window = windows.get(programmeNo) as OpenWindow;
  const numbers = await takeEntryNumbers(tx, due.length);
  const rows = due.map((commission, index) => ({ ...commission, entryNo: numbers[index] as bigint }));
  const stored = await insertCommissions(tx, programmeNo, window.no, rows);
  const ours = rows.filter(({ partnerNo }) => stored.has(partnerNo));
  await recordEntries(
    tx,
    window,
    now,
    ours.map((row) => statementCommissionEntry(row, { partnerNo: row.partnerNo, businessDate: row.today })),
    ours.map(({ entryNo }) => entryNo),
  );
}
