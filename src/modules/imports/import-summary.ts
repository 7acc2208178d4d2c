/** What an import tells while it runs and when it is done. */
import { formatDecimal } from '../../domain/money/decimal.js';
import type { RunCounts } from './import.sql.js';
import type { ImportPlan } from './import-plan.js';

export interface ImportListener {
  /** A new part of the work begins; `progress` counts from zero again. */
  phase(name: string, unit: 'rows' | 'bytes'): void;
  /** How far the part is, in its unit. */
  progress(done: number, total: number): void;
}

/** Also the last line of --json; amounts are decimals of the programme's currency. */
export interface ImportSummary {
  readonly accepted: number;
  readonly duplicate: number;
  readonly rejected: number;
  /** Purchases minus refunds of the accepted rows. */
  readonly acceptedAmount: string;
  readonly currencyCode: string;
  readonly programme: string;
  readonly rows: number;
  /** Rows that this process took in, staging included, by its own time. */
  readonly rowsPerSecond: number;
  readonly seconds: number;
  /** Windows that this process closed and settled. */
  readonly settlements: number;
  /** Continued a run that had been killed. */
  readonly resumed: boolean;
  readonly dryRun: boolean;
  readonly rejectsFile?: string;
}

export const EMPTY_COUNTS: RunCounts = { accepted: 0, duplicate: 0, rejected: 0, acceptedMinor: 0n };

export function summaryOf(
  { terms }: ImportPlan,
  done: RunCounts & {
    readonly rows: number;
    readonly rowsHere: number;
    readonly settlements: number;
    readonly resumed: boolean;
    readonly dryRun: boolean;
    /** performance.now() at the beginning. */
    readonly startedMs: number;
    readonly rejectsFile?: string;
  },
): ImportSummary {
  const seconds = (performance.now() - done.startedMs) / 1_000;
  return {
    accepted: done.accepted,
    duplicate: done.duplicate,
    rejected: done.rejected,
    acceptedAmount: formatDecimal(done.acceptedMinor, terms.currencyScale),
    currencyCode: terms.currencyCode,
    programme: terms.code,
    rows: done.rows,
    rowsPerSecond: Math.round(done.rowsHere / Math.max(seconds, 0.001)),
    seconds: Math.round(seconds * 10) / 10,
    settlements: done.settlements,
    resumed: done.resumed,
    dryRun: done.dryRun,
    ...(done.rejectsFile === undefined ? {} : { rejectsFile: done.rejectsFile }),
  };
}
