/** The queue in front of a transaction: what waits, what is refused, and what is dropped. The clock is the test's. */
import { Batcher, type BatcherOptions } from '../../../src/infrastructure/db/batcher.js';

/** A batcher whose batches end when the test says so. */
function open(options: Partial<BatcherOptions<number, string>> = {}) {
  let milliseconds = 0;
  const batches: (readonly number[])[] = [];
  const ends: ((error?: Error) => void)[] = [];
  const batcher = new Batcher<number, string>(
    (commands) =>
      new Promise((resolve, reject) => {
        batches.push(commands);
        ends.push((error) => (error ? reject(error) : resolve(commands.map((command) => `done ${command}`))));
      }),
    {
      ...{ lanes: 1, maxBatch: 10, maxWaitMs: 100, leastRoom: 20, now: () => milliseconds },
      ...options,
      busy: (command) => `busy ${command}`,
    },
  );
  return {
    batcher,
    batches,
    /** Lets the oldest batch end after so long, and what follows from it happen. */
    async end(afterMs = 1, error?: Error) {
      milliseconds += afterMs;
      ends.shift()?.(error);
      await settled();
    },
    waitsOf: (no: number) => batches[no]?.length,
  };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));
const numbers = (count: number, from = 0): number[] => Array.from({ length: count }, (_, index) => from + index);
const all = (batcher: Batcher<number, string>, commands: readonly number[], signal?: AbortSignal) =>
  Promise.all(commands.map(async (command) => (await batcher.submit([command], signal))[0] as string));
const count = (answers: readonly string[], what: string) => answers.filter((answer) => answer.startsWith(what)).length;

it('takes what has queued while its lane was busy, in order', async () => {
  const { batcher, batches, end } = open();
  const answers = all(batcher, numbers(5));
  await end();
  await end();
  expect(batches).toEqual([[0], [1, 2, 3, 4]]);
  expect(await answers).toEqual(numbers(5).map((no) => `done ${no}`));
});

it('refuses whoever would wait too long at the rate that was measured, and tells the newest first', async () => {
  const { batcher, end } = open();
  const answers = all(batcher, numbers(100));
  await end(); // the first left alone, and says nothing
  expect(batcher.room()).toBe(10_000);
  await end(40); // ten in 40 ms
  expect(batcher.room()).toBe(25);
  for (let turn = 0; turn < 12; turn += 1) await end(40);
  const told = await answers;
  expect(count(told, 'done') + count(told, 'busy')).toBe(100);
  const lastTaken = told.findLastIndex((answer) => answer.startsWith('done'));
  expect(count(told.slice(0, lastTaken + 1), 'busy')).toBe(0);
  expect(count(told, 'busy')).toBeGreaterThan(0);
});

it('answers at once when there is no room, and serves again when the queue is empty', async () => {
  const { batcher, end } = open({ maxQueue: 30 });
  const taken = all(batcher, numbers(31)); // one leaves at once, 30 wait
  expect(await batcher.submit([99])).toEqual(['busy 99']);
  expect(await batcher.submit([100, 101])).toEqual(['busy 100', 'busy 101']);
  for (let turn = 0; turn < 4; turn += 1) await end();
  expect(count(await taken, 'done')).toBe(31);
  const later = batcher.submit([7]);
  await end();
  expect(await later).toEqual(['done 7']);
});

it('a pause of the machine leaves room for what the next batches take', async () => {
  const { batcher, end } = open();
  const answers = all(batcher, numbers(16));
  await end();
  await end(10_000);
  expect(batcher.room()).toBe(20);
  await end();
  expect(count(await answers, 'done')).toBe(16);
});

it('drops what nobody waits for before it is decided, and decides the rest', async () => {
  const { batcher, batches, end } = open();
  const gone = new AbortController();
  const first = batcher.submit([1]);
  const dropped = batcher.submit([2], gone.signal);
  const kept = batcher.submit([3], new AbortController().signal);
  gone.abort();
  await end();
  await end();
  expect(await Promise.all([first, dropped, kept])).toEqual([['done 1'], ['busy 2'], ['done 3']]);
  expect(batches).toEqual([[1], [3]]);
});

it('another lane leaves when enough waits for it', async () => {
  const { batcher, batches, end } = open({ lanes: 2, worthALane: 3 });
  const answers = all(batcher, numbers(4));
  expect(batches).toEqual([[0], [1, 2, 3]]);
  const later = all(batcher, [4, 5]);
  await end();
  expect(batches).toHaveLength(2); // one lane is busy, and two are not worth another
  await end();
  expect(batches[2]).toEqual([4, 5]);
  await end();
  expect(await answers).toEqual(numbers(4).map((no) => `done ${no}`));
  expect(await later).toEqual(['done 4', 'done 5']);
});

it('what has begun is not dropped', async () => {
  const { batcher, end } = open();
  const gone = new AbortController();
  const answer = batcher.submit([1], gone.signal);
  gone.abort();
  await end();
  expect(await answer).toEqual(['done 1']);
});

it('is drained when everybody has gone', async () => {
  const { batcher, end } = open();
  const gone = new AbortController();
  void batcher.submit([1]);
  void batcher.submit([2], gone.signal);
  const drained = batcher.drained();
  gone.abort();
  await end();
  await drained;
});

it('a batch that fails is halved until the command at fault stands alone', async () => {
  const run = async (commands: readonly number[]): Promise<string[]> => {
    if (commands.includes(3)) throw new Error('three');
    return commands.map((command) => `done ${command}`);
  };
  const batcher = new Batcher<number, string>(run, { lanes: 1, maxBatch: 10, busy: () => 'busy' });
  const answers = await Promise.allSettled([1, 2, 3, 4, 5].map((command) => batcher.submit([command])));
  expect(answers.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled', 'fulfilled']);
});
