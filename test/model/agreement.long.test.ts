import { expectAgreement } from './agreement.js';

const SEEDS = Array.from({ length: 20 }, (_, index) => index + 1);

test.each(SEEDS)('the product and the model agree for a long time, seed %i', async (seed) => {
  await expectAgreement({ seed, operations: 10_000, every: 500, atOnce: 12 });
});
