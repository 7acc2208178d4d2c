/** Disputes: opening, resolving, and what stands between the two. */
import type { Evidence } from '../../domain/adjustments/adjustment.js';
import type { DisputeState, Verdict } from '../../domain/settlement/dispute.js';
import { type DbTransaction, statement } from '../../infrastructure/db/database.js';
import { SealedText } from '../../infrastructure/sealed-text.js';
import { recordEvents } from '../events/index.js';

const REASON = new SealedText('dispute', 'reason');
const EVIDENCE = new SealedText('dispute', 'evidence');
const RESOLUTION = new SealedText('dispute', 'resolution');

/** What never changes of a line, read before its programme's fence is entered. */
export interface LineOwner {
  readonly programmeNo: number;
  readonly partyNo: number;
  readonly currencyCode: string;
  /** In which the line is paid, when that is not the settlement's own. */
  readonly dueCurrencyCode: string | null;
  readonly timeZone: string;
}

const FIND_OWNER = statement(
  'disputes.find-line-owner',
  `select s.programme_no as "programmeNo", l.party_no as "partyNo", s.currency_code as "currencyCode",
          l.due_currency_code as "dueCurrencyCode", g.time_zone as "timeZone"
   from settlement_line l join settlement s on s.id = l.settlement_id join programme g on g.no = s.programme_no
   where l.id = $1 and l.party_no > 0`,
);

export async function findLineOwner(tx: DbTransaction, lineId: string): Promise<LineOwner | undefined> {
  const [row] = await tx.run<LineOwner>(FIND_OWNER, [lineId]);
  return row;
}

export interface StoredDispute {
  readonly id: string;
  readonly lineId: string;
  readonly amountMinor: bigint;
  readonly state: DisputeState;
  readonly openedBy: string;
}

const FIND = statement('disputes.find', 'select line_id as "lineId" from dispute where id = $1');

/** The line a dispute is about. */
export async function findDisputedLine(tx: DbTransaction, id: string): Promise<string | undefined> {
  const [row] = await tx.run<{ lineId: string }>(FIND, [id]);
  return row?.lineId;
}

const LIST_OF_LINE = statement(
  'disputes.list-of-line',
  `select id, line_id as "lineId", amount_minor as "amountMinor", state, opened_by as "openedBy"
   from dispute where line_id = $1 order by id`,
);

/** All disputes of a line; lock the line first. */
export const listDisputes = (tx: DbTransaction, lineId: string): Promise<StoredDispute[]> =>
  tx.run<StoredDispute>(LIST_OF_LINE, [lineId]);

export interface NewDispute {
  readonly id: string;
  readonly lineId: string;
  readonly programmeNo: number;
  readonly partyNo: number;
  readonly amountMinor: bigint;
  readonly reason: string;
  readonly evidence: readonly Evidence[];
  readonly openedBy: string;
  readonly entryNo: bigint;
}

const INSERT = statement(
  'disputes.insert',
  `insert into dispute (id, line_id, programme_no, party_no, amount_minor, reason_sealed, evidence_sealed, opened_by, opened_at, opening_entry_no)
   values ($1, $2, $3, $4, $5, $6, $7, $8, hansa_now(), $9)`,
);

export async function insertDispute(tx: DbTransaction, row: NewDispute): Promise<void> {
  const { id, lineId, programmeNo, partyNo, amountMinor, reason, evidence, openedBy, entryNo } = row;
  const texts = [REASON.seal(tx.secrets, id, reason), EVIDENCE.seal(tx.secrets, id, JSON.stringify(evidence))];
  await tx.run(INSERT, [id, lineId, programmeNo, partyNo, amountMinor, ...texts, openedBy, entryNo]);
  recordEvents(tx, [{ type: 'dispute.opened', programmeNo, partnerNos: [partyNo], subjectId: id }]);
}

const RESOLVE = statement(
  'disputes.resolve',
  `update dispute set state = $2, resolved_by = $3, resolved_at = hansa_now(), resolution_sealed = $4, resolving_entry_no = $5
   where id = $1`,
);

export async function storeVerdict(
  tx: DbTransaction,
  id: string,
  { programmeNo, partyNo }: LineOwner,
  verdict: { readonly state: Verdict; readonly by: string; readonly resolution: string; readonly entryNo: bigint },
): Promise<void> {
  await tx.run(RESOLVE, [
    id,
    verdict.state,
    verdict.by,
    RESOLUTION.seal(tx.secrets, id, verdict.resolution),
    verdict.entryNo,
  ]);
  recordEvents(tx, [{ type: 'dispute.resolved', programmeNo, partnerNos: [partyNo], subjectId: id }]);
}
