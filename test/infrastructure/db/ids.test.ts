import { DatabaseTime } from '../../../src/infrastructure/db/ids.js';

const msecsOf = (id: string): number => Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16);

/** A process whose stopwatch began some time ago, on a database whose time is given. */
function processOf(began: number) {
  let now = 0;
  const time = new DatabaseTime(() => now - began);
  return {
    time,
    at: (databaseMs: number) => {
      now = databaseMs;
    },
  };
}

const DAY = 1_800_000_000_000;

test('ids are in order by the time of the database, whoever makes them', () => {
  const [one, other] = [processOf(DAY - 77), processOf(DAY - 123_456_789)];
  const made: string[] = [];
  for (let nth = 0; nth < 200; nth += 1) {
    const { time, at } = nth % 3 === 0 ? one : other;
    // The answer takes a while, now and then very long.
    const said = DAY + nth * 0.5 + (nth % 7 === 0 && nth > 10 ? -40 : 0);
    at(DAY + nth * 0.5);
    time.hear(said);
    made.push(time.newId());
  }
  expect([...made].sort()).toEqual(made);
});

test('ids of one process rise, however quickly it makes them and also when the database goes back', () => {
  const { time, at } = processOf(DAY - 5);
  at(DAY);
  time.hear(DAY);
  const made = Array.from({ length: 1_000 }, () => time.newId());
  expect(new Set(made.map(msecsOf))).toEqual(new Set([DAY]));
  for (let nth = 0; nth < 100; nth += 1) time.hear(DAY - 10_000);
  made.push(time.newId());
  expect([...made].sort()).toEqual(made);
});

test('a slow answer does not count once a quick one is known', () => {
  const { time, at } = processOf(DAY - 5);
  at(DAY);
  time.hear(DAY - 3_000);
  expect(msecsOf(time.newId())).toBe(DAY - 3_000);
  time.hear(DAY);
  time.hear(DAY - 2_000);
  expect(msecsOf(time.newId())).toBe(DAY);
});

test('before the database has said anything, the time is about that of the process', () => {
  const id = new DatabaseTime(() => performance.now()).newId();
  expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(Math.abs(msecsOf(id) - Date.now())).toBeLessThan(60_000);
});
