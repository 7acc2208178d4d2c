/**
 * What subscriptions hear: each gateway follows the numbered events by one cursor and one LISTEN connection, while
 * anybody subscribes, and wakes those whom an event concerns.
 *
 * A subscriber is only woken here. It reads the events itself, by a cursor of its own and with its own rights, so that
 * row-level security decides what it hears, nothing is kept in memory for it, and it may go on where it stopped before.
 */
import { badUserInput } from '../../graphql/bad-user-input.js';
import { type News, type NewsItem, SlowConsumerError, type Wanted } from '../../graphql/news.js';
import type { Database } from '../../infrastructure/db/database.js';
import { Listener } from '../../infrastructure/db/listener.js';
import { EventEntity } from './event.entity.js';
import { type EventRecord, now, readEvents } from './event.sql.js';

type Reader = Parameters<News['hear']>[1];

const TOO_OLD =
  'What happened right after this cursor is not kept any more. Subscribe without it, and ask how things are.';
const PAGE = 500;
/** How many events may concern a subscriber while it is busy with those before. */
const MOST_BEHIND = 10_000;
/** Looks without being told, in case that a connection is lost without anybody noticing. */
const LOOK_MS = 5_000;

export class EventFeed implements News {
  readonly #hearers = new Set<Hearer>();
  #open: Promise<{ close(): Promise<void> }> | undefined;
  #cursor = 0n;
  #reading = false;
  #again = false;

  constructor(
    private readonly database: Database,
    private readonly mostBehind = MOST_BEHIND,
  ) {}

  /** How many hear at the moment. */
  get hearers(): number {
    return this.#hearers.size;
  }

  async *hear(wanted: Wanted, reader: Reader): AsyncGenerator<NewsItem> {
    const hearer = new Hearer(wanted, this.mostBehind);
    const end = (): void => hearer.end();
    reader.signal?.addEventListener('abort', end, { once: true });
    if (reader.signal?.aborted) end();
    this.#hearers.add(hearer);
    try {
      this.#open ??= this.open();
      await this.#open;
      const { number, at } = await this.database.command(now);
      let cursor = wanted.after ?? number;
      if (cursor < number && !(await this.isKept(cursor + 1n))) throw badUserInput(TOO_OLD);
      hearer.wake(number);
      if (wanted.beginsNow && wanted.after === undefined)
        yield { number, at, memberNo: wanted.memberNo ?? null, subjectId: null };
      for (let until = await hearer.next(); until !== undefined; until = await hearer.next()) {
        while (cursor < until) {
          const found = await readAsTheReader(wanted, cursor, until, reader);
          for (const item of found) {
            yield item;
            if (!hearer.keepsUp()) return;
          }
          cursor = found.length < PAGE ? until : (found.at(-1)?.number ?? until);
        }
      }
    } finally {
      reader.signal?.removeEventListener('abort', end);
      this.#hearers.delete(hearer);
      if (this.#hearers.size === 0) this.close();
    }
  }

  /** Numbers have no gaps: what is not there was forgotten. */
  private async isKept(number: bigint): Promise<boolean> {
    return (await this.database.command((tx) => readEvents(tx, number - 1n, 1))).length === 1;
  }

  private async open(): Promise<{ close(): Promise<void> }> {
    this.#cursor = (await this.database.command(now)).number;
    const listener = new Listener(this.database.pool, 'hansa_events', () => void this.read());
    await listener.start();
    const look = setInterval(() => void this.read(), LOOK_MS);
    return {
      async close() {
        clearInterval(look);
        await listener.stop();
      },
    };
  }

  private close(): void {
    const open = this.#open;
    this.#open = undefined;
    void open?.then((opened) => opened.close()).catch(() => undefined); // it has ended either way
  }

  /** Wakes whom the events after the cursor concern; called while it runs, it looks once more. */
  private async read(): Promise<void> {
    this.#again = true;
    if (this.#reading) return;
    this.#reading = true;
    try {
      while (this.#again && this.#hearers.size > 0) {
        this.#again = false;
        const events = await this.database.command((tx) => readEvents(tx, this.#cursor, PAGE));
        for (const event of events) this.tell(event);
        this.#again ||= events.length > 0;
        this.#cursor = events.at(-1)?.number ?? this.#cursor;
      }
    } catch {
      // The cursor stands where it stood: the next notification, or the next look, reads on from there.
    } finally {
      this.#reading = false;
    }
  }

  private tell(event: EventRecord): void {
    for (const hearer of this.#hearers) if (concerns(event, hearer.wanted)) hearer.wake(event.number);
  }
}

const concerns = (event: EventRecord, { type, programmeNo, memberNo, partnerNo }: Wanted): boolean =>
  event.type === type &&
  (programmeNo === undefined || event.programmeNo === programmeNo) &&
  (memberNo === undefined || event.memberNo === memberNo) &&
  (partnerNo === undefined || event.partnerNos.includes(partnerNo));

async function readAsTheReader(wanted: Wanted, after: bigint, until: bigint, { em }: Reader): Promise<NewsItem[]> {
  const { type, programmeNo, memberNo, partnerNo } = wanted;
  const rows = await em.find(
    EventEntity,
    {
      number: { $gt: after, $lte: until },
      type,
      ...(programmeNo !== undefined && { programmeNo }),
      ...(memberNo !== undefined && { memberNo }),
      ...(partnerNo !== undefined && { partnerNos: { $contains: [partnerNo] } }),
    },
    { orderBy: { number: 'asc' }, limit: PAGE },
  );
  em.clear(); // a subscription lives long: it remembers no rows
  return rows.map(({ number, recordedAt, memberNo: no, subjectId }) => ({
    number: BigInt(number as bigint),
    at: recordedAt,
    memberNo: no ?? null,
    subjectId: subjectId ?? null,
  }));
}

/** One subscriber: up to which number there may be something for it. */
class Hearer {
  #until: bigint | undefined;
  #behind = 0;
  #ended = false;
  #woken: (() => void) | undefined;

  constructor(
    readonly wanted: Wanted,
    private readonly mostBehind: number,
  ) {}

  wake(until: bigint): void {
    if (this.#until === undefined || until > this.#until) this.#until = until;
    this.#behind += 1;
    this.#woken?.();
  }

  end(): void {
    this.#ended = true;
    this.#woken?.();
  }

  /** False when nobody listens any more. Throws SlowConsumerError. */
  keepsUp(): boolean {
    if (this.#behind > this.mostBehind) throw new SlowConsumerError();
    return !this.#ended;
  }

  /** Waits; undefined when it has ended. */
  async next(): Promise<bigint | undefined> {
    while (this.keepsUp()) {
      const until = this.#until;
      this.#until = undefined;
      this.#behind = 0;
      if (until !== undefined) return until;
      await new Promise<void>((resolve) => {
        this.#woken = resolve;
      });
    }
    return undefined;
  }
}
