/**
 * Disputes: a partner contests a part of a line within its contract's days, an operator upholds or rejects it. Each
 * is posted in the window that is open then, and moves the line.
 */
import type { Principal } from '../../domain/access/principal.js';
import { checkReason, type Evidence } from '../../domain/adjustments/adjustment.js';
import { type BusinessDate, businessDateIn } from '../../domain/kernel/calendar.js';
import { invariant } from '../../domain/kernel/invariant.js';
import { fail, ok, type Result } from '../../domain/kernel/result.js';
import { disputeOpenedEntry, disputeRejectedEntry, disputeUpheldEntry } from '../../domain/ledger/dispute-entries.js';
import type { JournalEntry } from '../../domain/ledger/entry.js';
import {
  checkDispute,
  checkVerdict,
  type DisputedLine,
  resolveLine,
  type Verdict,
} from '../../domain/settlement/dispute.js';
import { type MoneyInput, parseMoney } from '../../graphql/money.js';
import { isId } from '../../graphql/scalars.js';
import { answerOnce } from '../../infrastructure/db/command-key.js';
import type { Database, DbTransaction } from '../../infrastructure/db/database.js';
import { newId } from '../../infrastructure/db/ids.js';
import { authorize } from '../access/index.js';
import { openWindows, recordEntries } from '../ledger/index.js';
import { type LineMove, lockLines, moveLines } from '../settlement/index.js';
import type { DisputeErrorCode } from './dispute.errors.js';
import {
  findDisputedLine,
  findLineOwner,
  insertDispute,
  type LineOwner,
  listDisputes,
  type StoredDispute,
  storeVerdict,
} from './dispute.sql.js';

export interface OpenDispute {
  readonly lineId: string;
  readonly amount: MoneyInput;
  readonly reason: string;
  readonly evidence: readonly Evidence[];
  readonly idempotencyKey: string;
}

export interface ResolveDispute {
  readonly disputeId: string;
  readonly verdict: Verdict;
  readonly resolution: string;
  readonly idempotencyKey: string;
}

type Answer = { readonly disputeId: string };
type Answered = Result<Answer, DisputeErrorCode>;

const LONGEST_RESOLUTION = 1_000;

/** The line and its disputes, locked. */
interface Case {
  readonly line: DisputedLine;
  readonly disputes: readonly StoredDispute[];
  readonly today: BusinessDate;
}

/** What a command on a line comes to. */
interface Decided {
  readonly answer: Answer;
  readonly entry: JournalEntry;
  readonly move: LineMove;
  /** Stores the dispute, with the number of its entry. */
  readonly store: (entryNo: bigint) => Promise<void>;
}

export class DisputeService {
  constructor(private readonly database: Database) {}

  /** Contests a part of a line, or all of it. */
  async open(principal: Principal, command: OpenDispute): Promise<Answered> {
    const { lineId, amount, reason, evidence, idempotencyKey } = command;
    const owner = isId(lineId) ? await this.database.command((tx) => findLineOwner(tx, lineId)) : undefined;
    authorize(principal, 'dispute.open', owner === undefined ? ownOf(principal) : { partnerNos: [owner.partyNo] });
    if (owner === undefined) {
      return fail('UNKNOWN_LINE', 'There is no such line; read the lines of the settlement.', 'lineId');
    }
    if (owner.dueCurrencyCode !== null) {
      return fail(
        'LINE_NOT_DISPUTABLE',
        `The line is paid in ${owner.dueCurrencyCode}; ask for a correction, which the next statement takes up.`,
        'lineId',
      );
    }
    const checked = checkReason(reason, evidence);
    if (!checked.ok) return checked;
    const amountMinor = parseMoney(amount, owner.currencyCode, 'amount');
    if (!amountMinor.ok) return amountMinor;
    const key = { client: principal.subject, key: idempotencyKey, operation: 'OPEN_DISPUTE' };
    const body = { lineId, amount: String(amountMinor.value), reason, evidence };
    return this.onLine(lineId, owner, { ...key, body }, (tx, { line, today }) => {
      const fault = checkDispute(line, amountMinor.value, today);
      if (!fault.ok) return fault;
      const disputeId = newId();
      const contested = { partnerNo: owner.partyNo, amountMinor: amountMinor.value, businessDate: today };
      return ok({
        answer: { disputeId },
        entry: disputeOpenedEntry(contested),
        move: { lineId, to: 'DISPUTED' as const },
        store: (entryNo) =>
          insertDispute(tx, {
            id: disputeId,
            lineId,
            programmeNo: owner.programmeNo,
            partyNo: owner.partyNo,
            amountMinor: amountMinor.value,
            reason,
            evidence,
            openedBy: principal.subject,
            entryNo,
          }),
      });
    });
  }

  /** Says who is right: upheld, the programme bears it; rejected, it is to be paid after all. */
  async resolve(principal: Principal, command: ResolveDispute): Promise<Answered> {
    authorize(principal, 'dispute.resolve');
    const { disputeId, verdict, resolution, idempotencyKey } = command;
    if (resolution.trim() === '' || resolution.length > LONGEST_RESOLUTION) {
      return fail('MALFORMED_RESOLUTION', `Say why, in 1 to ${LONGEST_RESOLUTION} characters.`, 'resolution');
    }
    const lineId = isId(disputeId) ? await this.database.command((tx) => findDisputedLine(tx, disputeId)) : undefined;
    if (lineId === undefined) {
      return fail('UNKNOWN_DISPUTE', 'There is no such dispute; read the list of disputes.', 'disputeId');
    }
    const owner = await this.database.command((tx) => findLineOwner(tx, lineId));
    invariant(owner, 'a disputed line belongs to a partner');
    const key = { client: principal.subject, key: idempotencyKey, operation: 'RESOLVE_DISPUTE' };
    const body = { disputeId, verdict, resolution };
    return this.onLine(lineId, owner, { ...key, body }, (tx, { line, disputes, today }) => {
      const dispute = disputes.find(({ id }) => id === disputeId);
      invariant(dispute, 'a dispute that was found is there');
      const checked = checkVerdict(dispute, principal.subject);
      if (!checked.ok) return checked;
      const othersOpen = disputes.some(({ id, state }) => id !== disputeId && state === 'OPEN');
      const contested = { partnerNo: owner.partyNo, amountMinor: dispute.amountMinor, businessDate: today };
      return ok({
        answer: { disputeId },
        entry: verdict === 'UPHELD' ? disputeUpheldEntry(contested) : disputeRejectedEntry(contested),
        move: { lineId, ...resolveLine(line, dispute.amountMinor, verdict, othersOpen) },
        store: (entryNo) =>
          storeVerdict(tx, disputeId, owner, { state: verdict, by: principal.subject, resolution, entryNo }),
      });
    });
  }

  /** Enters the fence, locks the line with its settlement, decides, and records. */
  private onLine(
    lineId: string,
    { programmeNo, timeZone }: LineOwner,
    key: Parameters<typeof answerOnce>[1],
    decide: (tx: DbTransaction, given: Case) => Result<Decided, DisputeErrorCode>,
  ): Promise<Answered> {
    return this.database.command(async (tx) => {
      const { now, windows } = await openWindows(tx, [programmeNo]);
      const window = windows.get(programmeNo);
      invariant(window, 'openWindows answers for every programme');
      return answerOnce<Answer, DisputeErrorCode>(tx, key, async () => {
        const [locked] = await lockLines(tx, [lineId]);
        invariant(locked?.disputeUntil, 'a line of a partner says until when it may be disputed');
        const disputes = await listDisputes(tx, lineId);
        const disputedMinor = disputes.reduce(
          (sum, { state, amountMinor }) => (state === 'REJECTED' ? sum : sum + amountMinor),
          0n,
        );
        const line = { ...locked, disputeUntil: locked.disputeUntil, disputedMinor };
        const decided = decide(tx, { line, disputes, today: businessDateIn(now, timeZone) });
        if (!decided.ok) return decided;
        const { answer, entry, move, store } = decided.value;
        await moveLines(tx, [move]);
        const [entryNo] = await recordEntries(tx, window, now, [entry]);
        invariant(entryNo !== undefined, 'an entry has a number');
        await store(entryNo);
        return ok(answer);
      });
    });
  }
}

/** A line that there is none of is nobody's: a partner may ask for it, and is told so. */
const ownOf = (principal: Principal) => (principal.kind === 'PARTNER' ? { partnerNos: [principal.partnerNo] } : {});
