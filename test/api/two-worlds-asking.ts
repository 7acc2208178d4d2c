/** Asking what a walk asks, as somebody of one of the two worlds (two-worlds.ts), and looking for what is secret. */
import { type ExecutionResult, execute, type GraphQLSchema, parse } from 'graphql';
import { createContext } from '../../src/api/context.js';
import { RateLimiter } from '../../src/api/rate-limits.js';
import { type Principal, SCOPES } from '../../src/domain/access/principal.js';
import type { GatewayContext } from '../../src/graphql/context.js';
import type { Gateway } from '../e2e/gateway.js';
import { tablesOf } from '../support/migrated-rows.js';
import { PROGRAMME } from './two-worlds.js';
import type { Candidates } from './walk.js';

/** Those of the one world who ask. */
export const ANTS: readonly (readonly ['PARTNER' | 'MEMBER', string])[] = [
  ['PARTNER', 'ant-shop'],
  ['PARTNER', 'ant-bank'],
  ['PARTNER', 'ant-charity'],
  ['MEMBER', 'ant-anna'],
];

export async function principalOf({ db }: Gateway, kind: 'PARTNER' | 'MEMBER', code: string): Promise<Principal> {
  const table = kind === 'PARTNER' ? 'partner' : 'member';
  const { rows } = await db.superuser.query(`select no, id from ${table} where code = $1`, [code]);
  const common = { subject: `test ${code}`, scopes: new Set(SCOPES) };
  return kind === 'PARTNER'
    ? { ...common, kind, partnerNo: rows[0].no, partnerCode: code }
    : { ...common, kind, memberNo: rows[0].no, memberId: rows[0].id };
}

export function contextFor({ db }: Gateway, who: Principal, signal = new AbortController().signal): GatewayContext {
  const meter = new RateLimiter({ clientCost: 0, strangerRequests: 0, failedSignIns: 0 }).meterFor(who);
  return createContext(who, { requestId: 'walk', signal, meter }, db.reader);
}

export const askAs = async (
  gateway: Gateway,
  schema: GraphQLSchema,
  who: Principal,
  question: string,
  variableValues: { readonly [name: string]: unknown } = {},
): Promise<ExecutionResult> =>
  execute({
    schema,
    document: parse(question, { noLocation: true }),
    contextValue: contextFor(gateway, who),
    variableValues,
  });

/** Ids of rows by table, of either world: what an attacker could have heard of. */
export type Ids = ReadonlyMap<string, readonly string[]>;

/** One of each world where rows belong to somebody, else the first and the last. */
export async function idsOf({ db }: Gateway, secrets: readonly ReadonlyMap<string, string>[]): Promise<Ids> {
  const found = new Map<string, string[]>();
  for (const table of await tablesOf(db.superuser)) {
    const { rows } = await db.superuser.query(`select * from ${table}`);
    const ids = rows.flatMap(({ id }) => (typeof id === 'string' ? [id] : []));
    const ofWorlds = secrets.flatMap((world) => ids.find((id) => world.get(id) === `${table}.id`) ?? []);
    const some = ofWorlds.length === secrets.length ? ofWorlds : [ids[0], ids.at(-1)];
    if (ids.length > 0) found.set(table, [...new Set(some)] as string[]);
  }
  return found;
}

/** What arguments are called that name rows of a table of another name. */
const TABLES: Readonly<Record<string, string>> = {
  clientId: 'api_client',
  claimId: 'purchase_claim',
  connector: 'connector',
  endpointId: 'webhook_endpoint',
  keyId: 'client_key',
  lineId: 'settlement_line',
  matchId: 'purchase_match',
  reviewId: 'outflow_review',
  secretId: 'client_secret',
  windowId: 'settlement_window',
  client: 'api_client',
  clearingAccountId: 'bank_account',
  movementId: 'bank_movement',
};

const snake = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

export function candidatesFrom(ids: Ids): Candidates {
  const quoted = (...values: string[]): string[] => values.map((value) => JSON.stringify(value));
  const everyId = [...new Set([...ids.values()].flat())];
  return (name, type, of) => {
    if (type === 'ID') {
      const named = name === 'id' ? of : name;
      const ofTable = ids.get(TABLES[named] ?? snake(named.replace(/Id$/, '')));
      return quoted(...(ofTable ?? everyId));
    }
    if (name === 'programmeCode') return quoted(PROGRAMME);
    if (name === 'partnerCode' || name === 'supplierCode') return quoted('zebra-shop', 'zebra-bank', 'ant-shop');
    if (name === 'memberCode' || name === 'cardToken') return quoted('zebra-anna', 'ant-anna');
    if (name === 'toMemberCode') return quoted('zebra-bert');
    if (name === 'charityCode') return quoted('zebra-charity');
    if (name === 'itemCode') return quoted('zebra-off');
    if (name === 'code') return quoted(PROGRAMME, 'zebra-shop', 'zebra-anna');
    if (name === 'reference') return quoted('bread-of-zebra-anna', 'till-of-zebra');
    if (type === 'Decimal') return quoted('10');
    if (type === 'CurrencyCode') return quoted('EUR');
    if (type === 'BusinessDate') return quoted('2026-03-10');
    if (type === 'DateTime') return quoted('2999-01-01T00:00:00Z');
    if (type === 'Int' || type === 'Boolean') return [];
    return type === 'String' && !['after', 'before', 'search'].includes(name) ? quoted('zebra') : [];
  };
}

/** What of the secrets stands in an answer and did not stand in the question. */
export function leaksIn(secrets: ReadonlyMap<string, string>, question: string, answer: unknown): string[] {
  const text = JSON.stringify(answer);
  const asked = question.slice(0, 400);
  return [...secrets].flatMap(([secret, place]) =>
    text.includes(secret) && !asked.includes(secret) ? [`${place} "${secret}" by ${asked.slice(0, 200)}`] : [],
  );
}

/** The fields, as "Type.field", that an answer shows something of; the walk's aliases name them. */
export function shownIn(answer: unknown, shown: Set<string>): void {
  if (Array.isArray(answer)) for (const each of answer) shownIn(each, shown);
  if (typeof answer !== 'object' || answer === null || Array.isArray(answer)) return;
  for (const [name, value] of Object.entries(answer)) {
    if (value === null || (Array.isArray(value) && value.length === 0)) continue;
    shown.add(name.replace('_', '.'));
    shownIn(value, shown);
  }
}
