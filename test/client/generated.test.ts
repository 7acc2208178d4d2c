import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadConfig } from '../../src/config.js';
import { GENERATED, generateClient } from './generate-client.js';

test('the client has the operations and types of the schema as it is (npm run client)', async () => {
  const { projectFolder } = loadConfig();
  expect(await generateClient(projectFolder)).toBe(readFileSync(join(projectFolder, GENERATED), 'utf8'));
});
