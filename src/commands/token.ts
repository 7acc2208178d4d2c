/** `hansa token`: a token of the development issuer, for the command line and for tests by hand. */
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { PrincipalKind, Scope } from '../domain/access/principal.js';
import { SCOPES } from '../domain/access/principal.js';
import { isScope, openDevelopmentIssuer, PRINCIPAL_KINDS } from '../infrastructure/auth/index.js';
import { OperatorError } from '../infrastructure/operator-error.js';
import { developmentClaims, PrincipalDirectory } from '../modules/access/index.js';
import { withDatabases } from './with-databases.js';

interface TokenOptions {
  readonly principal: PrincipalKind;
  readonly partner?: string;
  readonly member?: string;
  readonly scopes?: readonly Scope[];
  readonly expires: number;
}

const SECONDS = { m: 60, h: 3_600, d: 86_400 } as const;
const LONGEST_SECONDS = 30 * SECONDS.d;

/** "30m", "12h", "7d" -> seconds. */
export function parseLifetime(text: string): number {
  const match = /^(\d{1,5})([mhd])$/.exec(text);
  const seconds = match ? Number(match[1]) * SECONDS[match[2] as keyof typeof SECONDS] : 0;
  if (seconds > 0 && seconds <= LONGEST_SECONDS) return seconds;
  throw new InvalidArgumentError('Write a number and m, h or d, such as 30m or 12h; at most 30d.');
}

/** "members:read,ledger:read" -> scopes. */
export function parseScopes(text: string): Scope[] {
  return text.split(/[\s,]+/).map((scope) => {
    if (isScope(scope)) return scope;
    throw new InvalidArgumentError(`"${scope}" is not a scope. There are: ${SCOPES.join(', ')}.`);
  });
}

export function register(program: Command): void {
  program
    .command('token')
    .description('print a token for development')
    .addOption(new Option('--principal <kind>', 'who it is for').choices(PRINCIPAL_KINDS).makeOptionMandatory())
    .option('--partner <code>', 'the partner, for PARTNER')
    .option('--member <id or code>', 'the member, for MEMBER')
    .option('--scopes <list>', 'what it allows, with commas between (all that the principal can use)', parseScopes)
    .option('--expires <time>', 'how long it lasts: 30m, 12h, 7d', parseLifetime, parseLifetime('12h'))
    .action(async (options: TokenOptions) => {
      const token = await withDatabases('hansa token', async ({ config, database }) => {
        const issuer = await openDevelopmentIssuer({
          dataDirectory: config.dataDir,
          environment: config.environment,
          audience: config.tokenAudience,
        });
        const claims = await developmentClaims(new PrincipalDirectory(database), options);
        if (!claims.ok) throw new OperatorError(claims.failure.message);
        return issuer.issue(claims.value, options.expires);
      });
      process.stdout.write(`${token}\n`);
    });
}
