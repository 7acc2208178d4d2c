/**
 * A connection of the reader. What it is asked in one go takes one round trip.
 *
 * `answer` runs one statement under the settings that say whose rows are visible: both prepared, in one implicit
 * transaction, so the settings end with it. Through the ORM the same is begin, settings, query and commit: there the first
 * two go with the query in one message, and nobody waits for the end of a transaction that only reads.
 *
 * Whatever fails on the way shows less, never more: without settings no row is visible.
 */
import pg from 'pg';
import { statement } from './statement.js';

const NOTHING = { command: '', rowCount: 0, rows: [] };

/**
 * Whose rows are visible, and how the statement is planned: once, by its keys, whatever the statistics said that day.
 */
const SETTINGS = statement(
  'reader.settings',
  `select set_config('hansa.sees_all', $1, true), set_config('hansa.partner_no', $2, true),
          set_config('hansa.member_no', $3, true), set_config('hansa.asked_member', $4, true),
          set_config('plan_cache_mode', 'force_generic_plan', true),
          set_config('enable_seqscan', 'off', true), set_config('enable_hashjoin', 'off', true),
          set_config('enable_mergejoin', 'off', true), set_config('jit', 'off', true)`,
);

/** More texts than these are not kept prepared. */
const MOST_PREPARED = 200;

/** The driver's connection, as far as we speak to it. */
interface Wire {
  readonly stream: { cork(): void; uncork(): void };
  parse(query: { name: string; text: string; types: number[] }): void;
  bind(config: { statement: string; values: readonly (string | null)[] }): void;
  execute(config: object): void;
  close(what: { type: 'S'; name: string }): void;
  sync(): void;
}

/** What one connection has prepared. */
interface Prepared {
  /** By text. */
  readonly names: Map<string, string>;
  /** Names that are of no use after an error, and may or may not be there. */
  readonly left: string[];
  made: number;
}

/** Two prepared statements and one sync; the answer is the row of the second. */
class Answer {
  private row: readonly (string | null)[] = [];
  private error: Error | undefined;
  readonly done: Promise<readonly (string | null)[]>;
  private resolve!: (row: readonly (string | null)[]) => void;
  private reject!: (error: Error) => void;

  constructor(
    private readonly prepared: Prepared,
    private readonly settings: readonly string[],
    private readonly text: string,
    private readonly values: readonly (string | null)[],
  ) {
    this.done = new Promise((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
    });
  }

  submit(wire: Wire): null {
    wire.stream.cork();
    for (const name of this.prepared.left.splice(0)) wire.close({ type: 'S', name });
    this.run(wire, SETTINGS.text, this.settings);
    this.run(wire, this.text, this.values);
    wire.sync();
    wire.stream.uncork();
    return null;
  }

  private run(wire: Wire, text: string, values: readonly (string | null)[]): void {
    const { names } = this.prepared;
    let name = names.get(text);
    if (name === undefined) {
      this.prepared.made += 1;
      name = names.size < MOST_PREPARED ? `reader.${this.prepared.made}` : '';
      if (name !== '') names.set(text, name);
      wire.parse({ name, text, types: [] });
    }
    wire.bind({ statement: name, values });
    wire.execute({});
  }

  handleRowDescription(): void {}

  handleDataRow({ fields }: { fields: readonly (string | null)[] }): void {
    this.row = fields;
  }

  handleCommandComplete(): void {}

  handleError(error: Error): void {
    // Which of the two it was, and whether it was parsed, is not known: both are made anew.
    const { names, left } = this.prepared;
    for (const text of [SETTINGS.text, this.text]) {
      const name = names.get(text);
      if (name !== undefined) left.push(name);
      names.delete(text);
    }
    this.error = error;
    this.reject(error);
  }

  handleReadyForQuery(): void {
    if (this.error === undefined) this.resolve(this.row);
  }
}

export class ReaderClient extends pg.Client {
  /** What the ORM has asked and was not sent yet; empty outside of a beginning transaction. */
  #opening = '';
  readonly #prepared: Prepared = { names: new Map(), left: [], made: 0 };

  constructor(config?: pg.ClientConfig) {
    super({ ...config, pipeline: true } as pg.ClientConfig);
  }

  /** The one row of a statement, each column as text. */
  answer(
    settings: readonly string[],
    text: string,
    values: readonly (string | null)[],
  ): Promise<readonly (string | null)[]> {
    const asked = new Answer(this.#prepared, settings, text, values);
    super.query(asked as never);
    return asked.done;
  }

  /** As the ORM calls it: with a text, in which all values stand, for a promise. Whatever else is passed on. */
  // biome-ignore lint/suspicious/noExplicitAny: an overload of each way to ask, as the driver has them
  override query(what: any, ...more: any[]): any {
    if (what === 'begin') {
      this.#opening = what;
      return Promise.resolve(NOTHING);
    }
    if (this.#opening === '') {
      if (what !== 'commit') return super.query(what, ...more);
      super.query(what).catch(() => undefined); // a broken connection says so itself
      return Promise.resolve(NOTHING);
    }
    const opening = this.#opening;
    if (opening === 'begin' && typeof what === 'string' && what.startsWith('select set_config(')) {
      this.#opening = `${opening};${what}`;
      return Promise.resolve(NOTHING);
    }
    this.#opening = '';
    if (what === 'commit' || what === 'rollback') return Promise.resolve(NOTHING);
    if (typeof what !== 'string') {
      super.query(opening).catch(() => undefined);
      return super.query(what, ...more);
    }
    return super.query(`${opening};${what}`).then((results) => (results as unknown as unknown[]).at(-1));
  }
}
