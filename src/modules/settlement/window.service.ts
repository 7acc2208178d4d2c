/**
 * Closing a window (LEDGER 3): fence, flip, commit; then, outside the fence, the digest.
 *
 * Writers wait at most 50 ms at a time. When the fence cannot be had that quickly, closing rolls back, lets
 * them through and tries again.
 */
import type { Principal } from '../../domain/access/principal.js';
import { fail, ok, type Result } from '../../domain/kernel/result.js';
import { answerOnce } from '../../infrastructure/db/command-key.js';
import { type Database, type DbTransaction, sqlState } from '../../infrastructure/db/database.js';
import { newId } from '../../infrastructure/db/ids.js';
import { authorize } from '../access/index.js';
import { lockForClosing, sealClosedWindows } from '../ledger/index.js';
import { openWindowHasCommission } from './commission.sql.js';
import type { SettlementErrorCode } from './settlement.errors.js';
import {
  cutWindow,
  findProgramme,
  getWindow,
  openWindowIsEmpty,
  type ProgrammeRow,
  type WindowRow,
} from './window.sql.js';

export interface SettlementCommand {
  readonly programmeCode: string;
  /** Of the client: the same key gives the same answer for ever. */
  readonly idempotencyKey: string;
}

/** What a close remembers under its key: the closed window, or none when there was nothing to close. */
interface CloseAnswer {
  readonly windowNo: number | null;
}

const LOCK_NOT_AVAILABLE = '55P03';
const STEP_BACK_MS = 20;

export interface ClosingOptions {
  /** How long a close keeps trying to get the fence before it gives up. */
  readonly closingPatienceMs: number;
}

export class WindowService {
  constructor(
    private readonly database: Database,
    private readonly options: ClosingOptions,
  ) {}

  /** Closes the open window, empty or not, and opens the next; the answer carries its digest. */
  async close(principal: Principal, command: SettlementCommand): Promise<Result<WindowRow, SettlementErrorCode>> {
    const closed = await this.closeWhen(principal, command, 'CLOSE_WINDOW', () => Promise.resolve(true));
    return closed.ok ? ok(closed.value as WindowRow) : closed;
  }

  /** The same for jobs and files: nothing recorded since the last close, nothing closed, and no window is the answer. */
  async closeIfNotEmpty(
    principal: Principal,
    command: SettlementCommand,
  ): Promise<Result<WindowRow | undefined, SettlementErrorCode>> {
    return this.closeWhen(
      principal,
      command,
      'CLOSE_WINDOW_IF_NOT_EMPTY',
      async (tx, programmeNo) => !(await openWindowIsEmpty(tx, programmeNo)),
    );
  }

  /** Closes the open window when it holds commission of a statement that is to be issued now. */
  closeForStatement(programme: ProgrammeRow): Promise<Result<undefined, SettlementErrorCode>> {
    return this.patiently(async (tx) => {
      if (!(await openWindowHasCommission(tx, programme.no))) return ok(undefined);
      await lockForClosing(tx, programme.no);
      // Somebody else may have closed it while we waited.
      if (await openWindowHasCommission(tx, programme.no)) await cutWindow(tx, programme, newId());
      return ok(undefined);
    });
  }

  private async closeWhen(
    principal: Principal,
    { programmeCode, idempotencyKey }: SettlementCommand,
    operation: string,
    worthClosing: (tx: DbTransaction, programmeNo: number) => Promise<boolean>,
  ): Promise<Result<WindowRow | undefined, SettlementErrorCode>> {
    authorize(principal, 'settlement.close');
    const closed = await this.patiently((tx) =>
      answerOnce(
        tx,
        { client: principal.subject, key: idempotencyKey, operation, body: { programmeCode } },
        async () => {
          const programme = await findProgramme(tx, programmeCode);
          if (programme === undefined) return unknownProgramme(programmeCode);
          if (!(await worthClosing(tx, programme.no))) return ok<CloseAnswer>({ windowNo: null });
          await lockForClosing(tx, programme.no);
          return ok<CloseAnswer>({ windowNo: await cutWindow(tx, programme, newId()) });
        },
      ),
    );
    if (!closed.ok) return closed;
    const { windowNo } = closed.value;
    if (windowNo === null) return ok(undefined);
    // A transaction of its own, after the fence: writers do not wait for the digest, and what a crash leaves
    // without one is sealed by the next close, settlement or verification.
    return ok(
      await this.database.command(async (tx) => {
        const { programmeNo } = await getWindow(tx, windowNo);
        await sealClosedWindows(tx, programmeNo);
        return getWindow(tx, windowNo);
      }),
    );
  }

  /** Runs a close until it gets the fence, or gives up when writers hold it for too long. */
  private async patiently<T>(
    work: (tx: DbTransaction) => Promise<Result<T, SettlementErrorCode>>,
  ): Promise<Result<T, SettlementErrorCode>> {
    const deadline = performance.now() + this.options.closingPatienceMs;
    for (;;) {
      try {
        return await this.database.command(work);
      } catch (error) {
        if (sqlState(error) !== LOCK_NOT_AVAILABLE) throw error;
        if (performance.now() > deadline) {
          return fail(
            'WINDOW_BUSY',
            'Long transactions keep the window busy; nothing was closed. Try again in a moment.',
          );
        }
        await new Promise((resolve) => setTimeout(resolve, STEP_BACK_MS));
      }
    }
  }
}

export const unknownProgramme = (code: string) =>
  fail('UNKNOWN_PROGRAMME', `There is no programme "${code}"; apply it first.`, 'programmeCode');
