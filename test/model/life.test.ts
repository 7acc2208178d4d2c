/** Whatever happens to the model, its own books stay sound, and what it refuses changes nothing. */

import { Life } from './life.js';
import { ALL_KINDS, draw } from './operations.js';
import { randomFrom } from './random.js';
import { expectSound } from './sound.js';
import { drawWorld } from './world.js';

test.each(Array.from({ length: 4 }, (_, index) => index + 1))('seed %i', (seed) => {
  const random = randomFrom(seed);
  const life = new Life(drawWorld(random));
  const seen = new Map<string, number>();
  for (let step = 1; step <= 1_000; step += 1) {
    const operation = draw(random, life, `o${step}`, ALL_KINDS);
    const before = life.books.journal.entries.length;
    const outcome = life.apply(operation);
    const name = `${operation.kind} ${outcome === 'ACCEPTED' ? outcome : outcome.rejected}`;
    seen.set(name, (seen.get(name) ?? 0) + 1);
    if (outcome !== 'ACCEPTED') expect([operation, life.books.journal.entries.length]).toEqual([operation, before]);
    if (step % 250 === 0) expectSound(life.books);
  }
  for (const kind of ALL_KINDS) expect([...seen.keys()]).toContain(`${kind} ACCEPTED`);
  for (const { lines, programme } of life.settlements) {
    expect(lines.reduce((sum, { net }) => sum + net, programme)).toBe(0n);
  }
});
