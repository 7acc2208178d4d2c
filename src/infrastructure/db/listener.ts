/** One connection that hears NOTIFY, made again whenever it is lost. */
import pg, { type Pool } from 'pg';

const RETRY_MS = [100, 250, 500, 1_000, 2_000, 5_000] as const;

export class Listener {
  #client: pg.Client | undefined;
  #retry: NodeJS.Timeout | undefined;
  #stopped = false;

  /**
   * @param pool whose database it is; the connection is one of its own
   * @param heard called for each notification, and whenever the connection is there (again): what was told meanwhile
   *   was told to nobody, so ask what has happened
   */
  constructor(
    private readonly pool: Pool,
    private readonly channel: string,
    private readonly heard: () => void,
  ) {}

  /** Resolves when it listens; throws when the database cannot be reached. */
  async start(): Promise<void> {
    const client = new pg.Client({
      ...this.pool.options,
      application_name: 'hansa listener',
      keepAlive: true,
    });
    client.on('error', () => undefined); // what follows each of them is the end
    client.on('notification', this.heard);
    try {
      await client.connect();
      await client.query(`listen ${client.escapeIdentifier(this.channel)}`);
    } catch (error) {
      void client.end().catch(() => undefined);
      throw error;
    }
    if (this.#stopped) return client.end();
    this.#client = client;
    client.once('end', () => this.startAgain(0));
    this.heard();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#retry);
    await this.#client?.end();
  }

  private startAgain(attempt: number): void {
    if (this.#stopped) return;
    this.#client = undefined;
    const wait = RETRY_MS[Math.min(attempt, RETRY_MS.length - 1)] as number;
    this.#retry = setTimeout(() => {
      this.start().catch(() => this.startAgain(attempt + 1));
    }, wait);
  }
}
