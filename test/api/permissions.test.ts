import { type GraphQLSchema, isObjectType } from 'graphql';
import { v7 } from 'uuid';
import { asSubgraph } from '../../src/api/federation.js';
import { createSchema } from '../../src/api/schema.js';
import { ACTIONS, type ClaimsRequest } from '../../src/modules/access/index.js';
import { EventRelay } from '../../src/modules/events/index.js';
import { ChainSealer } from '../../src/modules/proofs/index.js';
import { resolverInstances } from '../../src/resolver-instances.js';
import { nodes, resolvers } from '../../src/resolvers.js';
import { createServices } from '../../src/services.js';
import { COALITION_YAML, type Coalition, makeCoalition, purchase, refund } from '../support/coalition.js';
import { giveConsent } from '../support/consents.js';
import { openTestDatabase, type TestDatabase } from '../support/database.js';
import { admin } from '../support/principals.js';
import { type Edge, type GraphQLAnswer, openEdge } from './edge.js';
import {
  ACTORS,
  type Actor,
  type Facts,
  GUARDED_FIELDS,
  OBJECT_TYPES,
  ROOT_FIELDS,
  type Row,
  WRAPPERS,
} from './permission-table.js';

const CLAIMS: Readonly<Record<Actor, ClaimsRequest>> = {
  ADMIN: { principal: 'ADMIN' },
  OPERATOR: { principal: 'OPERATOR' },
  SERVICE: { principal: 'SERVICE' },
  BANK: { principal: 'PARTNER', partner: 'bank' },
  SHOP: { principal: 'PARTNER', partner: 'shop' },
  OTHER: { principal: 'PARTNER', partner: 'other' },
  MEMBER: { principal: 'MEMBER', member: 'a' },
  STRANGER: { principal: 'MEMBER', member: 'b' },
  BARE: { principal: 'ADMIN', scopes: [] },
};

let db: TestDatabase;
let edge: Edge;
let schema: GraphQLSchema;
let facts: Facts;
const tokens = new Map<Actor, string>();

beforeAll(async () => {
  db = await openTestDatabase();
  schema = asSubgraph(await createSchema(resolvers), nodes);
  const coalition = await makeCoalition(db);
  const [bought] = await coalition.submit(
    purchase({
      reference: 'bread',
      original: { amount: '120.00', currencyCode: 'EUR' },
      lines: [{ kind: 'GOODS', amountMinor: 10_000n, quantity: 1, tags: [] }],
      claimedUnits: 1n,
    }),
  );
  const orphanIds = new Map<Actor, string>();
  for (const actor of ACTORS) {
    const [orphan] = await coalition.submit(refund({ refundOf: 'never-told', amountMinor: 1n }));
    orphanIds.set(actor, orphan?.status === 'ACCEPTED' ? orphan.transactionId : '');
  }
  for (const actor of ACTORS) {
    await db.superuser.query(
      `insert into partner (id, code, name, roles, onboarded_at) values ($1, $2, 'Spare', '{MERCHANT}', now())`,
      [v7(), `spare-${actor.toLowerCase()}`],
    );
  }
  await db.superuser.query(
    `insert into programme_version (id, programme_id, version, effective_from, source, digest, published_by, published_at, approved_by)
     select $1, programme_id, 2, '2020-01-02', source, digest, 'first', now(), 'second' from programme_version`,
    [v7()],
  );
  await db.superuser.query(
    `insert into programme_proposal (id, programme_id, source, digest, effective_from, state, proposed_by, proposed_at, decided_by, decided_at)
     select $1, id, '', '', '2040-01-01', 'REJECTED', 'first', now(), 'second', now() from programme`,
    [v7()],
  );
  await db.superuser.query(
    `insert into round_up (member_no, programme_no, charity_no, step_minor, set_at, seen_id) values ($1, $2, $3, 100, now(), $4)`,
    [coalition.members.a, coalition.programmeNo, coalition.shopNo, v7()],
  );
  await db.superuser.query(`update card set account = 'account-a' where token = 'token-a-0001'`);
  await db.superuser.query(
    `insert into member_segment (member_no, segment, from_day) values ($1, 'new', '2026-01-01')`,
    [coalition.members.a],
  );
  await giveConsent(db, coalition.members.a, 'PERSONALISED_OFFERS');
  await db.superuser.query(
    `insert into member_choice (member_no, choice_code, period, version, categories, locked, chosen_at, chosen_on)
     values ($1, 'monthly', '2026-03-01', 1, '{fuel}', false, now(), '2026-03-01')`,
    [coalition.members.a],
  );
  await db.superuser.query(`insert into fx_rate values ('USD', '2024-01-01', '11/10', now())`);
  await db.superuser.query(
    `with run as (
       insert into reconciliation (id, programme_no, partner_no, from_day, until_day, sha256, given_count, here_count,
         matched_count, given_minor, here_minor, requested_by, requested_at)
       values ($1, $2, $3, '2026-03-01', '2026-03-31', repeat('a', 64), 1, 0, 0, 100, 0, 'first', now()) returning id)
     insert into reconciliation_difference (reconciliation_id, no, partner_no, kind, reference, row_no, given_minor)
     select id, 1, $3, 'MISSING_HERE', 'r-1', 1, 100 from run`,
    [v7(), coalition.programmeNo, coalition.bankNo],
  );
  await db.superuser.query(
    `insert into adjustment (id, programme_no, kind, partner_no, amount_minor, reason, evidence, requested_by, requested_at)
     values ($1, $2, 'CORRECTION', $3, 100, 'A promise', '[{"description": "A letter"}]', 'first', now())`,
    [v7(), coalition.programmeNo, coalition.shopNo],
  );
  await db.superuser.query(
    `insert into purchase_match (id, programme_no, member_no, earlier_id, later_id, likeness, proposed_at)
     select $1, programme_no, member_no, id, $2, '{"score": 65, "grounds": []}', now() from transaction where kind = 'PURCHASE' limit 1`,
    [v7(), v7()],
  );
  await db.superuser.query(
    `insert into purchase_claim (id, programme_no, member_no, partner_no, amount_minor, bought_at, business_date, receipt, state,
       opened_by, opened_at, decide_by)
     values ($1, $2, $3, $4, 100, now(), '2026-03-10', '1', 'OPEN', 'first', now(), '2026-04-10')`,
    [v7(), coalition.programmeNo, coalition.members.a, coalition.shopNo],
  );
  await pay(coalition);
  await db.superuser.query(
    `with client as (
       insert into api_client (id, name, kind, partner_no, scopes, registered_by, registered_at)
       values ($1, 'Till', 'PARTNER', $2, '{transactions:write}', 'first', now()) returning id),
     secret as (insert into client_secret (id, client_id, hash, created_at) select $1, id, sha256('x'), now() from client)
     insert into client_key (id, client_id, kid, algorithm, jwk, added_at) select $1, id, 'k1', 'ES256', '{"kty": "EC"}', now() from client`,
    [v7(), coalition.shopNo],
  );
  edge = await openEdge({ db, resolvers, nodes, container: resolverInstances(db, createServices(db)) });
  for (const actor of ACTORS) tokens.set(actor, await edge.token(CLAIMS[actor]));
  await settle();
  await new ChainSealer(db.database).seal({ patienceMs: 20_000 });
  await replay();
  await db.superuser.query(
    `insert into dispute (id, line_id, programme_no, party_no, amount_minor, reason, evidence, opened_by, opened_at, opening_entry_no)
     select $1, id, $2, party_no, 1, 'Not ours', '[{"description": "A letter"}]', 'first', now(), 1
     from settlement_line where party_no = $3 limit 1`,
    [v7(), coalition.programmeNo, coalition.bankNo],
  );
  await db.superuser.query(
    `update lot set expires_on = (hansa_now() + interval '10 days')::date where member_no = $1`,
    [coalition.members.a],
  );
  await new EventRelay(db.database).run();
  await db.superuser.query(
    `with endpoint as (
       insert into webhook_endpoint (id, partner_no, url, event_types, status_at, created_by, created_at, cursor)
       values ($1, $2, 'https://127.0.0.1/', '{}', now(), 'first', now(), 0) returning no)
     insert into webhook_attempt (id, endpoint_no, number, event_id, event_type, attempt, attempted_at, latency_ms, outcome)
     select $1, no, 1, $1, 'window.closed', 1, now(), 1, 'FAILED' from endpoint`,
    [v7(), coalition.shopNo],
  );
  const idOf = async (text: string): Promise<string> =>
    (await db.superuser.query<{ id: string }>(text)).rows[0]?.id ?? '';
  facts = {
    ...(await redeem()),
    memberId: await idOf(`select id from member where code = 'a'`),
    cardId: await idOf(`select id from card where token = 'token-a-0001'`),
    otherCardId: await idOf(`select id from card where token = 'token-b-0001'`),
    settlementId: await idOf('select id from settlement'),
    windowId: await idOf(`select id from settlement_window where settlement_id is not null`),
    partnerId: await idOf(`select id from partner where code = 'shop'`),
    programmeId: await idOf(`select id from programme`),
    transactionId: bought?.status === 'ACCEPTED' ? bought.transactionId : '',
    orphanIds,
    backtestId: await idOf('select id from backtest_run'),
    reconciliationId: await idOf(`select id from reconciliation where requested_by = 'first'`),
    webhookEndpointId: await idOf('select id from webhook_endpoint'),
    disputeId: await idOf('select id from dispute'),
    clientId: await idOf('select id from api_client'),
    matchId: await idOf('select id from purchase_match'),
    purchaseClaimId: await idOf('select id from purchase_claim'),
    adjustmentId: await idOf(`select id from adjustment where requested_by = 'first'`),
    bankAccountId: await idOf('select id from bank_account where partner_no is not null'),
    paymentId: await idOf('select id from payment'),
    paymentFileId: await idOf('select id from payment_file'),
    yaml: COALITION_YAML,
  };
});

/** An account of the shop, a payment to it in a file, and a statement with a movement. */
async function pay({ programmeNo, shopNo }: Coalition): Promise<void> {
  const [account, file, message, statement] = [v7(), v7(), v7(), v7()];
  for (const [text, values] of [
    [
      `insert into bank_account (id, partner_no, holder_name, iban, state, proposed_by, proposed_at, decided_by, decided_at)
       values ($1, $2, 'Shop', 'DE89370400440532013000', 'ACTIVE', 'first', now(), 'second', now())`,
      [account, shopNo],
    ],
    [
      `insert into bank_account (id, no, programme_no, currency_code, holder_name, iban, state, proposed_by, proposed_at, decided_by, decided_at)
       values ($1, 99, $2, 'GBP', 'Clearing', 'GB29NWBK60161331926819', 'ACTIVE', 'first', now(), 'second', now())`,
      [v7(), programmeNo],
    ],
    [
      `insert into payment_file (id, programme_no, account_no, message_id, currency_code, execution_date, payment_count,
         amount_minor, created_by, created_at, content, sha256)
       values ($1, $2, 99, 'M1', 'GBP', '2026-03-01', 1, 1, 'first', now(), '<Document/>', 'x')`,
      [file, programmeNo],
    ],
    [
      `insert into payment (id, file_id, programme_no, partner_no, purpose, bank_account_id, amount_minor,
         currency_code, end_to_end_id, attempt, state, entry_no, instructed_at, changed_at)
       values ($1, $2, $3, $4, 'CHARITY', $5, 1, 'GBP', 'E1', 1, 'REJECTED', 0, now(), now())`,
      [v7(), file, programmeNo, shopNo, account],
    ],
    [
      `insert into bank_message (id, programme_no, account_no, version, message_id, content_sha256, uploaded_by, uploaded_at)
       values ($1, $2, 99, 'camt.053.001.08', 'B1', 'x', 'first', now())`,
      [message, programmeNo],
    ],
    [
      `insert into bank_statement (id, message_id, programme_no, account_no, statement_id, opening_minor, closing_minor, closed_on)
       values ($1, $2, $3, 99, 'S1', 0, 1, '2026-03-01')`,
      [statement, message, programmeNo],
    ],
    [
      `insert into bank_movement (id, statement_id, line, programme_no, amount_minor, booked_on, match, partner_no, unallocated_minor)
       values ($1, $2, 1, $3, 1, '2026-03-01', 'RECEIVED', $4, 0)`,
      [v7(), statement, programmeNo, shopNo],
    ],
  ] as const) {
    await db.superuser.query(text, [...values]);
  }
}

/** Replays the purchase under a rate by which its member gains. */
async function replay(): Promise<void> {
  const { backtests } = createServices(db);
  const source = COALITION_YAML.replace('rate: 4%', 'rate: 5%');
  const command = { programmeCode: 'coalition-test', source, months: 1, idempotencyKey: 'replay-first' };
  await backtests.replayNow(admin(), command, new AbortController().signal, () => undefined);
}

/** Holds units of member a at the shop. */
async function hold(reference: string, units = 1): Promise<string> {
  const answer = await edge.ask(
    `mutation { redemptionAuthorise(input: { programmeCode: "coalition-test", partnerCode: "shop", payer: { memberCode: "a" },
       purchase: { amount: "1.00", currencyCode: "GBP" }, units: ${units}, reference: "${reference}" }) { redemption { id } } }`,
    { token: tokens.get('ADMIN') as string },
  );
  return answer.data.redemptionAuthorise.redemption.id;
}

async function redeem(): Promise<Pick<Facts, 'redemptionId' | 'heldIds' | 'itemId' | 'claimId'>> {
  // Who is given units by the rows: the others shall have none.
  await edge.ask(
    'mutation { memberEnrol(input: { programmeCode: "coalition-test", code: "given" }) { member { id } } }',
    {
      token: tokens.get('ADMIN') as string,
    },
  );
  const redemptionId = await hold('captured', 10);
  await edge.ask(
    `mutation { redemptionCapture(input: { redemptionId: "${redemptionId}", idempotencyKey: "capture" }) { redemption { id } } }`,
    { token: tokens.get('ADMIN') as string },
  );
  const heldIds = new Map<Actor, { capture: string; void: string }>();
  for (const actor of ACTORS)
    heldIds.set(actor, { capture: await hold(`capture-${actor}`), void: await hold(`void-${actor}`) });
  const item = await edge.ask(
    `mutation { catalogueItemPublish(input: { programmeCode: "coalition-test", code: "ten-off", name: "Ten off", kind: DISCOUNT, stock: 50,
       supplierCode: "shop", price: "1", claimableFrom: "2020-01-01", discount: { rate: "10%" }, validDays: 5, idempotencyKey: "item" }) { item { id } } }`,
    { token: tokens.get('ADMIN') as string },
  );
  const claim = await edge.ask(
    `mutation { catalogueClaim(input: { programmeCode: "coalition-test", itemCode: "ten-off", payer: { memberCode: "a" }, idempotencyKey: "claim" }) { claim { id } } }`,
    { token: tokens.get('ADMIN') as string },
  );
  const itemId = item.data.catalogueItemPublish.item.id;
  return { redemptionId, heldIds, itemId, claimId: claim.data.catalogueClaim.claim.id };
}

/** Confirms, closes and settles what the purchase earned, through the API. */
async function settle(): Promise<void> {
  for (const [what, input] of [
    ['accrualsConfirm', 'input: { programmeCode: "coalition-test" }'],
    ['settlementWindowClose', 'input: { programmeCode: "coalition-test", idempotencyKey: "close" }'],
    ['settlementIssue', 'input: { programmeCode: "coalition-test", idempotencyKey: "settle" }'],
  ]) {
    const answer = await edge.ask(`mutation { ${what}(${input}) { userErrors { message } } }`, {
      token: tokens.get('ADMIN') as string,
    });
    expect(answer).toMatchObject({ data: { [what as string]: { userErrors: [] } } });
  }
}

afterAll(async () => {
  await edge?.stop();
  await db?.close();
});

type Outcome = 'yes' | 'nothing' | 'no';

const actorsOf = (words = ''): string[] => words.split(' ').filter(Boolean);

/** What the table says, or undefined when it does not mention the actor. */
function written(row: Row, actor: Actor): Outcome | undefined {
  return (['yes', 'nothing', 'no'] as const).find((outcome) => actorsOf(row[outcome]).includes(actor));
}

function observed(answer: GraphQLAnswer, at?: string): Outcome | string {
  const codes = (answer.errors ?? []).map(({ extensions, message }) => `${extensions.code}: ${message}`);
  if (codes.length > 0) return codes.every((code) => code.startsWith('FORBIDDEN')) ? 'no' : codes.join('; ');
  let value: unknown = answer.data;
  for (const step of at?.split('.') ?? Object.keys(answer.data))
    value = (value as Record<string, unknown> | null)?.[step];
  const { userErrors = [], nodes } = (value ?? {}) as { userErrors?: unknown[]; nodes?: unknown[] };
  const list = Array.isArray(value) ? value : nodes;
  return value === null || value === undefined || userErrors.length > 0 || list?.length === 0 ? 'nothing' : 'yes';
}

const rows = Object.entries({ ...OBJECT_TYPES, ...GUARDED_FIELDS, ...ROOT_FIELDS });

test.each(rows)('%s', async (_name, row) => {
  const expected: Partial<Record<Actor, unknown>> = {};
  const found: Partial<Record<Actor, unknown>> = {};
  for (const actor of ACTORS) {
    expected[actor] = written(row, actor);
    found[actor] = observed(await edge.ask(row.ask(facts, actor), { token: tokens.get(actor) as string }), row.at);
  }
  expect(found).toEqual(expected);
});

test('a router is told of an entity what node tells the same caller', async () => {
  const byNode = /node\(id: ("[^"]*")\) \{ \.\.\. on (\w+)/;
  const asEntity = '_entities(representations: [{ __typename: "$2", id: $1 }]) { ... on $2';
  const asked = rows.filter(([, row]) => byNode.test(row.ask(facts, 'ADMIN')));
  expect(asked.length).toBeGreaterThan(nodes.length / 2);
  for (const [name, row] of asked) {
    for (const actor of ACTORS) {
      const answer = await edge.ask(row.ask(facts, actor).replace(byNode, asEntity), {
        token: tokens.get(actor) as string,
      });
      const found = observed(answer, (row.at ?? 'node').replace('node', '_entities.0'));
      expect([name, actor, found]).toEqual([name, actor, written(row, actor)]);
    }
  }
});

/** In development everybody may look at the schema. */
const LIKE_INTROSPECTION = new Set(['Query._service', '_Service']);

test.each(rows.filter(([name]) => !LIKE_INTROSPECTION.has(name)))('nobody without a token: %s', async (_name, row) => {
  const answer = await edge.ask(row.ask(facts, 'ADMIN'));
  expect([answer.status, answer.data]).toEqual([401, undefined]);
});

test.each<[Actor, string, string[]]>([
  ['BANK', 'settlement(id: $id) { lines { partner { code } } }', ['bank']],
  ['SHOP', 'settlement(id: $id) { lines { partner { code } } }', ['shop']],
  ['SHOP', 'positions(programmeCode: "coalition-test") { partner { code } }', ['shop']],
])('%s sees its own line alone: %s', async (actor, selection, codes) => {
  const { data } = await edge.ask(`{ ${selection.replace('$id', `"${facts.settlementId}"`)} }`, {
    token: tokens.get(actor) as string,
  });
  const lines = (data.settlement?.lines ?? data.positions) as { partner: { code: string } }[];
  expect(lines.map(({ partner }) => partner.code)).toEqual(codes);
});

test('every root field has a row, and every row a root field', () => {
  const fields = [schema.getQueryType(), schema.getMutationType()].flatMap((type) =>
    Object.keys(type?.getFields() ?? {}).map((field) => `${type?.name}.${field}`),
  );
  expect(Object.keys(ROOT_FIELDS).sort()).toEqual(fields.sort());
});

test('every object type has a row or wraps what has one, and every row an object type', () => {
  const types = Object.values(schema.getTypeMap())
    .filter((type) => isObjectType(type) && !type.name.startsWith('__') && !WRAPPERS.test(type.name))
    .map(({ name }) => name);
  expect(Object.keys(OBJECT_TYPES).sort()).toEqual(types.sort());
});

test('every row says something about every actor, once', () => {
  for (const [name, row] of rows) {
    const mentioned = [row.yes, row.nothing, row.no].flatMap(actorsOf);
    expect([name, mentioned.sort()]).toEqual([name, [...ACTORS].sort()]);
  }
});

test('every action but acting for a member is granted to an administrator: nothing can be locked away from all', () => {
  const withheld = Object.entries(ACTIONS).filter(([, { grants }]) => !('ADMIN' in grants && grants.ADMIN === 'ANY'));
  expect(withheld.map(([action]) => action)).toEqual(['member.act']);
});

describe('every mutation of an administrator or operator is in the audit log', () => {
  /** A check, an export, and jobs at once when nothing is due. */
  const CHANGES_NOTHING = new Set(['programmeCheck', 'accrualsConfirm', 'lotsExpire', 'memberDataExport']);
  const mutations = Object.entries(ROOT_FIELDS).filter(([name]) => name.startsWith('Mutation.'));

  test.each(mutations)('%s', async (name, row) => {
    const operation = name.slice('Mutation.'.length);
    const { rows } = await db.superuser.query<{ kind: string; outcomes: string[] }>(
      `select actor_kind as kind, array_agg(distinct outcome) as outcomes from audit_entry
       where operation = $1 and actor like 'development:%' group by actor_kind`,
      [operation],
    );
    const found = Object.fromEntries(rows.map(({ kind, outcomes }) => [kind, outcomes]));
    expect(Object.keys(found).sort()).toEqual(['ADMIN', 'OPERATOR']);
    for (const actor of ['ADMIN', 'OPERATOR'] as const) {
      const expected = written(row, actor);
      if (expected === 'no') expect([actor, found[actor]]).toEqual([actor, ['FORBIDDEN']]);
      if (expected === 'nothing') expect([actor, found[actor]]).toEqual([actor, expect.arrayContaining(['REFUSED'])]);
      if (expected === 'yes')
        expect([actor, found[actor]]).toEqual([
          actor,
          expect.arrayContaining([CHANGES_NOTHING.has(operation) ? 'UNCHANGED' : 'DONE']),
        ]);
    }
  });
});
