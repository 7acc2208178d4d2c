/**
 * Requests that nobody should send, made by a seed: documents out of the schema and then broken, variables and bodies of
 * every shape, headers, methods and addresses. The same seed makes the same requests.
 */
import {
  type GraphQLInputType,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isCompositeType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isListType,
  isNonNullType,
  isObjectType,
  isUnionType,
} from 'graphql';
import { CONTENT_TYPES, deep, ODD_HEADERS, PATHS, PIECES, TEXTS, USUAL, WHOLE } from './fuzz-words.js';

export interface FuzzRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

/** mulberry32: small, and the same everywhere. */
export class Chance {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  below(bound: number): number {
    return Math.floor(this.next() * bound);
  }

  often(share: number): boolean {
    return this.next() < share;
  }

  of<T>(values: readonly T[]): T {
    return values[this.below(values.length)] as T;
  }
}

/** A value of JSON of any shape. */
export function anyValue(chance: Chance, depth = 3): unknown {
  const kind = chance.below(depth > 0 ? 9 : 5);
  if (kind === 0) return null;
  if (kind === 1) return chance.often(0.5);
  if (kind === 2)
    return chance.of([0, -0, 1, -1, 0.1, 250, 251, 2 ** 31, -(2 ** 31) - 1, 2 ** 53, 1e308, 5e-324, 1e21]);
  if (kind <= 4) return chance.of(TEXTS);
  if (kind === 5) return Array.from({ length: chance.below(4) }, () => anyValue(chance, depth - 1));
  if (kind === 6) return [[[[[[anyValue(chance, 0)]]]]]];
  return Object.fromEntries(
    Array.from({ length: chance.below(4) }, () => [chance.of(TEXTS).slice(0, 40), anyValue(chance, depth - 1)]),
  );
}

/** A value that mostly is what the type asks for, and mostly nothing that exists. */
function likely(chance: Chance, type: GraphQLInputType, depth: number): unknown {
  if (chance.often(0.02)) return anyValue(chance);
  if (isNonNullType(type)) return likely(chance, type.ofType, depth);
  if (isListType(type)) return Array.from({ length: chance.below(3) }, () => likely(chance, type.ofType, depth - 1));
  if (isEnumType(type)) return new Name(chance.of(type.getValues()).name);
  if (isInputObjectType(type)) {
    const fields = Object.values(type.getFields()).filter(
      (field) => isNonNullType(field.type) || (depth > 0 && chance.often(0.4)),
    );
    return Object.fromEntries(fields.map((field) => [field.name, likely(chance, field.type, depth - 1)]));
  }
  if (type.name === 'Int') return chance.of([0, 1, 2, 250, 251, -1, 2_147_483_647, -2_147_483_648]);
  if (type.name === 'Boolean') return chance.often(0.5);
  const usual = USUAL[type.name];
  return usual !== undefined && chance.often(0.8) ? chance.of(usual) : chance.of(TEXTS);
}

/** A word that is written without quotes. */
class Name {
  constructor(readonly text: string) {}
  toJSON(): string {
    return this.text;
  }
}

function literal(value: unknown): string {
  if (value instanceof Name) return value.text;
  if (Array.isArray(value)) return `[${value.map(literal).join(' ')}]`;
  if (typeof value === 'object' && value !== null)
    return `{${Object.entries(value)
      .map(([key, inner]) => `${key.replace(/\W/g, '') || 'k'}: ${literal(inner)}`)
      .join(' ')}}`;
  return Object.is(value, undefined) ? 'null' : JSON.stringify(value);
}

export interface FuzzDocument {
  readonly query: string;
  readonly variables: Record<string, unknown>;
  /** Whether it changes something without naming anything that must exist; then a well-formed one may well succeed. */
  readonly standsAlone: boolean;
}

/** Whether an input must name a programme, a partner, an id ... that is not there: no text of ours is one of theirs. */
function refers(type: GraphQLInputType): boolean {
  const named = getNamedType(type);
  if (!isInputObjectType(named)) return false;
  return Object.values(named.getFields()).some(
    (field) =>
      isNonNullType(field.type) && /^(programmeCode|partnerCode|memberCode|payer|member|\w*[iI]d)$/.test(field.name),
  );
}

/** A document of the schema: well-formed, with arguments as literals and as variables. */
export function documentOf(schema: GraphQLSchema, chance: Chance, kind: 'query' | 'mutation'): FuzzDocument {
  const root = kind === 'query' ? schema.getQueryType() : schema.getMutationType();
  const declared: string[] = [];
  const variables: Record<string, unknown> = {};
  const argumentsOf = (args: readonly { name: string; type: GraphQLInputType }[]): string => {
    const given = args.filter(({ type }) => isNonNullType(type) || chance.often(0.4));
    if (given.length === 0) return '';
    const written = given.map(({ name, type }) => {
      const value = likely(chance, type, 3);
      if (chance.often(0.5)) return `${name}: ${literal(value)}`;
      const variable = `v${declared.length}`;
      declared.push(`$${variable}: ${chance.often(0.05) ? getNullableType(type) : type}`);
      variables[variable] = value;
      return `${name}: $${variable}`;
    });
    return `(${written.join(', ')})`;
  };
  const selectionOf = (type: GraphQLOutputType, depth: number): string => {
    const named = getNamedType(type);
    if (!isCompositeType(named)) return '';
    if (isUnionType(named))
      return ` { __typename ${named
        .getTypes()
        .map((one) => `... on ${one.name}${selectionOf(one, depth - 1)}`)
        .join(' ')} }`;
    const fields = Object.values(isObjectType(named) || isInterfaceType(named) ? named.getFields() : {});
    const usable = depth > 0 ? fields : fields.filter((field) => !isCompositeType(getNamedType(field.type)));
    const chosen = usable.filter(() => chance.often(Math.min(1, 5 / usable.length)));
    const parts = chosen.map(
      (field, index) =>
        `${chance.often(0.1) ? `a${index}: ` : ''}${field.name}${argumentsOf(field.args)}${selectionOf(field.type, depth - 1)}`,
    );
    return ` { __typename ${parts.join(' ')} }`;
  };
  const fields = Object.values(root?.getFields() ?? {});
  const chosen = Array.from({ length: 1 + chance.below(3) }, (_, index) => [index, chance.of(fields)] as const);
  const body = chosen
    .map(([index, field]) => `r${index}: ${field.name}${argumentsOf(field.args)}${selectionOf(field.type, 3)}`)
    .join('\n');
  const standsAlone = kind === 'mutation' && chosen.some(([, field]) => !field.args.some(({ type }) => refers(type)));
  return {
    standsAlone,
    query: `${kind} Fuzz${declared.length > 0 ? `(${declared.join(', ')})` : ''} {\n${body}\n}`,
    variables,
  };
}

/** The document with something cut out, put in, doubled or moved. */
function broken(chance: Chance, query: string): string {
  let text = query;
  for (let times = 1 + chance.below(3); times > 0; times -= 1) {
    const from = chance.below(text.length + 1);
    const until = Math.min(text.length, from + chance.below(20));
    const how = chance.below(4);
    if (how === 0) text = text.slice(0, from) + text.slice(until);
    else if (how === 1) text = text.slice(0, from) + chance.of(PIECES) + text.slice(from);
    else if (how === 2) text = text.slice(0, until) + text.slice(from);
    else text = text.slice(0, from) + chance.of(TEXTS).slice(0, 200) + text.slice(until);
  }
  return text;
}

export interface FuzzTokens {
  /** Their bearers may do what they ask. */
  readonly good: readonly string[];
  /** Its bearer may do nothing. */
  readonly bare: string;
}

/** One request. Whatever it says, nothing is to be stored: what could well succeed is asked by who may not. */
export function fuzzRequest(schema: GraphQLSchema, chance: Chance, tokens: FuzzTokens): FuzzRequest {
  const headers: Record<string, string> = { 'content-type': 'application/json' };
  if (chance.often(0.85)) headers.authorization = `Bearer ${chance.of(tokens.good)}`;
  const document = (queries: number): Omit<FuzzDocument, 'standsAlone'> => {
    const { standsAlone, ...made } = documentOf(schema, chance, chance.often(queries) ? 'query' : 'mutation');
    if (standsAlone) headers.authorization = `Bearer ${tokens.bare}`;
    return made;
  };
  const post = (body: string | Buffer): FuzzRequest => ({ method: 'POST', path: '/graphql', headers, body });
  const how = chance.below(100);
  if (how < 30) return post(JSON.stringify(document(0.5)));
  if (how < 50) {
    const { query, variables } = document(0.5);
    return post(JSON.stringify({ query: broken(chance, query), variables }));
  }
  if (how < 58) return post(JSON.stringify({ query: chance.of(WHOLE) }));
  if (how < 66) {
    const { query, variables } = document(1);
    const odd = Object.fromEntries(Object.keys(variables).map((name) => [name, anyValue(chance)]));
    return post(JSON.stringify({ query, variables: chance.often(0.8) ? odd : anyValue(chance) }));
  }
  if (how < 74) {
    const keys = [
      'query',
      'variables',
      'operationName',
      'extensions',
      'documentId',
      'id',
      '__proto__',
      'constructor',
      'toString',
    ];
    return post(
      JSON.stringify(Object.fromEntries(keys.filter(() => chance.often(0.5)).map((key) => [key, anyValue(chance)]))),
    );
  }
  if (how < 84) return post(brokenBody(schema, chance));
  if (how < 92) {
    headers['content-type'] = chance.of(CONTENT_TYPES);
    for (const [name, values] of ODD_HEADERS) if (chance.often(0.15)) headers[name] = chance.of(values);
    return post(JSON.stringify({ query: '{ __typename }' }));
  }
  const method = chance.of(['GET', 'GET', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'HEAD', 'POST', 'TRACE', 'PROPFIND']);
  if (method === 'GET' || method === 'HEAD') {
    delete headers['content-type'];
    if (chance.often(0.7)) headers['apollo-require-preflight'] = '1';
  }
  if (method === 'GET' && chance.often(0.5)) {
    const { query, variables } = document(0.7);
    const search = new URLSearchParams({
      query: query.slice(0, 3_000),
      variables: JSON.stringify(variables).slice(0, 3_000),
    });
    return { method, path: `/graphql?${search}`, headers };
  }
  const path = chance.often(0.6) ? chance.of(PATHS) : '/graphql';
  return {
    method,
    path,
    headers,
    ...(method !== 'GET' && method !== 'HEAD' && { body: JSON.stringify(anyValue(chance)) }),
  };
}

function brokenBody(schema: GraphQLSchema, chance: Chance): string | Buffer {
  const whole = JSON.stringify(documentOf(schema, chance, 'query'));
  const bytes = Buffer.from(whole);
  switch (chance.below(9)) {
    case 0:
      return bytes.subarray(0, chance.below(bytes.length));
    case 1: {
      for (let times = 1 + chance.below(5); times > 0; times -= 1)
        bytes[chance.below(bytes.length)] = chance.below(256);
      return bytes;
    }
    case 2:
      return chance.of([
        deep(50_000, '[', ']'),
        deep(50_000, '{"a":', '}'),
        '['.repeat(100_000),
        `{"query":"{__typename}","variables":{"a":${deep(20_000, '[', ']')}}}`,
      ]);
    case 3:
      return chance.of([
        '',
        ' ',
        'null',
        'true',
        '1',
        '"x"',
        '[]',
        '{}',
        '[{}]',
        `[${whole},${whole}]`,
        '[[]]',
        '{"query":1}',
        '{"query":null}',
        '{"query":{}}',
        '{"query":["{__typename}"]}',
      ]);
    case 4:
      return `{"__proto__":{"principal":{"kind":"ADMIN"}},${whole.slice(1)}`;
    case 5:
      return `{"query":"{__typename}","variables":{"__proto__":{"x":1},"constructor":{"prototype":{"x":1}}}}`;
    case 6:
      return Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), bytes]);
    case 7:
      return Buffer.from(whole, 'utf16le');
    default:
      return Buffer.from(Array.from({ length: chance.below(2_000) }, () => chance.below(256)));
  }
}
