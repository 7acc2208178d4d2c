/**
 * The keys this deployment signs tokens with: made when first needed, shared by all gateways through the database,
 * encrypted there, and replaced without anybody noticing.
 *
 * What is in the database is read anew every minute, and at once for a key that is not known here yet (bounded), so
 * that a key of a rotation is known everywhere long before it signs.
 */
import type { JWTPayload } from 'jose';
import { calculateJwkThumbprint, exportJWK, generateKeyPair, importJWK, type JWTVerifyGetKey, SignJWT } from 'jose';
import { believedAt, signerAt } from '../../domain/access/signing-keys.js';
import { CLOCK_LEEWAY_SECONDS, type LocalKeys, localKeys } from '../../infrastructure/auth/index.js';
import type { Database, DbTransaction } from '../../infrastructure/db/database.js';
import { OperatorError } from '../../infrastructure/operator-error.js';
import {
  deleteSigningKeys,
  forgetOver,
  insertSigningKey,
  listSigningKeys,
  lockSigningKeys,
  revokeSigningKeys,
  type SigningKeyRow,
} from './token.sql.js';

const ALGORITHM = 'ES256';
/** As access tokens of ours call themselves (RFC 9068), so that nothing else of ours passes for one. */
export const TOKEN_TYPE = 'at+jwt';
/** No token lives longer. */
export const LONGEST_LIFE_SECONDS = 3_600;
const REREAD_MS = 60_000;
/** The least time between two readings for the sake of a key that is not known. */
const COOLDOWN_MS = 5_000;
/** How long a new key is published before it signs: longer than anybody keeps our keys without asking again. */
const PUBLISHED_BEFORE_MS = 15 * 60_000;
const BELIEVED_MS = (LONGEST_LIFE_SECONDS + 2 * CLOCK_LEEWAY_SECONDS) * 1_000;

interface Loaded {
  readonly rows: readonly SigningKeyRow[];
  readonly believed: LocalKeys;
  readonly readAt: number;
}

export class SigningKeys {
  #loaded: Loaded | undefined;
  readonly #opened = new Map<string, Promise<CryptoKey>>();

  constructor(
    private readonly database: Database,
    private readonly now: () => Date = () => new Date(),
  ) {}

  /** Makes sure that there is a key to sign with. Throws OperatorError when there is one that cannot be decrypted. */
  async open(): Promise<void> {
    await this.signer();
  }

  /** Signs what a token says; the kid of the key goes with it. */
  async sign(payload: JWTPayload): Promise<string> {
    const { kid, key } = await this.signer();
    return new SignJWT(payload).setProtectedHeader({ alg: ALGORITHM, typ: TOKEN_TYPE, kid }).sign(key);
  }

  async published(): Promise<{ readonly keys: readonly Readonly<Record<string, string>>[] }> {
    const { rows } = await this.fresh();
    return { keys: believedAt(rows, this.now(), BELIEVED_MS).map(({ publicJwk }) => publicJwk) };
  }

  /** Finds the key of a token of ours, for whoever verifies it. */
  readonly find: JWTVerifyGetKey = async (header, token) => {
    const loaded = await this.fresh();
    const unknown = !loaded.rows.some(({ kid }) => kid === header.kid);
    const again = unknown && this.now().getTime() - loaded.readAt >= COOLDOWN_MS;
    return (again ? await this.read() : loaded).believed(header, token);
  };

  /**
   * Makes a new key. It signs as soon as everybody can know it, and the one before is believed until its last token is
   * over. With `atOnce`, after a leak, it signs now and nothing signed before is believed any more.
   */
  async rotate(atOnce = false): Promise<{ readonly kid: string; readonly signsFrom: Date }> {
    const now = this.now();
    const signsFrom = atOnce ? now : new Date(now.getTime() + PUBLISHED_BEFORE_MS);
    const kid = await this.database.command(async (tx) => {
      await lockSigningKeys(tx);
      if (atOnce) await revokeSigningKeys(tx, now);
      return makeKey(tx, now, signsFrom);
    });
    await this.read();
    return { kid, signsFrom };
  }

  /** Forgets keys, used assertions and revoked tokens that nobody can present any more. */
  async forgetOver(): Promise<void> {
    const now = this.now();
    const before = new Date(now.getTime() - 2 * CLOCK_LEEWAY_SECONDS * 1_000);
    await this.database.command(async (tx) => {
      const rows = await lockSigningKeys(tx);
      const believed = new Set(believedAt(rows, now, BELIEVED_MS).map(({ kid }) => kid));
      await deleteSigningKeys(
        tx,
        rows.map(({ kid }) => kid).filter((kid) => !believed.has(kid)),
      );
      await forgetOver(tx, before);
    });
  }

  private async signer(): Promise<{ readonly kid: string; readonly key: CryptoKey }> {
    const row = signerAt((await this.fresh()).rows, this.now()) ?? (await this.first());
    let key = this.#opened.get(row.kid);
    if (key === undefined) {
      key = openKey(this.database, row);
      this.#opened.set(row.kid, key);
      key.catch(() => this.#opened.delete(row.kid));
    }
    return { kid: row.kid, key: await key };
  }

  /** Of two gateways that start at once, one makes the first key and the other finds it. */
  private async first(): Promise<SigningKeyRow> {
    await this.database.command(async (tx) => {
      const now = this.now();
      if (signerAt(await lockSigningKeys(tx), now) === undefined) await makeKey(tx, now, now);
    });
    return signerAt((await this.read()).rows, this.now()) as SigningKeyRow;
  }

  private async fresh(): Promise<Loaded> {
    const loaded = this.#loaded;
    return loaded !== undefined && this.now().getTime() - loaded.readAt < REREAD_MS ? loaded : this.read();
  }

  private async read(): Promise<Loaded> {
    const readAt = this.now().getTime();
    const rows = await this.database.command(listSigningKeys);
    const keys = believedAt(rows, this.now(), BELIEVED_MS).map(({ publicJwk }) => publicJwk);
    this.#loaded = { rows, believed: localKeys(keys), readAt };
    return this.#loaded;
  }
}

const placeOf = (kid: string) => ({ table: 'signing_key', column: 'private_sealed', rowId: kid });

async function makeKey(tx: DbTransaction, createdAt: Date, signsFrom: Date): Promise<string> {
  const { publicKey, privateKey } = await generateKeyPair(ALGORITHM, { extractable: true });
  const jwk = await exportJWK(publicKey);
  const kid = await calculateJwkThumbprint(jwk);
  await insertSigningKey(tx, {
    kid,
    publicJwk: { ...(jwk as Record<string, string>), kid, alg: ALGORITHM, use: 'sig' },
    privateSealed: tx.secrets.seal(JSON.stringify(await exportJWK(privateKey)), placeOf(kid)),
    createdAt,
    signsFrom,
  });
  return kid;
}

async function openKey({ secrets }: Database, { kid, privateSealed }: SigningKeyRow): Promise<CryptoKey> {
  let text: string;
  try {
    text = secrets.open(privateSealed, placeOf(kid));
  } catch (cause) {
    throw new OperatorError(
      'The key that signs tokens cannot be decrypted: HANSA_SECRET_KEYS is not what it was. Give the old key again, or make a new one by hansa signing-key rotate --at-once.',
      { cause },
    );
  }
  return (await importJWK(JSON.parse(text), ALGORITHM)) as CryptoKey;
}
