/** Every mutation that partners and members have, done once by those of the world of ants (two-worlds.ts), in this order. */
import type { Gateway } from '../e2e/gateway.js';
import { PROGRAMME } from './two-worlds.js';

/** What was answered to the mutations before, by name. */
// biome-ignore lint/suspicious/noExplicitAny: answers have whatever shape was asked for
export type Before = Readonly<Record<string, any>>;

export interface Deed {
  readonly name: string;
  readonly kind: 'PARTNER' | 'MEMBER';
  readonly who: string;
  readonly input: (before: Before, idOf: (sql: string) => Promise<string>) => object | Promise<object>;
}

export const idIn =
  ({ db }: Gateway) =>
  async (sql: string): Promise<string> =>
    (await db.superuser.query<{ id: string }>(sql)).rows[0]?.id ?? '';

const common = { programmeCode: PROGRAMME };
const [shop, bank] = [
  { kind: 'PARTNER', who: 'ant-shop' },
  { kind: 'PARTNER', who: 'ant-bank' },
] as const;
const anna = { kind: 'MEMBER', who: 'ant-anna' } as const;
const money = (amount: string): object => ({ amount, currencyCode: 'EUR' });
const payer = { memberCode: 'ant-anna' };
const ANNA = `select id from member where code = 'ant-anna'`;
const LATEST_REDEMPTION = 'select id from redemption order by id desc limit 1';
const ofShop = (table: string): string =>
  `select t.id from ${table} t join partner p on p.no = t.partner_no where p.code = 'ant-shop' limit 1`;
const CLIENT = ofShop('api_client');
const ENDPOINT = ofShop('webhook_endpoint');
const bought = (reference: string): object => ({
  ...{ kind: 'PURCHASE', reference, payer: { cardToken: 'card-of-ant-anna' }, amount: money('12.34') },
  ...{ occurredAt: new Date(Date.now() - 60_000).toISOString(), merchantId: 'MID-ant', mcc: '5411' },
});
const held = (reference: string): object => ({
  ...{ ...common, partnerCode: 'ant-shop', payer, purchase: money('50.00'), units: '5', reference },
});
const notice = { version: '1', language: 'en', sha256: 'a'.repeat(64) };

export const DEEDS: readonly Deed[] = [
  { name: 'memberEnrol', ...shop, input: () => ({ ...common, code: 'ant-cora', birthday: '03-04' }) },
  { name: 'memberUpdate', ...anna, input: async (_, idOf) => ({ memberId: await idOf(ANNA), birthday: '03-04' }) },
  {
    name: 'cardLink',
    ...bank,
    input: () => ({
      ...{ ...common, issuerCode: 'ant-bank', member: { memberCode: 'ant-cora' } },
      ...{ token: 'card-of-ant-cora', lastFour: '1234' },
    }),
  },
  {
    name: 'cardUpdate',
    ...bank,
    input: (before) => ({ cardId: before.cardLink.card.id, statementDay: 15, account: 'account-cora' }),
  },
  { name: 'cardUnlink', ...bank, input: (before) => ({ cardId: before.cardLink.card.id }) },
  {
    name: 'memberSegmentSet',
    ...bank,
    input: async (_, idOf) => ({ member: { memberId: await idOf(ANNA) }, segment: 'new', inSegment: true }),
  },
  {
    name: 'categoryChoose',
    ...anna,
    input: async (_, idOf) => ({
      ...{
        member: { memberId: await idOf(ANNA) },
        choiceCode: 'monthly',
        categories: ['food'],
        idempotencyKey: 'key-1',
      },
    }),
  },
  {
    name: 'transactionSubmit',
    ...bank,
    input: () => ({ ...common, partnerCode: 'ant-bank', transaction: bought('cheese') }),
  },
  {
    name: 'transactionsSubmit',
    ...bank,
    input: () => ({ ...common, partnerCode: 'ant-bank', transactions: [bought('wine'), bought('water')] }),
  },
  { name: 'redemptionAuthorise', ...shop, input: () => held('basket-1') },
  {
    name: 'redemptionCapture',
    ...shop,
    input: async (_, idOf) => ({ redemptionId: await idOf(LATEST_REDEMPTION), idempotencyKey: 'key-2' }),
  },
  {
    name: 'redemptionReturn',
    ...shop,
    input: async (_, idOf) => ({ redemptionId: await idOf(LATEST_REDEMPTION), units: '1', idempotencyKey: 'key-3' }),
  },
  { name: 'redemptionAuthorise', ...anna, input: () => held('basket-2') },
  {
    name: 'redemptionVoid',
    ...anna,
    input: async (_, idOf) => ({ redemptionId: await idOf(LATEST_REDEMPTION), idempotencyKey: 'key-4' }),
  },
  {
    name: 'cashOut',
    ...anna,
    input: () => ({ ...common, payer, cardToken: 'card-of-ant-anna', units: '4', idempotencyKey: 'key-5' }),
  },
  {
    name: 'donate',
    ...anna,
    input: () => ({ ...common, payer, charityCode: 'ant-charity', units: '2', idempotencyKey: 'key-6' }),
  },
  {
    name: 'unitsTransfer',
    ...anna,
    input: () => ({ ...common, payer, toMemberCode: 'zebra-bert', units: '3', idempotencyKey: 'key-7' }),
  },
  {
    name: 'catalogueClaim',
    ...anna,
    input: () => ({ ...common, itemCode: 'ant-off', payer, idempotencyKey: 'key-8' }),
  },
  {
    name: 'discountCodeRenew',
    ...anna,
    input: (before) => ({ claimId: before.catalogueClaim.claim.id }),
  },
  {
    name: 'discountCodeRedeem',
    ...shop,
    input: (before) => ({ code: before.discountCodeRenew.code, partnerCode: 'ant-shop', reference: 'till-2' }),
  },
  {
    name: 'roundUpSet',
    ...anna,
    input: () => ({ ...common, payer, charityCode: 'ant-charity', step: money('2.00') }),
  },
  { name: 'roundUpEnd', ...anna, input: () => ({ ...common, payer }) },
  {
    name: 'purchaseClaimOpen',
    ...anna,
    input: () => ({
      ...{
        ...common,
        partnerCode: 'ant-shop',
        amount: money('55.55'),
        receipt: '7',
        note: 'Bread',
        idempotencyKey: 'key-9',
      },
      boughtAt: new Date(Date.now() - 86_400_000).toISOString(),
    }),
  },
  {
    name: 'purchaseClaimDecide',
    ...shop,
    input: (before) => ({
      ...{ claimId: before.purchaseClaimOpen.claim.id, verdict: 'GRANTED', resolution: 'Seen.' },
      idempotencyKey: 'key-10',
    }),
  },
  {
    name: 'consentGive',
    ...anna,
    input: async (_, idOf) => ({ memberId: await idOf(ANNA), purpose: 'MARKETING', channel: 'APP', notice }),
  },
  {
    name: 'consentWithdraw',
    ...bank,
    input: async (_, idOf) => ({
      ...{ memberId: await idOf(ANNA), purpose: 'MARKETING', channel: 'BRANCH', evidence: 'form 2' },
    }),
  },
  {
    name: 'disputeOpen',
    ...bank,
    input: async (_, idOf) => ({
      lineId: await idOf(
        `select l.id from settlement_line l join partner p on p.no = l.party_no where p.code = 'ant-bank' limit 1`,
      ),
      ...{ amount: money('1.00'), reason: 'Not ours.', idempotencyKey: 'key-11' },
    }),
  },
  {
    name: 'reconciliationRun',
    ...bank,
    input: () => ({
      ...{ ...common, partnerCode: 'ant-bank', transactions: { from: '2026-03-01', until: '2026-03-31' } },
      ...{ rows: [{ reference: 'never-told', amount: '1.00' }], idempotencyKey: 'key-12' },
    }),
  },
  {
    name: 'bankAccountPropose',
    ...shop,
    input: () => ({ partnerCode: 'ant-shop', holderName: 'Ant Limited', iban: 'AT611904300234573201' }),
  },
  {
    name: 'clientSecretRotate',
    ...shop,
    input: async (_, idOf) => ({ clientId: await idOf(CLIENT), overlapMinutes: 60, idempotencyKey: 'key-13' }),
  },
  {
    name: 'clientSecretEnd',
    ...shop,
    input: async (_, idOf) => ({
      clientId: await idOf(CLIENT),
      secretId: await idOf(`select s.id from client_secret s where s.client_id = (${CLIENT}) order by s.id limit 1`),
    }),
  },
  {
    name: 'clientKeyAdd',
    ...shop,
    input: async (_, idOf) => ({
      clientId: await idOf(CLIENT),
      publicKey: '{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}',
    }),
  },
  {
    name: 'clientKeyRemove',
    ...shop,
    input: async (_, idOf) => ({
      clientId: await idOf(CLIENT),
      keyId: await idOf(`select k.id from client_key k where k.client_id = (${CLIENT}) order by k.id limit 1`),
    }),
  },
  { name: 'clientRevoke', ...shop, input: async (_, idOf) => ({ clientId: await idOf(CLIENT) }) },
  ...['webhookEndpointPause', 'webhookEndpointResume', 'webhookReplay', 'webhookSecretRotate'].map(
    (name): Deed => ({ name, ...shop, input: async (_, idOf) => ({ endpointId: await idOf(ENDPOINT) }) }),
  ),
  {
    name: 'webhookEndpointUpdate',
    ...shop,
    input: async (_, idOf) => ({ endpointId: await idOf(ENDPOINT), description: 'Ours' }),
  },
  { name: 'webhookEndpointRemove', ...shop, input: async (_, idOf) => ({ endpointId: await idOf(ENDPOINT) }) },
  {
    name: 'memberDataExport',
    ...anna,
    input: async (_, idOf) => ({ memberId: await idOf(ANNA), ground: 'MEMBER_ASKED' }),
  },
];

/** Objects that are answered to whom queries do not show them. */
export const MADE_BY_THE_CALLER: Readonly<Record<string, string>> = {
  memberEnrol: 'Who enrols a member is told of the member it made, and reads it once it has linked a card.',
};

/** Mutations that a partner or a member may ask for and that are not among the deeds. */
export const NOT_DONE: Readonly<Record<string, string>> = {
  offerActivate:
    'Nothing in the programme of the two worlds needs to be activated; it answers the offer that queries show.',
  connectorSecretSet: 'The connectors of the two worlds have no secret; it answers the connector that queries show.',
  webhookEndpointCreate: 'It asks the address; it answers the same object as webhookEndpointUpdate.',
  webhookEndpointTest: 'It asks the address; it answers the attempt that queries show.',
};
