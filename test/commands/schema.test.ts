import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { subgraphText } from '../../src/api/federation.js';
import { createSchema } from '../../src/api/schema.js';
import { resolvers } from '../../src/resolvers.js';

const CLI = join(import.meta.dirname, '..', '..', 'src', 'cli.js');

test('schema --subgraph prints what a router composes from', async () => {
  const printed = execFileSync(process.execPath, [CLI, 'schema', '--subgraph'], { encoding: 'utf8' });
  expect(printed).toBe(`${subgraphText(await createSchema(resolvers))}\n`);
});
