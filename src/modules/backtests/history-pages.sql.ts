/**
 * Pages of stored purchases: one statement each, only the columns that a decision is made of, found by an index
 * in the order in which they are needed.
 */
import type { BusinessDate } from '../../domain/kernel/calendar.js';
import { type DbTransaction, statement } from '../../infrastructure/db/database.js';
import { planForPages } from '../../infrastructure/db/planning.js';
import type { DecidedRow } from '../transactions/index.js';
import { type HistoryScope, IN_SCOPE, STANDS, scopeValues } from './history.sql.js';

/** What a decision was made of, and what is left of it. */
export interface EventRow extends DecidedRow {
  readonly id: string;
  readonly memberNo: number;
  readonly refundedMinor: bigint;
  /** Seconds since 1970, because reading a date costs more than a number. */
  readonly occurredSeconds: number;
  /** Days where they are not the one that counted. */
  readonly authorisedOn: BusinessDate | null;
  readonly postedOn: BusinessDate | null;
}

/** Where a page begins: after this row. */
export type Place = Pick<EventRow, 'memberNo' | 'businessDate' | 'id'>;

const NO_ID = '00000000-0000-0000-0000-000000000000';
export const FIRST: Place = { memberNo: 0, businessDate: '0001-01-01', id: NO_ID };

const COLUMNS = `t.id, t.member_no as "memberNo", t.amount_minor as "amountMinor", t.refunded_minor as "refundedMinor",
  t.business_date as "businessDate", t.channel, t.mcc, t.descriptor, t.card_id as "cardId", t.merchant_no as "merchantNo",
  t.outlet_id as "outletId", t.action, t.lines, t.facts, t.programme_no as "programmeNo",
  extract(epoch from t.occurred_at)::float8 as "occurredSeconds", t.authorised_on as "authorisedOn",
  t.posted_on as "postedOn"`;

// transaction_member_idx
const BY_MEMBER = statement(
  'backtests.read-page-by-member',
  `select ${COLUMNS} from transaction t
   where (t.member_no, t.business_date, t.id) > ($5, $6, $7) and ${IN_SCOPE} and ${STANDS}
   order by t.member_no, t.business_date, t.id limit $8`,
);

// The primary key; purchases lie in the table in this order.
const IN_TIME_ORDER = statement(
  'backtests.read-page-in-time-order',
  `select ${COLUMNS} from transaction t
   where t.id > $5 and ${IN_SCOPE} and ${STANDS}
   order by t.id limit $6`,
);

export type ReadPage = (tx: DbTransaction, scope: HistoryScope, after: Place, limit: number) => Promise<EventRow[]>;

/** Members by number, the purchases of each by day. */
export const readPageByMember: ReadPage = async (tx, scope, { memberNo, businessDate, id }, limit) => {
  await planForPages(tx);
  return tx.run<EventRow>(BY_MEMBER, [...scopeValues(scope), memberNo, businessDate, id, limit]);
};

/** All purchases by their ids, which count upwards in time. */
export const readPageInTimeOrder: ReadPage = async (tx, scope, { id }, limit) => {
  await planForPages(tx);
  return tx.run<EventRow>(IN_TIME_ORDER, [...scopeValues(scope), id, limit]);
};
