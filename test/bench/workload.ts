/** What a workload is given, and how it is measured in turn with its reference. */
import type { ProgrammeTerms } from '../../src/domain/earning/model.js';
import { type CpuPerOperation, medianRatio, type Row, rounded } from './figures.js';
import type { LoadReport } from './load.js';
import type { Stage } from './stage.js';
import type { Tpcb } from './tpcb.js';

export interface Options {
  readonly pairs: number;
  /** Milliseconds that each side of a pair is measured. */
  readonly phaseMs: number;
  readonly warmUpMs: number;
  /** The first of them are busy: they have bought, been confirmed and have what a home screen shows. */
  readonly members: number;
  readonly busyMembers: number;
  /** Accruals that a job has to do with, each time. */
  readonly jobAccruals: number;
  /** What a back-test replays. */
  readonly historyPurchases: number;
  /** Rows of a generated file. */
  readonly importRows: number;
  /** Imports real card transactions too, where they are. */
  readonly realFile: boolean;
}

export type Pair = readonly [ours: number, reference: number];

export type Workload = (bench: Bench) => Promise<void>;

/** A figure a second of the reference, measured for so long. */
type Reference = (milliseconds: number) => Promise<number>;

export class Bench {
  private runs = 0;
  private numbers: number;

  constructor(
    readonly stage: Stage,
    readonly options: Options,
    private readonly best: Tpcb | undefined,
    readonly yaml: string,
    readonly terms: ProgrammeTerms,
    private readonly rows: Row[],
    readonly say: (text: string) => void,
  ) {
    this.numbers = options.members;
  }

  /** The measure of the rest. */
  readonly tpcb: Reference = (milliseconds) => {
    if (this.best === undefined) throw new Error('this run has no reference');
    return this.best.measure(milliseconds);
  };

  /** Begins the references of one phase: nobody's keys are used twice. */
  readonly nextRun = (): string => {
    this.runs += 1;
    return `bench-${this.runs}`;
  };

  /** Numbers for so many members more; the first of them. */
  takeNumbers(count: number): number {
    this.numbers += count;
    return this.numbers - count;
  }

  /** A minute ago: nothing is in the future, whatever the clocks are. */
  instant(): string {
    return new Date(Date.now() - 60_000).toISOString();
  }

  readonly report = (row: Row): void => {
    this.rows.push(row);
    const cpu = Object.entries(row.cpu ?? {}).map(([process, micros]) => `${process} ${rounded(micros)} µs`);
    this.say(`  ${row.name}: ${rounded(row.value)} ${row.unit}${cpu.length > 0 ? ` (${cpu.join(', ')})` : ''}`);
  };

  /** Ours and the reference after each other, as often as asked for, and what an operation of ours cost in CPU. */
  async inTurn(
    name: string,
    ours: () => Promise<LoadReport>,
    reference: Reference,
  ): Promise<{ readonly reports: LoadReport[]; readonly pairs: Pair[]; readonly cpu: CpuPerOperation }> {
    const reports: LoadReport[] = [];
    const pairs: Pair[] = [];
    const spent = { gateway: 0, postgres: 0, generator: 0 };
    for (let pair = 1; pair <= this.options.pairs; pair += 1) {
      const before = this.stage.cpu();
      const report = await ours();
      const after = this.stage.cpu();
      spent.gateway += (after.gateway ?? 0) - (before.gateway ?? 0);
      spent.postgres += (after.postgres ?? 0) - (before.postgres ?? 0);
      spent.generator += report.cpuMs;
      const rate = await reference(this.options.phaseMs);
      reports.push(report);
      pairs.push([report.perSecond, rate]);
      this.say(
        `  ${name}, pair ${pair} of ${this.options.pairs}: ${rounded(report.perSecond)}/s against ${rounded(rate)}/s${report.busy > 0 ? `, ${report.busy} times busy` : ''}`,
      );
    }
    const operations = reports.reduce((sum, report) => sum + report.operations, 0);
    const each = (milliseconds: number): number => (milliseconds * 1_000) / operations;
    return {
      ...{ reports, pairs },
      cpu: { gateway: each(spent.gateway), postgres: each(spent.postgres), generator: each(spent.generator) },
    };
  }

  pairsNote(pairs: readonly Pair[]): string {
    const ratios = pairs.map((pair) => rounded(medianRatio([pair])));
    return `${pairs.length} pairs: ${ratios.join(', ')}`;
  }
}
