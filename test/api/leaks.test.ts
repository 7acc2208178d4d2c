/**
 * Everything that a stranger to a world can ask, over real data: no id, reference, name or amount of the other world
 * comes back, in data or in errors. What is secret is not written down here: it is whatever stands in rows that belong
 * to the other world alone, and what was written freely in it.
 */
import { type GraphQLSchema, isObjectType } from 'graphql';
import { createSchema } from '../../src/api/schema.js';
import { resolverInstances } from '../../src/resolver-instances.js';
import { resolvers } from '../../src/resolvers.js';
import type { Gateway } from '../e2e/gateway.js';
import { NOT_SHOWN } from './not-shown.js';
import { openTwoWorlds, secretsOf } from './two-worlds.js';
import { ANTS, askAs, candidatesFrom, idsOf, leaksIn, principalOf, shownIn } from './two-worlds-asking.js';
import { type Walk, walk } from './walk.js';

let gateway: Gateway;
let schema: GraphQLSchema;
let walked: Walk;
let secrets: Map<string, string>;
/** Fields that somebody who asked was shown something of. */
const shown = new Set<string>();
beforeAll(async () => {
  gateway = await openTwoWorlds();
  schema = await createSchema(resolvers, resolverInstances(gateway.db, gateway.services));
  secrets = await secretsOf(gateway, 'zebra');
  walked = walk(schema, candidatesFrom(await idsOf(gateway, [secrets, await secretsOf(gateway, 'ant')])));
}, 180_000);
afterAll(() => gateway?.close());

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
    'dispute.id',
    'bank_account.id',
    'reconciliation_difference.reference',
    'api_client.name',
    'webhook_endpoint.url',
    'unit_transfer.id',
    'connector.address',
    'connector_run.id',
    'connector_reject.reason',
    'partner_payout.bank_reason',
    'consent_receipt.id',
    'purchase_claim.id',
    'payment.id',
    'bank_movement.id',
    'purchase_match.id',
    'round_up.seen_id',
    'service_charge.invoice_number',
    'adjustment.id',
    'member_segment.segment',
  ])
    expect([...places]).toContain(place);
});

test.each(ANTS)(
  'a %s of the one world learns nothing of the other: %s',
  async (kind, code) => {
    const who = await principalOf(gateway, kind, code);
    const leaks = new Set<string>();
    let answered = 0;
    for (const question of walked.questions) {
      const answer = await askAs(gateway, schema, who, question);
      if (Object.values(answer.data ?? {}).some((value) => value !== null)) answered += 1;
      shownIn(answer.data, shown);
      for (const leak of leaksIn(secrets, question, answer)) leaks.add(leak);
    }
    expect([...leaks].slice(0, 20)).toEqual([]);
    expect(answered).toBeGreaterThan(5);
  },
  300_000,
);

test('every field was shown to somebody of the world it is about, or it is written down why not', () => {
  const reasonOf = (place: string) => NOT_SHOWN.find(({ places }) => places.test(place));
  const hidden = [...walked.asked].filter((place) => !shown.has(place) && !place.startsWith('Query.')).sort();
  expect(hidden.filter((place) => reasonOf(place) === undefined)).toEqual([]);
  // A reason that is none any more goes.
  expect(NOT_SHOWN.filter((reason) => !hidden.some((place) => reasonOf(place) === reason))).toEqual([]);
});

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
