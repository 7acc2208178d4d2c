#!/usr/bin/env node
import { existsSync } from 'node:fs';

// npm ci builds dist (the prepare script); a checkout without it deserves a better word than a module error.
const entrance = new URL('../dist/src/cli.js', import.meta.url);
if (existsSync(entrance)) {
  await import(entrance.href);
} else {
  process.stderr.write('hansa: this checkout is not built yet. Run npm ci first (or npm run build).\n');
  process.exitCode = 1;
}
