/** Back-tests as rows, for reading. Written by backtest.sql.ts alone. */
import { defineEntity, type InferEntity, p } from '@mikro-orm/core';
import type { StoredResult } from './stored-result.js';

export type BacktestState = 'QUEUED' | 'RUNNING' | 'DONE' | 'FAILED' | 'CANCELLED';

export const BacktestRunEntity = defineEntity({
  name: 'BacktestRunEntity',
  tableName: 'backtest_run',
  properties: {
    id: p.uuid().primary(),
    programmeNo: p.integer(),
    source: p.text(),
    sourceDigest: p.text(),
    fromDay: p.date(),
    untilDay: p.date(),
    state: p.text().$type<BacktestState>().default('QUEUED'),
    done: p.integer().default(0),
    total: p.integer().nullable(),
    requestedBy: p.text(),
    requestedAt: p.datetime(6),
    attempt: p.integer().default(0),
    heartbeatAt: p.datetime(6).nullable(),
    startedAt: p.datetime(6).nullable(),
    finishedAt: p.datetime(6).nullable(),
    failure: p.text().nullable(),
    result: p.json<StoredResult>().nullable(),
  },
});
export type BacktestRunEntity = InferEntity<typeof BacktestRunEntity>;
