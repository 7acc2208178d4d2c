/**
 * One programme, two worlds that have nothing to do with each other: "ant" and "zebra", each with a shop, a bank, a
 * charity and two members who shopped, spent, disputed and were settled. Whatever stands in a row of zebra alone must never
 * come before the eyes of anybody of ant.
 */
import { v7 } from 'uuid';
import { type Gateway, openGateway, setUp, takeIn } from '../e2e/gateway.js';
import { tablesOf } from '../support/migrated-rows.js';

export const PROGRAMME = 'two-worlds';
export const WORLDS = ['ant', 'zebra'] as const;
export type World = (typeof WORLDS)[number];

const YAML = `
programme: ${PROGRAMME}
name: Two worlds
effectiveFrom: 2020-01-01
currency: EUR
timeZone: Etc/UTC
unit: { code: PTS, scale: 0, worth: 0.01 }
holdDays: 0
rounding: FLOOR
tiers: { rollingDays: 365, levels: [{ code: all, name: All, from: 0 }] }
rules:
  - { code: shop-rate, name: Shops pay back, funding: MERCHANT, rate: 5% }
  - { code: card, name: Card cashback, funding: ISSUER, rate: 1% }
redemption: { cashOut: true, donation: true, transfer: true }
`;

const PRICES: Readonly<Record<World, string>> = { ant: '1111.11', zebra: '7777.77' };

export async function openTwoWorlds(): Promise<Gateway> {
  const gateway = await openGateway();
  await setUp(
    gateway,
    YAML,
    PROGRAMME,
    WORLDS.flatMap((world) => [
      { code: `${world}-shop`, role: 'MERCHANT' as const, merchantIds: [`MID-${world}`] },
      { code: `${world}-bank`, role: 'BANK' as const },
      { code: `${world}-charity`, role: 'CHARITY' as const },
    ]),
  );
  for (const world of WORLDS) await live(gateway, world);
  await act(gateway, 'settlementWindowClose', { programmeCode: PROGRAMME, idempotencyKey: 'close' });
  await act(gateway, 'settlementIssue', { programmeCode: PROGRAMME, idempotencyKey: 'settle' });
  for (const world of WORLDS) await keepBooks(gateway, world);
  return gateway;
}

async function act(gateway: Gateway, name: string, input: object, selection = ''): Promise<Record<string, never>> {
  const type = `${name[0]?.toUpperCase()}${name.slice(1)}Input`;
  const document = `mutation ($input: ${type}!) { ${name}(input: $input) { ${selection} userErrors { code message } } }`;
  const answer = (await gateway.ask(gateway.admin, document, { input }))[name];
  expect([name, answer.userErrors]).toEqual([name, []]);
  return answer;
}

/** What members of the world do. */
async function live(gateway: Gateway, world: World): Promise<void> {
  const [anna, bert] = [`${world}-anna`, `${world}-bert`];
  for (const code of [anna, bert])
    await takeIn(gateway, PROGRAMME, code, { token: `card-of-${code}`, issuerCode: `${world}-bank` });
  const common = { programmeCode: PROGRAMME };
  for (const code of [anna, bert]) {
    await act(gateway, 'transactionSubmit', {
      ...common,
      partnerCode: `${world}-bank`,
      transaction: {
        ...{ kind: 'PURCHASE', reference: `bread-of-${code}`, payer: { cardToken: `card-of-${code}` } },
        ...{ amount: { amount: PRICES[world], currencyCode: 'EUR' }, descriptor: `descriptor of ${world}` },
        ...{ occurredAt: new Date(Date.now() - 3_600_000).toISOString(), merchantId: `MID-${world}` },
      },
    });
  }
  await act(gateway, 'accrualsConfirm', common);
  const payer = { memberCode: anna };
  const held = await act(
    gateway,
    'redemptionAuthorise',
    {
      ...{ ...common, partnerCode: `${world}-shop`, payer, purchase: { amount: '50.00', currencyCode: 'EUR' } },
      ...{ units: '17', reference: `till-of-${world}` },
    },
    'redemption { id }',
  );
  const { id } = held.redemption as unknown as { id: string };
  await act(gateway, 'redemptionCapture', { redemptionId: id, idempotencyKey: `capture-${world}` });
  await act(gateway, 'unitsTransfer', {
    ...{ ...common, payer, toMemberCode: bert, units: '3', idempotencyKey: `gift-of-${world}` },
  });
  await act(gateway, 'donate', {
    ...{ ...common, payer, charityCode: `${world}-charity`, units: '2', idempotencyKey: `donate-of-${world}` },
  });
  await act(gateway, 'catalogueItemPublish', {
    ...{ ...common, code: `${world}-off`, name: 'Ten off', kind: 'DISCOUNT', stock: 5, supplierCode: `${world}-shop` },
    ...{
      price: '1',
      claimableFrom: '2020-01-01',
      discount: { rate: '10%' },
      validDays: 5,
      idempotencyKey: `item-${world}`,
    },
  });
  await act(gateway, 'catalogueClaim', {
    ...common,
    itemCode: `${world}-off`,
    payer,
    idempotencyKey: `claim-${world}`,
  });
  await act(gateway, 'roundUpSet', {
    ...{ ...common, payer, charityCode: `${world}-charity`, step: { amount: '1.00', currencyCode: 'EUR' } },
  });
}

/** What its partners have, besides. */
async function keepBooks({ db, ...gateway }: Gateway, world: World): Promise<void> {
  const { rows } = await db.superuser.query<{ no: number }>('select no from partner where code = $1', [
    `${world}-shop`,
  ]);
  const shopNo = rows[0]?.no;
  const { rows: programmes } = await db.superuser.query<{ no: number }>('select no from programme');
  const programmeNo = programmes[0]?.no;
  for (const [text, values] of [
    [
      `insert into dispute (id, line_id, programme_no, party_no, amount_minor, reason, evidence, opened_by, opened_at, opening_entry_no)
       select $1, id, programme_no, party_no, 1, $3, '[{"description": "A letter"}]', 'first', now(), 1
       from (select l.id, $4::integer as programme_no, l.party_no from settlement_line l where party_no = $2 limit 1) line`,
      [v7(), shopNo, `reason of ${world}`, programmeNo],
    ],
    [
      `insert into bank_account (id, partner_no, holder_name, iban, state, proposed_by, proposed_at, decided_by, decided_at)
       values ($1, $2, $3, $4, 'ACTIVE', 'first', now(), 'second', now())`,
      [v7(), shopNo, `holder of ${world}`, world === 'ant' ? 'DE89370400440532013000' : 'GB29NWBK60161331926819'],
    ],
    [
      `with run as (
         insert into reconciliation (id, programme_no, partner_no, from_day, until_day, sha256, given_count, here_count,
           matched_count, given_minor, here_minor, requested_by, requested_at)
         values ($1, $2, $3, '2026-03-01', '2026-03-31', repeat('a', 64), 1, 0, 0, 100, 0, $4, now()) returning id)
       insert into reconciliation_difference (reconciliation_id, no, partner_no, kind, reference, row_no, given_minor)
       select id, 1, $3, 'MISSING_HERE', $5, 1, 100 from run`,
      [v7(), programmeNo, shopNo, `requester of ${world}`, `missing-of-${world}`],
    ],
    [
      `insert into api_client (id, name, kind, partner_no, scopes, registered_by, registered_at)
       values ($1, $2, 'PARTNER', $3, '{transactions:write}', 'first', now())`,
      [v7(), `till of ${world}`, shopNo],
    ],
    [
      `insert into webhook_endpoint (id, partner_no, url, event_types, status_at, created_by, created_at, cursor)
       values ($1, $2, $3, '{}', now(), 'first', now(), 0)`,
      [v7(), shopNo, `https://hooks.${world}.example/`],
    ],
  ] as const)
    await db.superuser.query(text, [...values]);
  await gateway.services.relay.run();
}

/** Columns that say whose a row is. */
const OWNERS = /(^|_)(member|partner|party|submitter|merchant|issuer|supplier|funder|redeemer|owner|charity)_no$/;

/** Whose rows anybody of the programme may see: who takes part, and what there is to be had. */
const PUBLIC: ReadonlySet<string> = new Set(['partner', 'outlet', 'catalogue_item']);

/** Texts and ids that stand in rows of `world` and in no row of anybody else, with the place where each was found. */
export async function secretsOf({ db }: Gateway, world: World): Promise<Map<string, string>> {
  const numbers = async (table: string, mine: boolean): Promise<number[]> => {
    const like = mine ? 'like' : 'not like';
    const { rows } = await db.superuser.query(`select no from ${table} where code ${like} $1`, [`${world}-%`]);
    return rows.map(({ no }) => no);
  };
  const mine = { member: await numbers('member', true), partner: await numbers('partner', true) };
  const secrets = new Map<string, string>();
  const elsewhere = new Set<string>();
  for (const table of await tablesOf(db.superuser)) {
    const { rows, fields } = await db.superuser.query(`select * from ${table}`);
    const columns = fields.map(({ name }) => name);
    const owners = columns.filter(
      (name) => OWNERS.test(name) || (name === 'no' && ['member', 'partner'].includes(table)),
    );
    for (const row of rows) {
      const said = owners.filter((name) => row[name] !== null && Number(row[name]) !== 0);
      const isMine = (name: string): boolean =>
        mine[name.endsWith('member_no') || table === 'member' ? 'member' : 'partner'].includes(row[name]);
      const whole = said.length > 0 && said.every(isMine) && !PUBLIC.has(table);
      for (const name of columns) {
        const value = row[name];
        if (typeof value !== 'string' || value.length < 6) continue;
        if (!whole) elsewhere.add(value);
        else if (name === 'id' || !secrets.has(value)) secrets.set(value, `${table}.${name}`);
      }
    }
  }
  for (const value of elsewhere) secrets.delete(value);
  secrets.set(PRICES[world], 'the price of bread');
  return secrets;
}
