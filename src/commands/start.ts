/**
 * `hansa start` (npm start): a look at the whole product. Embedded PostgreSQL unless DATABASE_URL names one,
 * the demonstration's day when there is none yet, a table of who owes whom, tokens, and the API until Ctrl-C.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { type Config, loadConfig } from '../config.js';
import { BANK } from '../demo/cast.js';
import { developmentToken, GraphQLClient, type Who } from '../demo/graphql-client.js';
import { explanationReport, latestSettlement, membersReport, settlementReport } from '../demo/report.js';
import { EXPLAINED, playScriptedDay, referenceOn } from '../demo/scripted-day.js';
import { OperatorError } from '../infrastructure/operator-error.js';
import { untilToldToStop } from '../infrastructure/stop-signal.js';

const say = (text: string): void => void process.stdout.write(`${text}\n`);

export function register(program: Command): void {
  program
    .command('start')
    .description('show the whole product: a demonstration programme with a day of traffic, then serve until Ctrl-C')
    .action(async () => {
      const config = loadConfig();
      if (config.environment === 'production') {
        throw new OperatorError('hansa start is the demonstration and does not run in production. Use hansa serve.');
      }
      const { createApp } = await import('../app.js'); // late: asking for help needs none of it
      const told = untilToldToStop(); // from here on, so that Ctrl-C during the story ends in good order too
      // What happens per request is for a service's log, not for somebody who reads the story.
      const app = createApp(
        { ...config, logLevel: config.logLevel === 'info' ? 'warn' : config.logLevel },
        { purpose: 'hansa start', say },
      );
      say('Starting Hansa …');
      const { url, database } = await app.start();
      say(`Data: ${database}.`);
      try {
        await show(config, url);
      } catch (error) {
        await app.stop();
        throw error;
      }
      await told;
      say('Stopping …');
      await app.stop();
    });
}

async function show(config: Config, url: string): Promise<void> {
  const admin = await GraphQLClient.signIn(url, { principal: 'ADMIN' });
  const existing = await latestSettlement(admin);
  const today = new Date();
  if (existing !== undefined) say('\nThe data of an earlier start is still here and is kept; nothing was added.');
  else say('\nA day in a coalition of one bank and five merchants:');
  const settlement =
    existing ??
    (await playScriptedDay(
      url,
      readFileSync(join(config.projectFolder, 'programmes', 'coalition-demo.yaml'), 'utf8'),
      today,
      (sentence) => say(`  · ${sentence}`),
    ));
  const why = await explanationReport(admin, BANK, referenceOn(today, EXPLAINED.reference));
  if (why !== undefined) say(`\nWhy one purchase earned what it earned:\n${indented(why)}`);
  say(`\n${await settlementReport(admin, settlement)}`);
  say(`\n${await membersReport(admin)}`);
  say(`\nTokens for development, valid for 12 hours (npx hansa token --help makes others):`);
  const holders: readonly Who[] = [
    { principal: 'ADMIN' },
    { principal: 'PARTNER', partner: BANK },
    { principal: 'MEMBER', member: EXPLAINED.member.code },
  ];
  for (const who of holders) {
    say(`  ${Object.values(who).join(' ')}\n    ${await developmentToken(url, who)}`);
  }
  say(`\nPlayground  ${url}/playground`);
  say(`GraphQL     ${url}/graphql`);
  say(`Health      ${url}/healthz, ${url}/readyz`);
  say('\nCtrl-C stops it; the next start keeps the data.');
}

const indented = (text: string): string =>
  text
    .split('\n')
    .map((line) => `  ${line}`)
    .join('\n');
