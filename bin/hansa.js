#!/usr/bin/env node
import { existsSync } from 'node:fs';

/**
 * How V8 keeps house, which it must be told before it begins. On a machine with room to spare it takes 128 MB for what is
 * young and lets what is old grow fourfold before it looks; bench/NOTES.md says what this saves and costs. Neither is a
 * limit: memory that is needed is had. What NODE_OPTIONS says goes before.
 */
const MEMORY = ['--max-semi-space-size=16', '--heap-growing-percent=100'].filter(
  (flag) => !(process.env.NODE_OPTIONS ?? '').includes(flag.slice(0, flag.indexOf('='))),
);

// The same process goes on as a node with these options; where that is not to be had (Windows), it goes on without.
if (!MEMORY.every((flag) => process.execArgv.includes(flag)))
  process.execve?.(process.execPath, [process.execPath, ...MEMORY, ...process.execArgv, ...process.argv.slice(1)]);

// npm ci builds dist (the prepare script); a checkout without it deserves a better word than a module error.
const entrance = new URL('../dist/src/cli.js', import.meta.url);
if (existsSync(entrance)) {
  await import(entrance.href);
} else {
  process.stderr.write('hansa: this checkout is not built yet. Run npm ci first (or npm run build).\n');
  process.exitCode = 1;
}
