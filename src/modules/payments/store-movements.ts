/** Stores what the lines of statements are: movements, allocations, payments and lines that move, entries 18 to 20. */
import type { JournalEntry } from '../../domain/ledger/entry.js';
import { payoutBooked, payoutReturned, receipt } from '../../domain/ledger/payment-entries.js';
import type { Match } from '../../domain/payments/match.js';
import type { DbTransaction } from '../../infrastructure/db/database.js';
import { newId } from '../../infrastructure/db/ids.js';
import { type OpenWindow, recordEntriesOfWindows, takeEntryNumbers, type WindowEntries } from '../ledger/index.js';
import type { PlacedLine } from './booked-lines.js';
import { movePaidOut, type PaidOut, payLines } from './pay-lines.js';
import { type PayingProgramme, type StoredPayment, windowFor } from './payment.sql.js';
import { movePayments } from './payment-change.sql.js';
import { insertAllocations, type NewAllocation } from './receipt.sql.js';
import { insertMovements, type NewMovement } from './statement.sql.js';

export interface Booking {
  readonly window: OpenWindow;
  readonly now: Date;
  readonly programmeNo: number;
  /** Who uploaded the statement. */
  readonly by: string;
}

/** Lines of one currency, and what they are. */
export interface MatchedLines {
  readonly programme: PayingProgramme;
  readonly lines: readonly PlacedLine[];
  /** In the order of the lines. */
  readonly matches: readonly Match[];
  /** All that they name. */
  readonly payments: readonly StoredPayment[];
}

/** Longer texts are cut: they are shown to people, matching has read them whole. */
const LONGEST_TEXT = 500;

export async function storeMovements(
  tx: DbTransaction,
  { window, now, programmeNo, by }: Booking,
  groups: readonly MatchedLines[],
): Promise<void> {
  const byId = new Map(groups.flatMap(({ payments }) => payments).map((payment) => [payment.id, payment]));
  const matched = groups.flatMap(({ lines, matches }) =>
    lines.map((line, index) => ({ line, match: matches[index] as Match, id: newId() })),
  );
  const matches = matched.map(({ match }) => match);
  const booked = matched.map(({ line, match }) => entriesOf(line, match, byId));
  const entryNos = await takeEntryNumbers(tx, booked.flat().length);
  const numbers = entryNos.values();
  await insertMovements(
    tx,
    programmeNo,
    matched.map(({ id, line, match }, index) => {
      const [entryNo] = (booked[index] as JournalEntry[]).map(() => numbers.next().value as bigint);
      return movementOf(id, line, match, entryNo as bigint);
    }),
  );
  await insertAllocations(
    tx,
    { subject: by, now },
    matched.flatMap(({ id, match }) => allocationsOf(id, match)),
  );
  const states = statesOf(matches);
  await movePayments(
    tx,
    now,
    [...states].map(([paymentId, state]) => ({ paymentId, state })),
  );
  await movePaidOut(
    tx,
    [...states].flatMap(([paymentId, state]): PaidOut[] => {
      const { lineId, amountMinor, state: before } = byId.get(paymentId) as StoredPayment;
      return lineId === null ? [] : [{ lineId, amountMinor, underWay: before !== 'BOOKED', state }];
    }),
  );
  await payLines(
    tx,
    matches.flatMap((match) => (match.kind === 'RECEIVED' ? match.lines : [])),
  );
  const windows: WindowEntries[] = [];
  let next = 0;
  for (const { programme, lines } of groups) {
    const entries = booked.slice(next, next + lines.length).flat();
    windows.push({ window: await windowFor(tx, window, programme), entries });
    next += lines.length;
  }
  await recordEntriesOfWindows(tx, now, windows, entryNos);
}

function entriesOf(line: PlacedLine, match: Match, payments: ReadonlyMap<string, StoredPayment>): JournalEntry[] {
  const { accountNo, bookedOn, amountMinor } = line;
  const payment = (id: string): StoredPayment => payments.get(id) as StoredPayment;
  switch (match.kind) {
    case 'BOOKED':
      return match.paymentIds.map((id) => payoutBooked(payment(id), accountNo, bookedOn));
    case 'RETURNED':
      return [payoutReturned(payment(match.paymentId), accountNo, bookedOn)];
    case 'RECEIVED':
      return [receipt({ amountMinor, partnerNo: match.partnerNo, paidMinor: match.paidMinor }, accountNo, bookedOn)];
    case 'UNMATCHED':
      return [receipt({ amountMinor, partnerNo: 0, paidMinor: 0n }, accountNo, bookedOn)];
  }
}

function movementOf(id: string, line: PlacedLine, match: Match, entryNo: bigint): NewMovement {
  const { statementId, amountMinor, bookedOn, endToEndId, counterpartyName, counterpartyIban, remittance } = line;
  const waits =
    match.kind === 'UNMATCHED' ? amountMinor : match.kind === 'RECEIVED' ? amountMinor - match.paidMinor : 0n;
  return {
    id,
    statementId,
    line: line.line,
    amountMinor,
    bookedOn,
    match: line.isOpening ? 'OPENING' : match.kind,
    reason: match.kind === 'UNMATCHED' && !line.isOpening ? match.reason : null,
    partnerNo: 'partnerNo' in match ? (match.partnerNo ?? null) : null,
    unallocatedMinor: waits,
    endToEndId: endToEndId ?? null,
    counterpartyName: counterpartyName ?? null,
    counterpartyIban: counterpartyIban ?? null,
    remittance: remittance.length === 0 ? null : remittance.join(' ').slice(0, LONGEST_TEXT),
    entryNo,
  };
}

function allocationsOf(movementId: string, match: Match): NewAllocation[] {
  if (match.kind !== 'RECEIVED') return [];
  const { partnerNo, by: matchedBy, lines, paidMinor } = match;
  const allocations: NewAllocation[] = lines.map(({ lineId, amountMinor }) => ({
    ...{ id: newId(), movementId, partnerNo, lineId, amountMinor, purpose: 'SETTLEMENT', matchedBy },
  }));
  const besides = paidMinor - lines.reduce((sum, { amountMinor }) => sum + amountMinor, 0n);
  if (besides > 0n) {
    const rest = { id: newId(), movementId, partnerNo, lineId: null, amountMinor: besides };
    allocations.push({ ...rest, purpose: 'SETTLEMENT', matchedBy });
  }
  return allocations;
}

/** What becomes of payments in the end: what is booked and returned on one statement is returned. */
function statesOf(matches: readonly Match[]): ReadonlyMap<string, 'BOOKED' | 'RETURNED'> {
  const states = new Map<string, 'BOOKED' | 'RETURNED'>();
  for (const match of matches) if (match.kind === 'BOOKED') for (const id of match.paymentIds) states.set(id, 'BOOKED');
  for (const match of matches) if (match.kind === 'RETURNED') states.set(match.paymentId, 'RETURNED');
  return states;
}
