/** Cards by token, in bulk: a file links thousands with the same statement that links one. */
import type { NewEvent } from '../../domain/events/event-type.js';
import { type DbTransaction, statement } from '../../infrastructure/db/database.js';
import { recordEvents } from '../events/index.js';
import { lockMembers } from '../members/index.js';

export interface CardRecord {
  readonly id: string;
  readonly memberNo: number;
  readonly token: string;
  readonly lastFour: string;
  readonly issuerNo: number;
  readonly linkedAt: Date;
  /** When the link ended; purchases of the card are refused from then on. */
  readonly unlinkedAt?: Date;
  readonly product?: string;
  readonly account?: string;
  readonly statementDay?: number;
}

/** The card as its issuer describes it. */
export interface CardDetails {
  /** Code of the card product, such as "credit". */
  readonly product?: string | undefined;
  /** The issuer's opaque name of the account; cards of one account share caps per account. */
  readonly account?: string | undefined;
  /** Day of the month on which a statement cycle begins, 1 to 28. */
  readonly statementDay?: number | undefined;
}

export interface NewCard extends CardDetails {
  readonly id: string;
  readonly memberNo: number;
  readonly token: string;
  readonly lastFour: string;
  readonly issuerNo: number;
}

interface CardRow {
  id: string;
  member_no: number;
  token: string;
  last_four: string;
  issuer_no: number;
  linked_at: Date;
  unlinked_at: Date | null;
  product: string | null;
  account: string | null;
  statement_day: number | null;
}

const COLUMNS = 'id, member_no, token, last_four, issuer_no, linked_at, unlinked_at, product, account, statement_day';

// Sorted, so that two batches take their unique-index locks in one order.
const LINK = statement(
  'cards.link',
  `insert into card (id, member_no, programme_no, token, last_four, issuer_no, linked_at, product, account, statement_day)
   select given.id, given.member_no, $1, given.token, given.last_four, given.issuer_no, hansa_now(),
          given.product, given.account, given.statement_day
   from unnest($2::uuid[], $3::integer[], $4::text[], $5::text[], $6::integer[], $7::text[], $8::text[], $9::smallint[])
     as given (id, member_no, token, last_four, issuer_no, product, account, statement_day)
   order by given.token
   on conflict (programme_no, token) do nothing
   returning ${COLUMNS}`,
);

const FIND = statement(
  'cards.find',
  `select ${COLUMNS} from card where programme_no = $1 and token = any ($2::text[])`,
);

const RELINK = statement('cards.relink', 'update card set unlinked_at = null where id = $1');

const UNLINK = statement(
  'cards.unlink',
  `update card set unlinked_at = coalesce(unlinked_at, hansa_now()) where id = $1
   returning ${COLUMNS}, programme_no, unlinked_at = hansa_now() as was_linked`,
);

const FIND_BY_ID = statement('cards.find-by-id', `select ${COLUMNS} from card where id = $1`);

const LOCK = statement('cards.lock', `select ${COLUMNS} from card where id = $1 for update`);

const UPDATE = statement(
  'cards.update',
  `update card set product = $2, account = $3, statement_day = $4 where id = $1 returning ${COLUMNS}`,
);

// Of the member's own cards unlinked ones count too: an account does not change hands.
const SHARES_ACCOUNT = statement(
  'cards.referrer-shares-account',
  `select exists (
     select from member m join card other on other.member_no = m.referred_by_no
     where m.no = $1 and other.account = $2 and other.issuer_no = $3
   ) or exists (
     select from member m join card other on other.member_no = m.no
     where m.referred_by_no = $1 and other.account = $2 and other.issuer_no = $3
   ) as "shares"`,
);

/**
 * Links the cards whose tokens are new and returns all of them by token; a known token is returned as it
 * is, whoever has it: the caller compares. Tokens must have passed the card number check before.
 */
export async function linkCards(
  tx: DbTransaction,
  programmeNo: number,
  cards: readonly NewCard[],
): Promise<Map<string, CardRecord>> {
  const wanted = [...new Map(cards.map((card) => [card.token, card])).values()];
  if (wanted.length === 0) return new Map();
  await lockMembers(
    tx,
    wanted.map((card) => card.memberNo),
  );
  const linked = await tx.run<CardRow>(LINK, [
    programmeNo,
    wanted.map((card) => card.id),
    wanted.map((card) => card.memberNo),
    wanted.map((card) => card.token),
    wanted.map((card) => card.lastFour),
    wanted.map((card) => card.issuerNo),
    wanted.map((card) => card.product ?? null),
    wanted.map((card) => card.account ?? null),
    wanted.map((card) => card.statementDay ?? null),
  ]);
  recordEvents(
    tx,
    linked.map((row) => eventOf('card.linked', programmeNo, recordOf(row))),
  );
  const found = new Map(linked.map((row) => [row.token, recordOf(row)]));
  const others = wanted.flatMap(({ token }) => (found.has(token) ? [] : [token]));
  for (const [token, card] of await findCards(tx, programmeNo, others)) found.set(token, card);
  return found;
}

/** Cards of one programme by token, unlinked ones included (their `unlinkedAt` is set). */
export async function findCards(
  tx: DbTransaction,
  programmeNo: number,
  tokens: readonly string[],
): Promise<Map<string, CardRecord>> {
  if (tokens.length === 0) return new Map();
  const rows = await tx.run<CardRow>(FIND, [programmeNo, tokens]);
  return new Map(rows.map((row) => [row.token, recordOf(row)]));
}

/** Events of a member are told in the order in which its lock was held, so whoever records one holds it. */
const eventOf = (
  type: 'card.linked' | 'card.unlinked',
  programmeNo: number,
  { id, memberNo, issuerNo }: CardRecord,
): NewEvent => ({ type, programmeNo, memberNo, partnerNos: [issuerNo], subjectId: id });

/** Makes an unlinked card count again. */
export async function relinkCard(tx: DbTransaction, programmeNo: number, card: CardRecord): Promise<void> {
  await lockMembers(tx, [card.memberNo]);
  await tx.run(RELINK, [card.id]);
  recordEvents(tx, [eventOf('card.linked', programmeNo, card)]);
}

/** Ends a card's link; purchases and refunds already taken in keep it. Unlinking twice keeps the first time. */
export async function unlinkCard(tx: DbTransaction, { id, memberNo }: CardRecord): Promise<CardRecord | undefined> {
  await lockMembers(tx, [memberNo]);
  const [row] = await tx.run<CardRow & { programme_no: number; was_linked: boolean }>(UNLINK, [id]);
  if (row?.was_linked) recordEvents(tx, [eventOf('card.unlinked', row.programme_no, recordOf(row))]);
  return row && recordOf(row);
}

export async function findCard(tx: DbTransaction, id: string): Promise<CardRecord | undefined> {
  const [row] = await tx.run<CardRow>(FIND_BY_ID, [id]);
  return row && recordOf(row);
}

/** The same, locked to the end of the transaction. */
export async function lockCard(tx: DbTransaction, id: string): Promise<CardRecord | undefined> {
  const [row] = await tx.run<CardRow>(LOCK, [id]);
  return row && recordOf(row);
}

/** Writes what the issuer says about a card; it must be locked. */
export async function updateCard(
  tx: DbTransaction,
  id: string,
  { product, account, statementDay }: CardDetails,
): Promise<CardRecord | undefined> {
  const [row] = await tx.run<CardRow>(UPDATE, [id, product ?? null, account ?? null, statementDay ?? null]);
  return row && recordOf(row);
}

/** Whether this account of this bank belongs to the member's referrer, or to a member whom it has referred. */
export async function sharesAccountWithReferral(
  tx: DbTransaction,
  memberNo: number,
  account: string,
  issuerNo: number,
): Promise<boolean> {
  const [row] = await tx.run<{ shares: boolean }>(SHARES_ACCOUNT, [memberNo, account, issuerNo]);
  return row?.shares ?? false;
}

function recordOf(row: CardRow): CardRecord {
  return {
    id: row.id,
    memberNo: row.member_no,
    token: row.token,
    lastFour: row.last_four,
    issuerNo: row.issuer_no,
    linkedAt: row.linked_at,
    ...(row.unlinked_at === null ? {} : { unlinkedAt: row.unlinked_at }),
    ...(row.product === null ? {} : { product: row.product }),
    ...(row.account === null ? {} : { account: row.account }),
    ...(row.statement_day === null ? {} : { statementDay: row.statement_day }),
  };
}
