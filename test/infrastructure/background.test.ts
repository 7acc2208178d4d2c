/** How jobs give way to requests. The clock is the test's, and so is when a piece ends. */
import { Background, nextSize, type Pieces, paceOf, restOf } from '../../src/infrastructure/background.js';

test.each([
  ['nobody has ever asked', Number.POSITIVE_INFINITY, 3],
  ['somebody is asking', 0, 1],
  ['somebody asked just now', 999, 1],
  ['nobody has asked for a second', 1_000, 3],
])('%s', (_, sinceAskedMs, lanes) => {
  expect(paceOf(sinceAskedMs).lanes).toBe(lanes);
});

test('a piece beside requests is shorter', () => {
  expect(paceOf(0).pieceMs).toBeLessThan(paceOf(1_000).pieceMs);
});

test.each([
  ['took as long as it should', { size: 200, held: 200, tookMs: 20 }, 200],
  ['took twice as long', { size: 200, held: 200, tookMs: 40 }, 150],
  ['took half as long', { size: 200, held: 200, tookMs: 10 }, 300],
  ['took no time at all', { size: 200, held: 200, tookMs: 0 }, 300],
  ['was stopped for a minute', { size: 200, held: 200, tookMs: 60_000 }, 100],
  ['held less than it might, as fast as it should', { size: 200, held: 20, tookMs: 2 }, 200],
  ['held one that is larger than it might', { size: 200, held: 4_000, tookMs: 400 }, 200],
  ['had to be smaller than the least', { size: 60, held: 60, tookMs: 400 }, 50],
  ['could be larger than the most', { size: 900, held: 900, tookMs: 1 }, 1_000],
])('the next piece after one that %s', (_, { size, held, tookMs }, next) => {
  expect(nextSize(size, held, tookMs, 20, { least: 50, most: 1_000 })).toBe(next);
});

test.each([
  ['nobody waits', 0, 25, 0],
  ['a few wait', 7, 25, 0],
  ['some wait', 8, 20, 10],
  ['more wait', 16, 20, 20],
  ['many wait', 64, 20, 80],
  ['all the world waits', 2_000, 20, 80],
  ['many wait after a piece that was stopped for a minute', 64, 60_000, 250],
])('rest while %s', (_, waiting, tookMs, restMs) => {
  expect(restOf(waiting, tookMs)).toBe(restMs);
});

/** Pieces that last until the test ends them; `begun` are those there were. */
function open() {
  let now = 10_000;
  const rests: number[] = [];
  const background = new Background(
    () => now,
    async (milliseconds) => rests.push(milliseconds),
  );
  const begun: (readonly number[])[] = [];
  const ends: (() => void)[] = [];
  const settled = () => new Promise((resolve) => setImmediate(resolve));
  const endOne = async (): Promise<void> => {
    await settled();
    ends.shift()?.();
    await settled();
  };
  return {
    background,
    begun,
    rests,
    async start(items: readonly number[], more: Partial<Pieces<number>> = {}) {
      await background.inPieces({
        items,
        weightOf: () => 1,
        work: (piece) => {
          begun.push(piece);
          return new Promise<void>((end) => ends.push(end));
        },
        sizes: { least: 2, most: 2 },
        ...more,
      });
      return 'done';
    },
    endOne,
    pass(milliseconds: number) {
      now += milliseconds;
    },
    /** Ends whatever is begun until nothing is. */
    async endAll() {
      do await endOne();
      while (ends.length > 0);
    },
  };
}
const upTo = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

test('three pieces at once while nobody asks, one while somebody does, three again a second later', async () => {
  const { background, begun, start, endOne, endAll, pass } = open();
  const done = start(upTo(40));
  await endOne();
  expect(begun).toHaveLength(4);
  background.asked();
  for (let ended = 0; ended < 3; ended += 1) await endOne();
  expect(begun).toHaveLength(5);
  await endOne();
  expect(begun).toHaveLength(6);
  pass(1_000);
  await endOne();
  expect(begun).toHaveLength(9);
  await endAll();
  expect(await done).toBe('done');
  expect(begun.flat()).toEqual(upTo(40));
});

test('the jobs rest between pieces while many wait', async () => {
  const { background, rests, start, endOne, endAll, pass } = open();
  for (let asking = 0; asking < 16; asking += 1) background.asked();
  const done = start(upTo(6));
  pass(30);
  await endOne();
  expect(rests).toEqual([30]);
  for (let answered = 0; answered < 12; answered += 1) background.answered();
  pass(30);
  await endAll();
  expect([await done, rests]).toEqual(['done', [30]]);
});

test('jobs share one turn, in the order in which they came', async () => {
  const { background, begun, start, endAll, endOne } = open();
  background.asked();
  const jobs = [start([1, 2, 3, 4]), start([11, 12, 13, 14])];
  await endOne();
  expect(begun).toEqual([
    [1, 2],
    [3, 4],
  ]);
  await endAll();
  expect(await Promise.all(jobs)).toEqual(['done', 'done']);
  expect(begun.flat().toSorted((a, b) => a - b)).toEqual([1, 2, 3, 4, 11, 12, 13, 14]);
});

test('an item that is heavier than a piece may be is one alone', async () => {
  const { begun, start, endAll } = open();
  const done = start([1, 9, 1, 1], { weightOf: (item) => item });
  await endAll();
  expect([await done, begun]).toEqual(['done', [[1], [9], [1, 1]]]);
});

test('nothing is begun after a stop, and what is begun is ended', async () => {
  const { begun, start, endAll } = open();
  const stop = new AbortController();
  const done = start(upTo(40), { signal: stop.signal });
  stop.abort();
  await endAll();
  expect([await done, begun.length]).toEqual(['done', 3]);
});

test('a piece that fails ends the rest and is told when what was begun has ended; the next job has its turn', async () => {
  const { background, begun, start, endAll } = open();
  let calls = 0;
  const work = async (): Promise<void> => {
    calls += 1;
    await new Promise((resolve) => setImmediate(resolve));
    throw new Error(`piece ${calls}`);
  };
  await expect(
    background.inPieces({ items: upTo(40), weightOf: () => 1, work, sizes: { least: 2, most: 2 } }),
  ).rejects.toThrow('piece 3');
  expect(calls).toBe(3);
  const done = start([1, 2]);
  await endAll();
  expect([await done, begun]).toEqual(['done', [[1, 2]]]);
});
