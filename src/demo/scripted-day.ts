/**
 * A short day of a coalition, through the public API alone: partners and contracts in, members and cards in,
 * purchases and a refund in, confirmed, units spent, closed, settled, paid. Every step may be repeated, so a start that was
 * interrupted is simply done again.
 */
import { randomUUID } from 'node:crypto';
import { accept, type UserError } from './accept.js';
import {
  ANNA,
  BANK,
  type DemoMember,
  type DemoPartner,
  type DemoPurchase,
  MEMBERS,
  PARTNERS,
  PROGRAMME,
  PURCHASES,
  REFUND,
} from './cast.js';
import { GraphQLClient } from './graphql-client.js';
import { payOut, spend } from './spend-and-pay.js';

const APPLY = `mutation ($input: ProgrammeApplyInput!) {
  programmeApply(input: $input) { outcome userErrors { code message line } } }`;
const ONBOARD = `mutation ($input: PartnerOnboardInput!) {
  partnerOnboard(input: $input) { partner { code } userErrors { code message } } }`;
const ENROL = `mutation ($input: MemberEnrolInput!) {
  memberEnrol(input: $input) { member { id } userErrors { code message } } }`;
const LINK = `mutation ($input: CardLinkInput!) {
  cardLink(input: $input) { card { id } userErrors { code message } } }`;
const SUBMIT = `mutation ($input: TransactionsSubmitInput!) {
  transactionsSubmit(input: $input) {
    results { transaction { id } userErrors { code message } }
    userErrors { code message }
  } }`;
const CONFIRM = `mutation ($input: AccrualsConfirmInput!) {
  accrualsConfirm(input: $input) { confirmed userErrors { code message } } }`;
const CLOSE = `mutation ($input: SettlementWindowCloseInput!) {
  settlementWindowClose(input: $input) { window { number entryCount postingCount digest } userErrors { code message } } }`;
const ISSUE = `mutation ($input: SettlementIssueInput!) {
  settlementIssue(input: $input) { settlement { id } userErrors { code message } } }`;

/**
 * Plays the day. `say` hears what is being done.
 * @param today an instant of the first start; purchases lie some days before it
 * @returns the id of the settlement
 */
export async function playScriptedDay(
  url: string,
  programmeYaml: string,
  today: Date,
  say: (sentence: string) => void,
): Promise<string> {
  const admin = await GraphQLClient.signIn(url, { principal: 'ADMIN' });
  const applied = await admin.run<{ programmeApply: { userErrors: UserError[] } }>(APPLY, {
    input: { source: programmeYaml },
  });
  accept('The programme', applied.programmeApply.userErrors);
  say(
    `Published the programme ${PROGRAMME}: three tiers, six categories, two of them chosen each month, one joint campaign, monthly caps.`,
  );

  for (const partner of PARTNERS) await onboard(admin, partner);
  say(
    `Took in ${PARTNERS.length} partners with their outlets and contracts: ${PARTNERS.map(({ name }) => name).join(', ')}.`,
  );

  const bank = await GraphQLClient.signIn(url, { principal: 'PARTNER', partner: BANK });
  for (const member of MEMBERS) await takeIn(bank, member);
  say(`Enrolled ${MEMBERS.length} members of Hanse Bank and linked a card each, by token.`);

  await submit(
    bank,
    PURCHASES.map((purchase) => messageOf('PURCHASE', purchase, today)),
  );
  await submit(bank, [{ ...messageOf('REFUND', REFUND, today), refundOf: REFUND.refundOf }]);
  say(`Took in ${PURCHASES.length} purchases and a refund.`);

  const confirmed = await admin.run<{ accrualsConfirm: { confirmed: number; userErrors: UserError[] } }>(CONFIRM, {
    input: { programmeCode: PROGRAMME },
  });
  accept('Confirming', confirmed.accrualsConfirm.userErrors);
  say(`Confirmed ${confirmed.accrualsConfirm.confirmed} accruals whose hold has ended.`);
  await spend(url, bank, today, say);
  const settlementId = await closeAndSettle(admin, say);
  await payOut(url, admin, say);
  return settlementId;
}

async function onboard(admin: GraphQLClient, partner: DemoPartner): Promise<void> {
  const input = {
    code: partner.code,
    name: partner.name,
    roles: [partner.role],
    outlets: partner.outlets.map(({ merchantId, ...outlet }) => ({ ...outlet, merchantIds: [merchantId] })),
    ...(partner.contract && {
      contract: {
        programmeCode: PROGRAMME,
        effectiveFrom: '2026-01-01',
        ...partner.contract,
        taxCode: 'VAT-23',
        taxRate: '23%',
        taxTreatment: 'MARKETING',
        model: 'SETTLE_AT_ISSUANCE',
      },
    }),
  };
  const answer = await admin.run<{ partnerOnboard: { userErrors: UserError[] } }>(ONBOARD, { input });
  accept(`Onboarding ${partner.name}`, answer.partnerOnboard.userErrors);
}

async function takeIn(bank: GraphQLClient, { code, token, lastFour }: DemoMember): Promise<void> {
  const enrolled = await bank.run<{ memberEnrol: { userErrors: UserError[] } }>(ENROL, {
    input: { programmeCode: PROGRAMME, code },
  });
  accept(`Enrolling ${code}`, enrolled.memberEnrol.userErrors);
  const linked = await bank.run<{ cardLink: { userErrors: UserError[] } }>(LINK, {
    input: { programmeCode: PROGRAMME, member: { memberCode: code }, token, lastFour, issuerCode: BANK },
  });
  accept(`Linking the card of ${code}`, linked.cardLink.userErrors);
}

/** References carry the day of the first start: another day's first start is another story. */
function messageOf(
  kind: 'PURCHASE' | 'REFUND',
  { reference, member, amount, daysBefore, hour, merchantId, mcc, descriptor }: DemoPurchase,
  today: Date,
) {
  const occurredAt = new Date(today);
  occurredAt.setUTCDate(occurredAt.getUTCDate() - daysBefore);
  occurredAt.setUTCHours(hour, 0, 0, 0);
  return {
    kind,
    reference: referenceOn(today, reference),
    payer: { cardToken: member.token },
    amount: { amount, currencyCode: 'EUR' },
    occurredAt: occurredAt.toISOString(),
    merchantId,
    descriptor,
    ...(mcc !== undefined && { mcc }),
  };
}

/** The reference of a purchase in the story that began on `today`. */
export const referenceOn = (today: Date, reference: string): string =>
  `${today.toISOString().slice(0, 10)}/${reference}`;

async function submit(
  bank: GraphQLClient,
  messages: readonly (ReturnType<typeof messageOf> & { refundOf?: string })[],
): Promise<void> {
  const day = messages[0]?.reference.split('/')[0];
  const transactions = messages.map((message) =>
    message.refundOf === undefined ? message : { ...message, refundOf: `${day}/${message.refundOf}` },
  );
  const { transactionsSubmit } = await bank.run<{
    transactionsSubmit: { results: { userErrors: UserError[] }[]; userErrors: UserError[] };
  }>(SUBMIT, { input: { programmeCode: PROGRAMME, transactions } });
  accept('The list', transactionsSubmit.userErrors);
  for (const { userErrors } of transactionsSubmit.results) accept('A message', userErrors);
}

async function closeAndSettle(admin: GraphQLClient, say: (sentence: string) => void): Promise<string> {
  const { settlementWindowClose } = await admin.run<{
    settlementWindowClose: { window?: { number: number; entryCount: number; digest: string }; userErrors: UserError[] };
  }>(CLOSE, { input: { programmeCode: PROGRAMME, idempotencyKey: `demo-close-${randomUUID()}` } });
  accept('Closing', settlementWindowClose.userErrors);
  const { number, entryCount, digest } = settlementWindowClose.window ?? { number: 0, entryCount: 0, digest: '' };
  say(`Closed settlement window ${number}: ${entryCount} journal entries, sealed by digest ${digest.slice(0, 16)}…`);
  const { settlementIssue } = await admin.run<{
    settlementIssue: { settlement?: { id: string }; userErrors: UserError[] };
  }>(ISSUE, {
    input: { programmeCode: PROGRAMME, idempotencyKey: `demo-settle-${randomUUID()}` },
  });
  accept('Settling', settlementIssue.userErrors);
  return settlementIssue.settlement?.id ?? '';
}

/** The purchase that the story explains afterwards. */
export const EXPLAINED = { member: ANNA, reference: 'day-04' };
