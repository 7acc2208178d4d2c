/**
 * Everything that a stranger to a world can ask, over real data: no id, reference, name or amount of the other world
 * comes back, in data or in errors. What is secret is not written down here: it is whatever stands in rows that belong
 * to the other world alone.
 */
import { execute, type GraphQLSchema, isObjectType, parse } from 'graphql';
import { createContext } from '../../src/api/context.js';
import { RateLimiter } from '../../src/api/rate-limits.js';
import { createSchema } from '../../src/api/schema.js';
import { type Principal, SCOPES } from '../../src/domain/access/principal.js';
import { resolverInstances } from '../../src/resolver-instances.js';
import { resolvers } from '../../src/resolvers.js';
import type { Gateway } from '../e2e/gateway.js';
import { openTwoWorlds, PROGRAMME, secretsOf } from './two-worlds.js';
import { type Walk, walk } from './walk.js';

let gateway: Gateway;
let schema: GraphQLSchema;
let walked: Walk;
let secrets: Map<string, string>;
/** Ids of rows of either world, by table: what an attacker could have heard of. */
let ids: string[];
beforeAll(async () => {
  gateway = await openTwoWorlds();
  schema = await createSchema(resolvers, resolverInstances(gateway.db, gateway.services));
  secrets = await secretsOf(gateway, 'zebra');
  ids = [...oneOfEach(secrets), ...oneOfEach(await secretsOf(gateway, 'ant'))];
  walked = walk(schema, candidatesOf);
}, 180_000);
afterAll(() => gateway?.close());

const UUID = /^[0-9a-f]{8}-[0-9a-f-]{27}$/;

function oneOfEach(found: ReadonlyMap<string, string>): string[] {
  const ofTable = new Map<string, string>();
  for (const [value, place] of found) if (UUID.test(value) && place.endsWith('.id')) ofTable.set(place, value);
  return [...ofTable.values()];
}

function candidatesOf(name: string, type: string): readonly string[] {
  const quoted = (...values: string[]): string[] => values.map((value) => JSON.stringify(value));
  if (type === 'ID') return quoted(...ids);
  if (name === 'programmeCode') return quoted(PROGRAMME);
  if (name === 'partnerCode' || name === 'supplierCode') return quoted('zebra-shop', 'zebra-bank', 'ant-shop');
  if (name === 'memberCode' || name === 'cardToken') return quoted('zebra-anna', 'ant-anna');
  if (name === 'itemCode') return quoted('zebra-off');
  if (name === 'code') return quoted(PROGRAMME, 'zebra-shop', 'zebra-anna');
  if (name === 'reference') return quoted('bread-of-zebra-anna', 'till-of-zebra');
  if (type === 'Decimal') return quoted('10');
  if (type === 'CurrencyCode') return quoted('EUR');
  if (type === 'BusinessDate') return quoted('2026-03-10');
  if (type === 'DateTime') return quoted('2999-01-01T00:00:00Z');
  if (type === 'Int' || type === 'Boolean') return [];
  return type === 'String' && !['after', 'before', 'search'].includes(name) ? quoted('zebra') : [];
}

async function principal(kind: 'PARTNER' | 'MEMBER', code: string): Promise<Principal> {
  const table = kind === 'PARTNER' ? 'partner' : 'member';
  const { rows } = await gateway.db.superuser.query(`select no, id from ${table} where code = $1`, [code]);
  const common = { subject: `test ${code}`, scopes: new Set(SCOPES) };
  return kind === 'PARTNER'
    ? { ...common, kind, partnerNo: rows[0].no, partnerCode: code }
    : { ...common, kind, memberNo: rows[0].no, memberId: rows[0].id };
}

test('the other world has secrets of every kind, or this test proves nothing', () => {
  const places = new Set(secrets.values());
  for (const place of [
    'member.code',
    'member.id',
    'card.token',
    'transaction.id',
    'lot.id',
    'redemption.id',
    'redemption.reference',
    'settlement_line.id',
    'dispute.reason',
    'bank_account.iban',
    'reconciliation_difference.reference',
    'api_client.name',
    'webhook_endpoint.url',
    'unit_transfer.id',
  ])
    expect([...places]).toContain(place);
});

test.each<['PARTNER' | 'MEMBER', string]>([
  ['PARTNER', 'ant-shop'],
  ['PARTNER', 'ant-bank'],
  ['PARTNER', 'ant-charity'],
  ['MEMBER', 'ant-anna'],
])(
  'a %s of the one world learns nothing of the other: %s',
  async (kind, code) => {
    const who = await principal(kind, code);
    const leaks = new Set<string>();
    let answered = 0;
    for (const question of walked.questions) {
      const context = createContext(
        who,
        {
          requestId: 'walk',
          signal: new AbortController().signal,
          meter: new RateLimiter({ clientCost: 0, strangerRequests: 0, failedSignIns: 0 }).meterFor(who),
        },
        gateway.db.reader,
      );
      const answer = await execute({ schema, document: parse(question, { noLocation: true }), contextValue: context });
      const text = JSON.stringify(answer);
      if (Object.values(answer.data ?? {}).some((value) => value !== null)) answered += 1;
      const asked = question.slice(0, 200);
      for (const [secret, place] of secrets)
        if (text.includes(secret) && !asked.includes(secret)) leaks.add(`${place} "${secret}" by ${asked}`);
    }
    expect([...leaks].slice(0, 20)).toEqual([]);
    expect(answered).toBeGreaterThan(5);
  },
  300_000,
);

test('the walk asks for every field of every object type that a query can reach', () => {
  const { asked } = walked;
  const reached = new Set([...asked].map((place) => place.split('.')[0]));
  const missing = Object.values(schema.getTypeMap())
    .filter((type) => isObjectType(type) && reached.has(type.name) && !type.name.startsWith('__'))
    .flatMap((type) =>
      isObjectType(type) ? Object.keys(type.getFields()).map((field) => `${type.name}.${field}`) : [],
    )
    .filter((place) => !asked.has(place) && !place.endsWith('.edges'));
  expect(missing).toEqual([]);
});
