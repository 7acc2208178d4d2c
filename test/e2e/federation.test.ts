/** The gateway as a subgraph: composed with another one, behind a real router, in both directions. */
import { composeServices } from '@apollo/composition';
import { ApolloGateway, IntrospectAndCompose, RemoteGraphQLDataSource } from '@apollo/gateway';
import { ApolloServer } from '@apollo/server';
import { startStandaloneServer } from '@apollo/server/standalone';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { type GraphQLSchema, parse } from 'graphql';
import { v7 } from 'uuid';
import { asSubgraph, LARGEST_ENTITIES, subgraphText } from '../../src/api/federation.js';
import { createSchema } from '../../src/api/schema.js';
import { nodes, resolvers } from '../../src/resolvers.js';
import { openEdge } from '../api/edge.js';
import { type Coalition, makeCoalition, purchase } from '../support/coalition.js';
import { countReads } from '../support/module-fixture.js';
import { openWishSubgraph, WISH_SDL, type WishSubgraph } from '../support/wish-subgraph.js';
import { type Gateway, openGateway } from './gateway.js';
import { expectSoundLedger } from './sound-ledger.js';

let gateway: Gateway;
let coalition: Coalition;
let wishSubgraph: WishSubgraph;
let router: { readonly url: string; stop(): Promise<void> };
let schema: GraphQLSchema;
const ids = { a: '', b: '', shop: '', bank: '', purchase: '' };
const tokens: Record<string, string> = {};

beforeAll(async () => {
  schema = await createSchema(resolvers);
  gateway = await openGateway();
  coalition = await makeCoalition(gateway.db);
  const [bought] = await coalition.submit(purchase());
  ids.purchase = bought?.status === 'ACCEPTED' ? bought.transactionId : '';
  for (const table of ['member', 'partner']) {
    const { rows } = await gateway.db.superuser.query<{ id: string; code: 'a' }>(`select id, code from ${table}`);
    for (const { id, code } of rows) ids[code] = id;
  }
  for (const partner of ['bank', 'shop', 'other'])
    tokens[partner] = await gateway.edge.token({ principal: 'PARTNER', partner });
  tokens.a = await gateway.edge.token({ principal: 'MEMBER', member: ids.a });
  tokens.admin = gateway.admin;
  wishSubgraph = await openWishSubgraph([
    { title: 'A kite', memberId: ids.a, partnerId: ids.shop },
    { title: 'A boat', memberId: ids.b, partnerId: ids.shop },
    { title: 'A tent', memberId: ids.a, partnerId: ids.bank },
  ]);
  router = await openRouter([
    { name: 'hansa', url: `${gateway.edge.url}/graphql` },
    { name: 'wishes', url: wishSubgraph.url },
  ]);
});
afterAll(async () => {
  await router?.stop();
  await wishSubgraph?.stop();
  await expectSoundLedger(gateway.db);
  await gateway?.close();
});

/** A router as shops run one: it forwards the caller's token, and refuses nobody itself. */
async function openRouter(subgraphs: { name: string; url: string }[]): Promise<typeof router> {
  const apolloGateway = new ApolloGateway({
    supergraphSdl: new IntrospectAndCompose({ subgraphs }),
    buildService: ({ url }) =>
      new RemoteGraphQLDataSource<{ authorization?: string }>({
        url: url as string,
        willSendRequest({ request, context }) {
          if (context.authorization !== undefined) request.http?.headers.set('authorization', context.authorization);
        },
      }),
    logger: { debug() {}, info() {}, warn() {}, error() {} },
  });
  const server = new ApolloServer<{ authorization?: string }>({ gateway: apolloGateway });
  const { url } = await startStandaloneServer(server, {
    listen: { host: '127.0.0.1', port: 0 },
    context: async ({ req }) => {
      const { authorization } = req.headers;
      return authorization === undefined ? {} : { authorization };
    },
  });
  return { url, stop: () => server.stop() };
}

// biome-ignore lint/suspicious/noExplicitAny: answers have whatever shape was asked for
async function askRouter(query: string, who?: string, variables = {}): Promise<any> {
  const response = await fetch(router.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(who && { authorization: `Bearer ${tokens[who]}` }) },
    body: JSON.stringify({ query, variables }),
  });
  return response.json();
}

const entities = (representations: unknown, selection = '__typename', who = 'admin') =>
  gateway.edge.ask(
    `query ($representations: [_Any!]!) { _entities(representations: $representations) { ${selection} } }`,
    {
      token: tokens[who] as string,
      variables: { representations },
    },
  );

describe('as a subgraph', () => {
  test('its text is one that Federation accepts, and asks of it what it would', () => {
    const official = buildSubgraphSchema(parse(subgraphText(schema)));
    const ours = asSubgraph(schema, nodes);
    for (const field of ['_service', '_entities']) {
      const [wanted, found] = [official, ours].map((each) => each.getQueryType()?.getFields()[field]);
      expect(String(found?.type)).toBe(String(wanted?.type));
      expect(found?.args.map(({ name, type }) => `${name}: ${type}`)).toEqual(
        wanted?.args.map(({ name, type }) => `${name}: ${type}`),
      );
    }
    const members = (each: GraphQLSchema) =>
      each.getPossibleTypes(each.getType('_Entity') as never).map(({ name }) => name);
    expect(members(ours).sort()).toEqual(members(official).sort());
  });

  test('every Node can be found', () => {
    const implementing = schema.getPossibleTypes(schema.getType('Node') as never).map(({ name }) => name);
    expect(nodes.map(({ type }) => type.name).sort()).toEqual(implementing.sort());
  });

  test('it composes with another one that shares its values', () => {
    const typeDefs = [subgraphText(schema), WISH_SDL].map((text) => parse(text));
    const composed = composeServices(typeDefs.map((each, at) => ({ name: `s${at}`, typeDefs: each })));
    expect(composed.errors).toBeUndefined();
  });
});

describe('entities', () => {
  const partner = `{ _entities(representations: [{ __typename: "Partner", id: "${v7()}" }]) { __typename } }`;
  test('nobody without a token gets any, nor adds them to what everybody may ask', async () => {
    for (const query of [partner, partner.replace('{', '{ _service { sdl }')]) {
      const answer = await gateway.edge.ask(query);
      expect([answer.status, answer.data]).toEqual([401, undefined]);
    }
  });

  test('in development everybody may compose, in production nobody without a token', async () => {
    const inProduction = await openEdge({ db: gateway.db, resolvers, nodes, environment: 'production' });
    try {
      const [here, there] = [
        await gateway.edge.ask('{ _service { sdl } }'),
        await inProduction.ask('{ _service { sdl } }'),
      ];
      expect([here.status, here.data._service.sdl]).toEqual([200, subgraphText(schema)]);
      expect([there.status, there.data]).toEqual([401, undefined]);
      expect((await inProduction.ask(partner)).status).toBe(401);
    } finally {
      await inProduction.stop();
    }
  });

  const refused: [string, unknown, number, RegExp][] = [
    ['no object', ['Member'], 400, /object of __typename and id/],
    ['null', [null], 400, /null/],
    ['no type', [{ id: 'x' }], 400, /object of __typename and id/],
    ['no id', [{ __typename: 'Member', code: 'a' }], 400, /object of __typename and id/],
    ['an id that is no text', [{ __typename: 'Member', id: { $ne: 1 } }], 400, /object of __typename and id/],
    ['a type that is no entity', [{ __typename: 'Money', id: 'x' }], 200, /no entity of type Money/],
    ['a type of every object', [{ __typename: 'constructor', id: 'x' }], 200, /no entity of type constructor/],
    [
      'too many',
      Array.from({ length: LARGEST_ENTITIES + 1 }, () => ({ __typename: 'Member', id: v7() })),
      200,
      /at most 1000 entities/,
    ],
  ];
  test.each(refused)('refused with a sentence: %s', async (_what, representations, status, sentence) => {
    const answer = await entities(representations);
    expect([answer.status, answer.errors?.length]).toEqual([status, 1]);
    expect(answer.errors?.[0]).toMatchObject({
      message: expect.stringMatching(sentence),
      extensions: { code: 'BAD_USER_INPUT' },
    });
  });

  test('one that is none does not take the others along', async () => {
    const answer = await entities([
      { __typename: 'Outlaw', id: 'x' },
      { __typename: 'Partner', id: ids.shop },
    ]);
    expect(answer.data).toEqual({ _entities: [null, { __typename: 'Partner' }] });
  });

  test('null is what there is not, is no id, is of another type, or is not to be seen', async () => {
    const asked = [
      { __typename: 'Member', id: v7() },
      { __typename: 'Member', id: "' or true --" },
      { __typename: 'Member', id: ids.shop },
      { __typename: 'Member', id: ids.b },
      { __typename: 'Settlement', id: ids.shop },
      { __typename: 'Member', id: ids.a },
    ];
    const { data, errors } = await entities(asked, '... on Member { code }', 'a');
    expect([data._entities, errors]).toEqual([[null, null, null, null, null, { code: 'a' }], undefined]);
  });

  test('a hundred of each type are one read of each', async () => {
    const superuser = gateway.db.superuser;
    await superuser.query(
      `insert into partner (id, code, name, roles, onboarded_at)
       select gen_random_uuid(), 'p-' || n, 'P', '{MERCHANT}', now() from generate_series(1, 100) n`,
    );
    const { rows } = await superuser.query<{ id: string }>(`select id from partner where code like 'p-%'`);
    const partners = rows.map(({ id }) => ({ __typename: 'Partner', id }));
    const members = Array.from({ length: 100 }, (_, n) => ({ __typename: 'Member', id: n === 7 ? ids.a : v7() }));
    let answer: Awaited<ReturnType<typeof entities>> | undefined;
    const reads = await countReads(gateway.db, async () => {
      answer = await entities([...partners, ...members], '... on Partner { id } ... on Member { id }');
    });
    expect(reads).toBe(2);
    expect(answer?.data._entities.filter(Boolean)).toHaveLength(101);
    expect(answer?.data._entities.slice(0, 100).map(({ id }: { id: string }) => id)).toEqual(rows.map(({ id }) => id));
  });

  test('each of them counts as cost', async () => {
    const cost = async (count: number): Promise<number> => {
      const asked = Array.from({ length: count }, () => ({ __typename: 'Member', id: v7() }));
      const { extensions } = await entities(asked, '... on Member { code status }');
      return (extensions as { cost: { requested: number } }).cost.requested;
    };
    expect([await cost(1), await cost(30)]).toEqual([4, 91]);
  });
});

describe('behind a router', () => {
  test('from our members to the wishes of the shop, and on to our partners', async () => {
    wishSubgraph.asked.length = 0;
    const answer = await askRouter(
      `query ($id: ID!) { member(id: $id) { code balance { unitCode } wishes { title price { amount } soldBy { code opensAt } } } }`,
      'a',
      { id: ids.a },
    );
    expect(answer).toEqual({
      data: {
        member: {
          code: 'a',
          balance: { unitCode: 'PTS' },
          wishes: [
            { title: 'A kite', price: { amount: '1.00' }, soldBy: { code: 'shop', opensAt: '09:00' } },
            { title: 'A tent', price: { amount: '1.00' }, soldBy: { code: 'bank', opensAt: '09:00' } },
          ],
        },
      },
    });
  });

  test('from the wishes of the shop to our members and partners, in one request for all', async () => {
    let answer: unknown;
    const reads = await countReads(gateway.db, async () => {
      answer = await askRouter('{ wishes { title wishedBy { code status } soldBy { code } } }', 'admin');
    });
    expect(answer).toEqual({
      data: {
        wishes: [
          { title: 'A kite', wishedBy: { code: 'a', status: 'ACTIVE' }, soldBy: { code: 'shop' } },
          { title: 'A boat', wishedBy: { code: 'b', status: 'ACTIVE' }, soldBy: { code: 'shop' } },
          { title: 'A tent', wishedBy: { code: 'a', status: 'ACTIVE' }, soldBy: { code: 'bank' } },
        ],
      },
    });
    expect(reads).toBe(2);
  });

  test.each([
    ['a', ['a', undefined, 'a']],
    ['bank', ['a', 'b', 'a']],
    ['other', [undefined, undefined, undefined]],
  ])('whoever asks sees only what is for it: %s', async (who, codes) => {
    const { data } = await askRouter('{ wishes { wishedBy { code } } }', who);
    expect(data.wishes.map(({ wishedBy }: { wishedBy: { code: string } | null }) => wishedBy?.code)).toEqual(codes);
  });

  test('abstract types and enumerations come through', async () => {
    const query = `{ node(id: "${ids.purchase}") { id __typename ... on Transaction { kind merchant { code opensAt } } } }`;
    const { data, errors } = await askRouter(query, 'shop');
    expect([errors, data.node]).toEqual([
      undefined,
      { id: ids.purchase, __typename: 'Transaction', kind: 'PURCHASE', merchant: { code: 'shop', opensAt: '09:00' } },
    ]);
  });

  test('a stranger gets nothing of ours', async () => {
    const { data, errors } = await askRouter('{ wishes { title wishedBy { code } } }');
    expect(data.wishes.map(({ wishedBy }: { wishedBy: unknown }) => wishedBy)).toEqual([null, null, null]);
    expect(errors.map(({ extensions }: { extensions: { code: string } }) => extensions.code)).toContain(
      'UNAUTHENTICATED',
    );
  });
});
