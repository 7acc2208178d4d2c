/**
 * An online shop: it says what a basket will earn before it is paid, submits the purchase when it is, and takes a part back.
 *
 *     node --env-file=shop.env examples/shop/shop.ts
 *
 * HANSA_CLIENT_ID and HANSA_CLIENT_SECRET are what `hansa client register` printed.
 */
import { HansaClient, QuoteAccrual, SubmitTransaction } from 'hansa/client';

const {
  HANSA_URL = `http://127.0.0.1:${process.env.PORT ?? 4000}`,
  HANSA_CLIENT_ID: clientId = '',
  HANSA_CLIENT_SECRET: clientSecret = '',
  MERCHANT_ID: merchantId = 'MY-SHOP-001',
  PROGRAMME: programmeCode = 'coalition-demo',
  CARD_TOKEN: cardToken = 'demo-card-bruno-0815',
} = process.env;

const hansa = new HansaClient({ url: HANSA_URL, clientId, clientSecret });
const payer = { cardToken };
// The shop's own order number: sent again after a crash, it is the same purchase and never a second one.
const order = `order-${Date.now()}`;
const basket = { amount: '60.00', currencyCode: 'EUR' };

const { accrualQuote } = await hansa.ask(QuoteAccrual, {
  input: { programmeCode, payer, amount: basket, merchantId },
});
console.log(`Before paying: this basket earns ${accrualQuote?.units ?? 'nothing'}.`);

const submit = async (transaction: object) => {
  const message = { payer, merchantId, occurredAt: new Date().toISOString(), ...transaction } as never;
  const { transactionSubmit } = await hansa.ask(SubmitTransaction, { input: { programmeCode, transaction: message } });
  const [refused] = transactionSubmit?.userErrors ?? [];
  if (refused !== undefined) throw new Error(`${refused.code}: ${refused.message}`);
  return transactionSubmit?.transaction;
};

const bought = await submit({ kind: 'PURCHASE', reference: order, amount: basket, channel: 'ONLINE' });
console.log(`Paid: ${order} is transaction ${bought?.id}.`);
for (const { rule, funder, units, status, availableOn } of bought?.accruals ?? []) {
  console.log(`  accrual: ${units} by "${rule}", paid by ${funder}, ${status}, available on ${availableOn}`);
}
console.log(bought?.explanation.text);

const returned = await submit({
  kind: 'REFUND',
  reference: `${order}-return`,
  refundOf: order,
  amount: { amount: '20.00', currencyCode: 'EUR' },
});
const left = returned?.accruals.map(({ rule, unitsLeft }) => `${unitsLeft} of "${rule}"`).join(', ');
console.log(`One item came back: ${left} are left.`);
