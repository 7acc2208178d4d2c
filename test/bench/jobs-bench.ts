/** Confirming what has waited out its hold, and letting lots expire, while others submit purchases. */
import { setTimeout as delay } from 'node:timers/promises';
import { PROGRAMME } from '../../src/demo/cast.js';
import { GraphQLClient } from '../../src/demo/graphql-client.js';
import { atLeast, atMost, median, medianRatio, rounded } from './figures.js';
import { copyTemplate } from './generate.js';
import type { LoadReport } from './load.js';
import { makeTemplate, type Template } from './template.js';
import type { Bench, Workload } from './workload.js';

interface Job {
  readonly name: string;
  readonly mutation: string;
  readonly confirmed: boolean;
  readonly instead?: Readonly<Record<string, string>>;
  /** SQL that finds a row while there is something left to do. */
  readonly left: string;
}

// By the programme, as their indexes begin.
const OWN = `programme_no = (select no from programme where code = '${PROGRAMME}')`;

const CONFIRMING: Job = {
  name: 'confirming',
  mutation: 'mutation ($input: AccrualsConfirmInput!) { accrualsConfirm(input: $input) { userErrors { code } } }',
  confirmed: false,
  left: `select from due where ${OWN} and due_on <= current_date limit 1`,
};

const EXPIRING: Job = {
  name: 'expiring',
  mutation: 'mutation ($input: LotsExpireInput!) { lotsExpire(input: $input) { userErrors { code } } }',
  confirmed: true,
  instead: { 'lot.expires_on': 'current_date - 1' },
  left: `select from lot where ${OWN} and units > 0 and expires_on < current_date limit 1`,
};

/** A quarter of a month of purchases, all of them longer ago than the hold. */
const DAYS_AGO = [29, 27, 25, 24, 22, 20, 19, 17, 16];
/** Those who submit meanwhile leave the machine room: what is looked at is how long they wait. */
const INTERACTIVE = { connections: 4, restMs: 40 };
const LOOK_AGAIN_MS = 100;

const job =
  (what: Job): Workload =>
  async (bench) => {
    const { stage, options } = bench;
    const template = await makeTemplate(stage, what.name, {
      members: 20,
      daysAgo: DAYS_AGO,
      confirmed: what.confirmed,
    });
    const admin = await GraphQLClient.signIn(stage.url, { principal: 'ADMIN' });
    const times = Math.max(1, Math.round(options.jobAccruals / template.accruals));
    const token = await stage.token({ principal: 'PARTNER', partner: 'hanse-bank' });
    const interactive = (): Promise<LoadReport> =>
      stage.load.run({
        ...{ kind: 'HTTP', url: stage.url, asker: 'submit', milliseconds: options.phaseMs, ...INTERACTIVE },
        parameters: { token, run: bench.nextRun(), members: options.members, instant: bench.instant() },
      });
    const rates: number[] = [];
    const waits: (readonly [meanwhile: number, idle: number])[] = [];
    await interactive();
    for (let pair = 1; pair <= options.pairs; pair += 1) {
      const idle = await interactive();
      await ripen(bench, template, times, what);
      const started = performance.now();
      // A request is given up after a minute; the work goes on, and what counts is when nothing is left of it.
      const asked = admin.run(what.mutation, { input: { programmeCode: PROGRAMME } }).catch(() => undefined);
      const meanwhile = interactive();
      while (((await stage.owner.query(what.left)).rowCount ?? 0) > 0) await delay(LOOK_AGAIN_MS);
      const seconds = (performance.now() - started) / 1_000;
      await asked;
      const { p99 } = await meanwhile;
      rates.push((template.accruals * times) / seconds);
      waits.push([p99, idle.p99]);
      bench.say(
        `  ${what.name}, pair ${pair} of ${options.pairs}: ${rounded(rates.at(-1) as number)} accruals/s; p99 ${rounded(p99)} ms, idle ${rounded(idle.p99)} ms`,
      );
    }
    bench.report({
      name: `${what.name}, accruals`,
      ...{ value: median(rates), unit: '/s', target: atLeast(15_000) },
      note: `${template.accruals * times} of ${template.members * times} members each time, while others submit: ${rates.map(rounded).join(', ')}`,
    });
    bench.report({
      name: `${what.name}, p99 of others meanwhile against idle`,
      ...{ value: medianRatio(waits), unit: '×', target: atMost(2) },
      note: `${waits.length} pairs: ${waits.map(([meanwhile, idle]) => `${rounded(meanwhile)} and ${rounded(idle)} ms`).join(', ')}`,
    });
  };

async function ripen(bench: Bench, template: Template, times: number, { instead }: Job): Promise<void> {
  const firstNumber = bench.takeNumbers(template.members * times);
  await copyTemplate(bench.stage.owner, template, { times, firstNumber, ...(instead && { instead }) });
  await bench.stage.owner.query('checkpoint');
}

export const confirming: Workload = job(CONFIRMING);
export const expiring: Workload = job(EXPIRING);
