/** Cards by token, in bulk: a file links thousands with the same statement that links one. */
import { type DbTransaction, statement } from '../../infrastructure/db/database.js';

export interface CardRecord {
  readonly id: string;
  readonly memberNo: number;
  readonly token: string;
  readonly lastFour: string;
  readonly issuerNo: number;
  readonly linkedAt: Date;
  /** When the link ended; purchases of the card are refused from then on. */
  readonly unlinkedAt?: Date;
}

export interface NewCard {
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
}

// Sorted, so that two batches take their unique-index locks in one order.
const LINK = statement(
  'cards.link',
  `insert into card (id, member_no, programme_no, token, last_four, issuer_no, linked_at)
   select given.id, given.member_no, $1, given.token, given.last_four, given.issuer_no, hansa_now()
   from unnest($2::uuid[], $3::integer[], $4::text[], $5::text[], $6::integer[])
     as given (id, member_no, token, last_four, issuer_no)
   order by given.token
   on conflict (programme_no, token) do nothing
   returning id, member_no, token, last_four, issuer_no, linked_at, unlinked_at`,
);

const FIND = statement(
  'cards.find',
  `select id, member_no, token, last_four, issuer_no, linked_at, unlinked_at
   from card where programme_no = $1 and token = any ($2::text[])`,
);

const RELINK = statement('cards.relink', 'update card set unlinked_at = null where id = $1');

const UNLINK = statement(
  'cards.unlink',
  `update card set unlinked_at = coalesce(unlinked_at, hansa_now()) where id = $1
   returning id, member_no, token, last_four, issuer_no, linked_at, unlinked_at`,
);

const FIND_BY_ID = statement(
  'cards.find-by-id',
  'select id, member_no, token, last_four, issuer_no, linked_at, unlinked_at from card where id = $1',
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
  const linked = await tx.run<CardRow>(LINK, [
    programmeNo,
    wanted.map((card) => card.id),
    wanted.map((card) => card.memberNo),
    wanted.map((card) => card.token),
    wanted.map((card) => card.lastFour),
    wanted.map((card) => card.issuerNo),
  ]);
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

/** Makes an unlinked card count again. */
export async function relinkCard(tx: DbTransaction, id: string): Promise<void> {
  await tx.run(RELINK, [id]);
}

/** Ends a card's link; purchases and refunds already taken in keep it. Unlinking twice keeps the first time. */
export async function unlinkCard(tx: DbTransaction, id: string): Promise<CardRecord | undefined> {
  const [row] = await tx.run<CardRow>(UNLINK, [id]);
  return row && recordOf(row);
}

export async function findCard(tx: DbTransaction, id: string): Promise<CardRecord | undefined> {
  const [row] = await tx.run<CardRow>(FIND_BY_ID, [id]);
  return row && recordOf(row);
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
  };
}
