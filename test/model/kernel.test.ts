/** The product's kernel of lots agrees with the model after every operation, to the last unit and cent of each lot. */
import { Kernel, type Restated } from './kernel.js';
import { Life } from './life.js';
import { ALL_KINDS, daysOf, draw, isOfMembers, type Operation } from './operations.js';
import { sumOf } from './parts.js';
import { randomFrom } from './random.js';
import { drawWorld } from './world.js';

const SEEDS = Array.from({ length: Number(process.env.HANSA_TEST_SEEDS ?? 3) }, (_, index) => index + 1);

/** What a refund is about to restate. */
function before(life: Life, operation: Operation) {
  if (operation.kind !== 'REFUND') return [];
  const purchase = life.purchasesOf(operation.member).find(({ id }) => id === operation.purchase);
  return purchase?.accruals.map((accrual) => ({ accrual, stood: accrual.stands })) ?? [];
}

function tell(kernel: Kernel, life: Life, operation: Operation, stood: ReturnType<typeof before>): void {
  const { today } = life.books;
  switch (operation.kind) {
    case 'BUY': {
      const bought = life.purchasesOf(operation.member).find(({ id }) => id === operation.id);
      if (bought) kernel.bought(bought, today);
      return;
    }
    case 'REFUND': {
      const restated = stood.map(
        ({ accrual: { funder, stands }, stood: was }, accrual): Restated => ({
          accrual,
          funder,
          before: was,
          after: stands,
        }),
      );
      kernel.refunded(operation.member, operation.purchase, restated, today);
      return;
    }
    case 'DAYS': {
      for (const code of life.world.members) kernel.confirm(code, today);
      for (const { member, id } of life.lapsed) kernel.release(member, id, today);
      for (const code of life.world.members) kernel.catchUp(code, today);
      return;
    }
    default:
      kernel.apply(operation, today);
  }
}

const modelOf = (life: Life, member: string) => {
  const lots = life.books.lots.get(member) ?? [];
  return {
    lots: lots
      .filter(({ left }) => left.units > 0n)
      .map(({ pending, purchase, funder, left, contract, availableOn }) =>
        [
          ...[pending ? 'pending' : 'available', purchase ?? '-', funder, availableOn, left.units, left.value],
          ...(contract?.settles === 'AT_REDEMPTION' ? [left.commission, left.tax] : []),
        ].join(' '),
      )
      .sort(),
    debt: life.books.owed(member),
    borne: sumOf((life.books.borne.get(member) ?? []).map(({ left }) => left)),
  };
};

/** Purchases, their confirmation and what is taken back while they are on hold are no business of the kernel. */
const NOT_OF_LOTS = new Set([1, 4, 5, 16, 28, 32, 36]);
const KINDS = ALL_KINDS.filter((kind) => isOfMembers(kind) || kind === 'DAYS' || kind === 'SETTLE');

test.each(SEEDS)('seed %i', (seed) => {
  const random = randomFrom(seed);
  const life = new Life(drawWorld(random, daysOf(600)));
  const kernel = new Kernel(life.world);
  let seen = 0;
  for (let step = 1; step <= 600; step += 1) {
    const operation = draw(random, life, `o${step}`, KINDS);
    const stood = before(life, operation);
    if (life.apply(operation) !== 'ACCEPTED') continue;
    tell(kernel, life, operation, stood);
    const at = { seed, step, operation };
    for (const code of life.world.members)
      expect({ ...at, code, ...kernel.standing(code) }).toEqual({ ...at, code, ...modelOf(life, code) });
    // Every posting once: what was compared before cancels out.
    const entries = life.books.journal.entries.slice(seen);
    seen = life.books.journal.entries.length;
    for (const { legs } of entries.filter((entry) => !NOT_OF_LOTS.has(entry.row)))
      for (const [account, amount] of legs) kernel.post(account, -amount);
    expect({ ...at, difference: kernel.difference(), entries: kernel.difference().length > 0 && entries }).toEqual({
      ...at,
      ...{ difference: [], entries: false },
    });
  }
});
