/**
 * `npm run bench`: how fast Hansa is, as ratios to references that are measured in the same minutes on the same server
 * (absolute figures depend on the machine and on what else it does; ratios hold). Prints a table, writes
 * bench/results.json (a quick or partial run: bench/try.json), and ends with `hansa ledger verify` of everything it wrote.
 *
 *     --quick          short phases and few members, to try something; a few minutes
 *     --only <names>   some workloads, with commas between
 *     --scaling        how cost grows with members and accruals instead; writes bench/SCALING.md (--large: to 10 M)
 *     --pairs <n>, --seconds <n>, --members <n>, --entries <n>   instead of what the run would take
 */
import 'reflect-metadata';
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, totalmem } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { loadConfig } from '../../src/config.js';
import { PROGRAMME } from '../../src/demo/cast.js';
import type { ProgrammeTerms } from '../../src/domain/earning/model.js';
import { checkProgramme } from '../../src/modules/programme-files/index.js';
import { benchBacktest } from './backtest-bench.js';
import { closing } from './closing.js';
import { atMost, type Row } from './figures.js';
import { homeScreen } from './home-screen.js';
import { importing } from './importing.js';
import { confirming, expiring } from './jobs-bench.js';
import { benchKernel } from './kernel-bench.js';
import { benchPartners } from './partner-bench.js';
import { mostResidentMegabytes } from './processes.js';
import { redeeming } from './redeeming.js';
import { resultsFile, table } from './results.js';
import { measureScaling } from './scaling.js';
import { openStage, type Stage } from './stage.js';
import { submitLists, submitOne } from './submitting.js';
import { openTpcb } from './tpcb.js';
import { Bench, type Options, type Workload } from './workload.js';
import { type Growth, World } from './world.js';

const WORKLOADS: Readonly<Record<string, Workload>> = {
  submit: submitOne,
  list: submitLists,
  import: importing,
  confirm: confirming,
  expire: expiring,
  redeem: redeeming,
  home: homeScreen,
  close: closing,
  backtest: benchBacktest,
  partners: benchPartners,
  kernel: benchKernel,
};

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    only: { type: 'string' },
    pairs: { type: 'string' },
    seconds: { type: 'string' },
    members: { type: 'string' },
    entries: { type: 'string' },
    scaling: { type: 'boolean', default: false },
    large: { type: 'boolean', default: false },
  },
});

const BENCH_FOLDER = join(loadConfig().projectFolder, 'bench');
const began = performance.now();
const say = (text: string): void =>
  void process.stdout.write(`${String(Math.round((performance.now() - began) / 1_000)).padStart(4)} s  ${text}\n`);

function optionsOf(): Options & Growth {
  const { quick } = values;
  const seconds = Number(values.seconds ?? (quick ? 2 : 6));
  return {
    pairs: Number(values.pairs ?? (quick ? 2 : 5)),
    phaseMs: seconds * 1_000,
    warmUpMs: quick ? 1_000 : 5_000,
    members: Number(values.members ?? (quick ? 10_000 : 1_000_000)),
    busyMembers: quick ? 500 : 5_000,
    entries: Number(values.entries ?? (quick ? 10_000 : 1_000_000)),
    jobAccruals: quick ? 10_000 : 100_000,
    historyPurchases: quick ? 10_000 : 50_000,
    importRows: quick ? 5_000 : 50_000,
    realFile: !quick,
  };
}

/** Members and entries in all of each step. */
function sizesOf(): { readonly members: number; readonly entries: number }[] {
  const steps = values.quick ? [2_000, 10_000] : [10_000, 100_000, 1_000_000, ...(values.large ? [10_000_000] : [])];
  return steps.map((size) => ({ members: size, entries: size }));
}

function chosen(): [string, Workload][] {
  const names = values.only?.split(',') ?? Object.keys(WORKLOADS);
  return names.map((name) => {
    const workload = WORKLOADS[name];
    if (workload === undefined) {
      throw new Error(`There is no workload "${name}"; there are ${Object.keys(WORKLOADS).join(', ')}.`);
    }
    return [name, workload];
  });
}

async function main(): Promise<void> {
  mkdirSync(BENCH_FOLDER, { recursive: true });
  const workloads = chosen();
  const options = optionsOf();
  const rows: Row[] = [];
  const stage = await openStage(say);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => void stage.close().finally(() => process.exit(1)));
  }
  try {
    const { yaml, terms } = programmeOf(stage);
    if (values.scaling) {
      await measureScaling(new Bench(stage, options, undefined, yaml, terms, rows, say), sizesOf(), values.quick);
      await verified(stage);
      return;
    }
    await (await World.open(stage, say)).grow(options);
    const tpcb = await openTpcb(stage, values.quick ? 1_000 : 3_000, say);
    const bench = new Bench(stage, options, tpcb, yaml, terms, rows, say);
    for (const [name, workload] of workloads) {
      say(name);
      await workload(bench);
    }
    rows.push(memoryOf(stage), await verified(stage));
  } finally {
    await stage.close();
  }
  console.log(`\n${table(rows)}\n`);
  writeResults(options, rows, stage);
}

const memoryOf = ({ gatewayPid }: Stage): Row => ({
  name: 'memory of the gateway at most',
  ...{ value: mostResidentMegabytes(gatewayPid) ?? Number.NaN, unit: 'MB', target: atMost(350) },
  note: 'over the whole run',
});

/** What does not hold is a row that is not met, and the end of the run. */
async function verified(stage: Stage): Promise<Row> {
  say('hansa ledger verify');
  const started = performance.now();
  const { said, fault } = await stage.hansa(['ledger', 'verify']).then(
    (out) => ({ said: out, fault: 0 }),
    (error: Error) => ({ said: error.message, fault: 1 }),
  );
  if (fault > 0) process.exitCode = 1;
  for (const line of said.trim().split('\n')) say(`  ${line}`);
  return {
    ...{ name: 'ledger verify of what was written, faults', value: fault, unit: '', target: atMost(0) },
    note: `${Math.round((performance.now() - started) / 1_000)} s`,
  };
}

function programmeOf({ config }: Stage): { readonly yaml: string; readonly terms: ProgrammeTerms } {
  const yaml = readFileSync(join(config.projectFolder, 'programmes', `${PROGRAMME}.yaml`), 'utf8');
  const terms = checkProgramme(yaml, `${PROGRAMME}.yaml`).sound?.terms;
  if (terms === undefined) throw new Error(`${PROGRAMME} is not sound`);
  return { yaml, terms };
}

function writeResults(options: Options, rows: readonly Row[], stage: Stage): void {
  const { config } = stage;
  const processors = cpus();
  const run = {
    date: new Date().toISOString(),
    commit: execFileSync('git', ['rev-parse', '--short', 'HEAD'], {
      cwd: config.projectFolder,
      encoding: 'utf8',
    }).trim(),
    machine: `${processors.length} × ${processors[0]?.model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GB`,
    load: loadavg()
      .map((value) => value.toFixed(1))
      .join(' '),
    programme: PROGRAMME,
    rules: programmeOf(stage).terms.rules.length,
    members: options.members,
    pairs: options.pairs,
  };
  const file = values.quick || values.only !== undefined ? 'try.json' : 'results.json';
  writeFileSync(join(BENCH_FOLDER, file), resultsFile(run, rows));
  console.log(`${PROGRAMME}, ${run.rules} rules; written to bench/${file}`);
}

await main();
