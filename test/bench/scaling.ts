/** How cost grows: reads of a member, submissions and closing at 10 k, 100 k and 1 M members; bench/SCALING.md with its chart. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { closeWindow } from './closing.js';
import { rounded } from './figures.js';
import { type Line, lineChart } from './line-chart.js';
import type { LoadReport } from './load.js';
import type { Stage } from './stage.js';
import type { Bench } from './workload.js';
import { World } from './world.js';

const CONNECTIONS = 8;
const SMALL_WINDOW = 10_000;

interface Cost {
  readonly perSecond: number;
  readonly p50: number;
  /** Microseconds of CPU of gateway and PostgreSQL for one. */
  readonly cpu: number;
}

interface Step {
  readonly members: number;
  readonly accruals: number;
  /** Of the journal, and of the window that is closed. */
  readonly entries: number;
  readonly windowEntries: number;
  readonly read: Cost;
  readonly submit: Cost;
  readonly closeMs: number;
}

/**
 * @param sizes members and entries of each step, both in all
 * @param isTrial writes nothing
 */
export async function measureScaling(
  bench: Bench,
  sizes: readonly { readonly members: number; readonly entries: number }[],
  isTrial: boolean,
): Promise<void> {
  const world = await World.open(bench.stage, bench.say);
  const steps: Step[] = [];
  for (const { members, entries } of sizes) {
    const more = { members: members - world.members, entries: entries - world.entries };
    const busyMembers = Math.min(5_000, Math.floor(more.members / 20));
    const firstBusy = await world.grow({ ...more, busyMembers });
    steps.push(await measure(bench, world, firstBusy, busyMembers));
    show(bench, steps.at(-1) as Step);
  }
  // The same small window as in the first step, at the end of the largest journal.
  const busyMembers = SMALL_WINDOW / 20;
  const firstBusy = await world.grow({ members: SMALL_WINDOW, entries: SMALL_WINDOW, busyMembers });
  const small = await measure(bench, world, firstBusy, busyMembers);
  show(bench, small);
  if (!isTrial) write(bench.stage, steps, small);
}

async function measure(bench: Bench, world: World, firstBusy: number, busyMembers: number): Promise<Step> {
  const { stage, options } = bench;
  const token = await stage.token({ principal: 'PARTNER', partner: 'hanse-bank' });
  const run = (asker: 'homeScreen' | 'submit', milliseconds: number): Promise<LoadReport> =>
    stage.load.run({
      ...{ kind: 'HTTP', url: stage.url, asker, connections: CONNECTIONS, milliseconds },
      parameters: {
        ...{ token, run: bench.nextRun(), instant: bench.instant() },
        ...(asker === 'submit' ? { members: world.members } : { firstMember: firstBusy, members: busyMembers }),
      },
    });
  const costOf = async (asker: 'homeScreen' | 'submit'): Promise<Cost> => {
    await run(asker, options.warmUpMs);
    const before = stage.cpu();
    const report = await run(asker, options.phaseMs);
    const after = stage.cpu();
    const spent = (after.gateway ?? 0) + (after.postgres ?? 0) - (before.gateway ?? 0) - (before.postgres ?? 0);
    return { perSecond: report.perSecond, p50: report.p50, cpu: (spent * 1_000) / report.operations };
  };
  const [read, submit] = [await costOf('homeScreen'), await costOf('submit')];
  const { entryCount, milliseconds } = await closeWindow(bench);
  return {
    ...{ members: world.members, accruals: world.accruals, entries: world.entries },
    ...{ windowEntries: entryCount, read, submit, closeMs: milliseconds },
  };
}

function show({ say }: Bench, { members, read, submit, windowEntries, closeMs }: Step): void {
  say(
    `${members} members: home screen ${rounded(read.cpu)} µs of CPU, submission ${rounded(submit.cpu)} µs, ` +
      `close of ${windowEntries} entries ${rounded(closeMs)} ms`,
  );
}

const count = (value: number): string => value.toLocaleString('en-GB');

function write({ config }: Stage, steps: readonly Step[], small: Step): void {
  const folder = join(config.projectFolder, 'bench');
  const first = steps[0] as Step;
  const lines: Line[] = [
    { name: 'home screen', points: steps.map(({ members, read }) => [members, read.cpu / first.read.cpu]) },
    { name: 'submission', points: steps.map(({ members, submit }) => [members, submit.cpu / first.submit.cpu]) },
    {
      name: 'close, by entries of its window',
      points: steps.map((step) => [step.windowEntries, step.closeMs / first.closeMs]),
    },
  ];
  const title = 'Cost against the first step (CPU; for closing, time)';
  writeFileSync(join(folder, 'scaling.svg'), lineChart(title, 'members, or entries of the window', lines));
  const cost = ({ perSecond, p50, cpu }: Cost): string =>
    `${rounded(cpu)} µs, ${rounded(perSecond)}/s, p50 ${rounded(p50)} ms`;
  const row = (step: Step): string =>
    `| ${count(step.members)} | ${count(step.accruals)} | ${count(step.entries)} | ${cost(step.read)} | ${cost(step.submit)} | ${rounded(step.closeMs)} ms for ${count(step.windowEntries)} entries |`;
  writeFileSync(
    join(folder, 'SCALING.md'),
    `# How cost grows

\`npm run bench -- --scaling\` (\`--large\`: to 10 M accruals), ${new Date().toISOString().slice(0, 10)}. Gateway, PostgreSQL and load on one machine, ${CONNECTIONS}
connections. µs are CPU of gateway and PostgreSQL for one operation: what a member's read or a submission costs must not
follow the number of members or accruals, what closing costs follows its window alone.

![${title}](scaling.svg)

| Members | Accruals | Entries | Home screen | Submission | Window close |
|---|---|---|---|---|---|
${steps.map(row).join('\n')}
${row(small)}

The last line is a small window again, at the end of the largest journal.
`,
  );
}
