/**
 * npm run torture -- --rounds 50 --seed 1
 *
 * Two gateways with their workers on one PostgreSQL, everything that can go wrong, and after each round the question
 * whether anything was lost, doubled or broken. Exit code 1 when it was, with the round's log and the command that repeats it.
 * --faults A,B: those alone. --verbose: every burst. --write: the figures into RELIABILITY.md.
 */
import 'reflect-metadata';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ownProduct } from './gateway-process.js';
import { runTorture } from './run.js';
import { reliabilityOf, summaryOf } from './summary.js';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '50' },
    seed: { type: 'string', default: '1' },
    faults: { type: 'string' },
    verbose: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
  },
});
const say = (line: string): void => console.log(line);
const total = await runTorture({
  ...{ rounds: Number(values.rounds), seed: Number(values.seed), say, verbose: values.verbose },
  ...(values.faults !== undefined && { only: values.faults.split(',') }),
});
say(summaryOf(total));
if (values.write) writeFileSync(join(ownProduct(), 'RELIABILITY.md'), reliabilityOf(total));
process.exit(total.violations.length === 0 ? 0 : 1);
