/** What a run of the bench comes to: medians, percentiles, ratios, and whether a target is met. */

export interface Target {
  readonly is: 'AT_LEAST' | 'AT_MOST';
  readonly value: number;
}

export const atLeast = (value: number): Target => ({ is: 'AT_LEAST', value });
export const atMost = (value: number): Target => ({ is: 'AT_MOST', value });

/** CPU microseconds that one operation costs each process. */
export interface CpuPerOperation {
  readonly gateway?: number | undefined;
  readonly postgres?: number | undefined;
  readonly generator?: number | undefined;
}

export interface Row {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly target?: Target | undefined;
  readonly note?: string | undefined;
  readonly cpu?: CpuPerOperation | undefined;
}

export function median(values: readonly number[]): number {
  if (values.length === 0) throw new RangeError('there is no median of nothing');
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] as number;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] as number) + upper) / 2;
}

/** The smallest value that so large a share of them does not exceed. */
export function percentile(values: readonly number[], share: number): number {
  if (values.length === 0) throw new RangeError('there is no percentile of nothing');
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] as number;
}

/** Of pairs that were measured in turn: the median of their ratios, so that drift of the machine falls out. */
export const medianRatio = (pairs: readonly (readonly [ours: number, reference: number])[]): number =>
  median(pairs.map(([ours, reference]) => ours / reference));

/** Nothing when there is no target. */
export function isMet({ value, target }: Pick<Row, 'value' | 'target'>): boolean | undefined {
  if (target === undefined) return undefined;
  return target.is === 'AT_LEAST' ? value >= target.value : value <= target.value;
}

/** Three digits that say something, whole numbers from a hundred on. */
export function rounded(value: number): number {
  if (!Number.isFinite(value)) return value;
  return Math.abs(value) >= 100 ? Math.round(value) : Number(value.toPrecision(3));
}
