import { expectAgreement } from './agreement.js';

const EVERY = Number(process.env.HANSA_TEST_EVERY ?? 100);
const OPERATIONS = Number(process.env.HANSA_TEST_OPERATIONS ?? 10_000);
const SEEDS = Array.from({ length: 20 }, (_, index) => index + 1);

test.each(SEEDS)('the product and the model agree for a long time, seed %i', async (seed) => {
  await expectAgreement({ seed, operations: OPERATIONS, every: EVERY, atOnce: 12 });
});
