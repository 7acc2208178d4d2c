/**
 * Programmes and partners as every decision needs them, loaded whole and kept until something changes.
 *
 * The epoch is read inside the deciding transaction and bumped by triggers on the reference tables, so a
 * decision never uses terms or contracts older than its own snapshot.
 */
import type { EntityManager } from '@mikro-orm/postgresql';
import { type Database, type DbTransaction, statement } from '../../infrastructure/db/database.js';
import { read } from '../../infrastructure/db/reads.js';
import { loadPartners, type PartnerDirectory } from '../partners/index.js';
import { loadProgrammes, type Programmes } from '../programmes/index.js';

export interface Reference {
  readonly programmes: Programmes;
  readonly partners: PartnerDirectory;
}

const PRESENT = 'select epoch::text, hansa_now() as now from reference_epoch';
const READ_EPOCH = statement('transactions.read-epoch', 'select epoch from reference_epoch');

export class ReferenceCache {
  private cached: { readonly epoch: bigint; readonly reference: Reference } | undefined;

  async current(tx: DbTransaction): Promise<Reference> {
    const [row] = await tx.run<{ epoch: bigint }>(READ_EPOCH);
    const epoch = row?.epoch ?? 0n;
    if (this.cached?.epoch !== epoch) {
      // In this order a change that commits in between is loaded again next time, never missed.
      this.cached = { epoch, reference: { programmes: await loadProgrammes(tx), partners: await loadPartners(tx) } };
    }
    return this.cached.reference;
  }

  /**
   * Looks something up in whatever was loaded last, and once more in what is committed now when it is not
   * there. For translating and presenting; a decision uses `current`.
   */
  async find<T>(database: Database, pick: (reference: Reference) => T | undefined): Promise<T | undefined> {
    const known = this.cached === undefined ? undefined : pick(this.cached.reference);
    return known ?? pick(await this.fresh(database));
  }

  /** The same as `current` with the time, for a request's reads: one read of the request's own, beside its others. */
  async present(em: EntityManager, database: Database): Promise<{ readonly reference: Reference; readonly now: Date }> {
    const [row] = await read<{ epoch: string; now: string }>(em, PRESENT);
    const known = this.cached;
    const reference =
      known !== undefined && row !== undefined && known.epoch === BigInt(row.epoch)
        ? known.reference
        : await this.fresh(database);
    return { reference, now: new Date(row?.now ?? Number.NaN) };
  }

  /** The same as `current`, outside a decision: for reads and previews. */
  async fresh(database: Database): Promise<Reference> {
    return database.command((tx) => this.current(tx));
  }
}
