/**
 * Decides a batch: a fold over its items in arrival order, each sees the facts the one before left. No I/O;
 * everything it needs was loaded and locked (load.ts), what it decides is stored afterwards (store.ts).
 */
import { evaluate } from '../../domain/earning/evaluate.js';
import { explanationDigest, reason } from '../../domain/earning/explain.js';
import { countersFor } from '../../domain/earning/caps.js';
import { classify } from '../../domain/earning/classify.js';
import {
  type ContractTerms,
  type EarningFacts,
  PROGRAMME_PARTY,
  type ProgrammeTerms,
  type Purchase,
  UNCATEGORISED,
} from '../../domain/earning/model.js';
import { addDays } from '../../domain/kernel/calendar.js';
import { invariant } from '../../domain/kernel/invariant.js';
import { fail, type Failure, ok, type Result } from '../../domain/kernel/result.js';
import { chargesFor } from '../../domain/settlement/charges.js';
import { tierFor } from '../../domain/tiers/qualify.js';
import { matchRefund, type MatchReason } from '../../domain/transactions/match.js';
import {
  keptMinor,
  SOURCE_KIND_NO,
  type StandingAccrual,
  type StandingPurchase,
  type TransactionErrorCode,
} from '../../domain/transactions/model.js';
import { type AccrualReversal, decideRefund } from '../../domain/transactions/refund.js';
import type { OutletRecord } from '../partners/index.js';
import type { BatchState } from './batch-state.js';
import { encodeFacts } from './decision-facts.js';
import { merchantOf, placeOfItem, purchaseOf, spendWindow } from './load.js';
import { type Item, keyText } from './pipeline.js';
import type { Reference } from './reference.js';
import type { FirstAnswer, NewTransaction } from './transaction.sql.js';

export interface BatchFacts {
  readonly reference: Reference;
  readonly programmeNo: number;
  /** By key text: answers given before this batch, by others or long ago. */
  readonly firstAnswers: ReadonlyMap<string, FirstAnswer>;
  readonly state: BatchState;
  readonly newId: () => string;
}

/** One accepted item: what to store for it. */
export interface Accepted {
  readonly item: Item;
  readonly memberNo: number;
  readonly transactionId: string;
  readonly matchReason?: MatchReason;
  /** A purchase, or a refund that found none; absent for a refund that joined its purchase. */
  readonly transaction?: NewTransaction;
  readonly accruals: readonly StandingAccrual[];
  /** Day on which the accruals are confirmed. */
  readonly availableOn: string;
  readonly reversals: readonly AccrualReversal[];
}

type Verdict = Accepted | Failure<TransactionErrorCode>;

export function decideBatch(items: readonly Item[], facts: BatchFacts): Accepted[] {
  const accepted: Accepted[] = [];
  const acceptedByKey = new Map<string, Accepted>();
  for (const item of items) {
    if (item.outcome !== undefined) continue;
    invariant(item.key, 'an item without a key was rejected before');
    const key = keyText(item.key);
    const first = facts.firstAnswers.get(key) ?? firstOf(acceptedByKey.get(key));
    if (first !== undefined) {
      item.outcome = repeat(item, first);
      continue;
    }
    const verdict = decideItem(item, facts, acceptedByKey);
    if ('code' in verdict) {
      item.outcome = { status: 'REJECTED', failure: verdict };
      continue;
    }
    accepted.push(verdict);
    acceptedByKey.set(key, verdict);
    item.outcome = {
      status: 'ACCEPTED',
      transactionId: verdict.transactionId,
      sourceId: item.sourceId,
      memberNo: verdict.memberNo,
      ...(verdict.matchReason && { matchReason: verdict.matchReason }),
    };
  }
  return accepted;
}

interface First {
  readonly bodyHash: Buffer;
  readonly sourceId: string;
  readonly memberNo: number;
  readonly transactionId: string;
  readonly matchReason?: string | null;
}

const firstOf = (accepted: Accepted | undefined): First | undefined =>
  accepted && { ...accepted, bodyHash: accepted.item.bodyHash, sourceId: accepted.item.sourceId };

function repeat(item: Item, first: First): NonNullable<Item['outcome']> {
  if (!first.bodyHash.equals(item.bodyHash)) {
    return {
      status: 'REJECTED',
      failure: fail(
        'REFERENCE_CONFLICT',
        `The reference "${item.command.reference}" was used before with other contents; nothing was changed. Use a new reference for a new message.`,
        'reference',
      ).failure,
    };
  }
  return {
    status: 'DUPLICATE',
    transactionId: first.transactionId,
    sourceId: first.sourceId,
    memberNo: first.memberNo,
    ...(first.matchReason && { matchReason: first.matchReason as MatchReason }),
  };
}

function decideItem(item: Item, facts: BatchFacts, acceptedByKey: ReadonlyMap<string, Accepted>): Verdict {
  const { command, partner } = item;
  invariant(partner, 'an item without a partner was rejected before');
  if (partner.status !== 'ACTIVE') {
    return fail('PARTNER_NOT_ACTIVE', `Partner "${partner.code}" is ${partner.status.toLowerCase()}; reactivate it before it submits.`, 'partnerCode').failure;
  }
  const placed = placeInProgramme(item, facts.programmeNo, facts.reference);
  if (!placed.ok) return placed.failure;
  return command.kind === 'PURCHASE'
    ? decidePurchase(item, placed.value, facts)
    : decideRefundItem(item, placed.value.memberNo, facts, acceptedByKey);
}

/** Payer, terms and merchant of a message, all found. */
export interface Placed {
  readonly memberNo: number;
  readonly terms: ProgrammeTerms;
  readonly version: number;
  readonly outlet?: OutletRecord;
}

/** What must be known before a purchase, a refund or a quote is decided. */
export function placeInProgramme(item: Item, programmeNo: number, reference: Reference): Result<Placed, TransactionErrorCode> {
  const { command, member } = item;
  if (member === undefined) {
    return fail('UNKNOWN_PAYER', 'No active member or linked card of this programme matches the payer; link the card or enrol the member first.', 'payer');
  }
  const published = reference.programmes.inForce(programmeNo, command.businessDate);
  if (published === undefined) {
    return fail('NO_TERMS_IN_FORCE', `No version of the programme was in force on ${command.businessDate}; apply one that was.`, 'occurredAt');
  }
  const { terms, version } = published;
  if (command.category !== undefined && !terms.categories.some(({ code }) => code === command.category)) {
    return fail('UNKNOWN_CATEGORY', `The programme has no category "${command.category}"; leave it out or use one of its codes.`, 'category');
  }
  const outlet = merchantOf(item, reference)?.outlet;
  if (command.merchant !== undefined && outlet === undefined) {
    return fail('UNKNOWN_OUTLET', `Partner "${command.merchant.partnerCode}" has no outlet "${command.merchant.outletCode}".`, 'outlet');
  }
  return ok({ memberNo: member.no, terms, version, ...(outlet && { outlet }) });
}

function decidePurchase(
  item: Item,
  { memberNo, terms, version, outlet }: Placed,
  { reference, programmeNo, state, newId }: BatchFacts,
): Accepted {
  const { command } = item;
  const purchase = purchaseOf(item, reference);
  const facts = earningFacts(purchase, memberNo, terms, programmeNo, reference, state);
  const evaluation = evaluate(purchase, facts, terms);
  const id = newId();
  const accruals = evaluation.accruals.map((accrual): StandingAccrual => {
    const contract = contractOfFunder(accrual.funderNo, purchase, facts);
    return {
      ...accrual,
      id: newId(),
      ...chargesFor(accrual.units, terms.unit.priceMinor, contract),
      pending: true,
      ...(contract && { contract }),
    };
  });
  for (const use of evaluation.capUses) state.changeUse({ memberNo, capCode: use.capCode, period: use.period }, use.units);
  // Cash and the like earn nothing and lift nobody into a tier.
  if (classify(purchase, terms).excluded === undefined) state.changeSpend(memberNo, command.businessDate, command.amountMinor);
  state.putPurchase({
    id,
    memberNo,
    ...(item.card && { cardId: item.card.id }),
    ...(purchase.merchant && { merchantNo: purchase.merchant.partnerNo }),
    ...(command.descriptor !== undefined && { descriptor: command.descriptor }),
    refundedMinor: 0n,
    purchase,
    facts,
    programmeVersion: version,
    accruals,
  });
  return {
    item,
    memberNo,
    transactionId: id,
    accruals,
    availableOn: addDays(command.businessDate, terms.holdDays),
    reversals: [],
    transaction: {
      ...transactionRow(item, memberNo, id, outlet),
      kind: 'PURCHASE',
      merchantNo: purchase.merchant?.partnerNo ?? null,
      mcc: purchase.mcc ?? null,
      channel: purchase.channel ?? null,
      categoryCode: evaluation.category,
      facts: encodeFacts(version, purchase, facts),
      explanationDigest: explanationDigest(evaluation.explanation),
    },
  };
}

/** Tier, counters and contracts as they are before this purchase. */
export function earningFacts(
  purchase: Purchase,
  memberNo: number,
  terms: ProgrammeTerms,
  programmeNo: number,
  { partners }: Reference,
  state: BatchState,
): EarningFacts {
  const windowSpendMinor = state.spendIn(spendWindow(memberNo, terms, purchase.businessDate));
  const contractOf = (partnerNo: number | undefined): ContractTerms | undefined =>
    partnerNo !== undefined && partners.byNo(partnerNo)?.status === 'ACTIVE'
      ? partners.contractOn(partnerNo, programmeNo, purchase.businessDate)
      : undefined;
  const merchantContract = contractOf(purchase.merchant?.partnerNo);
  const issuerContract = contractOf(purchase.issuer?.partnerNo);
  return {
    tier: tierFor(terms.tiers, windowSpendMinor).code,
    windowSpendMinor,
    capUsed: Object.fromEntries(
      countersFor(purchase, terms)
        .map(({ capCode, period }) => [capCode, state.usedOf({ memberNo, capCode, period })] as const)
        .filter(([, used]) => used > 0n),
    ),
    ...(merchantContract && { merchantContract }),
    ...(issuerContract && { issuerContract }),
  };
}

function contractOfFunder(funderNo: number, purchase: Purchase, facts: EarningFacts): ContractTerms | undefined {
  if (funderNo === PROGRAMME_PARTY) return undefined;
  const contract = funderNo === purchase.merchant?.partnerNo ? facts.merchantContract : facts.issuerContract;
  invariant(contract, `funder ${funderNo} pays without a contract`);
  return contract;
}

function decideRefundItem(
  item: Item,
  memberNo: number,
  facts: BatchFacts,
  acceptedByKey: ReadonlyMap<string, Accepted>,
): Verdict {
  const { command } = item;
  const { state, reference } = facts;
  const match =
    command.refundOf === undefined
      ? matchRefund(command.amountMinor, command.businessDate, [...state.candidates(placeOfItem(item, reference))])
      : namedPurchase(item, command.refundOf, memberNo, facts, acceptedByKey);
  if ('code' in match) return match;
  if (match.purchase === undefined) return orphan(item, memberNo, match.reason, facts);
  const standing = match.purchase;
  const terms = reference.programmes.version(facts.programmeNo, standing.programmeVersion)?.terms;
  invariant(terms, `version ${standing.programmeVersion} of the programme is gone`);
  const decision = decideRefund(standing, command.amountMinor, terms);
  for (const release of decision.releases) {
    state.changeUse({ memberNo, capCode: release.capCode, period: release.period }, -release.units);
  }
  if (classify(standing.purchase, terms).excluded === undefined) {
    state.changeSpend(memberNo, standing.purchase.businessDate, -command.amountMinor);
  }
  state.putPurchase(decision.after);
  state.refunded.add(standing.id);
  return {
    item,
    memberNo,
    transactionId: standing.id,
    matchReason: match.reason,
    accruals: [],
    availableOn: command.businessDate,
    reversals: decision.reversals,
  };
}

function namedPurchase(
  item: Item,
  refundOf: string,
  memberNo: number,
  { state }: BatchFacts,
  acceptedByKey: ReadonlyMap<string, Accepted>,
): { readonly purchase: StandingPurchase; readonly reason: MatchReason } | Failure<TransactionErrorCode> {
  const key = keyText({ partnerNo: item.partner?.no ?? 0, kindNo: SOURCE_KIND_NO.PURCHASE, reference: refundOf });
  const id = acceptedByKey.get(key)?.transactionId ?? state.named.get(key);
  const purchase = id === undefined ? undefined : state.purchase(id);
  if (purchase === undefined) {
    return fail('UNKNOWN_PURCHASE', `No purchase of this partner has the reference "${refundOf}"; send the purchase first or leave refundOf out.`, 'refundOf').failure;
  }
  if (purchase.memberNo !== memberNo) {
    return fail('PAYER_MISMATCH', 'The purchase belongs to another member; a refund goes to the payer of its purchase.', 'payer').failure;
  }
  if (item.command.businessDate < purchase.purchase.businessDate) {
    return fail('REFUND_BEFORE_PURCHASE', 'The refund is dated before its purchase; check occurredAt.', 'occurredAt').failure;
  }
  if (item.command.amountMinor > keptMinor(purchase)) {
    return fail('REFUND_LARGER_THAN_PURCHASE', 'The refund is larger than what is left of the purchase after earlier refunds.', 'amount').failure;
  }
  return { purchase, reason: 'REFERENCE' };
}

/** Kept for the record and for people to look at; it takes nothing, because nothing was found that earned. */
function orphan(item: Item, memberNo: number, matchReason: MatchReason, { reference, newId }: BatchFacts): Accepted {
  const id = newId();
  const merchant = merchantOf(item, reference);
  return {
    item,
    memberNo,
    transactionId: id,
    matchReason,
    accruals: [],
    availableOn: item.command.businessDate,
    reversals: [],
    transaction: {
      ...transactionRow(item, memberNo, id, merchant?.outlet),
      kind: 'ORPHAN_REFUND',
      merchantNo: merchant?.partnerNo ?? null,
      mcc: item.command.mcc ?? null,
      channel: item.command.channel ?? null,
      categoryCode: item.command.category ?? UNCATEGORISED,
      facts: {},
      explanationDigest: explanationDigest(reason('ORPHAN_REFUND', { reason: matchReason })),
    },
  };
}

const transactionRow = (item: Item, memberNo: number, id: string, outlet: OutletRecord | undefined) => ({
  id,
  memberNo,
  cardId: item.card?.id ?? null,
  submitterNo: item.key?.partnerNo ?? 0,
  outletId: outlet?.id ?? null,
  merchantId: item.command.merchantId ?? null,
  descriptor: item.command.descriptor ?? null,
  amountMinor: item.command.amountMinor,
  originalAmount: item.command.original?.amount ?? null,
  originalCurrencyCode: item.command.original?.currencyCode ?? null,
  occurredAt: item.command.occurredAt,
  businessDate: item.command.businessDate,
});
