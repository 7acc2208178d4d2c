/**
 * `hansa partner check`: plays what a partner's integration will do, with the partner's own credentials against a
 * running gateway, and says of each step whether it went as it must. What it buys it gives back, so nothing is left but
 * the record.
 */
import { randomBytes } from 'node:crypto';
import {
  type AccrualQuoteInput,
  AuthoriseRedemption,
  type HansaClient,
  HansaError,
  PartnerItself,
  QuoteAccrual,
  QuoteRedemption,
  SettlementsOf,
  SubmitTransaction,
  type TransactionInput,
  VoidRedemption,
} from '../client/index.js';
import { parseDecimal } from '../domain/money/decimal.js';

/** On whose behalf and with whose card the check plays. */
export interface CheckSubject {
  readonly programmeCode: string;
  readonly partnerCode: string;
  /** Of a member who is there for tests. */
  readonly cardToken: string;
  readonly currencyCode: string;
}

export interface StepResult {
  readonly step: string;
  readonly outcome: 'PASS' | 'FAIL' | 'SKIP';
  /** What was seen, or what to do. */
  readonly note: string;
}

/** What the steps before have found. */
interface Run {
  readonly client: HansaClient;
  readonly subject: CheckSubject;
  /** Makes this run's references its own. */
  readonly name: string;
  merchantId?: string;
  quotedUnits?: string;
  transactionId?: string;
}

/** Ends a step: it cannot be played here, which is no failure. */
class Skipped extends Error {}

type Step = readonly [name: string, play: (run: Run) => Promise<string>];

const AMOUNT = '20.00';
const PART = '5.00';
const REST = '15.00';
/** The test number of card schemes: it must be refused wherever it comes. */
const CARD_NUMBER = '4111111111111111';

const STEPS: readonly Step[] = [
  ['signs in and sees itself', seeItself],
  ['asks what a purchase would earn', quote],
  ['submits the purchase and earns what was quoted', purchase],
  ['sends the same message again and gets the same answer', repeat],
  ['sends another amount under the same reference and is refused', conflict],
  ['sends a card number and is refused', cardNumber],
  ['sends an unknown card and is told', unknownCard],
  ['takes a part of the purchase back', refundPart],
  ['takes the rest back, and nothing is left', refundRest],
  ['holds units at its till and gives them up again', holdUnits],
  ['reads its settlements', settlements],
];

/** Plays every step in order; a step that fails ends none after it but those that need what it would have found. */
export async function checkPartner(
  client: HansaClient,
  subject: CheckSubject,
  heard: (result: StepResult) => void,
): Promise<readonly StepResult[]> {
  const run: Run = { client, subject, name: `check-${randomBytes(6).toString('hex')}` };
  const results: StepResult[] = [];
  for (const [step, play] of STEPS) {
    const result = await resultOf(step, () => play(run));
    results.push(result);
    heard(result);
  }
  return results;
}

async function resultOf(step: string, play: () => Promise<string>): Promise<StepResult> {
  try {
    return { step, outcome: 'PASS', note: await play() };
  } catch (error) {
    if (error instanceof Skipped) return { step, outcome: 'SKIP', note: error.message };
    const note =
      error instanceof HansaError
        ? `${error.message} (${error.code}, request ${error.requestId})`
        : (error as Error).message;
    return { step, outcome: 'FAIL', note };
  }
}

async function seeItself(run: Run): Promise<string> {
  const { partner } = await run.client.ask(PartnerItself, { code: run.subject.partnerCode });
  if (partner == null)
    throw new Error(`There is no partner ${run.subject.partnerCode}. Name the one whose credentials these are.`);
  const outlet = partner.outlets.nodes.find(({ merchantIds }) => merchantIds.length > 0);
  if (outlet === undefined)
    throw new Error('It sees no merchant id of its own: the credentials are another partner’s, or no outlet has one.');
  run.merchantId = outlet.merchantIds[0] as string;
  return `${partner.name}, outlet ${outlet.code}, merchant id ${run.merchantId}`;
}

const money = (run: Run, amount: string) => ({ amount, currencyCode: run.subject.currencyCode });

function merchantOf({ merchantId }: Run): string {
  if (merchantId === undefined) throw new Skipped('It needs the merchant id that was not found.');
  return merchantId;
}

async function quote(run: Run): Promise<string> {
  const { programmeCode, cardToken } = run.subject;
  const input: AccrualQuoteInput = {
    programmeCode,
    payer: { cardToken },
    amount: money(run, AMOUNT),
    merchantId: merchantOf(run),
  };
  const { accrualQuote } = await run.client.ask(QuoteAccrual, { input });
  mustHaveNoErrors(accrualQuote?.userErrors);
  run.quotedUnits = accrualQuote?.units ?? '0';
  return `${run.quotedUnits} units for ${AMOUNT} ${run.subject.currencyCode}`;
}

function mustHaveNoErrors(errors: readonly { readonly code: string; readonly message: string }[] | undefined): void {
  const [error] = errors ?? [];
  if (error !== undefined) throw new Error(`${error.message} (${error.code})`);
}

/** Submits a message of this run, changed as wanted. */
async function submit(run: Run, reference: string, changes: Partial<TransactionInput> = {}) {
  const transaction: TransactionInput = {
    kind: 'PURCHASE',
    reference: `${run.name}-${reference}`,
    payer: { cardToken: run.subject.cardToken },
    amount: money(run, AMOUNT),
    // Of one moment for the whole run: a message that is sent again must be the same.
    occurredAt: MOMENT,
    merchantId: merchantOf(run),
    descriptor: 'INTEGRATION CHECK',
    ...changes,
  };
  const { transactionSubmit } = await run.client.ask(SubmitTransaction, {
    input: { programmeCode: run.subject.programmeCode, transaction },
  });
  return { transaction: transactionSubmit?.transaction, userErrors: transactionSubmit?.userErrors ?? [] };
}

const MOMENT = new Date(Date.now() - 60_000).toISOString();

async function purchase(run: Run): Promise<string> {
  const { transaction, userErrors } = await submit(run, 'purchase');
  mustHaveNoErrors(userErrors);
  if (transaction == null)
    throw new Error('The gateway took it but shows no transaction: the client lacks transactions:read.');
  run.transactionId = transaction.id;
  const earned = addedUp(transaction.accruals.map(({ units }) => units));
  if (run.quotedUnits !== undefined && earned !== addedUp([run.quotedUnits]))
    throw new Error(`${run.quotedUnits} units were quoted and other units earned: ${transaction.explanation.text}`);
  const parts = transaction.accruals.map(({ rule, units, status }) => `${rule} ${units} ${status}`);
  return parts.length === 0 ? 'it earns nothing here, and says why' : parts.join(', ');
}

/** No programme's units have more decimals. */
const UNIT_SCALE = 8;

/** Units added up exactly. */
const addedUp = (decimals: readonly string[]): bigint => decimals.reduce((sum, decimal) => sum + unitsOf(decimal), 0n);

function unitsOf(decimal: string): bigint {
  const units = parseDecimal(decimal, UNIT_SCALE);
  if (typeof units === 'string') throw new Error(`The gateway answered units that are no decimal: "${decimal}".`);
  return units;
}

function bought({ transactionId }: Run): string {
  if (transactionId === undefined) throw new Skipped('It needs the purchase that was not taken.');
  return transactionId;
}

async function repeat(run: Run): Promise<string> {
  const first = bought(run);
  const { transaction, userErrors } = await submit(run, 'purchase');
  mustHaveNoErrors(userErrors);
  if (transaction?.id !== first) throw new Error(`The repeat became another transaction: ${transaction?.id}.`);
  return `transaction ${first}`;
}

async function conflict(run: Run): Promise<string> {
  bought(run);
  const { userErrors } = await submit(run, 'purchase', { amount: money(run, REST) });
  return refusedWith(userErrors, 'REFERENCE_CONFLICT');
}

function refusedWith(errors: readonly { readonly code: string; readonly message: string }[], code: string): string {
  const [error] = errors;
  if (error?.code === code) return error.message;
  throw new Error(`It must be refused as ${code}; ${error === undefined ? 'it was taken' : `it was ${error.code}`}.`);
}

async function cardNumber(run: Run): Promise<string> {
  const { userErrors } = await submit(run, 'pan', { payer: { cardToken: CARD_NUMBER } });
  return refusedWith(userErrors, 'CARD_NUMBER_REFUSED');
}

async function unknownCard(run: Run): Promise<string> {
  const { userErrors } = await submit(run, 'nobody', { payer: { cardToken: `${run.name}-nobody` } });
  return refusedWith(userErrors, 'UNKNOWN_PAYER');
}

async function refund(run: Run, reference: string, amount: string) {
  bought(run);
  const { transaction, userErrors } = await submit(run, reference, {
    kind: 'REFUND',
    refundOf: `${run.name}-purchase`,
    amount: money(run, amount),
  });
  mustHaveNoErrors(userErrors);
  return transaction;
}

async function refundPart(run: Run): Promise<string> {
  const transaction = await refund(run, 'refund-1', PART);
  if (transaction?.refunded.amount !== PART)
    throw new Error(`${PART} went back, and ${transaction?.refunded.amount} is recorded.`);
  return `${addedText(transaction.accruals)} units are left`;
}

async function refundRest(run: Run): Promise<string> {
  const transaction = await refund(run, 'refund-2', REST);
  const left = addedUp((transaction?.accruals ?? []).map(({ unitsLeft }) => unitsLeft));
  if (transaction?.refunded.amount !== AMOUNT || left !== 0n)
    throw new Error('All of it went back, but something is left. Tell whoever runs the gateway: this is a bug.');
  return 'nothing is left of it';
}

const addedText = (accruals: readonly { readonly unitsLeft: string }[]): string =>
  accruals.map(({ unitsLeft }) => unitsLeft).join(' + ') || '0';

async function holdUnits(run: Run): Promise<string> {
  const { programmeCode, partnerCode, cardToken } = run.subject;
  const till = { programmeCode, partnerCode, payer: { cardToken }, purchase: money(run, AMOUNT) };
  const { redemptionQuote } = await run.client.ask(QuoteRedemption, { input: till });
  const [refused] = redemptionQuote?.userErrors ?? [];
  if (refused?.code === 'NO_CONTRACT') throw new Skipped(refused.message);
  mustHaveNoErrors(redemptionQuote?.userErrors);
  const units = redemptionQuote?.units ?? '0';
  if (addedUp([units]) === 0n)
    throw new Skipped('The member can spend nothing here now; give it units and check again.');
  const { redemptionAuthorise } = await run.client.ask(AuthoriseRedemption, {
    input: { ...till, units, reference: `${run.name}-till` },
  });
  mustHaveNoErrors(redemptionAuthorise?.userErrors);
  const redemptionId = redemptionAuthorise?.redemption?.id ?? '';
  const { redemptionVoid } = await run.client.ask(VoidRedemption, {
    input: { redemptionId, idempotencyKey: `${run.name}-void` },
  });
  mustHaveNoErrors(redemptionVoid?.userErrors);
  const state = redemptionVoid?.redemption?.state;
  if (state !== 'VOIDED') throw new Error(`The redemption is ${state} and not VOIDED.`);
  return `${units} units held and given up`;
}

async function settlements(run: Run): Promise<string> {
  const found = await run.client.ask(SettlementsOf, { programmeCode: run.subject.programmeCode, first: 1 });
  const [latest] = found.settlements?.nodes ?? [];
  return latest === undefined ? 'there is none yet' : `number ${latest.number}, its own lines only`;
}
