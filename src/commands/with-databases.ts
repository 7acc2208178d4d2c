/** What a command that works on the database needs around it. */
import { v7 } from 'uuid';
import { type Config, loadConfig } from '../config.js';
import type { Principal } from '../domain/access/principal.js';
import { entities } from '../entities.js';
import { type Act, inAct } from '../infrastructure/db/acts.js';
import { type Databases, openDatabases } from '../infrastructure/db/orm.js';
import { type DatabaseServer, openServer } from '../infrastructure/db/server.js';
import { openSecretBox } from '../infrastructure/secret-keys.js';
import { OPERATOR_AT_KEYBOARD } from './operator-principal.js';

export interface CommandContext extends Databases {
  readonly config: Config;
  readonly server: DatabaseServer;
}

/**
 * Opens the database (joining a gateway that already runs on the data directory, else starting the embedded
 * server for the time being), does the work and closes everything, also when the work throws.
 * What it changes is in the audit log as what `actor` did.
 * @param purpose the command, as other processes will name it: "hansa import"
 */
export async function withDatabases<T>(
  purpose: string,
  work: (context: CommandContext) => Promise<T>,
  actor = OPERATOR_AT_KEYBOARD,
): Promise<T> {
  const config = loadConfig();
  const say = (sentence: string) => process.stderr.write(`${sentence}\n`);
  const server = await openServer({ ...config, purpose, exclusive: false, say });
  try {
    const databases = await openDatabases({
      writerUrl: server.url('hansa_writer'),
      readerUrl: server.url('hansa_reader'),
      entities,
      secrets: openSecretBox(config),
    });
    try {
      return await inAct(actOf(purpose, actor), () => work({ ...databases, config, server }));
    } finally {
      await databases.close();
    }
  } finally {
    await server.leave();
  }
}

function actOf(purpose: string, { subject, kind }: Principal): Act {
  const id = v7();
  return { id, operation: purpose, actor: subject, actorKind: kind, requestId: id, subjects: [], input: {} };
}
