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

// Both strings in one lock, with a length between them, so that no two pairs are written alike. Sorted, so that two
// batches that share keys wait for each other in one order.
const LOCK_KEYS = statement(
  'command-key.lock',
  `select pg_advisory_xact_lock(k.lock) from (
     select distinct hashtextextended(length(g.client) || '/' || g.client || '/' || g.key, 0) as lock
     from unnest($1::text[], $2::text[]) as g (client, key) order by 1
   ) as k`,
);
const FIND_KEYS = statement(
  'command-key.find',
  `select k.client, k.key, k.operation, k.body_hash as "bodyHash", k.answer
   from unnest($1::text[], $2::text[]) as g (client, key) join command_key k using (client, key)`,
);
const STORE_KEYS = statement(
  'command-key.store',
  `insert into command_key (client, key, operation, body_hash, answer)
   select * from unnest($1::text[], $2::text[], $3::text[], $4::bytea[], $5::jsonb[])`,
);

interface KnownAnswer {
  readonly operation: string;
  readonly bodyHash: Buffer;
  readonly answer: object;
}

interface StoredKey extends KnownAnswer {
  readonly client: string;
  readonly key: string;
}

const keyText = ({ client, key }: Pick<KeyedCommand, 'client' | 'key'>): string => `${client.length}/${client}/${key}`;

/**
 * The keys of a batch of commands, each locked until the transaction ends: of two concurrent batches with one key the
 * second waits for the first. Within a batch a later command hears what an earlier one of its key has answered.
 */
export class CommandKeys {
  private readonly known: Map<string, KnownAnswer>;
  private readonly fresh: StoredKey[] = [];

  private constructor(known: readonly StoredKey[]) {
    this.known = new Map(known.map((row) => [keyText(row), row]));
  }

  static async open(tx: DbTransaction, keys: readonly Pick<KeyedCommand, 'client' | 'key'>[]): Promise<CommandKeys> {
    const wellFormed = keys.filter(({ key }) => isWellFormed(key));
    if (wellFormed.length === 0) return new CommandKeys([]);
    const columns = [wellFormed.map(({ client }) => client), wellFormed.map(({ key }) => key)];
    tx.send(LOCK_KEYS, columns);
    return new CommandKeys(await tx.run<StoredKey>(FIND_KEYS, columns));
  }

  /** What is known under the key: its answer, or that it stands for something else; undefined when it is free. */
  answerOf<Answer extends object>({
    client,
    key,
    operation,
    body,
  }: KeyedCommand): Result<Answer, CommandKeyErrorCode> | undefined {
    if (!isWellFormed(key)) {
      return fail(
        'IDEMPOTENCY_KEY_MALFORMED',
        `Give an idempotency key of 1 to ${LONGEST_KEY} characters.`,
        'idempotencyKey',
      );
    }
    const known = this.known.get(keyText({ client, key }));
    if (known === undefined) return undefined;
    if (known.operation === operation && canonicalDigest(body).equals(known.bodyHash))
      return { ok: true, value: known.answer as Answer };
    return fail(
      'IDEMPOTENCY_KEY_CONFLICT',
      `This idempotency key was used for another ${known.operation}; choose a new one.`,
      'idempotencyKey',
    );
  }

  /** Keeps an answer, for ever once `store` has run. It must survive JSON. */
  remember({ client, key, operation, body }: KeyedCommand, answer: object): void {
    const stored = { client, key, operation, bodyHash: canonicalDigest(body), answer };
    this.known.set(keyText(stored), stored);
    this.fresh.push(stored);
  }

  /** Writes what was remembered, in the transaction of the commands themselves. */
  store(tx: DbTransaction): void {
    if (this.fresh.length === 0) return;
    tx.send(STORE_KEYS, [
      this.fresh.map(({ client }) => client),
      this.fresh.map(({ key }) => key),
      this.fresh.map(({ operation }) => operation),
      this.fresh.map(({ bodyHash }) => bodyHash),
      this.fresh.map(({ answer }) => JSON.stringify(answer)),
    ]);
  }
}

/**
 * Runs `work` unless this key has an answer already; then that one is returned, or a conflict when the body
 * differs. Of two concurrent calls the second waits for the first. `Answer` must survive JSON.
 */
export async function answerOnce<Answer extends object, Code extends string>(
  tx: DbTransaction,
  command: KeyedCommand,
  work: () => Promise<Result<Answer, Code>>,
): Promise<Result<Answer, Code | CommandKeyErrorCode>> {
  const keys = await CommandKeys.open(tx, [command]);
  const known = keys.answerOf<Answer>(command);
  if (known !== undefined) return known;
  const result = await work();
  if (result.ok) keys.remember(command, result.value);
  keys.store(tx);
  return result;
}

const isWellFormed = (key: string): boolean => key.length > 0 && key.length <= LONGEST_KEY;

/** Whether a command under this key would be run, as far as is known now: for what comes before its transaction. */
export async function isUnused(tx: DbTransaction, { client, key }: KeyedCommand): Promise<boolean> {
  return isWellFormed(key) && (await tx.run(FIND_KEYS, [[client], [key]])).length === 0;
}
