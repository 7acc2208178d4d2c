/** A bank app's home screen in one query, in turn with the same answer from memory on the same HTTP stack. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { PROGRAMME } from '../../src/demo/cast.js';
import { GraphQLClient } from '../../src/demo/graphql-client.js';
import { BareGateway } from './bare-gateway-process.js';
import { atLeast, atMost, median, medianRatio, rounded } from './figures.js';
import type { LoadReport } from './load.js';
import { codeOf, HOME_SCREEN } from './requests.js';
import type { Stage } from './stage.js';
import type { Workload } from './workload.js';

const CONNECTIONS = 8;
/** Characters of a statement. */
const SHOWN = 120;
/** Sent by whoever opens a transaction, not by whoever reads something. */
const TRANSACTION_CONTROL = /^(begin|start transaction|commit|rollback|set |select set_config\()/i;

export const homeScreen: Workload = async (bench) => {
  const { stage, options } = bench;
  const token = await stage.token({ principal: 'PARTNER', partner: 'hanse-bank' });
  const asking = (url: string, milliseconds: number, bearer = token): Promise<LoadReport> =>
    stage.load.run({
      ...{ kind: 'HTTP', url, asker: 'homeScreen', connections: CONNECTIONS, milliseconds },
      parameters: { token: bearer, run: '', members: options.busyMembers, instant: '' },
    });
  const { answer, statements, all, slowest } = await countStatements(stage, token);
  const bare = await BareGateway.start(stage, answer);
  try {
    const bareToken = await bare.token();
    await asking(stage.url, options.warmUpMs);
    await asking(bare.url, options.warmUpMs, bareToken);
    const { reports, pairs, cpu } = await bench.inTurn(
      'home screen',
      () => asking(stage.url, options.phaseMs),
      async (milliseconds) => (await asking(bare.url, milliseconds, bareToken)).perSecond,
    );
    bench.report({
      name: 'home screen, rate against the same answer from memory',
      ...{ value: medianRatio(pairs), unit: '×', target: atLeast(0.5) },
      note: `${options.members} members, ${options.busyMembers} of them asked for, ${CONNECTIONS} connections, ${bench.pairsNote(pairs)}`,
      cpu,
    });
    bench.report({
      name: 'home screen, queries',
      ...{ value: median(reports.map(({ perSecond }) => perSecond)), unit: '/s' },
      note: `from memory ${rounded(median(pairs.map(([, memory]) => memory)))}/s`,
    });
    bench.report({
      name: 'home screen, p99',
      ...{ value: median(reports.map(({ p99 }) => p99)), unit: 'ms', target: atMost(30) },
      note: `p50 ${rounded(median(reports.map(({ p50 }) => p50)))} ms`,
    });
    bench.report({
      name: 'home screen, SQL statements',
      ...{ value: statements, unit: '', target: atMost(3) },
      note: `${all} with those that begin and end transactions and say who asks; the slowest, ${slowest}`,
    });
  } finally {
    await bare.stop();
  }
};

/** Has the server log every statement while the query is asked a second time, and counts those of the reader. */
async function countStatements(
  stage: Stage,
  token: string,
): Promise<{ readonly answer: unknown; readonly statements: number; readonly all: number; readonly slowest: string }> {
  const client = new GraphQLClient(stage.url, token);
  const ask = (member: number) => client.run(HOME_SCREEN, { programme: PROGRAMME, code: codeOf(member) });
  await ask(1);
  await ask(2);
  const log = join(stage.config.dataDir, 'postgres', 'server.log');
  const before = readFileSync(log).length;
  await stage.owner.query(`alter role hansa_reader set log_statement = 'all'`);
  await stage.owner.query(`alter system set log_min_duration_statement = 0`);
  await stage.owner.query(`alter system set log_line_prefix = '%u|'`);
  await stage.owner.query('select pg_reload_conf()');
  await delay(500);
  const from = readFileSync(log).length;
  const answer = await ask(3);
  await stage.owner.query(`alter system reset log_min_duration_statement`);
  await stage.owner.query(`alter system reset log_line_prefix`);
  await stage.owner.query(`alter role hansa_reader reset log_statement`);
  await stage.owner.query('select pg_reload_conf()');
  const lines = readFileSync(log).subarray(Math.max(before, from)).toString('utf8').split('\n');
  const heard = lines.flatMap((line) => {
    const [, ms, text] = /^hansa_reader\|.*duration: ([\d.]+) ms +(?:execute [^:]*|statement): (.*)$/.exec(line) ?? [];
    return text === undefined ? [] : [{ ms: Number(ms), text: text.trim() }];
  });
  const statements = heard.filter(({ text }) => !TRANSACTION_CONTROL.test(text));
  const [slowest] = statements.toSorted((a, b) => b.ms - a.ms);
  return {
    answer,
    statements: statements.length,
    all: heard.length,
    slowest: slowest === undefined ? 'none' : `${rounded(slowest.ms)} ms: ${slowest.text.slice(0, SHOWN)}`,
  };
}
