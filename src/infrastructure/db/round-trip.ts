/**
 * Several statements in one round trip: they go to the server in one message with one sync, it runs them one after the other,
 * each with a snapshot of its own, and answers once. When one fails, those after it are not run.
 *
 * A round trip costs both sides more than most of our statements, whatever they do: a batch of purchases has thirty.
 */
import type { PoolClient, QueryResultRow } from 'pg';
import type { Statement } from './statement.js';

/** The driver's connection, as far as we speak to it. */
interface Wire {
  readonly stream: { cork(): void; uncork(): void };
  parse(query: { name: string; text: string; types: number[] }): void;
  bind(config: { statement: string; values: readonly Written[] }): void;
  describe(what: { type: 'P' }): void;
  execute(config: object): void;
  close(what: { type: 'S'; name: string }): void;
  sync(): void;
}

/** A parameter as it travels; bytes go as they are. */
export type Written = string | Buffer | null;

export type ParserOf = (type: number) => (text: string) => unknown;

export interface Asked {
  readonly what: Statement;
  readonly values: readonly Written[];
  resolve(rows: QueryResultRow[]): void;
  reject(error: unknown): void;
}

/** A column of an answer. */
interface Column {
  readonly name: string;
  readonly parse: (text: string) => unknown;
}

/** What a connection has prepared, by name, with the columns that it answers. */
interface Prepared {
  readonly columns: Map<string, readonly Column[]>;
  /** A statement that failed when it was new: nobody knows whether it is there. */
  doubtful: string | undefined;
}

const preparedBy = new WeakMap<PoolClient, Prepared>();

const NO_COLUMNS: readonly Column[] = [];

/** Runs them in their order. When one fails, all of them are refused with its error: their transaction is lost. */
export function inOneRoundTrip(client: PoolClient, asked: readonly Asked[], parserOf: ParserOf): Promise<void> {
  let prepared = preparedBy.get(client);
  if (prepared === undefined) {
    prepared = { columns: new Map(), doubtful: undefined };
    preparedBy.set(client, prepared);
  }
  const trip = new RoundTrip(asked, prepared, parserOf);
  client.query(trip as never);
  return trip.done;
}

/** What the driver calls a query: it hears the answers of all statements, in their order. */
class RoundTrip {
  readonly done: Promise<void>;
  private readonly rows: QueryResultRow[][] = [[]];
  /** Those that this connection has not run before. */
  private readonly fresh = new Set<number>();
  private failed = false;
  private end!: () => void;
  private fail!: (error: unknown) => void;

  constructor(
    private readonly asked: readonly Asked[],
    private readonly prepared: Prepared,
    private readonly parserOf: ParserOf,
  ) {
    this.done = new Promise((resolve, reject) => {
      this.end = resolve;
      this.fail = reject;
    });
  }

  submit(wire: Wire): null {
    const { columns, doubtful } = this.prepared;
    wire.stream.cork();
    if (doubtful !== undefined) wire.close({ type: 'S', name: doubtful });
    this.prepared.doubtful = undefined;
    this.asked.forEach(({ what, values }, index) => {
      const isFresh = !columns.has(what.name);
      if (isFresh) {
        wire.parse({ name: what.name, text: what.text, types: [] });
        columns.set(what.name, NO_COLUMNS);
        this.fresh.add(index);
      }
      wire.bind({ statement: what.name, values });
      if (isFresh) wire.describe({ type: 'P' });
      wire.execute({});
    });
    wire.sync();
    wire.stream.uncork();
    return null;
  }

  handleRowDescription({ fields }: { fields: readonly { name: string; dataTypeID: number }[] }): void {
    const columns = fields.map(({ name, dataTypeID }) => ({ name, parse: this.parserOf(dataTypeID) }));
    this.prepared.columns.set(this.current.what.name, columns);
  }

  handleDataRow({ fields }: { fields: readonly (string | null)[] }): void {
    const columns = this.prepared.columns.get(this.current.what.name) ?? NO_COLUMNS;
    const row: QueryResultRow = {};
    for (let index = 0; index < columns.length; index += 1) {
      const { name, parse } = columns[index] as Column;
      const text = fields[index];
      row[name] = text == null ? null : parse(text);
    }
    this.rows.at(-1)?.push(row);
  }

  handleCommandComplete({ text }: { text: string }): void {
    // What a transaction is answered whose statement failed, if nobody heard of that: nothing was committed.
    if (text === 'ROLLBACK' && this.current.what.text === 'commit')
      this.handleError(new Error('A statement of this transaction had failed: it was rolled back, not committed.'));
    this.rows.push([]);
  }

  handleError(error: Error): void {
    if (this.failed) return;
    this.failed = true;
    const at = this.rows.length - 1;
    for (const index of this.fresh) {
      const name = this.asked[index]?.what.name as string;
      if (index >= at) this.prepared.columns.delete(name);
      if (index === at) this.prepared.doubtful = name;
    }
    for (const { reject } of this.asked) reject(error);
    this.fail(error);
  }

  handleReadyForQuery(): void {
    if (this.failed) return;
    this.asked.forEach(({ resolve }, index) => {
      resolve(this.rows[index] as QueryResultRow[]);
    });
    this.end();
  }

  private get current(): Asked {
    return this.asked[this.rows.length - 1] as Asked;
  }
}
