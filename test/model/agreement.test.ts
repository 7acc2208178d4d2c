import { expectAgreement } from './agreement.js';

const EVERY = Number(process.env.HANSA_TEST_EVERY ?? 200);
const SEEDS = (process.env.HANSA_TEST_SEED ?? '1,2').split(',').map(Number);

test.each(SEEDS)(
  'the product and the model agree, seed %i',
  async (seed) => {
    await expectAgreement({ seed, operations: 1_000, every: EVERY, atOnce: 8 });
  },
  120_000,
);
