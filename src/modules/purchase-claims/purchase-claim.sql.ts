/** Claims of members: what is known already, opening, deciding. */
import type { BusinessDate } from '../../domain/kernel/calendar.js';
import type { Known } from '../../domain/transactions/claim.js';
import { MATCH_DAYS } from '../../domain/transactions/same-purchase.js';
import { type DbTransaction, statement } from '../../infrastructure/db/database.js';
import { SealedText } from '../../infrastructure/sealed-text.js';
import type { ClaimState } from './purchase-claim.entity.js';

const FIND_KNOWN = statement(
  'purchase-claims.find-known',
  `select t.id, t.merchant_no as "merchantNo", t.business_date as "businessDate", t.descriptor from transaction t
   where t.member_no = $1 and t.kind = 'PURCHASE' and t.amount_minor = $2
     and t.business_date between $3::date - ${MATCH_DAYS} and $3::date + ${MATCH_DAYS}
   order by abs(t.business_date - $3::date), t.id limit 20`,
);

/** Purchases of the member, who is locked, that may be the one it claims: the nearest in time first. */
export const findKnown = (
  tx: DbTransaction,
  memberNo: number,
  amountMinor: bigint,
  on: BusinessDate,
): Promise<Known[]> => tx.run<Known>(FIND_KNOWN, [memberNo, amountMinor, on]);

const [RECEIPT, NOTE, RESOLUTION] = ['receipt', 'note', 'resolution'].map(
  (text) => new SealedText('purchase_claim', text),
) as [SealedText, SealedText, SealedText];

const COUNT_OPEN = statement(
  'purchase-claims.count-open',
  `select count(*)::int as open from purchase_claim where member_no = $1 and state = 'OPEN'`,
);
const LIST_ALIKE = statement(
  'purchase-claims.list-alike',
  `select id, receipt, receipt_sealed as "receiptSealed" from purchase_claim
   where member_no = $1 and state <> 'REFUSED' and partner_no = $2 and amount_minor = $3 and business_date = $4`,
);

interface StoredText {
  readonly id: string;
  readonly receipt: string | null;
  readonly receiptSealed: Buffer | null;
}

/** How many claims of the member wait, and whether this very purchase was claimed before. */
export async function countClaims(
  tx: DbTransaction,
  claim: Pick<NewClaim, 'memberNo' | 'partnerNo' | 'receipt' | 'amountMinor' | 'businessDate'>,
): Promise<{ readonly open: number; readonly same: boolean }> {
  const { memberNo, partnerNo, receipt, amountMinor, businessDate } = claim;
  const [row] = await tx.run<{ open: number }>(COUNT_OPEN, [memberNo]);
  const alike = await tx.run<StoredText>(LIST_ALIKE, [memberNo, partnerNo, amountMinor, businessDate]);
  const receipts = alike.map((claim) => RECEIPT.open(tx.secrets, claim.id, claim.receiptSealed, claim.receipt));
  return { open: row?.open ?? 0, same: receipts.includes(receipt) };
}

export interface NewClaim {
  readonly id: string;
  readonly programmeNo: number;
  readonly memberNo: number;
  readonly partnerNo: number;
  readonly outletCode: string | null;
  readonly amountMinor: bigint;
  readonly boughtAt: Date;
  readonly businessDate: BusinessDate;
  readonly receipt: string;
  readonly note: string | null;
  readonly state: ClaimState;
  readonly openedBy: string;
  readonly decideBy: BusinessDate;
  readonly transactionId: string | null;
}

const INSERT = statement(
  'purchase-claims.insert',
  `insert into purchase_claim (id, programme_no, member_no, partner_no, outlet_code, amount_minor, bought_at, business_date,
     receipt_sealed, note_sealed, state, opened_by, opened_at, decide_by, transaction_id)
   values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, hansa_now(), $13, $14)`,
);

export async function insertClaim(tx: DbTransaction, row: NewClaim): Promise<void> {
  const { id, programmeNo, memberNo, partnerNo, outletCode, amountMinor, boughtAt, businessDate } = row;
  const { receipt, note, state, openedBy, decideBy, transactionId } = row;
  const what = [id, programmeNo, memberNo, partnerNo, outletCode, amountMinor, boughtAt.toISOString(), businessDate];
  const texts = [RECEIPT.seal(tx.secrets, id, receipt), NOTE.seal(tx.secrets, id, note)];
  await tx.run(INSERT, [...what, ...texts, state, openedBy, decideBy, transactionId]);
}

export interface StoredClaim {
  readonly id: string;
  readonly programmeNo: number;
  readonly memberNo: number;
  readonly memberId: string;
  readonly partnerNo: number;
  readonly outletCode: string | null;
  readonly amountMinor: bigint;
  readonly boughtAt: Date;
  readonly businessDate: BusinessDate;
  readonly state: ClaimState;
  readonly openedBy: string;
}

/** What an event of a claim names. */
export type ToldClaim = Pick<StoredClaim, 'id' | 'programmeNo' | 'memberNo' | 'partnerNo'>;

const COLUMNS = `c.id, c.programme_no as "programmeNo", c.member_no as "memberNo", m.id as "memberId", c.partner_no as "partnerNo",
  c.outlet_code as "outletCode", c.amount_minor as "amountMinor", c.bought_at as "boughtAt",
  c.business_date as "businessDate", c.state, c.opened_by as "openedBy"`;
const FIND = statement(
  'purchase-claims.find',
  `select ${COLUMNS} from purchase_claim c join member m on m.no = c.member_no where c.id = $1`,
);
const LOCK = statement(
  'purchase-claims.lock',
  `select ${COLUMNS} from purchase_claim c join member m on m.no = c.member_no where c.id = $1 for update of c`,
);

export async function findClaim(tx: DbTransaction, id: string): Promise<StoredClaim | undefined> {
  const [row] = await tx.run<StoredClaim>(FIND, [id]);
  return row;
}

export async function lockClaim(tx: DbTransaction, id: string): Promise<StoredClaim | undefined> {
  const [row] = await tx.run<StoredClaim>(LOCK, [id]);
  return row;
}

const FIND_OVERDUE = statement(
  'purchase-claims.find-overdue',
  `select c.id, c.member_no as "memberNo" from purchase_claim c
   where c.programme_no = $1 and c.state = 'OPEN' and c.overdue_at is null and c.decide_by < $2 order by c.decide_by limit $3`,
);

/** Claims that still wait after their day, and nobody was told of it. */
export const findOverdue = (
  tx: DbTransaction,
  programmeNo: number,
  today: BusinessDate,
  most: number,
): Promise<Pick<StoredClaim, 'id' | 'memberNo'>[]> => tx.run(FIND_OVERDUE, [programmeNo, today, most]);

const MARK_OVERDUE = statement(
  'purchase-claims.mark-overdue',
  `update purchase_claim set overdue_at = hansa_now()
   where id = any ($1::uuid[]) and state = 'OPEN' and overdue_at is null
   returning id, programme_no as "programmeNo", member_no as "memberNo", partner_no as "partnerNo"`,
);

/** Those of them that were marked now; their members are locked. */
export const markOverdue = (tx: DbTransaction, ids: readonly string[]): Promise<ToldClaim[]> =>
  tx.run<ToldClaim>(MARK_OVERDUE, [ids]);

const DECIDE = statement(
  'purchase-claims.decide',
  `update purchase_claim set state = $2, decided_by = $3, decided_at = hansa_now(), resolution_sealed = $4, transaction_id = $5
   where id = $1`,
);

export async function storeDecision(
  tx: DbTransaction,
  id: string,
  decision: {
    readonly state: 'GRANTED' | 'REFUSED';
    readonly by: string;
    readonly resolution: string;
    readonly transactionId: string | null;
  },
): Promise<void> {
  const { state, by, resolution, transactionId } = decision;
  await tx.run(DECIDE, [id, state, by, RESOLUTION.seal(tx.secrets, id, resolution), transactionId]);
}
