/**
 * The two ways to the database: the writer (ORM for administration, SQL for the hot path, one pool for both)
 * and the reader (ORM only, row-level security on every query).
 */
import {
  type EntityClass,
  type EntityManager,
  type EntitySchema,
  type EventArgs,
  type EventSubscriber,
  MikroORM,
  type Options,
  type TransactionEventArgs,
} from '@mikro-orm/postgresql';
import type { SecretBox } from '../secret-box.js';
import { answerActs, recordActsBy } from './acts.js';
import { Database } from './database.js';
import { giveLostConnectionsBack } from './lost-connections.js';
import { plannedByKey } from './planning.js';
import { ReaderClient } from './reader-client.js';
import { boundWaiting } from './waiting-room.js';

export interface ConnectionLimits {
  /** Shows in pg_stat_activity as "hansa <purpose>". */
  readonly purpose: string;
  readonly poolSize: number;
  /** 0 = none. */
  readonly statementTimeoutMs: number;
}

/** What all our ORM instances have in common. */
export const connectionOptions = (url: string, limits: ConnectionLimits) =>
  ({
    clientUrl: url,
    driverOptions: {
      connectionString: url, // carries what clientUrl loses: options and ssl
      application_name: `hansa ${limits.purpose}`,
      statement_timeout: limits.statementTimeoutMs,
      idle_in_transaction_session_timeout: 60_000,
      connectionTimeoutMillis: 10_000,
      max: limits.poolSize,
    },
    ensureDatabase: false,
    metadataCache: { enabled: false },
    debug: false,
  }) satisfies Options;

/** The `entities` arrays of the modules, as `defineEntity` makes them. */
// biome-ignore lint/suspicious/noExplicitAny: entities of all kinds stand side by side here
export type Entities = readonly (EntitySchema<any> | EntityClass<any>)[];

export interface OpenOptions {
  readonly writerUrl: string;
  readonly readerUrl: string;
  /** Every entity of every module (src/entities.ts). */
  readonly entities: Entities;
  readonly secrets: SecretBox;
  readonly poolSize?: number;
  readonly statementTimeoutMs?: number;
}

export interface Databases {
  /** Commands in SQL, on the writer's pool. */
  readonly database: Database;
  /** The same pool through the ORM, for administration. */
  readonly writer: MikroORM;
  /** Reads; use it through `readerFor` only. */
  readonly reader: MikroORM;
  close(): Promise<void>;
}

interface SealedField {
  readonly sealed: string;
  readonly column: string;
  readonly open: string;
  readonly isJson: boolean;
}

/** Opens what is sealed in an entity when it is read: a property `xSealed` of a row with an `id` becomes its `x`. */
class SealedFields implements EventSubscriber {
  /** Of each table; every row that is read asks for it. */
  private readonly fields = new Map<string, readonly SealedField[]>();

  constructor(private readonly secrets: SecretBox) {}

  onLoad({ entity, meta }: EventArgs<object>): void {
    const row = entity as Record<string, unknown>;
    for (const { sealed, column, open, isJson } of this.fieldsOf(meta)) {
      const value = row[sealed];
      if (!(value instanceof Uint8Array)) continue;
      const text = this.secrets.open(Buffer.from(value), { table: meta.tableName, column, rowId: String(row.id) });
      row[open] = isJson ? JSON.parse(text) : text;
    }
  }

  private fieldsOf({ tableName, props }: EventArgs<object>['meta']): readonly SealedField[] {
    const known = this.fields.get(tableName);
    if (known !== undefined) return known;
    const jsons = new Set(
      props.filter(({ columnTypes }) => columnTypes[0] === 'jsonb').map(({ name }) => String(name)),
    );
    const found = props.flatMap(({ name, fieldNames }): SealedField[] => {
      const sealed = String(name);
      if (!sealed.endsWith('Sealed')) return [];
      const open = sealed.slice(0, -'Sealed'.length);
      return [{ sealed, column: String(fieldNames[0]), open, isJson: jsons.has(open) }];
    });
    this.fields.set(tableName, found);
    return found;
  }
}

/** Administration through the ORM leaves its entries in the audit log as commands do. */
class ActSubscriber implements EventSubscriber {
  async beforeTransactionCommit({ em, transaction }: TransactionEventArgs): Promise<void> {
    const connection = (em as EntityManager).getConnection();
    await recordActsBy((text, rows) => connection.execute<unknown[]>(text, [rows], 'all', transaction));
  }
}

/** Administration: one transaction of the ORM, whose answer is what the audit log says of it. */
export const administer = <T>(writer: MikroORM, work: (em: EntityManager) => Promise<T>): Promise<T> =>
  writer.em.fork().transactional(async (em) => {
    const answer = await work(em);
    answerActs(answer);
    return answer;
  });

/** Opens the pools of writer and reader; connections are made when they are first needed. */
export async function openDatabases(options: OpenOptions): Promise<Databases> {
  const { entities, poolSize = 10, statementTimeoutMs = 30_000 } = options;
  const common = { entities: [...entities], discovery: { warnWhenNoEntities: false } };
  const limits = { poolSize, statementTimeoutMs };
  const writer = new MikroORM({
    ...connectionOptions(plannedByKey(options.writerUrl), { purpose: 'writer', ...limits }),
    ...common,
    subscribers: [new ActSubscriber()],
  });
  const reading = connectionOptions(options.readerUrl, { purpose: 'reader', ...limits });
  const reader = new MikroORM({
    ...reading,
    driverOptions: { ...reading.driverOptions, Client: ReaderClient },
    ...common,
    // Each query runs in a short transaction that sets what its own EntityManager may see. The other mode,
    // 'connection', costs as many round trips and reads the setting from the async context, not from the
    // EntityManager that asks: with two of them in one context it would show the wrong rows.
    sessionContext: 'transaction',
    subscribers: [new SealedFields(options.secrets)],
  });
  for (const orm of [writer, reader]) giveLostConnectionsBack(orm);
  const pool = boundWaiting(await writer.em.getConnection().getNativeClient());
  boundWaiting(await reader.em.getConnection().getNativeClient());
  return {
    database: new Database(pool, options.secrets),
    writer,
    reader,
    close: async () => {
      await Promise.all([writer.close(true), reader.close(true)]);
      // The ORM ends the pool only when it has asked a query itself; SQL through the pool alone leaves it open.
      if (!pool.ending) await pool.end();
    },
  };
}

/** Whose rows are visible: all, a partner's, a member's; nothing when none is given. */
export interface Visibility {
  readonly seesAll?: boolean;
  readonly partnerNo?: number;
  readonly memberNo?: number;
}

/** A fresh EntityManager that sees only these rows, whatever is asked of it. One per request. */
export function readerFor(reader: MikroORM, visibility: Visibility): EntityManager {
  const em = reader.em.fork();
  em.setSessionContext({
    variables: {
      'hansa.sees_all': String(visibility.seesAll ?? false),
      'hansa.partner_no': String(visibility.partnerNo ?? ''),
      'hansa.member_no': String(visibility.memberNo ?? ''),
    },
  });
  return em;
}
