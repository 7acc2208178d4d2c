/** hansa partner: takes a partner in, and checks its integration. */
import { type Command, InvalidArgumentError, Option } from 'commander';
import { HansaClient } from '../client/index.js';
import { loadConfig } from '../config.js';
import { CHANNELS, type Channel } from '../domain/earning/model.js';
import { OperatorError } from '../infrastructure/operator-error.js';
import { OPERATOR_AT_KEYBOARD } from './operator-principal.js';
import { checkPartner, type StepResult } from './partner-check.js';
import { withDatabases } from './with-databases.js';

interface OnboardOptions {
  readonly code: string;
  readonly name: string;
  readonly merchantId: string[];
  readonly channel: Channel;
}

interface CheckOptions {
  readonly programme: string;
  readonly partner: string;
  readonly card: string;
  readonly currency: string;
  readonly url?: string;
  readonly json?: boolean;
}

export function register(program: Command): void {
  const partner = program.command('partner').description('take a partner in, and check its integration');
  partner
    .command('onboard')
    .description('take a merchant in with one outlet; contracts and more outlets come by the API')
    .requiredOption('--code <code>', 'its short name: small letters, digits and dashes')
    .requiredOption('--name <name>', 'what members read')
    .requiredOption('--merchant-id <id...>', 'what acquirers call it')
    .addOption(new Option('--channel <channel>', 'where it sells').choices(CHANNELS).default('ONLINE'))
    .action(onboard);
  partner
    .command('check')
    .description(
      "play a partner's integration with its own credentials (HANSA_CLIENT_ID, HANSA_CLIENT_SECRET); exit code 1 when a step fails",
    )
    .requiredOption('--partner <code>', 'the partner whose credentials they are')
    .requiredOption('--card <token>', 'a card of a member who is there for tests')
    .requiredOption('--programme <code>', 'the programme')
    .option('--currency <code>', 'its currency', readCurrency, 'EUR')
    .option('--url <address>', 'the gateway (default: this machine, PORT)')
    .option('--json', 'one JSON object per step instead of a table')
    .action(check);
}

function readCurrency(text: string): string {
  if (/^[A-Z]{3}$/.test(text)) return text;
  throw new InvalidArgumentError('Write three capital letters, such as EUR.');
}

async function onboard({ code, name, merchantId, channel }: OnboardOptions): Promise<void> {
  const { PartnerService } = await import('../modules/partners/index.js'); // late: the check needs no module
  const result = await withDatabases('hansa partner onboard', ({ writer }) =>
    new PartnerService(writer).onboard(OPERATOR_AT_KEYBOARD, {
      code,
      name,
      roles: ['MERCHANT'],
      outlets: [{ code: 'main', name, channel, merchantIds: merchantId }],
    }),
  );
  if (!result.ok) throw new OperatorError(result.failure.message);
  console.log(`${name} is a partner: ${code}. Its program signs in after: hansa client register --partner ${code}`);
}

async function check({ programme, partner, card, currency, url, json }: CheckOptions): Promise<void> {
  const { clientCredentials, host, port } = loadConfig();
  if (clientCredentials === undefined)
    throw new OperatorError(
      'Set HANSA_CLIENT_ID and HANSA_CLIENT_SECRET to the credentials that hansa client register printed.',
    );
  const client = new HansaClient({ url: url ?? `http://${host}:${port}`, ...clientCredentials });
  const subject = { programmeCode: programme, partnerCode: partner, cardToken: card, currencyCode: currency };
  const results = await checkPartner(client, subject, json === true ? printJson : print);
  const failed = results.filter(({ outcome }) => outcome === 'FAIL').length;
  if (json !== true)
    console.log(failed === 0 ? 'The integration passes.' : `${failed} of ${results.length} steps failed.`);
  if (failed > 0) process.exitCode = 1;
}

const print = ({ step, outcome, note }: StepResult): void => console.log(`${outcome}  ${step}: ${note}`);
const printJson = (result: StepResult): void => console.log(JSON.stringify(result));
