/**
 * One programme, two worlds that have nothing to do with each other: "ant" and "zebra", each with a shop, a bank, a
 * charity and two members who shopped, spent, disputed and were settled. Whatever stands in a row of zebra alone must never
 * come before the eyes of anybody of ant.
 */
import { type Gateway, openGateway, setUp, takeIn } from '../e2e/gateway.js';
import { tablesOf } from '../support/migrated-rows.js';
import { keepBooks } from './two-worlds-books.js';

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
categories:
  food: { name: Food, mcc: ["5411"] }
  fuel: { name: Fuel, mcc: ["5541"] }
choices:
  monthly: { name: One a month, offered: [food, fuel], pick: 1, per: month, opensDaysBefore: 7, default: [] }
tiers:
  rollingDays: 365
  levels:
    - { code: all, name: All, from: 0 }
    - { code: gold, name: Gold, from: 1000, benefits: [{ code: lounge, name: Lounge }] }
rules:
  - { code: shop-rate, name: Shops pay back, funding: MERCHANT, rate: 5% }
  - { code: card, name: Card cashback, funding: ISSUER, rate: 1% }
  - { code: five, name: Five of the month, funding: ISSUER, rate: 5%, when: { chosen: monthly, categories: [fuel] } }
redemption: { cashOut: { holdAbove: 500 }, donation: true, transfer: true }
`;

/** Stands in every text that is written freely in a world, also in those that no row shows. */
export const MARKS: Readonly<Record<World, string>> = { ant: 'mandible', zebra: 'stripes' };

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
  for (const world of WORLDS) await keepBooks(gateway, PROGRAMME, world, MARKS[world]);
  await gateway.services.relay.run();
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
  const mark = MARKS[world];
  const common = { programmeCode: PROGRAMME };
  const ids = new Map<string, string>();
  for (const code of [anna, bert]) {
    await takeIn(gateway, PROGRAMME, code, { token: `card-of-${code}`, issuerCode: `${world}-bank` });
    const named = `member(code: "${code}", programmeCode: "${PROGRAMME}") { id }`;
    ids.set(code, (await gateway.ask(gateway.admin, `{ ${named} }`)).member.id);
  }
  const memberId = ids.get(anna) as string;
  await sayAbout(gateway, world, memberId);
  for (const code of [anna, bert]) {
    await act(gateway, 'transactionSubmit', {
      ...common,
      partnerCode: `${world}-bank`,
      transaction: {
        ...{ kind: 'PURCHASE', reference: `bread-of-${code}`, payer: { cardToken: `card-of-${code}` } },
        ...{ amount: { amount: PRICES[world], currencyCode: 'EUR' }, descriptor: `descriptor of ${world}` },
        ...{ occurredAt: new Date(Date.now() - 3_600_000).toISOString(), merchantId: `MID-${world}` },
        ...{ mcc: '5411', original: { amount: '9.99', currencyCode: 'USD' }, claimedUnits: '1' },
        lines: [{ amount: PRICES[world], quantity: 1, reference: `${mark}-line`, tags: [`${mark}-tag`] }],
      },
    });
    await act(gateway, 'transactionSubmit', {
      ...common,
      partnerCode: `${world}-bank`,
      transaction: {
        ...{ kind: 'PURCHASE', reference: `lost-of-${code}`, payer: { cardToken: `card-of-${code}` } },
        ...{ amount: { amount: '33.33', currencyCode: 'EUR' }, descriptor: `${world}-shop ${mark}` },
        ...{ occurredAt: new Date(Date.now() - 3_000_000).toISOString(), merchantId: `lost-${mark}` },
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
  const card = { cardToken: `card-of-${anna}` };
  await act(gateway, 'cashOut', { ...common, payer, ...card, units: '4', idempotencyKey: `cash-of-${world}` });
  await act(gateway, 'cashOut', { ...common, payer, ...card, units: '600', idempotencyKey: `much-of-${world}` });
  await act(gateway, 'purchaseClaimOpen', {
    ...{ ...common, memberId, partnerCode: `${world}-shop`, amount: { amount: '44.44', currencyCode: 'EUR' } },
    ...{ boughtAt: new Date(Date.now() - 86_400_000).toISOString(), receipt: `${mark}-receipt`, note: `${mark} note` },
    idempotencyKey: `claim-of-${world}`,
  });
}

/** What is known of a member, and of its partners, in words. */
async function sayAbout(gateway: Gateway, world: World, memberId: string): Promise<void> {
  const mark = MARKS[world];
  const common = { programmeCode: PROGRAMME };
  const idempotencyKey = (what: string): string => `${what}-of-${world}`;
  const shop = { partnerCode: `${world}-shop` };
  const notice = { version: `${mark}-1`, language: 'en', sha256: 'a'.repeat(64) };
  const said = { memberId, channel: 'BRANCH', notice, evidence: `${mark} form` };
  await act(gateway, 'consentGive', { ...said, ...shop, purpose: 'SHARING_WITH_PARTNER' });
  await act(gateway, 'consentGive', { ...said, purpose: 'PERSONALISED_OFFERS' });
  await act(gateway, 'memberUpdate', { memberId, timeZone: 'Europe/Berlin', birthday: '02-03' });
  await act(gateway, 'memberSegmentSet', { member: { memberId }, segment: `${mark}-people`, inSegment: true });
  await act(gateway, 'categoryChoose', {
    ...{ member: { memberId }, choiceCode: 'monthly', categories: ['fuel'], idempotencyKey: idempotencyKey('choice') },
  });
  await act(gateway, 'billingDetailsSet', {
    ...{ ...common, ...shop, legalName: `${mark} Limited`, address: `${mark} Road 1`, taxNumber: `${mark}-7` },
    paymentInstruction: `pay ${mark}`,
  });
  const evidence = [{ description: `${mark} letter`, url: `https://${mark}.example/letter`, sha256: 'b'.repeat(64) }];
  const asked = { ...common, reason: `${mark} reason`, evidence };
  await act(gateway, 'adjustmentRequest', {
    ...{ ...asked, goodwill: { member: { memberId }, units: '5', expiresOn: '2099-01-01' } },
    idempotencyKey: idempotencyKey('goodwill'),
  });
  await act(gateway, 'adjustmentRequest', {
    ...{ ...asked, partner: { ...shop, kind: 'CORRECTION', amount: { amount: '5.55', currencyCode: 'EUR' } } },
    idempotencyKey: idempotencyKey('correction'),
  });
  const money = (amount: string): object => ({ amount, currencyCode: 'EUR' });
  await act(gateway, 'serviceChargeRecord', {
    ...{ ...common, ...shop, invoiceNumber: `${mark}-invoice`, invoicedOn: '2026-03-10', taxCode: 'VAT-20' },
    ...{ net: money('10.00'), tax: money('2.00'), idempotencyKey: idempotencyKey('charge') },
  });
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
  secrets.set(MARKS[world], 'what was written freely');
  return secrets;
}
