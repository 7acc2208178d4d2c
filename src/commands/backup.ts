/** hansa backup and hansa restore: the embedded database, copied while it serves. */
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { type Config, loadConfig } from '../config.js';
import { backUp, restore } from '../infrastructure/db/backup.js';
import { openEmbedded } from '../infrastructure/db/embedded.js';
import { OperatorError } from '../infrastructure/operator-error.js';

const MEGABYTE = 1_000_000;
const say = (sentence: string): void => void process.stderr.write(`${sentence}\n`);

export function register(program: Command): void {
  program
    .command('backup')
    .description('copy the embedded database, passwords and keys into a new folder, while a gateway serves from it')
    .argument('<folder>', 'where to; made when it does not exist, must be empty when it does')
    .action(makeBackup);
  program
    .command('restore')
    .description('put a backup into an empty data directory (HANSA_DATA_DIR); the next start recovers it')
    .argument('<folder>', 'the backup')
    .action(restoreBackup);
}

/** A server of one's own has better tools, and they know how it is run. */
function embeddedOnly({ databaseUrl }: Config): void {
  if (databaseUrl === undefined) return;
  throw new OperatorError(
    'DATABASE_URL names a PostgreSQL server of yours: back it up with pg_basebackup and its archived journal (docs/OPERATIONS.md says how).',
  );
}

async function makeBackup(given: string): Promise<void> {
  const config = loadConfig();
  embeddedOnly(config);
  const folder = resolve(given);
  const server = await openEmbedded({ dataDir: config.dataDir, purpose: 'hansa backup', exclusive: false, say });
  try {
    let told = 0;
    const { bytes, files } = await backUp(server, config.dataDir, folder, (copied) => {
      if (!process.stderr.isTTY || copied - told < 50 * MEGABYTE) return;
      told = copied;
      say(`${megabytes(copied)} copied …`);
    });
    console.log(
      `${Object.keys(files).length} files, ${megabytes(bytes)}, are in ${folder}. They hold passwords and keys: keep the folder as safe as the database.`,
    );
  } finally {
    await server.leave();
  }
}

async function restoreBackup(given: string): Promise<void> {
  const config = loadConfig();
  embeddedOnly(config);
  const { madeAt, bytes } = await restore(resolve(given), config.dataDir, say);
  console.log(
    `The backup of ${madeAt} (${megabytes(bytes)}) is in ${config.dataDir}. The next command recovers it; prove it with: hansa ledger verify`,
  );
}

const megabytes = (bytes: number): string => `${(bytes / MEGABYTE).toFixed(1)} MB`;
