/** How runs are asked for, taken up, stopped and picked up again. */
import { v7 } from 'uuid';
import { DEAD_AFTER_SECONDS, takeRun } from '../../../src/modules/backtests/backtest.sql.js';
import { COALITION_YAML, type Coalition, makeCoalition, purchase } from '../../support/coalition.js';
import { openTestDatabase, type TestDatabase } from '../../support/database.js';
import { admin, partner } from '../../support/principals.js';
import { command, service } from './replay-fixture.js';

let db: TestDatabase;
let coalition: Coalition;
beforeEach(async () => {
  db = await openTestDatabase();
  coalition = await makeCoalition(db);
  await coalition.submit(...Array.from({ length: 6 }, () => purchase()));
});
afterEach(() => db.close());

const NEVER = new AbortController().signal;

interface RunRow {
  readonly state: string;
  readonly attempt: number;
  readonly done: number;
  readonly total: number | null;
  readonly hasResult: boolean;
}

const runs = async (): Promise<RunRow[]> =>
  (
    await db.superuser.query<RunRow>(
      `select state, attempt, done, total, result is not null as "hasResult" from backtest_run order by id`,
    )
  ).rows;

async function started(): Promise<string> {
  const answer = await service(coalition).start(admin(), command(COALITION_YAML));
  if (!answer.ok) throw new Error(answer.failures[0].message);
  return answer.id;
}

const forwardClock = (seconds: number): Promise<unknown> =>
  db.superuser.query(`update clock_offset set shift = make_interval(secs => $1)`, [seconds]);

describe('a run that waits', () => {
  test('is taken up by the job and comes to its end', async () => {
    await started();
    expect(await runs()).toEqual([{ state: 'QUEUED', attempt: 0, done: 0, total: null, hasResult: false }]);
    const heard: [number, number][] = [];
    await service(coalition, { pageRows: 2 }).replayWaiting(NEVER, (done, total) => void heard.push([done, total]));
    expect(heard).toContainEqual([6, 6]);
    expect(heard).toEqual([...heard].sort(([a], [b]) => a - b));
    expect(await runs()).toEqual([{ state: 'DONE', attempt: 1, done: 6, total: 6, hasResult: true }]);
  });

  test('is taken up once, however many gateways look', async () => {
    await started();
    await Promise.all([1, 2, 3].map(() => service(coalition).replayWaiting(NEVER)));
    expect(await runs()).toMatchObject([{ state: 'DONE', attempt: 1 }]);
  });

  test('is stopped at once', async () => {
    const id = await started();
    const { cancel } = { cancel: () => service(coalition).cancel(admin(), id) };
    expect(await cancel()).toEqual({ ok: true, value: { id } });
    await service(coalition).replayWaiting(NEVER);
    expect(await runs()).toMatchObject([{ state: 'CANCELLED', attempt: 0, hasResult: false }]);
    expect(await cancel()).toEqual({ ok: true, value: { id } });
  });
});

describe('a run that is being replayed', () => {
  test('is stopped between two pages by whoever cancels it', async () => {
    const id = await started();
    const heard: number[] = [];
    await service(coalition, { pageRows: 2 }).replayWaiting(NEVER, async (done) => {
      heard.push(done);
      if (heard.length === 1) await service(coalition).cancel(admin(), id);
    });
    expect(heard).toHaveLength(1);
    expect(await runs()).toMatchObject([{ state: 'CANCELLED', hasResult: false }]);
  });

  test('goes back to the queue when its gateway stops, and the next one ends it', async () => {
    await started();
    const stop = new AbortController();
    await service(coalition, { pageRows: 2 }).replayWaiting(stop.signal, () => stop.abort());
    expect(await runs()).toEqual([{ state: 'QUEUED', attempt: 1, done: 0, total: null, hasResult: false }]);
    await service(coalition).replayWaiting(NEVER);
    expect(await runs()).toMatchObject([{ state: 'DONE', attempt: 2 }]);
  });

  test('whose process was killed is picked up again when it has been silent for long enough', async () => {
    await started();
    await db.database.command(takeRun); // and then no sign of life
    await service(coalition).replayWaiting(NEVER);
    expect(await runs()).toMatchObject([{ state: 'RUNNING', attempt: 1 }]);
    await forwardClock(DEAD_AFTER_SECONDS + 1);
    await service(coalition).replayWaiting(NEVER);
    expect(await runs()).toMatchObject([{ state: 'DONE', attempt: 2, done: 6 }]);
  });

  test('is left by a process that was only slow: the one that took it over ends it', async () => {
    await started();
    let tookOver = false;
    await service(coalition, { pageRows: 2 }).replayWaiting(NEVER, async () => {
      if (tookOver) throw new Error('the slow one went on');
      tookOver = true;
      await forwardClock(DEAD_AFTER_SECONDS + 1);
      await service(coalition).replayWaiting(NEVER);
    });
    expect(tookOver).toBe(true);
    expect(await runs()).toMatchObject([{ state: 'DONE', attempt: 2 }]);
  });

  test('that meets a fault says so, and the fault is not swallowed', async () => {
    await started();
    const fault = new Error('the listener broke');
    await expect(
      service(coalition).replayWaiting(NEVER, () => {
        throw fault;
      }),
    ).rejects.toBe(fault);
    expect(await runs()).toMatchObject([{ state: 'FAILED', hasResult: false }]);
    await started(); // and the programme is free for the next
  });

  test('is given up when it has ended several processes', async () => {
    await started();
    await db.superuser.query('update backtest_run set attempt = 5');
    await service(coalition).replayWaiting(NEVER);
    const { rows } = await db.superuser.query('select state, failure from backtest_run');
    expect(rows).toEqual([{ state: 'FAILED', failure: expect.stringContaining('never ended') }]);
  });
});

describe('here and now', () => {
  test('a signal cancels it', async () => {
    const stop = new AbortController();
    const answer = await service(coalition, { pageRows: 2 }).replayNow(
      admin(),
      command(COALITION_YAML),
      stop.signal,
      () => stop.abort(),
    );
    expect(answer).toMatchObject({ ok: true, result: undefined });
    expect(await runs()).toMatchObject([{ state: 'CANCELLED' }]);
  });

  test('no gateway takes it as well', async () => {
    let others = 0;
    await service(coalition).replayNow(admin(), command(COALITION_YAML), NEVER, async () => {
      await service(coalition).replayWaiting(NEVER, () => {
        others += 1;
      });
    });
    expect(others).toBe(0);
    expect(await runs()).toMatchObject([{ state: 'DONE', attempt: 1 }]);
  });
});

describe('asking', () => {
  test('twice with one key is asking once; with another candidate it is a conflict', async () => {
    const first = command(COALITION_YAML);
    const answers = [await service(coalition).start(admin(), first), await service(coalition).start(admin(), first)];
    expect(answers[1]).toEqual(answers[0]);
    expect(await runs()).toHaveLength(1);
    expect(await service(coalition).start(admin(), { ...first, source: `${COALITION_YAML}\n` })).toMatchObject({
      failures: [{ code: 'IDEMPOTENCY_KEY_CONFLICT' }],
    });
  });

  test('while another one has not ended is refused, and the other is named', async () => {
    const id = await started();
    expect(await service(coalition).start(admin(), command(COALITION_YAML))).toMatchObject({
      failures: [{ code: 'BACKTEST_UNFINISHED', message: expect.stringContaining(id) }],
    });
  });

  test('two at once: one is started', async () => {
    const answers = await Promise.all([1, 2].map(() => service(coalition).start(admin(), command(COALITION_YAML))));
    expect(answers.map(({ ok }) => ok).sort()).toEqual([false, true]);
    expect(await runs()).toHaveLength(1);
  });

  const changed = (from: string, to: string): string => {
    expect(COALITION_YAML).toContain(from);
    return COALITION_YAML.replace(from, to);
  };

  test.each<[code: string, change: () => object, says: string]>([
    ['UNKNOWN_PROGRAMME', () => ({ programmeCode: 'nowhere' }), 'nowhere'],
    ['INVALID_PROGRAMME', () => ({ source: changed('holdDays: 14', 'holdDays: many') }), 'holdDays'],
    ['OTHER_PROGRAMME', () => ({ source: changed('programme: coalition-test', 'programme: other') }), '"other"'],
    ['CURRENCY_FIXED', () => ({ source: changed('currency: GBP', 'currency: EUR') }), 'GBP'],
    ['UNIT_FIXED', () => ({ source: changed('scale: 0', 'scale: 2') }), '0 decimals'],
    ['TIME_ZONE_FIXED', () => ({ source: changed('Europe/London', 'Europe/Moscow') }), 'Europe/London'],
    ['DAYS_MALFORMED', () => ({ from: undefined }), 'either'],
    ['DAYS_MALFORMED', () => ({ months: 3 }), 'either'],
    ['DAYS_MALFORMED', () => ({ from: undefined, months: 0 }), 'from 1 to'],
    ['DAYS_MALFORMED', () => ({ from: '2027-01-01' }), 'before'],
    ['NO_HISTORY', () => ({ from: '2026-03-11' }), '2026-03-10'],
    ['IDEMPOTENCY_KEY_MALFORMED', () => ({ idempotencyKey: '' }), '1 to 200'],
  ])('%s (%#)', async (code, change, says) => {
    const answer = await service(coalition).start(admin(), { ...command(COALITION_YAML), ...change() });
    expect(
      answer.ok ? [] : answer.failures.map((failure) => [failure.code, `${failure.message} ${failure.path ?? ''}`]),
    ).toEqual([[code, expect.stringContaining(says)]]);
    expect(await runs()).toEqual([]);
  });

  test('everything that is wrong with the candidate is said, with its place', async () => {
    const source = changed('holdDays: 14', 'holdDays: many').replace('rate: 4%', 'rate: much');
    const answer = await service(coalition).start(admin(), { ...command(''), source });
    expect(answer).toMatchObject({
      ok: false,
      failures: [
        { code: 'INVALID_PROGRAMME', path: 'holdDays', line: expect.any(Number), column: expect.any(Number) },
        { code: 'INVALID_PROGRAMME', path: 'rules[1].rate' },
      ],
    });
  });

  test('without a purchase there is nothing to replay', async () => {
    await db.superuser.query('delete from transaction');
    expect(await service(coalition).start(admin(), command(COALITION_YAML))).toMatchObject({
      failures: [{ code: 'NO_HISTORY' }],
    });
  });

  test('is for administrators', async () => {
    const shop = partner(coalition.shopNo, 'shop');
    await expect(service(coalition).start(shop, command(COALITION_YAML))).rejects.toThrow('PARTNER');
    await expect(service(coalition).cancel(shop, v7())).rejects.toThrow('PARTNER');
  });
});

describe('stopping', () => {
  test.each([
    ['what is not there', async () => v7(), 'UNKNOWN_BACKTEST'],
    ['what is no id', async () => 'one', 'UNKNOWN_BACKTEST'],
    [
      'what has ended',
      async () => {
        const id = await started();
        await service(coalition).replayWaiting(NEVER);
        return id;
      },
      'BACKTEST_FINISHED',
    ],
  ])('%s is refused', async (_, id, code) => {
    expect(await service(coalition).cancel(admin(), await id())).toMatchObject({ ok: false, failure: { code } });
  });
});
