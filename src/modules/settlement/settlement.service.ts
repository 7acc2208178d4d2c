/** Settling closed windows (LEDGER 3): who is settled when, issuing once per key, and giving up. */
import type { Principal } from '../../domain/access/principal.js';
import { fail, ok, type Result } from '../../domain/kernel/result.js';
import { settlementEntry } from '../../domain/ledger/settlement-entry.js';
import { finestCycle, isDue } from '../../domain/settlement/cycle.js';
import { mayAbort } from '../../domain/settlement/line-state.js';
import { isId } from '../../graphql/scalars.js';
import { answerOnce, isUnused, type KeyedCommand } from '../../infrastructure/db/command-key.js';
import type { Database, DbTransaction } from '../../infrastructure/db/database.js';
import { authorize } from '../access/index.js';
import { recordEntriesOfWindows, sealClosedWindows } from '../ledger/index.js';
import { findPartner } from '../partners/index.js';
import { chargeCommission } from './commission.js';
import { type Choice, issueSettlement } from './issue.js';
import { abortSettlement, hasLaterSettlement, type LockedLine, lockLinesOf } from './line.sql.js';
import { type DueWindow, giveBackPositions, lockDueWindows } from './position.sql.js';
import type { SettlementErrorCode } from './settlement.errors.js';
import { getSettlement, type SettlementLineRow, type SettlementRow } from './settlement.sql.js';
import { type ClosingOptions, type SettlementCommand, unknownProgramme, WindowService } from './window.service.js';
import { findProgramme, findProgrammeCycles, type WindowRow } from './window.sql.js';

export type IssuedSettlement = SettlementRow & { readonly lines: readonly SettlementLineRow[] };

export interface SettleCommand extends SettlementCommand {
  /** Only these; everybody when absent. */
  readonly partnerCodes?: readonly string[] | null | undefined;
  /** Only those whose cycle is due. */
  readonly onlyDue?: boolean | null | undefined;
}

export interface AbortCommand {
  readonly settlementId: string;
  readonly reason: string;
  readonly idempotencyKey: string;
}

interface SettleAnswer {
  readonly settlementId: string;
}

const MOST_PARTNERS = 1_000;
const LONGEST_REASON = 500;

/** Who closes and settles when a cycle is over. */
const CYCLE: Principal = { kind: 'SERVICE', subject: 'hansa-cycle', scopes: new Set(['settlement:write']) };

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

  /** Settles the closed windows that wait: for everybody, for the partners named, or for those whose cycle is due. */
  async settle(
    principal: Principal,
    { programmeCode, idempotencyKey, partnerCodes, onlyDue }: SettleCommand,
  ): Promise<Result<IssuedSettlement, SettlementErrorCode>> {
    authorize(principal, 'settlement.close');
    const body = {
      programmeCode,
      ...(partnerCodes ? { partnerCodes: [...partnerCodes] } : {}),
      ...(onlyDue === true ? { onlyDue } : {}),
    };
    const key = { client: principal.subject, key: idempotencyKey, operation: 'SETTLE', body };
    const charged = await this.chargeOnce(key, programmeCode, partnerCodes ?? undefined, onlyDue === true);
    if (!charged.ok) return charged;
    const issued = await this.database.command((tx) =>
      answerOnce<SettleAnswer, SettlementErrorCode>(tx, key, async () => {
        const choice = await choiceOf(tx, partnerCodes ?? undefined, onlyDue === true);
        return choice.ok ? settleNow(tx, programmeCode, choice.value) : choice;
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

  /**
   * The periodic job. Cuts the open window of each programme whose finest cycle has come to its end, empty or not, so
   * that no window lies in two periods; then settles the partners that are due. Two gateways at once do it once.
   */
  async runCycles(signal: AbortSignal): Promise<void> {
    const programmes = await this.database.command(findProgrammeCycles);
    for (const { code, cycles, windowNo, openedOn, today } of programmes) {
      if (signal.aborted) return;
      const finest = finestCycle(cycles);
      if (finest === 'ON_DEMAND') continue;
      if (isDue(finest, openedOn, today)) {
        await this.windows.close(CYCLE, { programmeCode: code, idempotencyKey: `cycle/${windowNo}` });
      }
      // A window that is busy is tried again with the next run.
      if ((await this.chargeCommission(code, { of: 'DUE' })).ok)
        await this.database.command((tx) => settleNow(tx, code, { of: 'DUE' }));
    }
  }

  /** Before a settlement that its key has not answered yet, nor refuses. */
  private async chargeOnce(
    key: KeyedCommand,
    programmeCode: string,
    partnerCodes: readonly string[] | undefined,
    onlyDue: boolean,
  ): Promise<Result<undefined, SettlementErrorCode>> {
    const choice = await this.database.command(async (tx) =>
      (await isUnused(tx, key)) ? choiceOf(tx, partnerCodes, onlyDue) : undefined,
    );
    return choice?.ok === true ? this.chargeCommission(programmeCode, choice.value) : ok(undefined);
  }

  private async chargeCommission(
    programmeCode: string,
    choice: Choice,
  ): Promise<Result<undefined, SettlementErrorCode>> {
    const programme = await this.database.command((tx) => findProgramme(tx, programmeCode));
    if (programme === undefined) return ok(undefined);
    await chargeCommission(this.database, programme.no, choice);
    return this.windows.closeForStatement(programme);
  }

  /**
   * Gives a settlement up of which nothing is paid or on its way: entries 16 are reversed in their windows, and its
   * positions wait for the next settlement again.
   */
  async abort(principal: Principal, command: AbortCommand): Promise<Result<SettleAnswer, SettlementErrorCode>> {
    authorize(principal, 'settlement.close');
    const { settlementId, reason, idempotencyKey } = command;
    if (reason.trim() === '' || reason.length > LONGEST_REASON) {
      return fail('REASON_MALFORMED', `Give a reason of 1 to ${LONGEST_REASON} characters.`, 'reason');
    }
    const key = { client: principal.subject, key: idempotencyKey, operation: 'ABORT', body: { settlementId, reason } };
    return this.database.command((tx) =>
      answerOnce<SettleAnswer, SettlementErrorCode>(tx, key, async () => {
        const lines = isId(settlementId) ? await lockLinesOf(tx, settlementId) : [];
        const refused = await refusalToAbort(tx, settlementId, lines);
        if (refused !== undefined) return refused;
        await abortSettlement(tx, settlementId, reason);
        await reverseEntries(tx, settlementId, (lines[0] as LockedLine).programmeNo);
        return ok({ settlementId });
      }),
    );
  }
}

async function settleNow(
  tx: DbTransaction,
  programmeCode: string,
  choice: Choice,
): Promise<Result<SettleAnswer, SettlementErrorCode>> {
  const programme = await findProgramme(tx, programmeCode);
  if (programme === undefined) return unknownProgramme(programmeCode);
  await sealClosedWindows(tx, programme.no);
  const settlementId = await issueSettlement(tx, programme, choice);
  if (settlementId !== undefined) return ok({ settlementId });
  return fail(
    'NOTHING_TO_SETTLE',
    choice.of === 'EVERYBODY'
      ? `No closed window of "${programmeCode}" waits for settlement; close one first.`
      : `No closed window of "${programmeCode}" waits for settlement with these partners.`,
    'programmeCode',
  );
}

async function choiceOf(
  tx: DbTransaction,
  partnerCodes: readonly string[] | undefined,
  onlyDue: boolean,
): Promise<Result<Choice, SettlementErrorCode>> {
  if (partnerCodes === undefined) return ok({ of: onlyDue ? 'DUE' : 'EVERYBODY' });
  if (onlyDue) return fail('CHOICE_AMBIGUOUS', 'Name partners or ask for those that are due, not both.', 'onlyDue');
  if (partnerCodes.length === 0 || partnerCodes.length > MOST_PARTNERS) {
    return fail(
      'CHOICE_AMBIGUOUS',
      `Name 1 to ${MOST_PARTNERS} partners, or leave the list out to settle everybody.`,
      'partnerCodes',
    );
  }
  const partnerNos: number[] = [];
  for (const [index, code] of partnerCodes.entries()) {
    const partner = await findPartner(tx, code);
    if (partner === undefined) {
      return fail(
        'UNKNOWN_PARTNER',
        `There is no partner "${code}"; see the list of partners.`,
        `partnerCodes.${index}`,
      );
    }
    partnerNos.push(partner.no);
  }
  return ok({ of: 'NAMED', partnerNos });
}

async function refusalToAbort(tx: DbTransaction, settlementId: string, lines: readonly LockedLine[]) {
  const [first] = lines;
  if (first === undefined) {
    return fail('UNKNOWN_SETTLEMENT', 'There is no settlement of that id with lines of partners.', 'settlementId');
  }
  if (first.settlementState !== 'ISSUED' || !mayAbort(lines) || lines.some((line) => line.convertedMinor !== null)) {
    return fail(
      'SETTLEMENT_UNDER_WAY',
      `Settlement ${first.settlementNo} is ${first.settlementState}, and something of it is paid, instructed, disputed or converted; only one of which nothing has moved can be aborted.`,
      'settlementId',
    );
  }
  if (await hasLaterSettlement(tx, settlementId)) {
    return fail(
      'SETTLEMENT_NOT_LAST',
      `Partners of settlement ${first.settlementNo} were settled again since; abort the later settlement first.`,
      'settlementId',
    );
  }
  return undefined;
}

/** Entries 16 the other way round, in the windows they were recorded under. */
async function reverseEntries(tx: DbTransaction, settlementId: string, programmeNo: number): Promise<void> {
  const positions = await giveBackPositions(tx, settlementId);
  const windows = await lockDueWindows(tx, programmeNo);
  const { now, today } = windows[0] as DueWindow;
  const groups = windows.map((window) => ({
    window,
    entries: positions
      .filter(({ windowNo, netMinor }) => windowNo === window.no && netMinor !== 0n)
      .map(({ partnerNo, netMinor }) => settlementEntry({ partnerNo, netMinor: -netMinor, businessDate: today })),
  }));
  await recordEntriesOfWindows(tx, now, groups);
}
