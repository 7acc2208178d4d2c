/** Back-tests of the small coalition: a programme of one's choice, a history, and a candidate. */
import { v7 } from 'uuid';
import type { CostView } from '../../../src/domain/backtest/cost.js';
import { BacktestService } from '../../../src/modules/backtests/backtest.service.js';
import type { BacktestResult } from '../../../src/modules/backtests/index.js';
import type { Coalition } from '../../support/coalition.js';
import { admin } from '../../support/principals.js';

/** Part of a programme file that `programmeYaml` does not write itself. */
export interface Terms {
  readonly rules: string;
  readonly caps?: string;
  readonly budgets?: string;
  readonly tiers?: string;
}

/** A sound file of the coalition's programme: 1 PTS = 0.01 GBP, rounded down, funded as the rules say. */
export const programmeYaml = ({ rules, caps, budgets, tiers }: Terms): string => `
programme: coalition-test
name: Coalition for tests
effectiveFrom: 2020-01-01
currency: GBP
timeZone: Europe/London
unit: { code: PTS, scale: 0, worth: 0.01 }
holdDays: 14
rounding: FLOOR
categories:
  fuel: { name: Fuel, mcc: ["5541", "5542"] }
  books: { name: Books, mcc: ["5942"] }
tiers:
  rollingDays: 30
  levels:
${tiers ?? '    - { code: basic, name: Basic, from: 0 }'}
rules:
${rules}
${caps === undefined ? '' : `caps:\n${caps}`}
${budgets === undefined ? '' : `budgets:\n${budgets}`}
`;

export const bankRate = (rate: string): string =>
  `  - { code: bank-cashback, name: Bank, funding: ISSUER, rate: ${rate} }`;
export const shopRate = (rate: string): string =>
  `  - { code: shop-rate, name: Shop, funding: MERCHANT, rate: ${rate} }`;

export const service = ({ db, cache }: Coalition, tuning: ConstructorParameters<typeof BacktestService>[2] = {}) =>
  new BacktestService(db.database, cache, { beatMs: 0, ...tuning });

export const command = (source: string, days: object = { from: '2026-01-01', until: '2026-12-31' }) => ({
  programmeCode: 'coalition-test',
  source,
  idempotencyKey: v7(),
  ...days,
});

/** Runs it and expects that it comes to its end. */
export async function backtest(
  coalition: Coalition,
  source: string,
  { days, ...tuning }: { readonly days?: object } & ConstructorParameters<typeof BacktestService>[2] = {},
): Promise<BacktestResult> {
  const never = new AbortController().signal;
  const answer = await service(coalition, tuning).replayNow(admin(), command(source, days), never, () => undefined);
  if (!answer.ok) throw new Error(answer.failures.map(({ message }) => message).join(' '));
  if (answer.result === undefined) throw new Error('the back-test was taken away');
  return answer.result;
}

/** Units per key of a view: [key, recorded, baseline, candidate]. */
export const linesOf = ({ by }: BacktestResult, view: CostView): (string | bigint)[][] =>
  by[view].map(({ key, recorded, baseline, candidate }) => [key, recorded.units, baseline.units, candidate.units]);

export const totalOf = ({ total: { recorded, baseline, candidate } }: BacktestResult): bigint[] => [
  recorded.units,
  baseline.units,
  candidate.units,
];
