/** `hansa client`: registers clients at the keyboard, the first administrator of a production gateway above all. */
import { type Command, InvalidArgumentError, Option } from 'commander';
import { v7 } from 'uuid';
import type { ClientKind } from '../domain/access/client.js';
import type { Scope } from '../domain/access/principal.js';
import type { Result } from '../domain/kernel/result.js';
import { OperatorError } from '../infrastructure/operator-error.js';
import { scopesFor } from '../modules/access/index.js';
import { ClientService } from '../modules/clients/index.js';
import { OPERATOR_AT_KEYBOARD } from './operator-principal.js';
import { parseScopes } from './token.js';
import { withDatabases } from './with-databases.js';

interface RegisterOptions {
  readonly kind: ClientKind;
  readonly partner?: string;
  readonly name?: string;
  readonly scopes?: readonly Scope[];
  readonly secret: boolean;
}

const KINDS: readonly ClientKind[] = ['ADMIN', 'OPERATOR', 'SERVICE', 'PARTNER'];
/** Of a bank's app alone, so nobody gets it without asking for it. */
const UNLESS_ASKED: Scope = 'members:act';
const LONGEST_OVERLAP_MINUTES = 43_200;

export function register(program: Command): void {
  const client = program.command('client').description('register, rotate and revoke the programs that sign in');
  client
    .command('register')
    .description('register a client and print its id and its secret, which nobody can read again')
    .addOption(new Option('--kind <kind>', 'as what it signs in').choices(KINDS).default('PARTNER'))
    .option('--partner <code>', 'the partner whose client it is, for PARTNER')
    .option('--name <name>', 'what it is called (the partner, else the kind)')
    .option('--scopes <list>', 'what it may do, with commas between (all of its kind but members:act)', parseScopes)
    .option('--no-secret', 'it will sign with a key instead (clientKeyAdd)')
    .action(({ kind, partner, name, scopes, secret }: RegisterOptions) =>
      change((clients) =>
        clients.register(OPERATOR_AT_KEYBOARD, {
          kind,
          name: name ?? partner ?? kind.toLowerCase(),
          scopes: scopes ?? scopesFor(kind).filter((scope) => scope !== UNLESS_ASKED),
          withSecret: secret,
          idempotencyKey: v7(),
          ...(partner !== undefined && { partnerCode: partner }),
        }),
      ),
    );
  client
    .command('rotate')
    .description('print a new secret of a client; those before it stay good for a day')
    .argument('<client id>')
    .option('--overlap <minutes>', 'for how long the secrets before stay good', parseMinutes, 1_440)
    .action((clientId: string, { overlap }: { readonly overlap: number }) =>
      change((clients) =>
        clients.rotateSecret(OPERATOR_AT_KEYBOARD, { clientId, overlapMinutes: overlap, idempotencyKey: v7() }),
      ),
    );
  client
    .command('revoke')
    .description('end a client for good, its tokens within a minute')
    .argument('<client id>')
    .action((clientId: string) => change((clients) => clients.revoke(OPERATOR_AT_KEYBOARD, clientId)));
}

function parseMinutes(text: string): number {
  const minutes = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (minutes <= LONGEST_OVERLAP_MINUTES) return minutes;
  throw new InvalidArgumentError(`Write minutes, 0 to ${LONGEST_OVERLAP_MINUTES}.`);
}

type Changed = Result<{ readonly clientId: string; readonly secret?: string }, string>;

/** Prints what a program needs to sign in, in the form of settings. */
async function change(work: (clients: ClientService) => Promise<Changed>): Promise<void> {
  const result = await withDatabases('hansa client', ({ database }) => work(new ClientService(database)));
  if (!result.ok) throw new OperatorError(result.failure.message);
  const { clientId, secret } = result.value;
  process.stdout.write(`HANSA_CLIENT_ID=${clientId}\n${secret === undefined ? '' : `HANSA_CLIENT_SECRET=${secret}\n`}`);
}
