/**
 * Fetching what partners report: page after page through the pipeline that every message goes through. The cursor
 * moves in the transaction that takes the page in, so whoever dies repeats nothing and loses nothing; what comes
 * again is answered as a duplicate.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { Principal } from '../../domain/access/principal.js';
import { type Endpoint, endpointOf } from '../../domain/connectors/connector.js';
import { canonicalDigest } from '../../domain/kernel/canonical.js';
import { invariant } from '../../domain/kernel/invariant.js';
import { fail, ok, type Result } from '../../domain/kernel/result.js';
import type { SubmitCommand } from '../../domain/transactions/model.js';
import type { Database, DbTransaction } from '../../infrastructure/db/database.js';
import { newId } from '../../infrastructure/db/ids.js';
import { PartnerFault } from '../../infrastructure/partner-port/index.js';
import { authorize } from '../access/index.js';
import { processBatch, type ReferenceCache } from '../transactions/index.js';
import type { ConnectorErrorCode } from './connector.errors.js';
import { type ConnectorRecord, findConnector, secretPlace } from './connector.sql.js';
import {
  type ClaimedConnector,
  claimOne,
  countPage,
  endBadly,
  endWell,
  findDue,
  forgetOld,
  insertFile,
  insertRejects,
  letGo,
  moveCursor,
  type PageCounts,
  type RejectedItem,
} from './feed.sql.js';
import { type FeedPage, fetchPage } from './feed-source.js';
import { FeedTranslator } from './feed-translate.js';
import { type FolderOptions, folderPages } from './folder-source.js';
import type { PartnerClient, Reachable } from './partner-client.js';

export interface FeedSummary extends PageCounts {
  readonly pages: number;
  readonly fault: { readonly code: string; readonly detail: string } | undefined;
}

type Open = ClaimedConnector & Reachable;

/** Feeds at once in this process; each has a lane of its own, so that they wait for themselves alone. */
const MOST_AT_ONCE = 32;
/** Of one run: whoever has more goes on in the next. */
const MOST_PAGES = 100;
const LOOK_AGAIN_MS = 1_000;

/** The run was taken over, or the connector removed: its page is undone. */
class LostRunError extends Error {}

/** The connector with its secret open, for calls to its partner. */
export const opened = <Record extends ConnectorRecord>(tx: DbTransaction, record: Record): Record & Reachable => ({
  ...record,
  secret: record.sealedSecret === null ? undefined : tx.secrets.open(record.sealedSecret, secretPlace(record.id)),
});

export class FeedService {
  private readonly running = new Map<string, Promise<unknown>>();
  /** What runs have thrown that no partner is to blame for: the job ends with it. */
  private readonly bugs: unknown[] = [];

  constructor(
    private readonly database: Database,
    private readonly references: ReferenceCache,
    private readonly client: PartnerClient,
    private readonly folders: FolderOptions,
  ) {}

  /** The periodic job: fetches every feed that is due, side by side, until none is. */
  async fetchDue(signal: AbortSignal): Promise<void> {
    do {
      const due = await this.database.command((tx) => findDue(tx, MOST_AT_ONCE));
      for (const id of due) if (this.running.size < MOST_AT_ONCE && !this.running.has(id)) this.begin(id, signal);
      await Promise.race([
        ...this.running.values(),
        delay(LOOK_AGAIN_MS, undefined, { signal }).catch(() => undefined),
      ]);
    } while (this.running.size > 0 && this.bugs.length === 0 && !signal.aborted);
    await Promise.all(this.running.values());
    const [bug] = this.bugs.splice(0);
    if (bug !== undefined) throw bug;
  }

  /** Fetches one feed at once, for whoever wants to see what comes of it. */
  async runNow(
    principal: Principal,
    code: string,
    signal: AbortSignal,
  ): Promise<Result<FeedSummary, ConnectorErrorCode>> {
    authorize(principal, 'connector.manage');
    const found = await this.database.command((tx) => findConnector(tx, code));
    if (found === undefined)
      return fail('UNKNOWN_CONNECTOR', `There is no connector "${code}"; see the list of connectors.`, 'code');
    const claimed = await this.claim(found.id);
    return claimed === undefined
      ? fail('NOT_TO_BE_FETCHED', 'It is paused or removed, has no feed, or is being fetched right now.', 'code')
      : ok(await this.fetch(claimed, signal));
  }

  private begin(id: string, signal: AbortSignal): void {
    const run = this.claim(id)
      .then((claimed) => claimed && this.fetch(claimed, signal))
      .catch((error: unknown) => void this.bugs.push(error))
      .finally(() => this.running.delete(id));
    this.running.set(id, run);
  }

  private claim(id: string): Promise<Open | undefined> {
    return this.database.command(async (tx) => {
      const claimed = await claimOne(tx, id, newId());
      return claimed && opened(tx, claimed);
    });
  }

  private async fetch(connector: Open, signal: AbortSignal): Promise<FeedSummary> {
    const summary = { pages: 0, accepted: 0, duplicates: 0, rejected: 0 };
    try {
      const atEnd = await this.takePages(connector, signal, summary);
      await this.database.command(async (tx) => {
        await forgetOld(tx, connector.id);
        await endWell(tx, connector, atEnd ? connector.everySeconds : 0);
      });
      return { ...summary, fault: undefined };
    } catch (error) {
      if (error instanceof LostRunError || (error instanceof PartnerFault && error.code === 'CANCELLED')) {
        await this.database.command((tx) => letGo(tx, connector));
        return { ...summary, fault: { code: 'CANCELLED', detail: 'The run was given up.' } };
      }
      const fault =
        error instanceof PartnerFault
          ? { code: error.code, detail: error.detail }
          : { code: 'GATEWAY_FAILED', detail: 'The gateway failed; its log says how.' };
      await this.database.command((tx) => endBadly(tx, connector, fault));
      if (!(error instanceof PartnerFault)) throw error;
      return { ...summary, fault };
    }
  }

  /** Whether nothing is left at the partner for now. */
  private async takePages(
    connector: Open,
    signal: AbortSignal,
    summary: { pages: number; accepted: number; duplicates: number; rejected: number },
  ): Promise<boolean> {
    const endpoint = endpointOf(connector, 'TRANSACTIONS');
    invariant(endpoint !== undefined, 'a claimed connector has a feed');
    let from = connector.cursor;
    for await (const page of this.pages(connector, endpoint, signal)) {
      if (page.items.length > 0 || page.finished !== undefined || page.next !== from) {
        const counts = await this.takePage(connector, endpoint, from, page);
        summary.pages += 1;
        summary.accepted += counts.accepted;
        summary.duplicates += counts.duplicates;
        summary.rejected += counts.rejected;
      }
      from = page.next;
      if (page.last) return true;
      if (summary.pages >= MOST_PAGES) return false;
      if (signal.aborted) throw new PartnerFault('CANCELLED');
    }
    return true;
  }

  private async *pages(connector: Open, endpoint: Endpoint, signal: AbortSignal): AsyncGenerator<FeedPage, void> {
    if (connector.kind === 'FOLDER') {
      yield* folderPages(this.database, this.folders, connector, endpoint, connector.cursor);
      return;
    }
    let cursor = connector.cursor;
    for (;;) {
      const page = await fetchPage(this.client, connector, endpoint, cursor, signal);
      yield page;
      cursor = page.next;
    }
  }

  private takePage(connector: Open, endpoint: Endpoint, from: string | null, page: FeedPage): Promise<PageCounts> {
    return this.database.command(async (tx) => {
      const { programmes, partners } = await this.references.current(tx);
      const programme = programmes.byNo(connector.programmeNo);
      const partner = partners.byNo(connector.partnerNo);
      invariant(programme !== undefined && partner !== undefined, 'a connector has a partner and a programme');
      // Its messages would all be refused, and be gone: they wait at the partner instead.
      if (partner.status !== 'ACTIVE') throw new PartnerFault('REJECTED', 'The partner is suspended or closed.');
      const translator = new FeedTranslator(endpoint, partner.code, programme);
      const translated = page.items.map(({ item, fault }) => fault ?? translator.translate(item));
      const commands = translated.flatMap((each) => (each.ok ? [each.value] : []));
      const outcomes = commands.length === 0 ? [] : await processBatch(tx, this.references, programme.no, commands);
      const rejects: RejectedItem[] = [];
      let accepted = 0;
      let newestAt: Date | null = null;
      let next = 0;
      for (const [index, one] of translated.entries()) {
        const outcome = one.ok ? outcomes[next++] : undefined;
        const failure = one.ok ? outcome?.status === 'REJECTED' && outcome.failure : one.failure;
        if (failure) {
          rejects.push(rejectOf(page.items[index], translator, failure));
        } else if (one.ok && outcome?.status === 'ACCEPTED') {
          accepted += 1;
          newestAt = later(newestAt, one.value);
        }
      }
      const duplicates = translated.length - accepted - rejects.length;
      const rejected = await insertRejects(tx, connector, page.fileName, rejects);
      if (accepted + rejected > 0) await countPage(tx, connector, { accepted, duplicates, rejected });
      if (page.finished !== undefined) await insertFile(tx, connector, page.finished);
      if (!(await moveCursor(tx, connector, from, page.next, newestAt))) throw new LostRunError();
      return { accepted, duplicates, rejected: rejects.length };
    });
  }
}

const rejectOf = (
  given: FeedPage['items'][number] | undefined,
  translator: FeedTranslator,
  { code, message }: { readonly code: string; readonly message: string },
): RejectedItem => ({
  id: newId(),
  // A line of a file is known by its place as well: two broken lines are two.
  hash: canonicalDigest({ item: given?.item ?? null, line: given?.line ?? null }),
  reference: translator.referenceOf(given?.item),
  line: given?.line,
  code,
  reason: message,
});

const later = (newest: Date | null, { occurredAt }: SubmitCommand): Date =>
  newest === null || occurredAt > newest ? occurredAt : newest;
