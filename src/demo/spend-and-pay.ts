/** What the day goes on with: a member pays with units, and who is owed by the settlement is paid through a bank. */
import { randomUUID } from 'node:crypto';
import { accept, type UserError } from './accept.js';
import { PROGRAMME, PROGRAMME_ACCOUNT, SPENT } from './cast.js';
import { GraphQLClient } from './graphql-client.js';

const AUTHORISE = `mutation ($input: RedemptionAuthoriseInput!) {
  redemptionAuthorise(input: $input) { redemption { id } userErrors { code message } } }`;
const CAPTURE = `mutation ($input: RedemptionCaptureInput!) {
  redemptionCapture(input: $input) { redemption { state } userErrors { code message } } }`;
const PROPOSE = `mutation ($input: BankAccountProposeInput!) {
  bankAccountPropose(input: $input) { bankAccount { id } userErrors { code message } } }`;
const APPROVE = `mutation ($input: BankAccountApproveInput!) {
  bankAccountApprove(input: $input) { bankAccount { id } userErrors { code message } } }`;
const INSTRUCT = `mutation ($input: PaymentsInstructInput!) {
  paymentsInstruct(input: $input) { paymentFile { number paymentCount amount { amount } } userErrors { code message } } }`;

/** The bank's app holds units for a purchase, the shop's till takes them. */
export async function spend(
  url: string,
  bank: GraphQLClient,
  today: Date,
  say: (sentence: string) => void,
): Promise<void> {
  const { member, name, partner, units, amount } = SPENT;
  const reference = `${today.toISOString().slice(0, 10)}/till-1`;
  const { redemptionAuthorise } = await bank.run<{
    redemptionAuthorise: { redemption?: { id: string }; userErrors: UserError[] };
  }>(AUTHORISE, {
    input: {
      programmeCode: PROGRAMME,
      partnerCode: partner.code,
      payer: { cardToken: member.token },
      purchase: { amount, currencyCode: 'EUR' },
      units,
      reference,
      channel: 'APP',
    },
  });
  accept('Holding units', redemptionAuthorise.userErrors);
  const till = await GraphQLClient.signIn(url, { principal: 'PARTNER', partner: partner.code });
  const { redemptionCapture } = await till.run<{ redemptionCapture: { userErrors: UserError[] } }>(CAPTURE, {
    input: { redemptionId: redemptionAuthorise.redemption?.id, idempotencyKey: `demo-capture-${reference}` },
  });
  accept('Taking units', redemptionCapture.userErrors);
  say(
    `${name} paid ${units} PTS of a purchase of ${amount} EUR at ${partner.name}: held by the bank's app, taken at the till.`,
  );
}

/** Two people decide where money goes; then one file for the bank pays whoever is owed. */
export async function payOut(url: string, admin: GraphQLClient, say: (sentence: string) => void): Promise<void> {
  const operator = await GraphQLClient.signIn(url, { principal: 'OPERATOR' });
  const accounts = [
    { programmeCode: PROGRAMME, holderName: PROGRAMME_ACCOUNT.holder, iban: PROGRAMME_ACCOUNT.iban },
    { partnerCode: SPENT.partner.code, holderName: SPENT.partner.holder, iban: SPENT.partner.iban },
  ];
  for (const input of accounts) {
    const { bankAccountPropose } = await admin.run<{
      bankAccountPropose: { bankAccount?: { id: string }; userErrors: UserError[] };
    }>(PROPOSE, { input });
    accept('A bank account', bankAccountPropose.userErrors);
    const { bankAccountApprove } = await operator.run<{ bankAccountApprove: { userErrors: UserError[] } }>(APPROVE, {
      input: { bankAccountId: bankAccountPropose.bankAccount?.id },
    });
    accept('Approving a bank account', bankAccountApprove.userErrors);
  }
  const { paymentsInstruct } = await admin.run<{
    paymentsInstruct: {
      paymentFile?: { number: number; paymentCount: number; amount: { amount: string } };
      userErrors: UserError[];
    };
  }>(INSTRUCT, { input: { programmeCode: PROGRAMME, idempotencyKey: `demo-pay-${randomUUID()}` } });
  accept('Paying', paymentsInstruct.userErrors);
  const { number, paymentCount, amount } = paymentsInstruct.paymentFile ?? {
    number: 0,
    paymentCount: 0,
    amount: { amount: '0' },
  };
  say(
    `Wrote payment file ${number} for the bank (pain.001): ${paymentCount} payment of ${amount.amount} EUR to ${SPENT.partner.name}.`,
  );
}
