/**
 * The style is a test: who may import whom, who may write which table, which names and words there are, and
 * which files are long. When one of these fails, the change is in the wrong room.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { loadConfig } from '../src/config.js';

const project = loadConfig().projectFolder;

interface SourceFile {
  /** From the project's root, with slashes. */
  readonly path: string;
  readonly text: string;
  readonly imports: readonly string[];
}

/** `import x from 'y'`, `export x from 'y'`, `import 'y'` at the start of a line, and `import('y')` anywhere. */
const IMPORT = /\bfrom '([^'\n]+)';$|^import '([^'\n]+)';$|\bimport\(\s*'([^'\n]+)'/gm;

function filesBelow(folder: string): SourceFile[] {
  return readdirSync(join(project, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => {
      const full = join(entry.parentPath, entry.name);
      const text = readFileSync(full, 'utf8');
      const imports = [...text.matchAll(IMPORT)].map((match) => (match[1] ?? match[2] ?? match[3]) as string);
      return { path: relative(project, full), text, imports };
    });
}

const source = filesBelow('src');
const tests = filesBelow('test');

/** Each may use those before it, through their doors; never those after it. */
const MODULE_ORDER = [
  'access',
  'audit',
  'clock',
  'events',
  'ledger',
  'programme-files',
  'programmes',
  'partners',
  'clients',
  'members',
  'consents',
  'cards',
  'tokens',
  'lots',
  'treasury',
  'earning',
  'tiers',
  'offers',
  'transactions',
  'purchase-claims',
  'merchant-ids',
  'referrals',
  'redemption',
  'catalogue',
  'privacy',
  'round-ups',
  'settlement',
  'service-charges',
  'disputes',
  'fx',
  'reconciliation',
  'accounting',
  'bank-files',
  'payments',
  'adjustments',
  'imports',
  'connectors',
  'backtests',
  'proofs',
  'time-machine',
  'webhooks',
  'verification',
  'subscriptions',
];

/** Room of a path below src: "domain/kernel", "modules/cards", "api", or "root" for the entrances. */
function roomOf(path: string): string {
  const [, first = '', second = '', third] = path.split('/');
  if (third === undefined && second === '') return 'root';
  return ['domain', 'modules', 'infrastructure'].includes(first) && second !== '' ? `${first}/${second}` : first;
}

const targetOf = (file: SourceFile, specifier: string): string =>
  join(dirname(file.path), specifier).replace(/\.js$/, '.ts');

/** Why `file` may not import `target`, or nothing. */
function trespass(file: SourceFile, target: string): string | undefined {
  const from = roomOf(file.path);
  const to = roomOf(target);
  const [fromKind = '', fromName = ''] = from.split('/');
  const [toKind = '', toName = ''] = to.split('/');
  if (fromKind === 'root' || fromKind === 'commands' || fromKind === 'demo') return undefined;
  const allowed: Readonly<Record<string, readonly string[]>> = {
    domain: ['domain'],
    graphql: ['domain', 'graphql'],
    infrastructure: ['domain', 'infrastructure'],
    api: ['domain', 'graphql', 'infrastructure', 'api'],
    client: ['client'],
    modules: ['domain', 'graphql', 'infrastructure', 'modules'],
  };
  if (!(allowed[fromKind] ?? []).includes(toKind)) return `${fromKind} may not know ${toKind}`;
  if (fromKind === 'infrastructure' && toKind === 'domain' && !['kernel', 'access'].includes(toName)) {
    return 'infrastructure knows only the kernel of the domain';
  }
  if (fromKind !== 'modules' || toKind !== 'modules' || fromName === toName) return undefined;
  if (!target.endsWith('/index.ts')) return 'another module is entered by its door, index.ts';
  return MODULE_ORDER.indexOf(toName) < MODULE_ORDER.indexOf(fromName)
    ? undefined
    : `${fromName} stands below ${toName}`;
}

test('imports follow the arrows', () => {
  const wrong = source.flatMap((file) =>
    file.imports
      .filter((specifier) => specifier.startsWith('.'))
      .flatMap((specifier) => {
        const why = trespass(file, targetOf(file, specifier));
        return why === undefined ? [] : [`${file.path} imports ${specifier}: ${why}`];
      }),
  );
  expect(wrong).toEqual([]);
});

test('every module is in the order', () => {
  const modules = readdirSync(join(project, 'src/modules'));
  expect(modules.sort()).toEqual([...MODULE_ORDER].sort());
});

test('the domain is pure: no I/O, no clock, no chance, no waiting', () => {
  const libraries = new Set(['currency-codes', 'intl-messageformat', 'node:crypto']);
  const wrong = source
    .filter(({ path }) => path.startsWith('src/domain/'))
    .flatMap(({ path, text, imports }) => [
      ...imports
        .filter((name) => !name.startsWith('.') && !libraries.has(name))
        .map((name) => `${path} imports ${name}`),
      ...[
        ...text.matchAll(
          /\b(Date\.now|new Date\(\)|Math\.random|randomUUID|randomBytes|async |await |process\.|setTimeout)/g,
        ),
      ].map((match) => `${path} uses ${match[1]}`),
    ]);
  expect(wrong).toEqual([]);
});

test('only config.ts reads the environment', () => {
  const readers = source.filter(({ text }) => text.includes('process.env')).map(({ path }) => path);
  expect(readers).toEqual(['src/config.ts']);
});

test('no vague names and no floating point', () => {
  const vague = /(^|[-./])(utils?|helpers?|common|manager|impl|base|misc)([-.]|$)/;
  const wrong = source.flatMap(({ path, text }) => [
    ...(vague.test(path.split('/').at(-1) ?? '') ? [`${path} has a vague name`] : []),
    ...(/^[a-z0-9-]+(\.[a-z]+)?\.ts$/.test(path.split('/').at(-1) ?? '') ? [] : [`${path} is not in kebab-case`]),
    ...[...text.matchAll(/\b(class|interface) (Base\w*|\w*(?:Helper|Manager|Impl|Utils?))\b/g)].map(
      (m) => `${path} names ${m[2]}`,
    ),
    ...[...text.matchAll(/\b(parseFloat|GraphQLFloat)\b|=> Float\b/g)].map((m) => `${path} uses ${m[0]}`),
  ]);
  expect(wrong).toEqual([]);
});

test('nothing unfinished, nothing skipped for good, nothing from this machine', () => {
  const self = 'test/tidy.test.ts';
  const wrong = [...source, ...tests].flatMap(({ path, text }) => [
    ...(path === self ? [] : [...text.matchAll(/\b(TODO|FIXME|XXX)\b/g)].map((m) => `${path} has ${m[1]}`)),
    ...(path === self
      ? []
      : [...text.matchAll(/\b(?:test|it|describe)\.(only|skip)\(/g)].map((m) => `${path} has .${m[1]}`)),
    ...[...text.matchAll(/["'`]\/(root|home|work)\//g)].map((m) => `${path} names /${m[1]}`),
  ]);
  expect(wrong).toEqual([]);
});

/** Who may write a table in SQL. Tables that are not here are written by the ORM alone. */
const WRITERS: Readonly<Record<string, string>> = {
  account_balance: 'src/modules/ledger/',
  accrual: 'src/modules/earning/',
  accrual_reversal: 'src/modules/earning/',
  adjustment: 'src/modules/adjustments/',
  api_client: 'src/modules/clients/',
  audit_entry: 'src/infrastructure/db/',
  awaited_message: 'src/modules/transactions/',
  backtest_run: 'src/modules/backtests/',
  bank_account: 'src/modules/payments/',
  bank_message: 'src/modules/payments/',
  bank_movement: 'src/modules/payments/',
  bank_statement: 'src/modules/payments/',
  billing_details: 'src/modules/settlement/',
  budget_counter: 'src/modules/earning/',
  borne_clawback: 'src/modules/lots/',
  business_key: 'src/modules/transactions/',
  card: 'src/modules/cards/',
  chain_block: 'src/modules/proofs/',
  catalogue_claim: 'src/modules/catalogue/',
  catalogue_item: 'src/modules/catalogue/',
  consent_receipt: 'src/modules/consents/',
  client_key: 'src/modules/clients/',
  client_secret: 'src/modules/clients/',
  command_key: 'src/infrastructure/db/',
  connector: 'src/modules/connectors/',
  connector_file: 'src/modules/connectors/',
  connector_reject: 'src/modules/connectors/',
  connector_run: 'src/modules/connectors/',
  deployment: 'src/infrastructure/db/',
  dispute: 'src/modules/disputes/',
  event: 'src/modules/events/',
  event_head: 'src/modules/events/',
  due: 'src/modules/earning/',
  erasure: 'src/modules/privacy/',
  fx_rate: 'src/modules/fx/',
  import_row: 'src/modules/imports/',
  import_run: 'src/modules/imports/',
  invoice_series: 'src/modules/settlement/',
  journal_entry: 'src/modules/ledger/',
  lot_movement: 'src/modules/lots/',
  lot_pot: 'src/modules/lots/',
  mark_reached: 'src/modules/earning/',
  member: 'src/modules/members/',
  member_activation: 'src/modules/offers/',
  member_choice: 'src/modules/offers/',
  member_counter: 'src/modules/earning/',
  member_debt: 'src/modules/lots/',
  member_segment: 'src/modules/offers/',
  member_spend_day: 'src/modules/earning/',
  member_tier: 'src/modules/tiers/',
  member_tier_change: 'src/modules/tiers/',
  partner_payout: 'src/modules/connectors/',
  payment: 'src/modules/payments/',
  payment_file: 'src/modules/payments/',
  posting: 'src/modules/ledger/',
  merchant_id_rejection: 'src/modules/merchant-ids/',
  purchase_claim: 'src/modules/purchase-claims/',
  purchase_match: 'src/modules/transactions/',
  outflow_review: 'src/modules/redemption/',
  reconciliation: 'src/modules/reconciliation/',
  reconciliation_difference: 'src/modules/reconciliation/',
  redemption: 'src/modules/redemption/',
  redemption_take: 'src/modules/redemption/',
  receipt_allocation: 'src/modules/payments/',
  round_up: 'src/modules/round-ups/',
  service_charge: 'src/modules/service-charges/',
  settlement: 'src/modules/settlement/',
  settlement_item: 'src/modules/settlement/',
  settlement_line: 'src/modules/settlement/',
  settlement_seal: 'src/modules/proofs/',
  settlement_statement: 'src/modules/settlement/',
  signing_key: 'src/modules/tokens/',
  statement_commission: 'src/modules/settlement/',
  transaction: 'src/modules/transactions/',
  transaction_source: 'src/modules/transactions/',
  revoked_token: 'src/modules/tokens/',
  unit: 'src/modules/ledger/',
  window_matrix: 'src/modules/settlement/',
  window_part: 'src/modules/ledger/',
  unit_transfer: 'src/modules/redemption/',
  webhook_attempt: 'src/modules/webhooks/',
  webhook_delivery: 'src/modules/webhooks/',
  webhook_endpoint: 'src/modules/webhooks/',
  webhook_secret: 'src/modules/webhooks/',
  used_assertion: 'src/modules/tokens/',
  verified_upto: 'src/modules/verification/',
};
/** Written by two modules, each its own rows or columns, and why. */
const SHARED: Readonly<Record<string, readonly string[]>> = {
  // accruals bring lots and voids shrink them while they are pending, everything later is for lots to say
  lot: ['src/modules/earning/', 'src/modules/lots/'],
  // enrolment makes the row, the journal moves it, intake marks that something waits for a message to come and
  // when the member did something, as lots do
  member_balance: ['src/modules/members/', 'src/modules/ledger/', 'src/modules/lots/', 'src/modules/transactions/'],
  // the ledger opens the first and seals, settlement cuts and marks
  settlement_window: ['src/modules/ledger/', 'src/modules/settlement/'],
  // the ledger sums positions up when it seals, settlement takes them
  window_position: ['src/modules/ledger/', 'src/modules/settlement/'],
};

test('a table is written in one place', () => {
  const tables = new Set(
    readdirSync(join(project, 'migrations')).flatMap((file) =>
      [...readFileSync(join(project, 'migrations', file), 'utf8').matchAll(/create table (\w+)/g)].map(
        (m) => m[1] as string,
      ),
    ),
  );
  const wrong = source.flatMap(({ path, text }) =>
    [
      ...text.matchAll(/\b(?:insert into|update|delete from|copy)\s+(\w+)\b(?!\s*\()/gi),
      ...text.matchAll(/\b(?:insert into|copy)\s+(\w+)\s*\(/gi),
    ]
      .map((match) => match[1] as string)
      .filter((table) => tables.has(table))
      .filter((table) => {
        const places = SHARED[table] ?? (WRITERS[table] === undefined ? [] : [WRITERS[table]]);
        return !places.some((place) => path.startsWith(place));
      })
      .map((table) => `${path} writes ${table}`),
  );
  expect(wrong).toEqual([]);
});

test('statement names are unique: PostgreSQL plans each once per connection', () => {
  const names = source.flatMap(({ text }) =>
    [...text.matchAll(/\bstatement\(\s*['`]([^'`]+)['`]/g)].map((m) => m[1] as string),
  );
  expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  expect(names.length).toBeGreaterThan(20);
});

/** Files that may be longer than the rest, and why they are one room. */
const LONG: Readonly<Record<string, string>> = {
  'src/domain/earning/model.ts': 'every word of earning in one place; types only',
  'src/client/operations.ts': 'made from the schema',
  'src/modules/privacy/personal-data.ts': 'every column about members in one list',
  'src/modules/transactions/transaction.graphql.ts': 'every type of intake in one list',
};

test('files stay short enough to be read at once', () => {
  const long = source
    .map(({ path, text }) => ({ path, lines: text.split('\n').length }))
    .filter(({ path, lines }) => lines > 330 && LONG[path] === undefined)
    .map(({ path, lines }) => `${path} has ${lines} lines: split it by use case, or say here why not`);
  expect(long).toEqual([]);
});
