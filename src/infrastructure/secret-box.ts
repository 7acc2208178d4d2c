/**
 * Secrets and personal fields as they lie in the database: AES-256-GCM under a ring of keys (NIST SP 800-38D).
 *
 * A sealed value names its key, so that keys can be changed while old rows are still there: the first key of the ring
 * seals, all of them open. What a value belongs to (table, column, row) is authenticated with it; moved to another row
 * it does not open. Nonces are random 96 bits: a key is good for 2^32 values, far more than rows are written in its time.
 */
import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';
import { OperatorError } from './operator-error.js';

export interface SecretKey {
  /** Stands in every value that it has sealed. */
  readonly id: string;
  /** 32 bytes. */
  readonly key: Buffer;
}

/** What a sealed value belongs to. */
export interface SealedPlace {
  readonly table: string;
  readonly column: string;
  readonly rowId: string;
}

const FORMAT = 1;
const NONCE = 12;
const TAG = 16;
export const KEY_BYTES = 32;
export const KEY_ID = /^[A-Za-z0-9-]{1,16}$/;

export class SecretBox {
  private readonly current: SecretKey;
  private readonly byId: ReadonlyMap<string, SecretKey>;
  /** How every value begins that the current key has sealed: what begins otherwise wants to be sealed anew. */
  readonly currentPrefix: Buffer;
  /** Keys made of those of the ring, for hashes alone, in their order. */
  private readonly hashKeys: readonly Buffer[];

  /** @param ring the current key first */
  constructor(ring: readonly SecretKey[]) {
    const [current] = ring;
    if (current === undefined) throw new OperatorError('There is no key to encrypt with. Set HANSA_SECRET_KEYS.');
    this.current = current;
    this.byId = new Map(ring.map((each) => [each.id, each]));
    this.currentPrefix = prefixOf(current.id);
    this.hashKeys = ring.map(({ key }) => Buffer.from(hkdfSync('sha256', key, '', 'hansa equal texts', KEY_BYTES)));
  }

  /** Seals a text for its place. Empty texts are texts too. */
  seal(text: string, place: SealedPlace): Buffer {
    const nonce = randomBytes(NONCE);
    const cipher = createCipheriv('aes-256-gcm', this.current.key, nonce);
    cipher.setAAD(associated(place));
    const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
    return Buffer.concat([this.currentPrefix, nonce, sealed, cipher.getAuthTag()]);
  }

  /**
   * What equal texts of a column have in common, so that they are found without opening any: a keyed hash for each key
   * of the ring, the current one first. Store the first, look for all.
   */
  hashes(text: string, { table, column }: Omit<SealedPlace, 'rowId'>): readonly [Buffer, ...Buffer[]] {
    const place = associated({ table, column, rowId: '' });
    return this.hashKeys.map((key) => createHmac('sha256', key).update(place).update(text).digest()) as [Buffer];
  }

  /** The text that was sealed for this place. Throws when it was sealed for another, was changed, or its key is gone. */
  open(sealed: Buffer, place: SealedPlace): string {
    const where = `${place.table}.${place.column}`;
    const idLength = sealed[1] ?? 0;
    const start = 2 + idLength;
    if (sealed[0] !== FORMAT || sealed.length < start + NONCE + TAG) {
      throw new Error(`A value of ${where} is not sealed in a form that this Hansa knows.`);
    }
    const id = sealed.toString('latin1', 2, start);
    const key = this.byId.get(id);
    if (key === undefined) {
      throw new OperatorError(
        `A value of ${where} was encrypted with the key "${id}", which is not in HANSA_SECRET_KEYS. Add it again; hansa keys rotate makes it dispensable.`,
      );
    }
    const end = sealed.length - TAG;
    const decipher = createDecipheriv('aes-256-gcm', key.key, sealed.subarray(start, start + NONCE), {
      authTagLength: TAG,
    });
    decipher.setAAD(associated(place));
    decipher.setAuthTag(sealed.subarray(end));
    return Buffer.concat([decipher.update(sealed.subarray(start + NONCE, end)), decipher.final()]).toString('utf8');
  }
}

const prefixOf = (id: string): Buffer => Buffer.concat([Buffer.of(FORMAT, id.length), Buffer.from(id, 'latin1')]);

/** Lengths stand between the parts, so that no two places are written alike. */
const associated = ({ table, column, rowId }: SealedPlace): Buffer =>
  Buffer.from([table, column, rowId].map((part) => `${part.length}:${part}`).join(''));
