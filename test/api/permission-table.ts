/**
 * Who may do and see what, written down. permissions.test.ts asks the running gateway every question here and
 * fails when a root field or an object type has no row.
 *
 * The coalition of test/support/coalition.ts: member a bought at "shop" with a card of "bank", which submitted
 * the purchase; what it earned was confirmed and settled. The actors:
 *   ADMIN OPERATOR SERVICE   with every scope of their kind
 *   BANK SHOP OTHER          the partners of the purchase, and one that has nothing to do with it
 *   MEMBER STRANGER          member a, and member b
 *   BARE                     an administrator whose token carries no scope
 */
import { ACCOUNTING_OBJECT_TYPES, ACCOUNTING_ROOT_FIELDS } from './accounting-permissions.js';
import { CLIENT_OBJECT_TYPES, CLIENT_ROOT_FIELDS } from './client-permissions.js';
import { CONNECTOR_OBJECT_TYPES, CONNECTOR_ROOT_FIELDS } from './connector-permissions.js';
import { MATCHING_OBJECT_TYPES, MATCHING_ROOT_FIELDS } from './matching-permissions.js';
import { PAYMENT_GUARDED_FIELDS, PAYMENT_OBJECT_TYPES, PAYMENT_ROOT_FIELDS } from './payment-permissions.js';
import { PRIVACY_GUARDED_FIELDS, PRIVACY_OBJECT_TYPES, PRIVACY_ROOT_FIELDS } from './privacy-permissions.js';
import { SERVICE_CHARGE_OBJECT_TYPES, SERVICE_CHARGE_ROOT_FIELDS } from './service-charge-permissions.js';
import { TREASURY_OBJECT_TYPES, TREASURY_ROOT_FIELDS } from './treasury-permissions.js';
import { WEBHOOK_OBJECT_TYPES, WEBHOOK_ROOT_FIELDS } from './webhook-permissions.js';

export const ACTORS = ['ADMIN', 'OPERATOR', 'SERVICE', 'BANK', 'SHOP', 'OTHER', 'MEMBER', 'STRANGER', 'BARE'] as const;
export type Actor = (typeof ACTORS)[number];

/** What the questions need to name. */
export interface Facts {
  readonly memberId: string;
  readonly cardId: string;
  /** A card of member b, from the same bank. */
  readonly otherCardId: string;
  readonly settlementId: string;
  readonly windowId: string;
  readonly partnerId: string;
  readonly programmeId: string;
  readonly transactionId: string;
  /** A refund that has no purchase, for each actor. */
  readonly orphanIds: ReadonlyMap<Actor, string>;
  /** Of member a at the shop, captured. */
  readonly redemptionId: string;
  readonly itemId: string;
  /** Of member a: a discount. */
  readonly claimId: string;
  /** The same, held, for each actor: one to capture and one to void. */
  readonly heldIds: ReadonlyMap<Actor, { readonly capture: string; readonly void: string }>;
  /** One that is done. */
  readonly backtestId: string;
  readonly adjustmentId: string;
  /** Of two purchases of member a. */
  readonly matchId: string;
  /** Of member a, at the shop. */
  readonly purchaseClaimId: string;
  /** Of the shop. */
  readonly clientId: string;
  /** By the bank, of its own line. */
  readonly disputeId: string;
  /** Of the bank. */
  readonly reconciliationId: string;
  /** Of the shop, in use. */
  readonly bankAccountId: string;
  /** To the shop. */
  readonly paymentId: string;
  readonly paymentFileId: string;
  /** Of the shop; it has failed once. */
  readonly webhookEndpointId: string;
  readonly yaml: string;
}

export interface Row {
  /** The question, asked anew by each actor; changes carry the actor's name so that each makes its own. */
  readonly ask: (facts: Facts, actor: Actor) => string;
  /** Where in `data` the thing asked for stands; the root field itself when absent. */
  readonly at?: string;
  /** They get it, or it is done. */
  readonly yes: string;
  /** They get null, an empty list, or a userError that does not say more. */
  readonly nothing?: string;
  /** They are told FORBIDDEN. */
  readonly no?: string;
}

const ALL_PARTNERS = 'BANK SHOP OTHER';
const ALL_MEMBERS = 'MEMBER STRANGER';
const RUNNERS = 'ADMIN OPERATOR SERVICE';
const EVERYONE = `${RUNNERS} ${ALL_PARTNERS} ${ALL_MEMBERS}`;

const ADMIN_ALONE = { yes: 'ADMIN', no: `OPERATOR SERVICE ${ALL_PARTNERS} ${ALL_MEMBERS} BARE` };

const userErrors = 'userErrors { code message }';
const word = (actor: Actor): string => actor.toLowerCase();
/** A day of its own for each actor, later than that of the actor before. */
const day = (actor: Actor): string => `2031-01-0${ACTORS.indexOf(actor) + 1}`;

const terms = (actor: Actor): string => `programmeCode: "coalition-test", effectiveFrom: "${day(actor)}",
  fundingShares: [{ party: SELF, share: "100%" }], commissionRate: "10%", taxCode: "VAT-20", taxRate: "20%",
  taxTreatment: MARKETING, model: SETTLE_AT_ISSUANCE`;

const transaction = (reference: string): string => `{ kind: PURCHASE, reference: "${reference}",
  payer: { cardToken: "token-a-0001" }, amount: { amount: "1.00", currencyCode: "GBP" },
  occurredAt: "2026-03-11T12:00:00Z", merchantId: "MID-SHOP" }`;

const A_BASKET = `programmeCode: "coalition-test", partnerCode: "shop", payer: { memberCode: "a" },
  purchase: { amount: "1.00", currencyCode: "GBP" }`;
const oneUnit = (key: string): string =>
  `programmeCode: "coalition-test", payer: { memberCode: "a" }, units: "1", idempotencyKey: "${key}"`;
/** Members' units: the member's own bank and itself; at a till that till too. Others are told that they may not. */
const FOR_THE_MEMBER = { yes: `${RUNNERS} BANK MEMBER`, nothing: 'SHOP OTHER STRANGER', no: 'BARE' };
const AT_THE_TILL = { yes: `${RUNNERS} BANK SHOP MEMBER`, nothing: 'OTHER STRANGER', no: 'BARE' };
const redeemable = (selection: string) => (): string =>
  `{ redemptionQuote(input: { ${A_BASKET} }) { ${selection} ${userErrors} } }`;
const accessed = (selection: string) => (): string =>
  `{ catalogueAccess(input: { programmeCode: "coalition-test", itemCode: "ten-off", payer: { memberCode: "a" } }) { ${selection} ${userErrors} } }`;
const ofRedemption =
  (selection: string) =>
  ({ redemptionId }: Facts): string =>
    `{ redemption(id: "${redemptionId}") { ${selection} } }`;
const WITH_REDEMPTION = { yes: `${RUNNERS} BANK SHOP MEMBER`, nothing: 'OTHER STRANGER', no: 'BARE' };

export const ROOT_FIELDS: Readonly<Record<string, Row>> = {
  'Query.node': {
    ask: ({ transactionId }) => `{ node(id: "${transactionId}") { id } }`,
    yes: `${RUNNERS} BANK SHOP MEMBER`,
    nothing: 'OTHER STRANGER BARE',
  },
  'Query._entities': {
    ask: ({ transactionId }) =>
      `{ _entities(representations: [{ __typename: "Transaction", id: "${transactionId}" }]) { ... on Transaction { id } } }`,
    at: '_entities.0',
    yes: `${RUNNERS} BANK SHOP MEMBER`,
    nothing: 'OTHER STRANGER BARE',
  },
  'Query._service': { ask: () => '{ _service { sdl } }', yes: `${EVERYONE} BARE` },
  'Query.programme': { ask: () => '{ programme(code: "coalition-test") { id } }', yes: EVERYONE, no: 'BARE' },
  'Query.programmes': { ask: () => '{ programmes { nodes { id } } }', yes: EVERYONE, no: 'BARE' },
  'Query.programmeTerms': {
    ask: () => '{ programmeTerms(programmeCode: "coalition-test") { plain } }',
    at: 'programmeTerms.plain',
    yes: EVERYONE,
    no: 'BARE',
  },
  'Query.partner': { ask: () => '{ partner(code: "shop") { id } }', yes: EVERYONE, no: 'BARE' },
  'Query.partners': { ask: () => '{ partners { nodes { id } } }', yes: EVERYONE, no: 'BARE' },
  'Query.member': {
    ask: ({ memberId }) => `{ member(id: "${memberId}") { id } }`,
    yes: `${RUNNERS} BANK MEMBER`,
    nothing: 'SHOP OTHER STRANGER',
    no: 'BARE',
  },
  'Query.members': {
    ask: () => '{ members { nodes { id } } }',
    yes: RUNNERS,
    no: `${ALL_PARTNERS} ${ALL_MEMBERS} BARE`,
  },
  'Query.transaction': {
    ask: ({ transactionId }) => `{ transaction(id: "${transactionId}") { id } }`,
    yes: `${RUNNERS} BANK SHOP MEMBER`,
    nothing: 'OTHER STRANGER',
    no: 'BARE',
  },
  'Query.transactionByReference': {
    ask: () => '{ transactionByReference(partnerCode: "bank", kind: PURCHASE, reference: "bread") { id } }',
    yes: `${RUNNERS} BANK`,
    nothing: `SHOP OTHER ${ALL_MEMBERS}`,
    no: 'BARE',
  },
  'Query.transactions': {
    ask: () => '{ transactions { nodes { id } } }',
    yes: `${RUNNERS} BANK SHOP MEMBER`,
    nothing: 'OTHER STRANGER',
    no: 'BARE',
  },
  'Query.orphanRefunds': {
    ask: () => '{ orphanRefunds { nodes { id } } }',
    yes: `${RUNNERS} BANK SHOP MEMBER`,
    nothing: 'OTHER STRANGER',
    no: 'BARE',
  },
  'Query.accrualQuote': {
    ask: () => `{ accrualQuote(input: { programmeCode: "coalition-test", payer: { memberCode: "a" },
      amount: { amount: "1.00", currencyCode: "GBP" }, merchantId: "MID-SHOP" }) { units ${userErrors} } }`,
    yes: `${RUNNERS} ${ALL_PARTNERS} MEMBER`,
    no: 'STRANGER BARE',
  },
  'Mutation.programmeCheck': {
    ask: ({ yaml }) => `mutation { programmeCheck(input: { source: ${JSON.stringify(yaml)} }) { ${userErrors} } }`,
    yes: 'ADMIN',
    no: `OPERATOR SERVICE ${ALL_PARTNERS} ${ALL_MEMBERS} BARE`,
  },
  'Mutation.programmeApply': {
    ask: ({ yaml }) =>
      `mutation { programmeApply(input: { source: ${JSON.stringify(yaml)}, effectiveFrom: "2032-01-01" }) { ${userErrors} } }`,
    yes: 'ADMIN',
    no: `OPERATOR SERVICE ${ALL_PARTNERS} ${ALL_MEMBERS} BARE`,
  },
  // Of a proposal that does not exist: what they may do, they are told that it is not there.
  'Mutation.programmeApprove': {
    ask: () => `mutation { programmeApprove(input: { proposalId: "nowhere" }) { ${userErrors} } }`,
    yes: '',
    nothing: 'ADMIN',
    no: `OPERATOR SERVICE ${ALL_PARTNERS} ${ALL_MEMBERS} BARE`,
  },
  'Mutation.programmeReject': {
    ask: () => `mutation { programmeReject(input: { proposalId: "nowhere" }) { ${userErrors} } }`,
    yes: '',
    nothing: 'ADMIN',
    no: `OPERATOR SERVICE ${ALL_PARTNERS} ${ALL_MEMBERS} BARE`,
  },
  'Mutation.partnerOnboard': {
    ask: (_facts, actor) =>
      `mutation { partnerOnboard(input: { code: "new-${word(actor)}", name: "New", roles: [MERCHANT] }) { ${userErrors} } }`,
    yes: 'ADMIN OPERATOR',
    no: `SERVICE ${ALL_PARTNERS} ${ALL_MEMBERS} BARE`,
  },
  'Mutation.outletAdd': {
    ask: (_facts, actor) =>
      `mutation { outletAdd(input: { partnerCode: "shop", code: "${word(actor)}", name: "New", channel: ONLINE }) { ${userErrors} } }`,
    yes: 'ADMIN OPERATOR',
    no: `SERVICE ${ALL_PARTNERS} ${ALL_MEMBERS} BARE`,
  },
  'Mutation.contractAgree': {
    ask: (_facts, actor) =>
      `mutation { contractAgree(input: { partnerCode: "shop", ${terms(actor)} }) { ${userErrors} } }`,
    yes: 'ADMIN OPERATOR',
    no: `SERVICE ${ALL_PARTNERS} ${ALL_MEMBERS} BARE`,
  },
  'Mutation.partnerSuspend': {
    ask: (_facts, actor) =>
      `mutation { partnerSuspend(input: { partnerCode: "spare-${word(actor)}" }) { ${userErrors} } }`,
    yes: 'ADMIN OPERATOR',
    no: `SERVICE ${ALL_PARTNERS} ${ALL_MEMBERS} BARE`,
  },
  'Mutation.partnerReactivate': {
    ask: (_facts, actor) =>
      `mutation { partnerReactivate(input: { partnerCode: "spare-${word(actor)}" }) { ${userErrors} } }`,
    yes: 'ADMIN OPERATOR',
    no: `SERVICE ${ALL_PARTNERS} ${ALL_MEMBERS} BARE`,
  },
  'Mutation.memberEnrol': {
    ask: (_facts, actor) =>
      `mutation { memberEnrol(input: { programmeCode: "coalition-test", code: "new-${word(actor)}" }) { ${userErrors} } }`,
    yes: `${RUNNERS} ${ALL_PARTNERS}`,
    no: `${ALL_MEMBERS} BARE`,
  },
  'Mutation.memberUpdate': {
    ask: ({ memberId }) =>
      `mutation { memberUpdate(input: { memberId: "${memberId}", birthday: "02-29" }) { ${userErrors} } }`,
    yes: `${RUNNERS} BANK MEMBER`,
    no: 'SHOP OTHER STRANGER BARE',
  },
  'Mutation.categoryChoose': {
    ask: ({ memberId }, actor) => `mutation { categoryChoose(input: { member: { memberId: "${memberId}" },
      choiceCode: "monthly", categories: ["fuel"], idempotencyKey: "choose-${actor}" }) { ${userErrors} } }`,
    yes: `${RUNNERS} BANK MEMBER`,
    no: 'SHOP OTHER STRANGER BARE',
  },
  // Nothing in the programme needs to be activated, which is what those who may are told.
  'Mutation.offerActivate': {
    ask: ({ memberId }) => `mutation { offerActivate(input: { member: { memberId: "${memberId}" },
      offerCode: "bank-cashback" }) { ${userErrors} } }`,
    yes: '',
    nothing: `${RUNNERS} BANK MEMBER`,
    no: 'SHOP OTHER STRANGER BARE',
  },
  'Mutation.memberSegmentSet': {
    ask: ({ memberId }, actor) => `mutation { memberSegmentSet(input: { member: { memberId: "${memberId}" },
      segment: "of-${word(actor)}", inSegment: true }) { ${userErrors} } }`,
    yes: `${RUNNERS} BANK`,
    no: `SHOP OTHER ${ALL_MEMBERS} BARE`,
  },
  'Mutation.cardUpdate': {
    ask: ({ cardId }) => `mutation { cardUpdate(input: { cardId: "${cardId}", statementDay: 15 }) { ${userErrors} } }`,
    yes: `${RUNNERS} BANK`,
    no: `SHOP OTHER ${ALL_MEMBERS} BARE`,
  },
  'Mutation.cardLink': {
    ask: (_facts, actor) => `mutation { cardLink(input: { programmeCode: "coalition-test", issuerCode: "bank",
      member: { memberCode: "b" }, token: "token-${word(actor)}", lastFour: "1234" }) { ${userErrors} } }`,
    yes: `${RUNNERS} BANK`,
    no: `SHOP OTHER ${ALL_MEMBERS} BARE`,
  },
  'Mutation.cardUnlink': {
    ask: ({ otherCardId }) => `mutation { cardUnlink(input: { cardId: "${otherCardId}" }) { ${userErrors} } }`,
    yes: `${RUNNERS} BANK`,
    no: `SHOP OTHER ${ALL_MEMBERS} BARE`,
  },
  'Mutation.transactionSubmit': {
    ask: (_facts, actor) => `mutation { transactionSubmit(input: { partnerCode: "bank", programmeCode: "coalition-test",
      transaction: ${transaction(`one-${actor}`)} }) { ${userErrors} } }`,
    yes: `${RUNNERS} BANK`,
    no: `SHOP OTHER ${ALL_MEMBERS} BARE`,
  },
  'Mutation.transactionsSubmit': {
    ask: (
      _facts,
      actor,
    ) => `mutation { transactionsSubmit(input: { partnerCode: "bank", programmeCode: "coalition-test",
      transactions: [${transaction(`many-${actor}`)}] }) { results { transaction { id } } } }`,
    at: 'transactionsSubmit.results.0.transaction',
    yes: `${RUNNERS} BANK`,
    no: `SHOP OTHER ${ALL_MEMBERS} BARE`,
  },
  'Mutation.refundAttach': {
    ask: ({ orphanIds, transactionId }, actor) =>
      `mutation { refundAttach(input: { refundId: "${orphanIds.get(actor)}", purchaseId: "${transactionId}" }) { ${userErrors} } }`,
    yes: RUNNERS,
    no: `${ALL_PARTNERS} ${ALL_MEMBERS} BARE`,
  },
  'Query.redemptionQuote': { ask: redeemable('units'), ...AT_THE_TILL },
  'Query.redemption': { ask: ofRedemption('state'), ...WITH_REDEMPTION },
  'Query.redemptions': { ask: () => '{ redemptions { nodes { id } } }', ...WITH_REDEMPTION },
  'Query.redemptionByReference': {
    ask: () => '{ redemptionByReference(partnerCode: "shop", reference: "captured") { id } }',
    ...WITH_REDEMPTION,
  },
  'Mutation.redemptionAuthorise': {
    ask: (_facts, actor) =>
      `mutation { redemptionAuthorise(input: { ${A_BASKET}, units: "1", reference: "held-${actor}" }) { ${userErrors} } }`,
    ...AT_THE_TILL,
  },
  'Mutation.redemptionCapture': {
    ask: ({ heldIds }, actor) =>
      `mutation { redemptionCapture(input: { redemptionId: "${heldIds.get(actor)?.capture}", idempotencyKey: "capture-${actor}" }) { ${userErrors} } }`,
    yes: `${RUNNERS} SHOP`,
    nothing: 'BANK OTHER',
    no: `${ALL_MEMBERS} BARE`,
  },
  'Mutation.redemptionVoid': {
    ask: ({ heldIds }, actor) =>
      `mutation { redemptionVoid(input: { redemptionId: "${heldIds.get(actor)?.void}", idempotencyKey: "void-${actor}" }) { ${userErrors} } }`,
    ...AT_THE_TILL,
  },
  'Mutation.redemptionReturn': {
    ask: ({ redemptionId }, actor) =>
      `mutation { redemptionReturn(input: { redemptionId: "${redemptionId}", units: "1", idempotencyKey: "return-${actor}" }) { ${userErrors} } }`,
    yes: `${RUNNERS} SHOP`,
    nothing: 'BANK OTHER',
    no: `${ALL_MEMBERS} BARE`,
  },
  'Mutation.cashOut': {
    ask: (_facts, actor) =>
      `mutation { cashOut(input: { ${oneUnit(`cash-${actor}`)}, cardToken: "token-a-0001" }) { ${userErrors} } }`,
    ...FOR_THE_MEMBER,
  },
  // The shop is no charity, which is what those who may donate are told.
  'Mutation.donate': {
    ask: (_facts, actor) =>
      `mutation { donate(input: { ${oneUnit(`donate-${actor}`)}, charityCode: "shop" }) { ${userErrors} } }`,
    yes: '',
    nothing: EVERYONE,
    no: 'BARE',
  },
  'Mutation.unitsTransfer': {
    ask: (_facts, actor) =>
      `mutation { unitsTransfer(input: { ${oneUnit(`give-${actor}`)}, toMemberCode: "given" }) { ${userErrors} } }`,
    ...FOR_THE_MEMBER,
  },
  'Query.catalogue': {
    ask: () => '{ catalogue(programmeCode: "coalition-test") { nodes { id } } }',
    yes: EVERYONE,
    no: 'BARE',
  },
  'Query.catalogueItem': {
    ask: ({ itemId }) => `{ catalogueItem(id: "${itemId}") { id } }`,
    yes: EVERYONE,
    no: 'BARE',
  },
  'Query.catalogueAccess': { ask: accessed('until'), ...AT_THE_TILL },
  'Mutation.catalogueItemPublish': {
    ask: (
      _facts,
      actor,
    ) => `mutation { catalogueItemPublish(input: { programmeCode: "coalition-test", code: "mug-${word(actor)}",
      name: "Mug", kind: GIFT, supplierCode: "shop", price: "1", claimableFrom: "2020-01-01", idempotencyKey: "mug-${actor}" }) { ${userErrors} } }`,
    ...ADMIN_ALONE,
  },
  'Mutation.catalogueItemRestock': {
    ask: ({ itemId }, actor) =>
      `mutation { catalogueItemRestock(input: { itemId: "${itemId}", by: 1, idempotencyKey: "more-${actor}" }) { ${userErrors} } }`,
    ...ADMIN_ALONE,
  },
  // Of an item that does not exist, so that what others are asked about stays.
  'Mutation.catalogueItemWithdraw': {
    ask: () => `mutation { catalogueItemWithdraw(input: { itemId: "nowhere" }) { ${userErrors} } }`,
    yes: '',
    nothing: 'ADMIN',
    no: ADMIN_ALONE.no,
  },
  'Mutation.catalogueClaim': {
    ask: (_facts, actor) => `mutation { catalogueClaim(input: { programmeCode: "coalition-test", itemCode: "ten-off",
      payer: { memberCode: "a" }, idempotencyKey: "claim-${actor}" }) { ${userErrors} } }`,
    ...AT_THE_TILL,
  },
  'Mutation.discountCodeRenew': {
    ask: ({ claimId }) => `mutation { discountCodeRenew(input: { claimId: "${claimId}" }) { ${userErrors} } }`,
    ...FOR_THE_MEMBER,
  },
  // Of a code that nobody has.
  'Mutation.discountCodeRedeem': {
    ask: () =>
      `mutation { discountCodeRedeem(input: { partnerCode: "shop", code: "none", reference: "till" }) { ${userErrors} } }`,
    yes: '',
    nothing: `${RUNNERS} ${ALL_PARTNERS}`,
    no: `${ALL_MEMBERS} BARE`,
  },
  // The shop is no charity, which is what those who may are told.
  'Mutation.roundUpSet': {
    ask: () => `mutation { roundUpSet(input: { programmeCode: "coalition-test", payer: { memberCode: "a" }, charityCode: "shop",
      step: { amount: "1.00", currencyCode: "GBP" } }) { ${userErrors} } }`,
    yes: '',
    nothing: EVERYONE,
    no: 'BARE',
  },
  'Mutation.roundUpEnd': {
    ask: () =>
      `mutation { roundUpEnd(input: { programmeCode: "coalition-test", payer: { memberCode: "b" } }) { ${userErrors} } }`,
    yes: `${RUNNERS} BANK STRANGER`,
    nothing: 'SHOP OTHER MEMBER',
    no: 'BARE',
  },
  'Mutation.accrualsConfirm': {
    ask: () =>
      `mutation { accrualsConfirm(input: { programmeCode: "coalition-test", asOf: "2020-01-01" }) { ${userErrors} } }`,
    yes: RUNNERS,
    no: `${ALL_PARTNERS} ${ALL_MEMBERS} BARE`,
  },
  'Query.memberDebts': {
    ask: () => '{ memberDebts(programmeCode: "coalition-test") { pageInfo { hasNextPage } } }',
    at: 'memberDebts.pageInfo',
    yes: RUNNERS,
    no: `${ALL_PARTNERS} ${ALL_MEMBERS} BARE`,
  },
  'Query.expiryNotices': {
    ask: () => '{ expiryNotices(programmeCode: "coalition-test") { pageInfo { hasNextPage } } }',
    at: 'expiryNotices.pageInfo',
    yes: EVERYONE,
    no: 'BARE',
  },
  'Mutation.lotsExpire': {
    ask: () =>
      `mutation { lotsExpire(input: { programmeCode: "coalition-test", asOf: "2020-01-01" }) { ${userErrors} } }`,
    yes: RUNNERS,
    no: `${ALL_PARTNERS} ${ALL_MEMBERS} BARE`,
  },
  'Query.settlementWindows': {
    ask: () => '{ settlementWindows { nodes { id } } }',
    yes: `${RUNNERS} ${ALL_PARTNERS}`,
    no: `${ALL_MEMBERS} BARE`,
  },
  'Query.settlements': {
    ask: () => '{ settlements { nodes { id } } }',
    yes: `${RUNNERS} BANK SHOP`,
    nothing: 'OTHER',
    no: `${ALL_MEMBERS} BARE`,
  },
  'Query.settlement': {
    ask: ({ settlementId }) => `{ settlement(id: "${settlementId}") { id } }`,
    yes: `${RUNNERS} BANK SHOP`,
    nothing: 'OTHER',
    no: `${ALL_MEMBERS} BARE`,
  },
  'Query.settlementStatement': {
    ask: ({ settlementId }) =>
      `{ settlementStatement(settlementId: "${settlementId}", partnerCode: "shop") { sha256 } }`,
    yes: `${RUNNERS} SHOP`,
    nothing: 'BANK OTHER',
    no: `${ALL_MEMBERS} BARE`,
  },
  'Query.settlementProof': {
    ask: ({ settlementId }) => `{ settlementProof(settlementId: "${settlementId}", partnerCode: "shop") { state } }`,
    yes: `${RUNNERS} SHOP`,
    no: `BANK OTHER ${ALL_MEMBERS} BARE`,
  },
  'Query.memberProof': {
    ask: ({ memberId }) => `{ memberProof(memberId: "${memberId}") { state } }`,
    yes: `${RUNNERS} MEMBER`,
    no: `${ALL_PARTNERS} STRANGER BARE`,
  },
  'Query.chainHead': { ask: () => '{ chainHead { hash } }', yes: EVERYONE, no: 'BARE' },
  'Query.chainProof': { ask: () => '{ chainProof(sequence: 1) { text } }', yes: EVERYONE, no: 'BARE' },
  'Query.memberBalanceAt': {
    ask: ({ memberId }) =>
      `{ memberBalanceAt(memberId: "${memberId}", effectiveOn: "2026-03-01") { balance { available } } }`,
    yes: `${RUNNERS} BANK MEMBER`,
    nothing: 'SHOP OTHER STRANGER',
    no: 'BARE',
  },
  'Query.positionsAt': {
    ask: () =>
      '{ positionsAt(programmeCode: "coalition-test", effectiveOn: "2026-03-01") { positions { open { amount } } } }',
    yes: `${RUNNERS} ${ALL_PARTNERS}`,
    no: `${ALL_MEMBERS} BARE`,
  },
  'Query.positions': {
    ask: () => '{ positions(programmeCode: "coalition-test") { open { amount } } }',
    yes: `${RUNNERS} BANK SHOP`,
    nothing: 'OTHER',
    no: `${ALL_MEMBERS} BARE`,
  },
  'Mutation.settlementWindowClose': {
    ask: (_facts, actor) => `mutation { settlementWindowClose(input: { programmeCode: "coalition-test",
      idempotencyKey: "${actor}" }) { ${userErrors} } }`,
    yes: RUNNERS,
    no: `${ALL_PARTNERS} ${ALL_MEMBERS} BARE`,
  },
  // Asked of a programme that does not exist, so that nobody settles what others are asked about.
  'Mutation.settlementIssue': {
    ask: (_facts, actor) => `mutation { settlementIssue(input: { programmeCode: "nowhere",
      idempotencyKey: "${actor}" }) { ${userErrors} } }`,
    yes: '',
    nothing: RUNNERS,
    no: `${ALL_PARTNERS} ${ALL_MEMBERS} BARE`,
  },
  'Query.partnerCredits': {
    ask: () => '{ partnerCredits(programmeCode: "coalition-test") { alerts } }',
    yes: `${RUNNERS} ${ALL_PARTNERS}`,
    no: `${ALL_MEMBERS} BARE`,
  },
  // To a partner that does not pay in advance, which is what those who may are told.
  'Mutation.prepaidBuy': {
    ask: (_facts, actor) => `mutation { prepaidBuy(input: { programmeCode: "coalition-test", partnerCode: "shop",
      amount: { amount: "1.00", currencyCode: "GBP" }, idempotencyKey: "block-${actor}" }) { ${userErrors} } }`,
    yes: '',
    nothing: 'ADMIN OPERATOR',
    no: `SERVICE ${ALL_PARTNERS} ${ALL_MEMBERS} BARE`,
  },
  'Query.reconciliations': {
    ask: () => '{ reconciliations { nodes { id } } }',
    yes: `${RUNNERS} BANK`,
    nothing: 'SHOP OTHER',
    no: `${ALL_MEMBERS} BARE`,
  },
  'Query.reconciliation': {
    ask: ({ reconciliationId }) => `{ reconciliation(id: "${reconciliationId}") { id } }`,
    yes: `${RUNNERS} BANK`,
    nothing: 'SHOP OTHER',
    no: `${ALL_MEMBERS} BARE`,
  },
  'Mutation.reconciliationRun': {
    ask: (_facts, actor) => `mutation { reconciliationRun(input: { programmeCode: "coalition-test", partnerCode: "bank",
      transactions: { from: "2026-03-01", until: "2026-03-31" }, rows: [], idempotencyKey: "reconcile-${actor}" }) { ${userErrors} } }`,
    yes: `${RUNNERS} BANK`,
    no: `SHOP OTHER ${ALL_MEMBERS} BARE`,
  },
  'Query.adjustments': {
    ask: () => '{ adjustments { nodes { id } } }',
    yes: RUNNERS,
    no: `${ALL_PARTNERS} ${ALL_MEMBERS} BARE`,
  },
  'Query.adjustment': {
    ask: ({ adjustmentId }) => `{ adjustment(id: "${adjustmentId}") { id } }`,
    yes: RUNNERS,
    no: `${ALL_PARTNERS} ${ALL_MEMBERS} BARE`,
  },
  'Mutation.adjustmentRequest': {
    ask: (_facts, actor) => `mutation { adjustmentRequest(input: { programmeCode: "coalition-test", partner: {
      kind: CORRECTION, partnerCode: "shop", amount: { amount: "1.00", currencyCode: "GBP" } }, reason: "It was asked.",
      idempotencyKey: "request-${actor}" }) { ${userErrors} } }`,
    yes: 'ADMIN OPERATOR',
    no: `SERVICE ${ALL_PARTNERS} ${ALL_MEMBERS} BARE`,
  },
  // Of one that does not exist: what they may do, they are told that it is not there.
  'Mutation.adjustmentApprove': {
    ask: () =>
      `mutation { adjustmentApprove(input: { adjustmentId: "nowhere", idempotencyKey: "a" }) { ${userErrors} } }`,
    yes: '',
    nothing: 'ADMIN OPERATOR',
    no: `SERVICE ${ALL_PARTNERS} ${ALL_MEMBERS} BARE`,
  },
  'Mutation.adjustmentReject': {
    ask: () =>
      `mutation { adjustmentReject(input: { adjustmentId: "nowhere", idempotencyKey: "r" }) { ${userErrors} } }`,
    yes: '',
    nothing: 'ADMIN OPERATOR',
    no: `SERVICE ${ALL_PARTNERS} ${ALL_MEMBERS} BARE`,
  },
  'Mutation.billingDetailsSet': {
    ask: (_facts, actor) => `mutation { billingDetailsSet(input: { programmeCode: "coalition-test",
      legalName: "Of ${actor}", address: "Somewhere" }) { ${userErrors} } }`,
    ...ADMIN_ALONE,
  },
  'Mutation.settlementAbort': {
    ask: (_facts, actor) => `mutation { settlementAbort(input: { settlementId: "none", reason: "A mistake.",
      idempotencyKey: "${actor}" }) { ${userErrors} } }`,
    yes: '',
    nothing: RUNNERS,
    no: `${ALL_PARTNERS} ${ALL_MEMBERS} BARE`,
  },
  'Query.disputes': {
    ask: () => '{ disputes { nodes { id } } }',
    yes: `${RUNNERS} BANK`,
    nothing: 'SHOP OTHER',
    no: `${ALL_MEMBERS} BARE`,
  },
  'Query.dispute': {
    ask: ({ disputeId }) => `{ dispute(id: "${disputeId}") { id } }`,
    yes: `${RUNNERS} BANK`,
    nothing: 'SHOP OTHER',
    no: `${ALL_MEMBERS} BARE`,
  },
  // Of a line and of a dispute that do not exist: what they may do, they are told that it is not there.
  'Mutation.disputeOpen': {
    ask: () => `mutation { disputeOpen(input: { lineId: "nowhere", amount: { amount: "1.00", currencyCode: "GBP" },
      reason: "Not ours.", idempotencyKey: "o" }) { ${userErrors} } }`,
    yes: '',
    nothing: `ADMIN OPERATOR ${ALL_PARTNERS}`,
    no: `SERVICE ${ALL_MEMBERS} BARE`,
  },
  'Mutation.disputeResolve': {
    ask: () => `mutation { disputeResolve(input: { disputeId: "nowhere", verdict: UPHELD, resolution: "Right.",
      idempotencyKey: "r" }) { ${userErrors} } }`,
    yes: '',
    nothing: 'ADMIN OPERATOR',
    no: `SERVICE ${ALL_PARTNERS} ${ALL_MEMBERS} BARE`,
  },
  ...ACCOUNTING_ROOT_FIELDS,
  ...PAYMENT_ROOT_FIELDS,
  ...SERVICE_CHARGE_ROOT_FIELDS,
  ...CONNECTOR_ROOT_FIELDS,
  ...MATCHING_ROOT_FIELDS,
  ...PRIVACY_ROOT_FIELDS,
  ...TREASURY_ROOT_FIELDS,
  ...WEBHOOK_ROOT_FIELDS,
  ...CLIENT_ROOT_FIELDS,
  'Query.backtest': { ask: ({ backtestId }) => `{ backtest(id: "${backtestId}") { id } }`, ...ADMIN_ALONE },
  'Mutation.programmeBacktest': {
    ask: ({ yaml }) => `mutation { programmeBacktest(input: { programmeCode: "coalition-test", months: 1,
      source: ${JSON.stringify(yaml)}, idempotencyKey: "replay" }) { ${userErrors} } }`,
    ...ADMIN_ALONE,
  },
  // It is done already, so that there is nothing to stop.
  'Mutation.programmeBacktestCancel': {
    ask: ({ backtestId }) =>
      `mutation { programmeBacktestCancel(input: { backtestId: "${backtestId}" }) { ${userErrors} } }`,
    yes: '',
    nothing: 'ADMIN',
    no: ADMIN_ALONE.no,
  },
  'Mutation.clockShift': {
    ask: () => `mutation { clockShift(input: { to: null }) { ${userErrors} } }`,
    yes: 'ADMIN',
    no: `OPERATOR SERVICE ${ALL_PARTNERS} ${ALL_MEMBERS} BARE`,
  },
};

const ofPurchase =
  (selection: string) =>
  (facts: Facts): string =>
    `{ transaction(id: "${facts.transactionId}") { ${selection} } }`;
/** Whoever sees the purchase. */
const WITH_PURCHASE = { yes: `${RUNNERS} BANK SHOP MEMBER`, nothing: 'OTHER STRANGER', no: 'BARE' };

/** A quote is for every partner of the programme: a till needs it before it knows the member. */
const quoted = (selection: string) => (): string =>
  `{ accrualQuote(input: { programmeCode: "coalition-test", payer: { memberCode: "a" },
    amount: { amount: "9.00", currencyCode: "GBP" }, merchantId: "MID-SHOP", channel: APP }) { ${selection} } }`;
const WITH_QUOTE = { yes: `${RUNNERS} ${ALL_PARTNERS} MEMBER`, no: 'STRANGER BARE' };

const ofMember =
  (selection: string) =>
  (facts: Facts): string =>
    `{ member(id: "${facts.memberId}") { ${selection} } }`;
/** The member itself, the issuer of its cards, and those who run the programme. */
const WITH_MEMBER = { yes: `${RUNNERS} BANK MEMBER`, nothing: 'SHOP OTHER STRANGER', no: 'BARE' };

const byId =
  (type: string, id: (facts: Facts) => string) =>
  (facts: Facts): string =>
    `{ node(id: "${id(facts)}") { ... on ${type} { id } } }`;

const ofBacktest =
  (selection: string) =>
  (facts: Facts): string =>
    `{ backtest(id: "${facts.backtestId}") { result { ${selection} } } }`;

const ofSettlement =
  (selection: string) =>
  (facts: Facts): string =>
    `{ settlement(id: "${facts.settlementId}") { ${selection} } }`;
/** Each party of the settlement for itself, and those who run the programme for all. */
const WITH_LINE = { yes: `${RUNNERS} BANK SHOP`, nothing: 'OTHER', no: `${ALL_MEMBERS} BARE` };

/** Things of their own: what each actor sees of the one in the fixture, however it is reached. */
export const OBJECT_TYPES: Readonly<Record<string, Row>> = {
  MemberBalanceThen: {
    ask: ({ memberId }) =>
      `{ memberBalanceAt(memberId: "${memberId}", effectiveOn: "2026-03-01") { balance { available } } }`,
    at: 'memberBalanceAt.balance',
    yes: `${RUNNERS} BANK MEMBER`,
    nothing: 'SHOP OTHER STRANGER',
    no: 'BARE',
  },
  _Service: { ask: () => '{ _service { sdl } }', yes: `${EVERYONE} BARE` },
  ChainBlock: { ask: () => '{ chainHead { sequence } }', at: 'chainHead', yes: EVERYONE, no: 'BARE' },
  ProofPart: { ask: () => '{ chainProof(sequence: 1) { state } }', at: 'chainProof', yes: EVERYONE, no: 'BARE' },
  Programme: { ask: byId('Programme', ({ programmeId }) => programmeId), yes: EVERYONE, nothing: 'BARE' },
  ProgrammeVersion: {
    ask: () => '{ programme(code: "coalition-test") { versions { id } } }',
    at: 'programme.versions',
    yes: EVERYONE,
    no: 'BARE',
  },
  ProgrammeProposal: {
    ask: () => '{ programme(code: "coalition-test") { proposals { id } } }',
    at: 'programme.proposals',
    yes: 'ADMIN',
    nothing: `OPERATOR SERVICE ${ALL_PARTNERS} ${ALL_MEMBERS}`,
    no: 'BARE',
  },
  ProgrammeTermsText: {
    ask: () => '{ programme(code: "coalition-test") { versions { termsText { plain } } } }',
    at: 'programme.versions.0.termsText.plain',
    yes: EVERYONE,
    no: 'BARE',
  },
  ProgrammeTermsSection: {
    ask: () => '{ programmeTerms(programmeCode: "coalition-test") { sections { title } } }',
    at: 'programmeTerms.sections',
    yes: EVERYONE,
    no: 'BARE',
  },
  ProgrammeTermsItem: {
    ask: () => '{ programmeTerms(programmeCode: "coalition-test") { sections { items { text } } } }',
    at: 'programmeTerms.sections.0.items',
    yes: EVERYONE,
    no: 'BARE',
  },
  Partner: { ask: byId('Partner', ({ partnerId }) => partnerId), yes: EVERYONE, nothing: 'BARE' },
  Outlet: {
    ask: () => '{ partner(code: "shop") { outlets { nodes { id } } } }',
    at: 'partner.outlets.nodes',
    yes: EVERYONE,
    no: 'BARE',
  },
  Contract: {
    ask: () => '{ partner(code: "shop") { contracts { id } } }',
    at: 'partner.contracts',
    yes: `${RUNNERS} SHOP`,
    nothing: `BANK OTHER ${ALL_MEMBERS}`,
    no: 'BARE',
  },
  SettlementTerms: {
    ask: () => '{ partner(code: "shop") { contracts { settlement { cycle } } } }',
    at: 'partner.contracts.0.settlement',
    yes: `${RUNNERS} SHOP`,
    nothing: `BANK OTHER ${ALL_MEMBERS}`,
    no: 'BARE',
  },
  FundingShare: {
    ask: () => '{ partner(code: "shop") { contracts { fundingShares { share } } } }',
    at: 'partner.contracts.0.fundingShares',
    yes: `${RUNNERS} SHOP`,
    nothing: `BANK OTHER ${ALL_MEMBERS}`,
    no: 'BARE',
  },
  Member: {
    ask: byId('Member', ({ memberId }) => memberId),
    yes: `${RUNNERS} BANK MEMBER`,
    nothing: 'SHOP OTHER STRANGER BARE',
  },
  Lot: { ask: ofMember('lots { nodes { left } }'), at: 'member.lots.nodes', ...WITH_MEMBER },
  LotMovement: {
    ask: ofMember('lots { nodes { movements { nodes { units } } } }'),
    at: 'member.lots.nodes',
    ...WITH_MEMBER,
  },
  // The member owes nothing; what it would owe is seen with its lots.
  MemberDebt: { ask: ofMember('lots { nodes { id } } debts { units }'), at: 'member.lots.nodes', ...WITH_MEMBER },
  ExpiringUnits: {
    ask: ofMember('expiring(until: "9999-01-01") { units }'),
    at: 'member.expiring',
    ...WITH_MEMBER,
  },
  ExpiryNotice: {
    ask: () => '{ expiryNotices(programmeCode: "coalition-test") { nodes { units member { id } } } }',
    at: 'expiryNotices.nodes',
    ...WITH_MEMBER,
  },
  MemberBalance: { ask: ofMember('balance { available }'), at: 'member.balance', ...WITH_MEMBER },
  MemberChoice: { ask: ofMember('choices { code }'), at: 'member.choices', ...WITH_MEMBER },
  ChoiceCategory: {
    ask: ofMember('choices { offered { code } }'),
    at: 'member.choices.0.offered',
    ...WITH_MEMBER,
  },
  ChoiceRecord: { ask: ofMember('choices { history { period } }'), at: 'member.choices.0.history', ...WITH_MEMBER },
  ChoiceAdvice: { ask: ofMember('choices { advice { units } }'), at: 'member.choices.0.advice', ...WITH_MEMBER },
  MemberOffer: { ask: ofMember('offers { code }'), at: 'member.offers', ...WITH_MEMBER },
  // The programme has none; they are seen with the offers they pay for.
  OfferBudget: { ask: ofMember('offers { budgets { code } }'), at: 'member.offers', ...WITH_MEMBER },
  MemberSegment: {
    ask: ofMember('segments { segment }'),
    at: 'member.segments',
    yes: `${RUNNERS} BANK`,
    nothing: `SHOP OTHER ${ALL_MEMBERS}`,
    no: 'BARE',
  },
  MemberTier: { ask: ofMember('tier { code }'), at: 'member.tier', ...WITH_MEMBER },
  TierGoal: { ask: ofMember('tier { next { text } }'), at: 'member.tier.next', ...WITH_MEMBER },
  TierBenefit: { ask: ofMember('tier { benefits { code } }'), at: 'member.tier.benefits', ...WITH_MEMBER },
  TierChange: {
    ask: ofMember('tier { history { nodes { toCode } } }'),
    at: 'member.tier.history.nodes',
    ...WITH_MEMBER,
  },
  Card: {
    ask: byId('Card', ({ cardId }) => cardId),
    yes: `${RUNNERS} BANK MEMBER`,
    nothing: 'SHOP OTHER STRANGER BARE',
  },
  Transaction: {
    ask: byId('Transaction', ({ transactionId }) => transactionId),
    yes: `${RUNNERS} BANK SHOP MEMBER`,
    nothing: 'OTHER STRANGER BARE',
  },
  TransactionSource: {
    ask: ofPurchase('sources { reference }'),
    at: 'transaction.sources',
    yes: `${RUNNERS} BANK MEMBER`,
    nothing: 'SHOP OTHER STRANGER',
    no: 'BARE',
  },
  OriginalAmount: { ask: ofPurchase('original { amount }'), at: 'transaction.original', ...WITH_PURCHASE },
  TransactionLine: { ask: ofPurchase('lines { quantity }'), at: 'transaction.lines', ...WITH_PURCHASE },
  TransactionClaim: { ask: ofPurchase('claim { differs }'), at: 'transaction.claim', ...WITH_PURCHASE },
  // No cap held anything back; it is seen with the accruals.
  TransactionShortfall: {
    ask: ofPurchase('shortfalls { units } accruals { shortfall explanation { text } }'),
    at: 'transaction.accruals',
    ...WITH_PURCHASE,
  },
  // The programme has none.
  ProgrammeBudget: {
    ask: () => '{ programme(code: "coalition-test") { code budgets { left } } }',
    yes: EVERYONE,
    no: 'BARE',
  },
  Accrual: { ask: ofPurchase('accruals { units }'), at: 'transaction.accruals', ...WITH_PURCHASE },
  Explanation: { ask: ofPurchase('explanation { text }'), at: 'transaction.explanation', ...WITH_PURCHASE },
  ExplanationNode: {
    ask: ofPurchase('explanation { reasons { text } }'),
    at: 'transaction.explanation.reasons',
    ...WITH_PURCHASE,
  },
  ExplanationValue: {
    ask: ofPurchase('explanation { reasons { values { value } } }'),
    at: 'transaction.explanation.reasons.0.values',
    ...WITH_PURCHASE,
  },
  AccrualQuote: {
    ask: () => ROOT_FIELDS['Query.accrualQuote']?.ask({} as Facts, 'ADMIN') ?? '',
    yes: `${RUNNERS} ${ALL_PARTNERS} MEMBER`,
    no: 'STRANGER BARE',
  },
  QuotedAccrual: { ask: quoted('accruals { units }'), at: 'accrualQuote.accruals', ...WITH_QUOTE },
  QuotedHeadroom: { ask: quoted('headroom { left }'), at: 'accrualQuote.headroom', ...WITH_QUOTE },
  QuotedThreshold: { ask: quoted('nextThreshold { text }'), at: 'accrualQuote.nextThreshold', ...WITH_QUOTE },
  Redemption: {
    ask: byId('Redemption', ({ redemptionId }) => redemptionId),
    yes: `${RUNNERS} BANK SHOP MEMBER`,
    nothing: 'OTHER STRANGER BARE',
  },
  RedemptionLot: {
    ask: ofRedemption('lots { units }'),
    at: 'redemption.lots',
    yes: `${RUNNERS} MEMBER`,
    nothing: `${ALL_PARTNERS} STRANGER`,
    no: 'BARE',
  },
  AcceptanceFee: {
    ask: ofRedemption('acceptanceFee { tax { amount } }'),
    at: 'redemption.acceptanceFee',
    yes: `${RUNNERS} SHOP`,
    nothing: `BANK OTHER ${ALL_MEMBERS}`,
    no: 'BARE',
  },
  RedemptionQuote: { ask: redeemable('balance'), ...AT_THE_TILL },
  RedemptionLimit: { ask: redeemable('limits { units }'), at: 'redemptionQuote.limits', ...AT_THE_TILL },
  UnitsTransfer: {
    ask: (_facts, actor) =>
      `mutation { unitsTransfer(input: { ${oneUnit(`gift-${actor}`)}, toMemberCode: "given" }) { transfer { units } } }`,
    at: 'unitsTransfer.transfer',
    ...FOR_THE_MEMBER,
  },
  ...ACCOUNTING_OBJECT_TYPES,
  ...PAYMENT_OBJECT_TYPES,
  CatalogueItem: {
    ask: byId('CatalogueItem', ({ itemId }) => itemId),
    yes: EVERYONE,
    nothing: 'BARE',
  },
  CatalogueClaim: { ask: ofMember('claims { nodes { id } }'), at: 'member.claims.nodes', ...WITH_MEMBER },
  CatalogueAccess: { ask: accessed('until'), ...AT_THE_TILL },
  RoundUp: { ask: ofMember('roundUp { step { amount } }'), at: 'member.roundUp', ...WITH_MEMBER },
  ...SERVICE_CHARGE_OBJECT_TYPES,
  ...CONNECTOR_OBJECT_TYPES,
  ...MATCHING_OBJECT_TYPES,
  ...PRIVACY_OBJECT_TYPES,
  ...TREASURY_OBJECT_TYPES,
  ...WEBHOOK_OBJECT_TYPES,
  ...CLIENT_OBJECT_TYPES,
  SettlementWindow: {
    ask: byId('SettlementWindow', ({ windowId }) => windowId),
    yes: `${RUNNERS} ${ALL_PARTNERS}`,
    nothing: `${ALL_MEMBERS} BARE`,
  },
  Settlement: {
    ask: byId('Settlement', ({ settlementId }) => settlementId),
    yes: `${RUNNERS} BANK SHOP`,
    nothing: `OTHER ${ALL_MEMBERS} BARE`,
  },
  SettlementLine: { ask: ofSettlement('lines { id }'), at: 'settlement.lines', ...WITH_LINE },
  SettlementItem: {
    ask: ofSettlement('lines { items { entryCount } }'),
    at: 'settlement.lines.0.items',
    ...WITH_LINE,
  },
  // Nobody has spent anything in the fixture.
  SettlementMatrixCell: {
    ask: ofSettlement('matrix { units }'),
    at: 'settlement.matrix',
    yes: '',
    nothing: `${RUNNERS} ${ALL_PARTNERS}`,
    no: `${ALL_MEMBERS} BARE`,
  },
  SettlementEntry: {
    ask: ofSettlement('lines { entries(first: 1) { nodes { number } } }'),
    at: 'settlement.lines.0.entries.nodes',
    ...WITH_LINE,
  },
  StatementParty: {
    ask: ofSettlement('lines { statement { seller { code } } }'),
    at: 'settlement.lines.0.statement.seller',
    ...WITH_LINE,
  },
  StatementTax: {
    ask: ofSettlement('lines { statement { taxes { code } } }'),
    at: 'settlement.lines.0.statement.taxes',
    ...WITH_LINE,
  },
  StatementPdf: {
    ask: ofSettlement('lines { statement { pdf { sha256 } } }'),
    at: 'settlement.lines.0.statement.pdf',
    ...WITH_LINE,
  },
  SettlementStatement: {
    ask: ofSettlement('lines { statement { csv } }'),
    at: 'settlement.lines.0.statement',
    ...WITH_LINE,
  },
  Dispute: {
    ask: byId('Dispute', ({ disputeId }) => disputeId),
    yes: `${RUNNERS} BANK`,
    nothing: `SHOP OTHER ${ALL_MEMBERS} BARE`,
  },
  DisputeEvidence: {
    ask: ({ disputeId }) => `{ dispute(id: "${disputeId}") { evidence { description } } }`,
    at: 'dispute.evidence',
    yes: `${RUNNERS} BANK`,
    nothing: 'SHOP OTHER',
    no: `${ALL_MEMBERS} BARE`,
  },
  PartnerCredit: {
    ask: () => '{ partnerCredits(programmeCode: "coalition-test") { room { amount } } }',
    at: 'partnerCredits',
    yes: `${RUNNERS} ${ALL_PARTNERS}`,
    no: `${ALL_MEMBERS} BARE`,
  },
  Reconciliation: {
    ask: byId('Reconciliation', ({ reconciliationId }) => reconciliationId),
    yes: `${RUNNERS} BANK`,
    nothing: `SHOP OTHER ${ALL_MEMBERS} BARE`,
  },
  ReconciliationDifference: {
    ask: ({ reconciliationId }) => `{ reconciliation(id: "${reconciliationId}") { differences { nodes { kind } } } }`,
    at: 'reconciliation.differences.nodes',
    yes: `${RUNNERS} BANK`,
    nothing: 'SHOP OTHER',
    no: `${ALL_MEMBERS} BARE`,
  },
  Adjustment: {
    ask: byId('Adjustment', ({ adjustmentId }) => adjustmentId),
    yes: RUNNERS,
    nothing: `${ALL_PARTNERS} ${ALL_MEMBERS} BARE`,
  },
  AdjustmentEvidence: {
    ask: ({ adjustmentId }) => `{ adjustment(id: "${adjustmentId}") { evidence { description } } }`,
    at: 'adjustment.evidence',
    yes: RUNNERS,
    no: `${ALL_PARTNERS} ${ALL_MEMBERS} BARE`,
  },
  Backtest: {
    ask: byId('Backtest', ({ backtestId }) => backtestId),
    yes: 'ADMIN',
    nothing: `OPERATOR SERVICE ${ALL_PARTNERS} ${ALL_MEMBERS} BARE`,
  },
  BacktestResult: { ask: ofBacktest('purchases'), at: 'backtest.result', ...ADMIN_ALONE },
  BacktestComparison: { ask: ofBacktest('total { change { units } }'), at: 'backtest.result.total', ...ADMIN_ALONE },
  BacktestCost: { ask: ofBacktest('total { drift { units } }'), at: 'backtest.result.total.drift', ...ADMIN_ALONE },
  BacktestLine: { ask: ofBacktest('byRule { key }'), at: 'backtest.result.byRule', ...ADMIN_ALONE },
  BacktestMovedMembers: { ask: ofBacktest('winners { units }'), at: 'backtest.result.winners', ...ADMIN_ALONE },
  BacktestDecile: { ask: ofBacktest('deciles { units }'), at: 'backtest.result.deciles', ...ADMIN_ALONE },
  BacktestMember: { ask: ofBacktest('gainsMost { memberId }'), at: 'backtest.result.gainsMost', ...ADMIN_ALONE },
  Position: {
    ask: () => '{ positions(programmeCode: "coalition-test") { partner { code } } }',
    yes: `${RUNNERS} BANK SHOP`,
    nothing: 'OTHER',
    no: `${ALL_MEMBERS} BARE`,
  },
};

/** Fields that hide from some who see the object they are on. */
export const GUARDED_FIELDS: Readonly<Record<string, Row>> = {
  'Card.token': {
    ask: ({ cardId }) => `{ node(id: "${cardId}") { ... on Card { token } } }`,
    at: 'node.token',
    yes: 'ADMIN BANK',
    nothing: 'OPERATOR SERVICE SHOP OTHER MEMBER STRANGER BARE',
  },
  'Card.account': {
    ask: ({ cardId }) => `{ node(id: "${cardId}") { ... on Card { account } } }`,
    at: 'node.account',
    yes: 'ADMIN BANK',
    nothing: 'OPERATOR SERVICE SHOP OTHER MEMBER STRANGER BARE',
  },
  ...PAYMENT_GUARDED_FIELDS,
  ...PRIVACY_GUARDED_FIELDS,
  'Settlement.programmeNet': {
    ask: ofSettlement('programmeNet { amount }'),
    at: 'settlement.programmeNet',
    yes: RUNNERS,
    nothing: ALL_PARTNERS,
    no: `${ALL_MEMBERS} BARE`,
  },
  'Settlement.gross': {
    ask: ofSettlement('gross { amount }'),
    at: 'settlement.gross',
    yes: RUNNERS,
    nothing: ALL_PARTNERS,
    no: `${ALL_MEMBERS} BARE`,
  },
  'Settlement.netPayments': {
    ask: ofSettlement('netPayments { amount }'),
    at: 'settlement.netPayments',
    yes: RUNNERS,
    nothing: ALL_PARTNERS,
    no: `${ALL_MEMBERS} BARE`,
  },
  'Outlet.merchantIds': {
    ask: () => '{ partner(code: "shop") { outlets(first: 1) { nodes { merchantIds } } } }',
    at: 'partner.outlets.nodes.0.merchantIds',
    yes: `${RUNNERS} SHOP`,
    nothing: `BANK OTHER ${ALL_MEMBERS}`,
    no: 'BARE',
  },
  'ProgrammeVersion.source': {
    ask: () => '{ programme(code: "coalition-test") { versions { source } } }',
    at: 'programme.versions.0.source',
    yes: RUNNERS,
    nothing: `${ALL_PARTNERS} ${ALL_MEMBERS}`,
    no: 'BARE',
  },
  'Programme.proposals': {
    ask: () => '{ programme(code: "coalition-test") { proposals { source } } }',
    at: 'programme.proposals',
    yes: 'ADMIN',
    nothing: `OPERATOR SERVICE ${ALL_PARTNERS} ${ALL_MEMBERS}`,
    no: 'BARE',
  },
  'ProgrammeVersion.publishedBy': {
    ask: () => '{ programme(code: "coalition-test") { versionOn(date: "2026-01-01") { publishedBy } } }',
    at: 'programme.versionOn.publishedBy',
    yes: RUNNERS,
    nothing: `${ALL_PARTNERS} ${ALL_MEMBERS}`,
    no: 'BARE',
  },
  'ProgrammeVersion.approvedBy': {
    ask: () => '{ programme(code: "coalition-test") { versionOn(date: "2026-01-01") { approvedBy } } }',
    at: 'programme.versionOn.approvedBy',
    yes: RUNNERS,
    nothing: `${ALL_PARTNERS} ${ALL_MEMBERS}`,
    no: 'BARE',
  },
  'Transaction.member': {
    ask: ofPurchase('member { id }'),
    at: 'transaction.member',
    yes: `${RUNNERS} BANK MEMBER`,
    nothing: 'SHOP OTHER STRANGER',
    no: 'BARE',
  },
  'Transaction.card': {
    ask: ofPurchase('card { id }'),
    at: 'transaction.card',
    yes: `${RUNNERS} BANK MEMBER`,
    nothing: 'SHOP OTHER STRANGER',
    no: 'BARE',
  },
  'Member.redemptions': {
    ask: ofMember('redemptions { nodes { id } }'),
    at: 'member.redemptions.nodes',
    ...WITH_MEMBER,
  },
  'Member.transfers': {
    ask: ofMember('transfers { nodes { id } }'),
    at: 'member.transfers.nodes',
    ...WITH_MEMBER,
  },
  'Redemption.member': {
    ask: ofRedemption('member { id }'),
    at: 'redemption.member',
    yes: `${RUNNERS} BANK MEMBER`,
    nothing: 'SHOP OTHER STRANGER',
    no: 'BARE',
  },
  'Member.transactions': {
    ask: ofMember('transactions { nodes { id } }'),
    at: 'member.transactions.nodes',
    ...WITH_MEMBER,
  },
  'Member.cards': { ask: ofMember('cards { nodes { id } }'), at: 'member.cards.nodes', ...WITH_MEMBER },
};

/**
 * Types that say nothing of their own: they wrap, or answer a change, that has a row. Who may subscribe stands in
 * test/e2e/subscriptions.test.ts.
 */
export const WRAPPERS =
  /(Connection|Edge|Payload|UserError)$|^(Query|Mutation|Subscription|Money|PageInfo)$|^(BalanceChange|AccrualConfirmation|RedemptionAuthorisation|WindowClosing)$/;
