/** The product as the model's world: the same programme, contracts and members, set up through the API. */
import { formatDecimal } from '../../src/domain/money/decimal.js';
import type { Rate } from '../../src/domain/money/rate.js';
import { type Gateway, setUp, takeIn } from '../e2e/gateway.js';
import type { Change } from './gateway-change.js';
import { dateOf } from './kernel.js';
import { type Contract, type Currency, type Day, rateOf } from './terms.js';
import { BANK, CHARITY, ITEMS, SHOPS, type World } from './world.js';

export const PROGRAMME = 'model';
/** From which the programme pays, and into which it is paid. */
export const CLEARING: Readonly<Record<Currency, string>> = {
  EUR: 'DE89370400440532013000',
  USD: 'BE71096123456769',
};
const IBANS: Readonly<Record<string, string>> = {
  m1: 'FR1420041010050500013M02606',
  m2: 'NL91ABNA0417164300',
  m3: 'GB29NWBK60161331926819',
  [BANK]: 'AT611904300234573201',
  [CHARITY]: 'CH9300762011623852957',
};
export const ibanOf = (partner: string): string => IBANS[partner] as string;
export const cardOf = (member: string): string => `card-of-${member}`;

const text = ({ numerator, denominator }: Rate): string => `${numerator}/${denominator}`;
/** Money minor units of a unit as money of one. */
const price = ({ numerator, denominator }: Rate): string => `${numerator}/${denominator * 100n}`;

function programmeOf({ terms }: World): string {
  const { price: worth, holdDays, livesDays, order, graceDays, dormancy, earnsUntil, endsOn } = terms;
  const windDown =
    earnsUntil === undefined || endsOn === undefined
      ? ''
      : `windDown: { earningEnds: ${dateOf(earnsUntil)}, redemptionUntil: ${dateOf(endsOn - 1)} }`;
  return `
programme: ${PROGRAMME}
name: Model
effectiveFrom: 2020-01-01
currency: EUR
timeZone: Europe/Berlin
unit: { code: PTS, scale: 0, worth: ${price(worth)} }
holdDays: ${holdDays}
rounding: FLOOR
expiry: ${livesDays === undefined ? 'NEVER' : `{ days: ${livesDays} }`}
tiers: { rollingDays: 365, levels: [{ code: all, name: All, from: 0 }] }
rules:
  - { code: m1-rate, name: M1, when: { partners: [m1] }, funding: MERCHANT, rate: 5% }
  - { code: card, name: Card, when: { partners: [m1] }, funding: ISSUER, rate: 1% }
  - { code: joint, name: Joint, when: { partners: [m2] }, funding: { MERCHANT: 70%, ISSUER: 20%, PROGRAMME: 10% }, rate: 10% }
  - { code: halves, name: Halves, when: { partners: [m3] }, funding: { MERCHANT: 1/3, PROGRAMME: 2/3 }, rate: 7% }
partners: { m1: , m2: , m3: }
redemption:
  order: ${order}
  returnGraceDays: ${graceDays}
  authorisationHours: ${AUTHORISATION_HOURS}
  cashOut: true
  donation: true
  transfer: true
${dormancy === undefined ? '' : `dormancy: { afterDays: ${dormancy.afterDays}, fee: ${dormancy.fee} }`}
${windDown}
`;
}

/** Over in the night before the last day, whatever time of the day it was. */
const AUTHORISATION_HOURS = 7 * 24 - 8;

const settlementOf = (contract: Contract) => ({
  redemptionPrice: price(contract.redemptionPrice),
  acceptanceFeeRate: text(contract.acceptanceFee),
  returnReversesFee: contract.returnsAcceptanceFee,
  breakageOwner: contract.breakage,
  clawbackPolicy: contract.clawback,
  clawbackLimit: `${contract.clawbackLimit}`,
  cycle: 'ON_DEMAND',
  commissionPer: contract.commissionPer,
  prepaid: contract.prepaid,
  ...(contract.currency !== undefined && { settlementCurrency: contract.currency }),
});

/** As the central bank publishes them; the first day is left out. */
export async function publishRates(change: Change, after: Day, last: Day): Promise<void> {
  const days = Array.from({ length: last - after }, (_, index) => after + 1 + index);
  const cents = (day: Day): bigint => (rateOf(day).numerator * 100n) / rateOf(day).denominator;
  const lines = days.map((day) => `${dateOf(day)},${formatDecimal(cents(day), 2)},`);
  const imported = await change('fxRatesImport', '', { text: ['Date,USD,', ...lines].join('\n') });
  expect(imported.userErrors).toEqual([]);
}

/** It takes two people. */
async function useAccount({ ask, admin, edge }: Gateway, owner: object, iban: string): Promise<void> {
  const proposed = await ask(
    admin,
    'mutation ($input: BankAccountProposeInput!) { bankAccountPropose(input: $input) { bankAccount { id } userErrors { code } } }',
    { input: { ...owner, holderName: 'Holder', iban } },
  );
  expect(proposed.bankAccountPropose.userErrors).toEqual([]);
  const approved = await ask(
    await edge.token({ principal: 'OPERATOR' }),
    'mutation ($input: BankAccountApproveInput!) { bankAccountApprove(input: $input) { userErrors { code } } }',
    { input: { bankAccountId: proposed.bankAccountPropose.bankAccount.id } },
  );
  expect(approved.bankAccountApprove.userErrors).toEqual([]);
}

export async function makeWorld(gateway: Gateway, world: World): Promise<void> {
  const { contracts, members } = world;
  const partners = [...SHOPS, BANK].map((code) => {
    const contract = contracts.get(code) as Contract;
    return {
      code,
      role: code === BANK ? ('BANK' as const) : ('MERCHANT' as const),
      merchantIds: code === BANK ? [] : [`MID-${code}`],
      commissionRate: text(contract.commission),
      refundReturnsCommission: contract.refundReturnsCommission,
      model: contract.settles === 'AT_ISSUANCE' ? ('SETTLE_AT_ISSUANCE' as const) : ('SETTLE_AT_REDEMPTION' as const),
      settlement: settlementOf(contract),
      ...(contract.minimumPayout > 0n && { minimumPayout: formatDecimal(contract.minimumPayout, 2) }),
    };
  });
  await setUp(gateway, programmeOf(world), PROGRAMME, [...partners, { code: CHARITY, role: 'CHARITY' }]);
  for (const [currencyCode, iban] of Object.entries(CLEARING))
    await useAccount(gateway, { programmeCode: PROGRAMME, currencyCode }, iban);
  for (const [partnerCode, iban] of Object.entries(IBANS)) await useAccount(gateway, { partnerCode }, iban);
  for (const { code, shop, units } of ITEMS) {
    const published = await gateway.ask(
      gateway.admin,
      'mutation ($input: CatalogueItemPublishInput!) { catalogueItemPublish(input: $input) { userErrors { code message } } }',
      {
        input: {
          ...{ programmeCode: PROGRAMME, supplierCode: shop, code, name: code, kind: 'ACCESS', price: `${units}` },
          ...{ validDays: 1, claimableFrom: '2026-01-01', idempotencyKey: `item-${code}` },
        },
      },
    );
    expect(published.catalogueItemPublish.userErrors).toEqual([]);
  }
  for (const code of members) await takeIn(gateway, PROGRAMME, code, { token: cardOf(code), issuerCode: BANK });
}
