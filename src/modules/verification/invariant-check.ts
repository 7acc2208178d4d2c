/**
 * What an invariant of the ledger is to `hansa ledger verify` (LEDGER 5): a sentence that must hold and one
 * statement that finds the rows for which it does not. One statement, so that it sees one snapshot: checks
 * run while members shop.
 */
import type { DbTransaction } from '../../infrastructure/db/database.js';

export interface Finding {
  readonly invariant: string;
  /** A full sentence: what is wrong. */
  readonly message: string;
  readonly table: string;
  /** The key of the row, as "column=value column=value". */
  readonly row: string;
}

/** A row found by a check's statement. */
export type FoundRow = Omit<Finding, 'invariant'>;

export interface Scope {
  /** One programme, or all. */
  readonly programmeNo: number | null;
  /** Only what came since the invariant was last found to hold, where a check can tell. */
  readonly incremental: boolean;
  /** What the check reached when its invariant was last found to hold: 0 when everything is to be looked at. */
  readonly after: bigint;
}

/** How many rows of each kind lie in the scope. */
export interface Counts {
  readonly entries: bigint;
  readonly postings: bigint;
  readonly accountBalances: bigint;
  readonly memberBalances: bigint;
  readonly accruals: bigint;
  readonly sources: bigint;
  readonly transactions: bigint;
  readonly closedWindows: bigint;
  readonly settledWindows: bigint;
  readonly settlements: bigint;
  readonly settlementLines: bigint;
  readonly redemptions: bigint;
  readonly lots: bigint;
  readonly commandKeys: bigint;
  readonly bankStatements: bigint;
  readonly blocks: bigint;
  readonly sealedEntries: bigint;
  readonly events: bigint;
}

export interface InvariantCheck {
  readonly invariant: string;
  /** What must hold, said of what was checked. */
  sentence(counts: Counts): string;
  /**
   * How far the check reaches now, in whatever it counts by: nothing can come below that any more. A check without it
   * looks at everything each time.
   */
  readonly reach?: (tx: DbTransaction) => Promise<bigint>;
  find(tx: DbTransaction, scope: Scope): Promise<FoundRow[]>;
}

/** A broken journal can break every row of a table; this many tell the story. */
export const MOST_FINDINGS = 100;

/** Programme filters on the tables that carry a unit; $1 is the programme's number or null. */
export const UNITS_IN_SCOPE = '(select no from unit where $1::integer is null or programme_no = $1)';
