/** `npm run client`. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { GENERATED, generateClient } from './generate-client.js';

const project = join(import.meta.dirname, '..', '..', '..');
writeFileSync(join(project, GENERATED), await generateClient(project));
