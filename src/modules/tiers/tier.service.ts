/** Use cases on tiers: the daily review. What changes with a purchase is stored with the purchase. */
import { businessDateIn } from '../../domain/kernel/calendar.js';
import { readClock } from '../../infrastructure/db/clock.js';
import type { Database } from '../../infrastructure/db/database.js';
import type { Programmes } from '../programmes/index.js';
import { reviewTiers } from './review.js';

export class TierService {
  /** Programme number -> the day and the version of its last review: one a day is enough. */
  private readonly reviewed = new Map<number, string>();

  /** @param programmes everything that is published now */
  constructor(
    private readonly database: Database,
    readonly programmes: () => Promise<Programmes>,
  ) {}

  /** The periodic job: every programme, once on each of its own days. */
  async reviewAll(signal: AbortSignal): Promise<void> {
    const programmes = await this.programmes();
    const now = await this.database.command(readClock);
    for (const { no, timeZone } of programmes.all()) {
      const today = businessDateIn(now, timeZone);
      const published = programmes.inForce(no, today);
      const done = `${today} ${published?.version}`;
      if (published === undefined || this.reviewed.get(no) === done) continue;
      await reviewTiers(this.database, no, published.terms.tiers, today, signal);
      if (signal.aborted) return;
      this.reviewed.set(no, done);
    }
  }
}
