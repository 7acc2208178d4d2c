/**
 * Issuing a settlement of chosen positions (LEDGER 3): nets every partner against the programme, posts entry 16 and
 * freezes lines, items and statements. All of it or nothing: a process that dies half-way leaves no trace, and the
 * repeated command begins anew.
 */
import { addDays, type BusinessDate } from '../../domain/kernel/calendar.js';
import { settlementEntry } from '../../domain/ledger/settlement-entry.js';
import { isDue } from '../../domain/settlement/cycle.js';
import { type NettedLine, netPositions, type PartnerStanding } from '../../domain/settlement/netting.js';
import type { DbTransaction } from '../../infrastructure/db/database.js';
import { newId } from '../../infrastructure/db/ids.js';
import { recordEvents } from '../events/index.js';
import { readByWindow, recordEntriesOfWindows } from '../ledger/index.js';
import { freezeStatements } from './freeze.js';
import { storeMatrix } from './matrix.sql.js';
import {
  type DueWindow,
  findPartnerTerms,
  findPositions,
  lockDueWindows,
  type PartnerTerms,
  type PartyItem,
  type Position,
  sumPartnerItems,
  sumProgrammeItems,
  takePositions,
  type WindowNet,
} from './position.sql.js';
import { insertItems, insertLines, insertSettlement, insertStatements } from './settlement.sql.js';
import type { ProgrammeRow } from './window.sql.js';

/** Which partners a settlement is for. */
export type Choice =
  | { readonly of: 'EVERYBODY' }
  /** Those whose cycle is due, with what lies before the period that runs now. */
  | { readonly of: 'DUE' }
  | { readonly of: 'NAMED'; readonly partnerNos: readonly number[] };

interface Chosen {
  readonly windows: readonly DueWindow[];
  readonly positions: readonly WindowNet[];
  /** Of partners that are settled another time. */
  readonly others: readonly WindowNet[];
  readonly partners: readonly PartnerTerms[];
}

/** Settles what is chosen; undefined when nothing closed waits for it. The windows must be sealed. */
export async function issueSettlement(
  tx: DbTransaction,
  programme: ProgrammeRow,
  choice: Choice,
): Promise<string | undefined> {
  const chosen = await choose(tx, programme, choice);
  if (chosen === undefined) return undefined;
  const { windows, positions, others, partners } = chosen;
  const { now, today } = windows[0] as DueWindow;
  await storeMatrix(
    tx,
    windows.map((window) => window.no),
  );
  await readByWindow(tx);
  const ofPartners = await sumPartnerItems(tx, positions);
  const ofProgramme = await sumProgrammeItems(
    tx,
    windows.map(({ no }) => no),
    others,
  );
  const items = [...ofPartners, ...ofProgramme];
  const programmeNetMinor = sum(ofProgramme, ({ amountMinor }) => amountMinor);
  const netting = netPositions(standingsOf(partners, positions, ofPartners), programmeNetMinor);

  const id = newId();
  const no = await insertSettlement(tx, {
    id,
    programmeNo: programme.no,
    currencyCode: programme.currencyCode,
    state: netting.settled ? 'SETTLED' : 'ISSUED',
    now,
    programmeNetMinor,
    grossMinor: sum(positions, ({ grossMinor }) => grossMinor),
    netPaymentsMinor: netting.netPaymentsMinor,
  });
  await insertLines(
    tx,
    id,
    netting.lines.map((line) => ({ ...line, id: newId(), ...termsOf(line, partners, today, programme) })),
  );
  await insertItems(tx, id, items);
  await insertStatements(
    tx,
    id,
    await freezeStatements(tx, { no, programme, windows, positions, partners }, netting.lines, items),
  );
  await takePositions(
    tx,
    id,
    positions,
    windows.map((window) => window.no),
  );
  await recordEntriesOfWindows(
    tx,
    now,
    windows.map((window) => ({ window, entries: entriesOf(window.no, positions, today) })),
  );
  const partnerNos = netting.lines.flatMap(({ partyNo }) => (partyNo > 0 ? [partyNo] : []));
  recordEvents(tx, [
    { type: 'settlement.issued', programmeNo: programme.no, partnerNos: [...new Set(partnerNos)], subjectId: id },
  ]);
  return id;
}

async function choose(tx: DbTransaction, programme: ProgrammeRow, choice: Choice): Promise<Chosen | undefined> {
  const waiting = await lockDueWindows(tx, programme.no);
  const [first] = waiting;
  if (first === undefined) return undefined;
  const all = await findPositions(
    tx,
    waiting.map(({ no }) => no),
  );
  const untaken = all.filter(({ taken }) => !taken);
  const terms = await findPartnerTerms(
    tx,
    programme.no,
    [...new Set(untaken.map(({ partnerNo }) => partnerNo))],
    first.today,
  );
  const wanted = wantedBy(choice, terms, waiting);
  const positions = untaken.filter(wanted);
  const takenNow = new Set(positions.map(({ windowNo }) => windowNo));
  const peopled = new Set(all.map(({ windowNo }) => windowNo));
  // A window without partners is anybody's: it goes with the next settlement.
  const windows = waiting.filter(({ no }) => takenNow.has(no) || !peopled.has(no));
  if (windows.length === 0 || (positions.length === 0 && choice.of !== 'EVERYBODY')) return undefined;
  const inWindows = new Set(windows.map(({ no }) => no));
  const partnerNos = new Set(positions.map(({ partnerNo }) => partnerNo));
  return {
    windows,
    positions,
    others: all.filter((position) => inWindows.has(position.windowNo) && !positions.includes(position)),
    partners: terms.filter(({ partnerNo }) => choice.of === 'EVERYBODY' || partnerNos.has(partnerNo)),
  };
}

function wantedBy(
  choice: Choice,
  terms: readonly PartnerTerms[],
  windows: readonly DueWindow[],
): (position: Position) => boolean {
  if (choice.of === 'EVERYBODY') return () => true;
  if (choice.of === 'NAMED') return ({ partnerNo }) => choice.partnerNos.includes(partnerNo);
  const cycles = new Map(terms.map(({ partnerNo, cycle }) => [partnerNo, cycle]));
  const opened = new Map(windows.map((window) => [window.no, window]));
  return ({ partnerNo, windowNo, since }) => {
    const { openedOn, today } = opened.get(windowNo) as DueWindow;
    return isDue(cycles.get(partnerNo) ?? 'ON_DEMAND', since ?? openedOn, today);
  };
}

function standingsOf(
  partners: readonly PartnerTerms[],
  positions: readonly WindowNet[],
  items: readonly PartyItem[],
): PartnerStanding[] {
  const positionsOf = Map.groupBy(positions, ({ partnerNo }) => partnerNo);
  const itemsOf = Map.groupBy(items, ({ partyNo }) => partyNo);
  return partners.map(({ partnerNo, netting, minimumPayoutMinor, openingSides, openingAmounts }) => {
    const net = sum(positionsOf.get(partnerNo) ?? [], ({ netMinor }) => netMinor);
    const owedMinor = sum(itemsOf.get(partnerNo) ?? [], ({ side, amountMinor }) =>
      side === 'OWED' ? amountMinor : 0n,
    );
    return {
      partnerNo,
      netting,
      minimumPayoutMinor,
      opening: openingSides.map((side, index) => ({ side, amountMinor: BigInt(openingAmounts[index] as bigint) })),
      owesMinor: net - owedMinor,
      owedMinor,
    };
  });
}

/** The days and the currency of a line by the contract of the day it is issued on; the programme's own line has none. */
function termsOf(
  { partyNo }: NettedLine,
  partners: readonly PartnerTerms[],
  today: BusinessDate,
  { currencyCode }: ProgrammeRow,
) {
  const terms = partners.find(({ partnerNo }) => partnerNo === partyNo);
  if (terms === undefined) return { dueOn: null, disputeUntil: null, dueCurrencyCode: null };
  const { paymentDays, disputeDays, settlementCurrencyCode } = terms;
  return {
    dueOn: addDays(today, paymentDays),
    disputeUntil: addDays(today, disputeDays),
    dueCurrencyCode: settlementCurrencyCode === currencyCode ? null : settlementCurrencyCode,
  };
}

/** Entry 16 for every partner with a net in the window. */
const entriesOf = (windowNo: number, positions: readonly WindowNet[], businessDate: string) =>
  positions
    .filter((position) => position.windowNo === windowNo && position.netMinor !== 0n)
    .map(({ partnerNo, netMinor }) => settlementEntry({ partnerNo, netMinor, businessDate }));

const sum = <Row>(rows: readonly Row[], amount: (row: Row) => bigint): bigint =>
  rows.reduce((total, row) => total + amount(row), 0n);
