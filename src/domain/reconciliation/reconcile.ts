/**
 * Two-sided reconciliation: the list of a partner against ours. The answer is exact: every row of either side
 * is matched once, or stands in exactly one difference.
 */

/** What names a row on both sides. `kind` keeps a purchase and its refund of one reference apart. */
export interface RowName {
  readonly reference: string;
  /** Number of a message's kind; absent where the reference alone names it. */
  readonly kind?: number;
}

export interface GivenRow extends RowName {
  /** From 1, without the header. */
  readonly rowNo: number;
  readonly amountMinor: bigint;
}

export interface OwnRow extends RowName {
  readonly amountMinor: bigint;
  /** What is behind it. */
  readonly transactionId?: string;
  readonly entryNo?: bigint;
}

/** REPEATED: the list has a row of that name before this one. */
export type DifferenceKind = 'MISSING_HERE' | 'MISSING_THERE' | 'DIFFERENT_AMOUNT' | 'REPEATED';

export interface Difference {
  readonly kind: DifferenceKind;
  readonly name: RowName;
  readonly given?: GivenRow;
  readonly own?: OwnRow;
}

export interface Reconciled {
  readonly matched: number;
  /** In the order of the list, then what it lacks in the order of ours. */
  readonly differences: readonly Difference[];
  readonly givenMinor: bigint;
  readonly ownMinor: bigint;
}

/** @param own no two rows of one name */
export function reconcile(given: readonly GivenRow[], own: readonly OwnRow[]): Reconciled {
  const unseen = new Map(own.map((row) => [keyOf(row), row]));
  const seen = new Map<string, OwnRow | undefined>();
  const differences: Difference[] = [];
  let matched = 0;
  for (const row of given) {
    const key = keyOf(row);
    const name = nameOf(row);
    const repeated = seen.has(key);
    const ours = repeated ? seen.get(key) : unseen.get(key);
    seen.set(key, ours);
    unseen.delete(key);
    if (ours === undefined) differences.push({ kind: 'MISSING_HERE', name, given: row });
    else if (repeated) differences.push({ kind: 'REPEATED', name, given: row, own: ours });
    else if (ours.amountMinor === row.amountMinor) matched += 1;
    else differences.push({ kind: 'DIFFERENT_AMOUNT', name, given: row, own: ours });
  }
  for (const row of unseen.values()) differences.push({ kind: 'MISSING_THERE', name: nameOf(row), own: row });
  return { matched, differences, givenMinor: sumOf(given), ownMinor: sumOf(own) };
}

const keyOf = ({ reference, kind }: RowName): string => `${kind ?? ''}/${reference}`;

const nameOf = ({ reference, kind }: RowName): RowName => ({ reference, ...(kind !== undefined && { kind }) });

const sumOf = (rows: readonly { readonly amountMinor: bigint }[]): bigint =>
  rows.reduce((sum, { amountMinor }) => sum + amountMinor, 0n);
