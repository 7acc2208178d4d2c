/**
 * Every published programme in memory, immutable: what decisions look up.
 */
import type { ProgrammeTerms } from '../../domain/earning/model.js';
import type { BusinessDate } from '../../domain/kernel/calendar.js';
import type { GatewayContext } from '../../graphql/context.js';

export interface ProgrammeRecord {
  readonly id: string;
  readonly no: number;
  readonly code: string;
  readonly name: string;
  readonly currencyCode: string;
  readonly unitCode: string;
  readonly unitScale: number;
  readonly timeZone: string;
}

export interface PublishedTerms {
  readonly versionId: string;
  readonly version: number;
  readonly terms: ProgrammeTerms;
}

/** What is published, and the database's time, read once in a request. */
export type PublishedTo = (context: GatewayContext) => Promise<{ readonly programmes: Programmes; readonly now: Date }>;

export class Programmes {
  private readonly byCodes: ReadonlyMap<string, ProgrammeRecord>;
  private readonly byNos: ReadonlyMap<number, ProgrammeRecord>;
  /** Newest effective date first, then highest version. */
  private readonly versions: ReadonlyMap<number, readonly PublishedTerms[]>;

  constructor(records: readonly ProgrammeRecord[], published: ReadonlyMap<number, readonly PublishedTerms[]>) {
    this.byCodes = new Map(records.map((record) => [record.code, record]));
    this.byNos = new Map(records.map((record) => [record.no, record]));
    this.versions = new Map([...published].map(([no, versions]) => [no, versions.toSorted(newestFirst)]));
  }

  byCode(code: string): ProgrammeRecord | undefined {
    return this.byCodes.get(code);
  }

  byNo(no: number): ProgrammeRecord | undefined {
    return this.byNos.get(no);
  }

  /** The version that counts on a day: the newest effective date not after it, and of those the highest version. */
  inForce(programmeNo: number, date: BusinessDate): PublishedTerms | undefined {
    return this.versions.get(programmeNo)?.find(({ terms }) => terms.effectiveFrom <= date);
  }

  version(programmeNo: number, version: number): PublishedTerms | undefined {
    return this.versions.get(programmeNo)?.find((published) => published.version === version);
  }

  /** Everything published of a programme: the newest effective date first, then the highest version. */
  versionsOf(programmeNo: number): readonly PublishedTerms[] {
    return this.versions.get(programmeNo) ?? [];
  }

  all(): readonly ProgrammeRecord[] {
    return [...this.byNos.values()];
  }
}

const newestFirst = (a: PublishedTerms, b: PublishedTerms): number =>
  a.terms.effectiveFrom === b.terms.effectiveFrom
    ? b.version - a.version
    : a.terms.effectiveFrom < b.terms.effectiveFrom
      ? 1
      : -1;
