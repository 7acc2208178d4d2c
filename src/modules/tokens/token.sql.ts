/** Keys that sign tokens, and what is remembered of tokens and assertions until they are over. */
import { type DbTransaction, statement } from '../../infrastructure/db/database.js';

export interface SigningKeyRow {
  readonly kid: string;
  readonly publicJwk: Readonly<Record<string, string>>;
  readonly privateSealed: Buffer;
  readonly signsFrom: Date;
  readonly revoked: boolean;
}

const LOCK_KEYS = statement('tokens.lock-keys', `select pg_advisory_xact_lock(hashtextextended('signing_key', 0))`);
const LIST_KEYS = statement(
  'tokens.list-keys',
  `select kid, public_jwk as "publicJwk", private_sealed as "privateSealed", signs_from as "signsFrom",
          revoked_at is not null as revoked
   from signing_key order by signs_from`,
);

export const listSigningKeys = (tx: DbTransaction): Promise<SigningKeyRow[]> => tx.run<SigningKeyRow>(LIST_KEYS);

/** The same, so that nobody adds one meanwhile. */
export async function lockSigningKeys(tx: DbTransaction): Promise<SigningKeyRow[]> {
  await tx.run(LOCK_KEYS);
  return listSigningKeys(tx);
}

const INSERT_KEY = statement(
  'tokens.insert-key',
  `insert into signing_key (kid, public_jwk, private_sealed, created_at, signs_from) values ($1, $2, $3, $4, $5)`,
);

export async function insertSigningKey(
  tx: DbTransaction,
  row: Omit<SigningKeyRow, 'revoked'> & { readonly createdAt: Date },
): Promise<void> {
  const { kid, publicJwk, privateSealed, createdAt, signsFrom } = row;
  await tx.run(INSERT_KEY, [kid, JSON.stringify(publicJwk), privateSealed, createdAt, signsFrom]);
}

const REVOKE_KEYS = statement('tokens.revoke-keys', 'update signing_key set revoked_at = $1 where revoked_at is null');

export async function revokeSigningKeys(tx: DbTransaction, now: Date): Promise<void> {
  await tx.run(REVOKE_KEYS, [now]);
}

const DELETE_KEYS = statement('tokens.delete-keys', 'delete from signing_key where kid = any($1::text[])');

export async function deleteSigningKeys(tx: DbTransaction, kids: readonly string[]): Promise<void> {
  await tx.run(DELETE_KEYS, [kids]);
}

const USE_ASSERTION = statement(
  'tokens.use-assertion',
  `insert into used_assertion (client_id, jti_hash, expires_at) values ($1, $2, $3) on conflict do nothing
   returning client_id`,
);

/** Whether it is the first time. */
export async function useAssertion(
  tx: DbTransaction,
  clientId: string,
  jtiHash: Buffer,
  expiresAt: Date,
): Promise<boolean> {
  return (await tx.run(USE_ASSERTION, [clientId, jtiHash, expiresAt])).length > 0;
}

const REVOKE_TOKEN = statement(
  'tokens.revoke',
  'insert into revoked_token (jti, expires_at) values ($1, $2) on conflict do nothing',
);

export async function revokeToken(tx: DbTransaction, jti: string, expiresAt: Date): Promise<void> {
  await tx.run(REVOKE_TOKEN, [jti, expiresAt]);
}

const FORGET_ASSERTIONS = statement('tokens.forget-assertions', 'delete from used_assertion where expires_at < $1');
const FORGET_TOKENS = statement('tokens.forget-tokens', 'delete from revoked_token where expires_at < $1');

/** Forgets what was over before a moment: by then it is refused for its age. */
export async function forgetOver(tx: DbTransaction, before: Date): Promise<void> {
  await tx.run(FORGET_ASSERTIONS, [before]);
  await tx.run(FORGET_TOKENS, [before]);
}

const FIND_HOLDER_BY_ID = statement(
  'tokens.find-card-holder-by-id',
  `select distinct m.id from member m join card c on c.member_no = m.no
   where m.id = $1 and m.status = 'ACTIVE' and c.issuer_no = $2 and c.unlinked_at is null`,
);
const FIND_HOLDER_BY_CARD = statement(
  'tokens.find-card-holder-by-card',
  `select distinct m.id from member m join card c on c.member_no = m.no
   where c.token = $1 and m.status = 'ACTIVE' and c.issuer_no = $2 and c.unlinked_at is null limit 2`,
);

/** Active members that hold a card of this issuer now: by their id, or by the card's token, which programmes share. */
export async function findCardHolders(
  tx: DbTransaction,
  by: 'MEMBER_ID' | 'CARD_TOKEN',
  name: string,
  issuerNo: number,
): Promise<string[]> {
  const what = by === 'MEMBER_ID' ? FIND_HOLDER_BY_ID : FIND_HOLDER_BY_CARD;
  return (await tx.run<{ id: string }>(what, [name, issuerNo])).map(({ id }) => id);
}
