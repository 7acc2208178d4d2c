/**
 * Idempotency keys of money-moving commands (API): one key of one client has one answer, for ever.
 *
 * The key is stored in the transaction of the command itself, so there is no moment at which one exists
 * without the other. A rejected command stores nothing and leaves its key free.
 */
import { canonicalDigest } from '../../domain/kernel/canonical.js';
import { fail, type Result } from '../../domain/kernel/result.js';
import { type DbTransaction, statement } from './database.js';

export interface KeyedCommand {
  /** Who gave the key; keys of different clients never meet. */
  readonly client: string;
  readonly key: string;
  /** The command's name, part of what a key stands for. */
  readonly operation: string;
  /** Everything that decides what the command does. */
  readonly body: unknown;
}

export type CommandKeyErrorCode = 'IDEMPOTENCY_KEY_MALFORMED' | 'IDEMPOTENCY_KEY_CONFLICT';
export const COMMAND_KEY_ERRORS: Readonly<Record<CommandKeyErrorCode, string>> = {
  IDEMPOTENCY_KEY_MALFORMED: 'The idempotency key is empty or longer than 200 characters.',
  IDEMPOTENCY_KEY_CONFLICT: 'The idempotency key was used before, for something else.',
};

const LONGEST_KEY = 200;

// Both strings in one lock, with a length between them, so that no two pairs are written alike.
const LOCK_KEY = statement(
  'command-key.lock',
  `select pg_advisory_xact_lock(hashtextextended(length($1) || '/' || $1 || '/' || $2, 0))`,
);
const FIND_KEY = statement(
  'command-key.find',
  'select operation, body_hash as "bodyHash", answer from command_key where client = $1 and key = $2',
);
const STORE_KEY = statement(
  'command-key.store',
  'insert into command_key (client, key, operation, body_hash, answer) values ($1, $2, $3, $4, $5)',
);

/**
 * Runs `work` unless this key has an answer already; then that one is returned, or a conflict when the body
 * differs. Of two concurrent calls the second waits for the first. `Answer` must survive JSON.
 */
export async function answerOnce<Answer extends object, Code extends string>(
  tx: DbTransaction,
  command: KeyedCommand,
  work: () => Promise<Result<Answer, Code>>,
): Promise<Result<Answer, Code | CommandKeyErrorCode>> {
  const { client, key, operation, body } = command;
  if (!isWellFormed(key)) {
    return fail(
      'IDEMPOTENCY_KEY_MALFORMED',
      `Give an idempotency key of 1 to ${LONGEST_KEY} characters.`,
      'idempotencyKey',
    );
  }
  const bodyHash = canonicalDigest(body);
  await tx.run(LOCK_KEY, [client, key]);
  const [known] = await tx.run<{ operation: string; bodyHash: Buffer; answer: Answer }>(FIND_KEY, [client, key]);
  if (known !== undefined) {
    if (known.operation === operation && bodyHash.equals(known.bodyHash)) return { ok: true, value: known.answer };
    return fail(
      'IDEMPOTENCY_KEY_CONFLICT',
      `This idempotency key was used for another ${known.operation}; choose a new one.`,
      'idempotencyKey',
    );
  }
  const result = await work();
  if (result.ok) await tx.run(STORE_KEY, [client, key, operation, bodyHash, JSON.stringify(result.value)]);
  return result;
}

const isWellFormed = (key: string): boolean => key.length > 0 && key.length <= LONGEST_KEY;

/** Whether a command under this key would be run, as far as is known now: for what comes before its transaction. */
export async function isUnused(tx: DbTransaction, { client, key }: KeyedCommand): Promise<boolean> {
  return isWellFormed(key) && (await tx.run(FIND_KEY, [client, key])).length === 0;
}
