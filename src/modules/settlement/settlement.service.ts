/**
 * Settling closed windows (LEDGER 3): one settlement takes all that are due, nets every partner against the
 * programme, posts entry 16 and freezes lines, items and statements. All of it or nothing.
 */
import { v7 } from 'uuid';
import type { Principal } from '../../domain/access/principal.js';
import { fail, ok, type Result } from '../../domain/kernel/result.js';
import { settlementEntry } from '../../domain/ledger/settlement-entry.js';
import { currencyScale } from '../../domain/money/currency.js';
import { type NettedLine, netPositions } from '../../domain/settlement/netting.js';
import { type StatementHead, statementCsv, statementSha256 } from '../../domain/settlement/statement.js';
import { answerOnce } from '../../infrastructure/db/command-key.js';
import type { Database, DbTransaction } from '../../infrastructure/db/database.js';
import { authorize } from '../access/index.js';
import { readByWindow, recordEntriesOfWindows, sealClosedWindows } from '../ledger/index.js';
import type { SettlementErrorCode } from './settlement.errors.js';
import {
  type DueWindow,
  findStandings,
  getSettlement,
  insertItems,
  insertLines,
  insertSettlement,
  lockDueWindows,
  markWindowsSettled,
  type NewLine,
  type PartyItem,
  type SettlementLineRow,
  type SettlementRow,
  sumPartnerItems,
  sumPositions,
  sumProgrammeItems,
  type WindowNet,
} from './settlement.sql.js';
import { type ClosingOptions, type SettlementCommand, unknownProgramme, WindowService } from './window.service.js';
import { findProgramme, type ProgrammeRow, type WindowRow } from './window.sql.js';

export type IssuedSettlement = SettlementRow & { readonly lines: readonly SettlementLineRow[] };

interface SettleAnswer {
  readonly settlementId: string;
}

export class SettlementService {
  private readonly windows: WindowService;

  constructor(
    private readonly database: Database,
    { closingPatienceMs = 10_000 }: Partial<ClosingOptions> = {},
  ) {
    this.windows = new WindowService(database, { closingPatienceMs });
  }

  /** Closes the open window, empty or not, and opens the next; the answer carries its digest. */
  closeWindow(principal: Principal, command: SettlementCommand): Promise<Result<WindowRow, SettlementErrorCode>> {
    return this.windows.close(principal, command);
  }

  /** The same for jobs and files: when nothing was recorded since the last close, nothing is closed. */
  closeIfNotEmpty(
    principal: Principal,
    command: SettlementCommand,
  ): Promise<Result<WindowRow | undefined, SettlementErrorCode>> {
    return this.windows.closeIfNotEmpty(principal, command);
  }

  /** Settles every closed window of the programme that is not settled yet. */
  async settle(
    principal: Principal,
    command: SettlementCommand,
  ): Promise<Result<IssuedSettlement, SettlementErrorCode>> {
    authorize(principal, 'settlement.close');
    const { programmeCode, idempotencyKey } = command;
    const key = { client: principal.subject, key: idempotencyKey, operation: 'SETTLE', body: { programmeCode } };
    const issued = await this.database.command((tx) =>
      answerOnce(tx, key, async () => {
        const programme = await findProgramme(tx, programmeCode);
        if (programme === undefined) return unknownProgramme(programmeCode);
        await sealClosedWindows(tx, programme.no);
        const windows = await lockDueWindows(tx, programme.no);
        if (windows.length === 0) {
          return fail(
            'NOTHING_TO_SETTLE',
            `No closed window of "${programmeCode}" waits for settlement; close one first.`,
            'programmeCode',
          );
        }
        return ok<SettleAnswer>({ settlementId: await issue(tx, programme, windows) });
      }),
    );
    if (!issued.ok) return issued;
    return ok(await this.database.command((tx) => getSettlement(tx, issued.value.settlementId)));
  }

  /**
   * Closes the window unless it is empty and settles whatever is closed by then: for jobs, files and the
   * command line. Nothing closed and nothing due is no settlement.
   */
  async closeAndSettle(
    principal: Principal,
    { programmeCode, idempotencyKey }: SettlementCommand,
  ): Promise<Result<{ window?: WindowRow; settlement?: IssuedSettlement }, SettlementErrorCode>> {
    const closed = await this.closeIfNotEmpty(principal, { programmeCode, idempotencyKey: `${idempotencyKey}/close` });
    if (!closed.ok) return closed;
    const settled = await this.settle(principal, { programmeCode, idempotencyKey: `${idempotencyKey}/settle` });
    const window = closed.value && { window: closed.value };
    if (settled.ok) return ok({ ...window, settlement: settled.value });
    return settled.failure.code === 'NOTHING_TO_SETTLE' ? ok({ ...window }) : settled;
  }
}

async function issue(tx: DbTransaction, programme: ProgrammeRow, windows: readonly DueWindow[]): Promise<string> {
  const { now, today } = windows[0] as DueWindow;
  const windowNos = windows.map(({ no }) => no);
  await readByWindow(tx);
  const nets = await sumPositions(tx, windowNos);
  const items = [...(await sumPartnerItems(tx, windowNos)), ...(await sumProgrammeItems(tx, windowNos))];
  const parties = new Set(items.map(({ partyNo }) => partyNo).filter((no) => no > 0));
  const standings = await findStandings(tx, programme.no, [...parties], today);
  const netOf = sumsBy(
    nets,
    ({ partnerNo }) => partnerNo,
    ({ netMinor }) => netMinor,
  );
  const programmeNetMinor = sum(
    items.filter(({ partyNo }) => partyNo === 0),
    ({ amountMinor }) => amountMinor,
  );
  const netting = netPositions(
    standings.map((standing) => ({ ...standing, netMinor: netOf.get(standing.partnerNo) ?? 0n })),
    programmeNetMinor,
  );

  const id = v7();
  const no = await insertSettlement(tx, {
    id,
    programmeNo: programme.no,
    currencyCode: programme.currencyCode,
    state: netting.settled ? 'SETTLED' : 'ISSUED',
    now,
    programmeNetMinor,
    grossMinor: sum(nets, ({ grossMinor }) => grossMinor),
    netPaymentsMinor: netting.netPaymentsMinor,
  });
  const codes = new Map(standings.map(({ partnerNo, partnerCode }) => [partnerNo, partnerCode]));
  const head = headOf(no, programme, windows);
  const lines = netting.lines.map((line) =>
    freeze({ ...head, partyCode: codes.get(line.partyNo) ?? programme.code }, line, items),
  );
  await insertLines(tx, id, lines);
  await insertItems(tx, id, items);
  await markWindowsSettled(tx, id, windowNos);
  await recordEntriesOfWindows(
    tx,
    now,
    windows.map((window) => ({ window, entries: entriesOf(window, nets, today) })),
  );
  return id;
}

/** Entry 16 for every partner with a net in the window. */
const entriesOf = (window: DueWindow, nets: readonly WindowNet[], businessDate: string) =>
  nets
    .filter(({ windowNo, netMinor }) => windowNo === window.no && netMinor !== 0n)
    .map(({ partnerNo, netMinor }) => settlementEntry({ partnerNo, netMinor, businessDate }));

const headOf = (
  settlementNo: number,
  programme: ProgrammeRow,
  windows: readonly DueWindow[],
): Omit<StatementHead, 'partyCode'> => ({
  settlementNo,
  programmeCode: programme.code,
  currencyCode: programme.currencyCode,
  currencyScale: currencyScale(programme.currencyCode),
  unitScale: programme.unitScale,
  from: (windows[0] as DueWindow).openedAt,
  until: (windows.at(-1) as DueWindow).closedAt,
});

function freeze(head: StatementHead, line: NettedLine, items: readonly PartyItem[]): NewLine {
  const csv = statementCsv(
    head,
    items.filter(({ partyNo }) => partyNo === line.partyNo),
    line,
  );
  return { ...line, id: v7(), csv, sha256: statementSha256(csv) };
}

const sum = <Row>(rows: readonly Row[], amount: (row: Row) => bigint): bigint =>
  rows.reduce((total, row) => total + amount(row), 0n);

function sumsBy<Row, Key>(
  rows: readonly Row[],
  key: (row: Row) => Key,
  amount: (row: Row) => bigint,
): Map<Key, bigint> {
  const sums = new Map<Key, bigint>();
  for (const row of rows) sums.set(key(row), (sums.get(key(row)) ?? 0n) + amount(row));
  return sums;
}
