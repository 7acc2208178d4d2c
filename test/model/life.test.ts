/** Whatever happens to the model, its own books stay sound, and what it refuses changes nothing. */
import { Life } from './life.js';
import { ALL_KINDS, daysOf, draw, type OperationKind } from './operations.js';
import { randomFrom } from './random.js';
import { expectSound } from './sound.js';
import { drawWorld } from './world.js';

/** In any of the lives. */
const accepted = new Set<OperationKind>();

test.each(Array.from({ length: 4 }, (_, index) => index + 1))('seed %i', (seed) => {
  const random = randomFrom(seed);
  const life = new Life(drawWorld(random, daysOf(1_000)));
  for (let step = 1; step <= 1_000; step += 1) {
    const operation = draw(random, life, `o${step}`, ALL_KINDS);
    const before = life.books.journal.entries.length;
    const outcome = life.apply(operation);
    if (outcome === 'ACCEPTED') accepted.add(operation.kind);
    if (outcome !== 'ACCEPTED') expect([operation, life.books.journal.entries.length]).toEqual([operation, before]);
    if (step % 250 === 0) expectSound(life.books);
  }
  for (const { lines, programme } of life.settlements) {
    expect(lines.reduce((sum, { net }) => sum + net, programme)).toBe(0n);
  }
});

test('everything has happened at least once', () => {
  expect([...accepted].sort()).toEqual([...ALL_KINDS].sort());
});
