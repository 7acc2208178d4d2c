import { fuzz } from './fuzz-run.js';

test('ten thousand requests that nobody should send leave the gateway as it was', async () => {
  const { faults, stored, growth } = await fuzz(Number(process.env.HANSA_TEST_SEED ?? 2), 10_000);
  expect(faults).toEqual([]);
  expect(stored).toEqual([]);
  expect(growth).toBeLessThan(0.1);
});
