/**
 * Adjustments by two people: one asks, another approves or rejects, and only then something is posted, in the
 * window that is open then.
 */
import type { Principal } from '../../domain/access/principal.js';
import {
  checkAdjustment,
  decideApproval,
  decideRejection,
  type Evidence,
} from '../../domain/adjustments/adjustment.js';
import { businessDateIn } from '../../domain/kernel/calendar.js';
import { invariant } from '../../domain/kernel/invariant.js';
import { fail, ok, type Result } from '../../domain/kernel/result.js';
import { isId } from '../../graphql/scalars.js';
import { readClock } from '../../infrastructure/db/clock.js';
import { answerOnce } from '../../infrastructure/db/command-key.js';
import type { Database, DbTransaction } from '../../infrastructure/db/database.js';
import { newId } from '../../infrastructure/db/ids.js';
import { authorize } from '../access/index.js';
import { type OpenWindow, openWindows } from '../ledger/index.js';
import type { ReferenceCache } from '../transactions/index.js';
import type { AdjustmentErrorCode } from './adjustment.errors.js';
import {
  type AdjustmentRow,
  findProgrammeOf,
  insertAdjustment,
  lockAdjustment,
  storeDecision,
} from './adjustment.sql.js';
import { takeEffect } from './effect.js';
import { adjustmentOf, type Wanted } from './wanted.js';

export interface AdjustmentRequest {
  readonly programmeCode: string;
  readonly wanted: readonly Wanted[];
  readonly reason: string;
  readonly evidence: readonly Evidence[];
  readonly idempotencyKey: string;
}

export interface AdjustmentDecisionCommand {
  readonly adjustmentId: string;
  readonly note?: string | undefined;
  readonly idempotencyKey: string;
}

type Answered = Result<{ readonly adjustmentId: string }, AdjustmentErrorCode>;

const LONGEST_NOTE = 1_000;

export class AdjustmentService {
  constructor(
    private readonly database: Database,
    private readonly references: ReferenceCache,
  ) {}

  /** Asks for an adjustment. Nothing is posted until somebody else approves it. */
  request(principal: Principal, request: AdjustmentRequest): Promise<Answered> {
    authorize(principal, 'adjustment.request');
    const { idempotencyKey, ...body } = request;
    return this.database.command((tx) =>
      answerOnce(
        tx,
        { client: principal.subject, key: idempotencyKey, operation: 'REQUEST_ADJUSTMENT', body },
        async () => {
          const reference = await this.references.current(tx);
          const programme = reference.programmes.byCode(request.programmeCode);
          if (programme === undefined) return unknownProgramme(request.programmeCode);
          const today = businessDateIn(await readClock(tx), programme.timeZone);
          const wanted = await adjustmentOf(tx, request.wanted, { reference, programme, today });
          if (!wanted.ok) return wanted;
          const checked = checkAdjustment(wanted.value, request, today);
          if (!checked.ok) return checked;
          const adjustmentId = newId();
          await insertAdjustment(tx, {
            id: adjustmentId,
            programmeNo: programme.no,
            adjustment: wanted.value,
            reason: request.reason,
            evidence: request.evidence,
            requestedBy: principal.subject,
          });
          return ok({ adjustmentId });
        },
      ),
    );
  }

  /** Lets it take effect: posts its entry in the open window. */
  approve(principal: Principal, command: AdjustmentDecisionCommand): Promise<Answered> {
    return this.decide(principal, command, 'APPROVE_ADJUSTMENT', async (tx, row, window, now) => {
      const decision = decideApproval(row, principal.subject);
      if (!decision.ok) return decision;
      const { programmes } = await this.references.current(tx);
      const programme = programmes.byNo(row.programmeNo);
      invariant(programme, 'the programme of an adjustment is there');
      const today = businessDateIn(now, programme.timeZone);
      const terms = programmes.inForce(programme.no, today)?.terms.redemption;
      const entryNo = await takeEffect(tx, row.adjustment, { window, now, today, terms });
      if (!entryNo.ok) return entryNo;
      return ok({ state: decision.value, entryNo: entryNo.value });
    });
  }

  /** Turns it down, or takes one's own back. */
  reject(principal: Principal, command: AdjustmentDecisionCommand): Promise<Answered> {
    return this.decide(principal, command, 'REJECT_ADJUSTMENT', async (_tx, row) => {
      const decision = decideRejection(row, principal.subject);
      return decision.ok ? ok({ state: decision.value }) : decision;
    });
  }

  private async decide(
    principal: Principal,
    { adjustmentId, note, idempotencyKey }: AdjustmentDecisionCommand,
    operation: string,
    work: (
      tx: DbTransaction,
      row: AdjustmentRow,
      window: OpenWindow,
      now: Date,
    ) => Promise<Result<{ state: 'APPROVED' | 'REJECTED' | 'WITHDRAWN'; entryNo?: bigint }, AdjustmentErrorCode>>,
  ): Promise<Answered> {
    authorize(principal, 'adjustment.approve');
    if (note !== undefined && (note.trim() === '' || note.length > LONGEST_NOTE))
      return fail('MALFORMED_NOTE', `Write a note of 1 to ${LONGEST_NOTE} characters, or none.`, 'note');
    const programmeNo = isId(adjustmentId)
      ? await this.database.command((tx) => findProgrammeOf(tx, adjustmentId))
      : undefined;
    if (programmeNo === undefined) {
      return fail('UNKNOWN_ADJUSTMENT', 'There is no such adjustment; read the list of what waits.', 'adjustmentId');
    }
    const body = { adjustmentId, note };
    return this.database.command(async (tx) => {
      const { now, windows } = await openWindows(tx, [programmeNo]);
      const window = windows.get(programmeNo);
      invariant(window, 'openWindows answers for every programme');
      return answerOnce(tx, { client: principal.subject, key: idempotencyKey, operation, body }, async () => {
        const decided = await work(tx, await lockAdjustment(tx, adjustmentId), window, now);
        if (!decided.ok) return decided;
        await storeDecision(tx, adjustmentId, { ...decided.value, by: principal.subject, note });
        return ok({ adjustmentId });
      });
    });
  }
}

const unknownProgramme = (code: string) =>
  fail('UNKNOWN_PROGRAMME', `There is no programme "${code}"; apply it first.`, 'programmeCode');
