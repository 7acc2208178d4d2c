import { fuzz } from './fuzz-run.js';

const SEED = Number(process.env.HANSA_TEST_SEED ?? 1);

test('a thousand requests that nobody should send leave the gateway as it was', async () => {
  const { faults, stored, growth, byStatus } = await fuzz(SEED, 1_000);
  expect(faults).toEqual([]);
  expect(stored).toEqual([]);
  expect(growth).toBeLessThan(0.1);
  // The requests are odd enough to be refused in every way, and close enough to be understood at times.
  expect(Object.keys(byStatus)).toEqual(expect.arrayContaining(['200', '400', '401', '404', '405', '415']));
}, 300_000);
