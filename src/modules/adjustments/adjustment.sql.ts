/** Adjustments: what is asked for, what waits, and what became of it. */
import type { Adjustment, AdjustmentKind, AdjustmentState, Evidence } from '../../domain/adjustments/adjustment.js';
import { invariant } from '../../domain/kernel/invariant.js';
import { Account } from '../../domain/ledger/accounts.js';
import { type DbTransaction, statement } from '../../infrastructure/db/database.js';
import { SealedText } from '../../infrastructure/sealed-text.js';

const REASON = new SealedText('adjustment', 'reason');
const EVIDENCE = new SealedText('adjustment', 'evidence');
const DECISION_NOTE = new SealedText('adjustment', 'decision_note');

export interface NewAdjustment {
  readonly id: string;
  readonly programmeNo: number;
  readonly adjustment: Adjustment;
  readonly reason: string;
  readonly evidence: readonly Evidence[];
  readonly requestedBy: string;
}

const INSERT = statement(
  'adjustments.insert',
  `insert into adjustment (id, programme_no, kind, member_no, partner_no, units, amount_minor, expires_on, reason_sealed,
     evidence_sealed, requested_by, requested_at)
   values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, hansa_now())`,
);

export async function insertAdjustment(tx: DbTransaction, row: NewAdjustment): Promise<void> {
  const { id, programmeNo, adjustment, reason, evidence, requestedBy } = row;
  const { kind, amountMinor } = adjustment;
  await tx.run(INSERT, [
    id,
    programmeNo,
    kind,
    'memberNo' in adjustment ? adjustment.memberNo : null,
    'partnerNo' in adjustment ? adjustment.partnerNo : null,
    'units' in adjustment ? adjustment.units : null,
    amountMinor,
    'expiresOn' in adjustment ? adjustment.expiresOn : null,
    REASON.seal(tx.secrets, id, reason),
    EVIDENCE.seal(tx.secrets, id, JSON.stringify(evidence)),
    requestedBy,
  ]);
}

export interface AdjustmentRow {
  readonly id: string;
  readonly programmeNo: number;
  readonly state: AdjustmentState;
  readonly requestedBy: string;
  readonly adjustment: Adjustment;
}

interface StoredRow extends Omit<AdjustmentRow, 'adjustment'> {
  readonly kind: AdjustmentKind;
  readonly memberNo: number | null;
  readonly partnerNo: number | null;
  readonly units: bigint | null;
  readonly amountMinor: bigint;
  readonly expiresOn: string | null;
}

const COLUMNS = `id, programme_no as "programmeNo", kind, member_no as "memberNo", partner_no as "partnerNo", units,
  amount_minor as "amountMinor", expires_on as "expiresOn", state, requested_by as "requestedBy"`;

const LOCK = statement('adjustments.lock', `select ${COLUMNS} from adjustment where id = $1 for update`);

/** Locked to the end of the transaction, so that it is decided once. */
export async function lockAdjustment(tx: DbTransaction, id: string): Promise<AdjustmentRow> {
  const [row] = await tx.run<StoredRow>(LOCK, [id]);
  invariant(row !== undefined, 'an adjustment that was found is there');
  const { programmeNo, state, requestedBy } = row;
  return { id, programmeNo, state, requestedBy, adjustment: adjustmentOf(row) };
}

function adjustmentOf(row: StoredRow): Adjustment {
  const { kind, memberNo, partnerNo, units, amountMinor, expiresOn } = row;
  if (kind === 'GOODWILL' || kind === 'NEGATIVE_WRITE_OFF') {
    invariant(memberNo !== null && units !== null, 'units belong to a member');
    const own = { memberNo, units, amountMinor };
    return kind === 'GOODWILL' ? { kind, ...own, ...(expiresOn !== null && { expiresOn }) } : { kind, ...own };
  }
  invariant(partnerNo !== null, 'the rest belongs to a partner');
  return { kind, partnerNo, amountMinor };
}

const FIND_OWED = statement(
  'adjustments.find-owed',
  `select -available_units as units, receivable_minor as "valueMinor" from member_balance where member_no = $1`,
);

/** What the member owes in units (below zero: has) and in money. */
export async function findOwed(tx: DbTransaction, memberNo: number): Promise<{ units: bigint; valueMinor: bigint }> {
  const [row] = await tx.run<{ units: bigint; valueMinor: bigint }>(FIND_OWED, [memberNo]);
  invariant(row !== undefined, 'every member has a balance row');
  return row;
}

const FIND_PROGRAMME = statement(
  'adjustments.find-programme',
  'select programme_no as "programmeNo" from adjustment where id = $1',
);

/** The number of its programme, whose fence is entered first. */
export async function findProgrammeOf(tx: DbTransaction, id: string): Promise<number | undefined> {
  const [row] = await tx.run<{ programmeNo: number }>(FIND_PROGRAMME, [id]);
  return row?.programmeNo;
}

const DECIDE = statement(
  'adjustments.decide',
  `update adjustment set state = $2, decided_by = $3, decided_at = hansa_now(), decision_note_sealed = $4, entry_no = $5
   where id = $1`,
);

export interface AdjustmentDecision {
  readonly state: Exclude<AdjustmentState, 'PENDING'>;
  readonly by: string;
  readonly note?: string | undefined;
  /** What it made, when it was approved. */
  readonly entryNo?: bigint;
}

export async function storeDecision(tx: DbTransaction, id: string, decision: AdjustmentDecision): Promise<void> {
  await tx.run(DECIDE, [
    id,
    decision.state,
    decision.by,
    DECISION_NOTE.seal(tx.secrets, id, decision.note),
    decision.entryNo ?? null,
  ]);
}

// In the order in which entries lock balances too, payments in transit included: a deposit that goes back moves them.
const LOCK_STANDING = statement(
  'adjustments.lock-partner-standing',
  `select account, balance from account_balance
   where unit = $1 and window_no = 0
     and (party = $2 and account in (${Account.SETTLED_UNPAID}, ${Account.PARTNER_DEPOSIT})
       or party = 0 and account = ${Account.PAYMENTS_IN_TRANSIT})
   order by account for update`,
);

/** What the partner owes of what was settled and what it has deposited, locked: nobody else uses it meanwhile. */
export async function lockPartnerStanding(
  tx: DbTransaction,
  moneyUnit: number,
  partnerNo: number,
): Promise<{ unpaidMinor: bigint; depositMinor: bigint }> {
  const rows = await tx.run<{ account: number; balance: bigint }>(LOCK_STANDING, [moneyUnit, partnerNo]);
  const of = (account: number): bigint => rows.find((row) => row.account === account)?.balance ?? 0n;
  return { unpaidMinor: of(Account.SETTLED_UNPAID), depositMinor: -of(Account.PARTNER_DEPOSIT) };
}
