/**
 * Loads what the open items of a batch can touch, in a handful of statements, after their members are locked.
 */

import { PROGRAMME_PARTY, type Purchase } from '../../domain/earning/model.js';
import { invariant } from '../../domain/kernel/invariant.js';
import { SOURCE_KIND_NO, type StandingPurchase } from '../../domain/transactions/model.js';
import type { DbTransaction } from '../../infrastructure/db/database.js';
import type { OutletRecord } from '../partners/index.js';
import { BatchState, placeOf } from './batch-state.js';
import { decodeDecision } from './decision-facts.js';
import { loadFacts } from './earning-facts.js';
import { type Item, keyText } from './pipeline.js';
import type { Reference } from './reference.js';
import {
  type CandidateSearch,
  findCandidates,
  findFirstAnswers,
  loadStanding,
  type StandingAccrualRow,
  type StandingRow,
  type TransactionKey,
} from './transaction.sql.js';

export async function loadBatchState(
  tx: DbTransaction,
  reference: Reference,
  programmeNo: number,
  items: readonly Item[],
): Promise<BatchState> {
  const state = new BatchState();
  await loadFacts(tx, reference, programmeNo, items, state);
  await loadRefundedPurchases(tx, reference, state, items);
  return state;
}

/** Purchases that refunds of this batch name, or may be matched to. */
async function loadRefundedPurchases(
  tx: DbTransaction,
  reference: Reference,
  state: BatchState,
  items: readonly Item[],
): Promise<void> {
  const refunds = items.filter((item) => item.command.kind === 'REFUND' && item.member);
  if (refunds.length === 0) return;
  const named = refunds.flatMap(({ partner, command }) =>
    partner && command.refundOf !== undefined
      ? [{ partnerNo: partner.no, kindNo: SOURCE_KIND_NO.PURCHASE, reference: command.refundOf }]
      : [],
  );
  const keys = new Map<string, TransactionKey>();
  for (const answer of await findFirstAnswers(tx, named)) {
    keys.set(answer.transactionId, { id: answer.transactionId, memberNo: answer.memberNo });
    state.named.set(keyText(answer), answer.transactionId);
  }
  for (const key of await findCandidates(tx, searchesOf(refunds, reference))) keys.set(key.id, key);
  const { purchases, accruals } = await loadStanding(tx, [...keys.values()]);
  const accrualsOf = Map.groupBy(accruals, (accrual) => accrual.transactionId);
  for (const row of purchases) state.putPurchase(standingOf(row, accrualsOf.get(row.id) ?? [], reference));
}

function searchesOf(refunds: readonly Item[], reference: Reference): CandidateSearch[] {
  const unnamed = refunds.flatMap((item) => {
    const place = placeOfItem(item, reference);
    return item.command.refundOf === undefined && place !== undefined ? [{ item, place }] : [];
  });
  const sharing = Map.groupBy(unnamed, ({ place }) => place);
  return unnamed.map(({ item, place }) => ({
    memberNo: item.member?.no ?? PROGRAMME_PARTY,
    cardId: item.card?.id ?? null,
    merchantNo: merchantOf(item, reference)?.partnerNo ?? null,
    descriptor: item.command.descriptor ?? null,
    amountMinor: item.command.amountMinor,
    businessDate: item.command.businessDate,
    limit: (sharing.get(place)?.length ?? 0) + 1,
  }));
}

/** Card and merchant that a refund without reference is matched on. */
export function placeOfItem(item: Item, reference: Reference): string | undefined {
  const merchant = merchantOf(item, reference);
  return placeOf({
    memberNo: item.member?.no ?? PROGRAMME_PARTY,
    ...(item.card && { cardId: item.card.id }),
    ...(merchant && { merchantNo: merchant.partnerNo }),
    ...(item.command.descriptor !== undefined && { descriptor: item.command.descriptor }),
  });
}

/**
 * The merchant of a message: the outlet it names, the outlet of its merchant id, else the submitting merchant
 * itself. A bank's purchase that resolves to no outlet has none and earns from the bank and the programme.
 */
export function merchantOf(
  item: Item,
  { partners }: Reference,
): { readonly partnerNo: number; readonly partnerCode: string; readonly outlet?: OutletRecord } | undefined {
  const { merchant, merchantId } = item.command;
  const outlet =
    merchant !== undefined
      ? partners.outlet(merchant.partnerCode, merchant.outletCode)
      : merchantId !== undefined
        ? partners.outletByMerchantId(merchantId)
        : undefined;
  if (outlet !== undefined) return { partnerNo: outlet.partnerNo, partnerCode: outlet.partnerCode, outlet };
  if (item.partner?.roles.includes('MERCHANT') && !item.partner.roles.includes('BANK')) {
    return { partnerNo: item.partner.no, partnerCode: item.partner.code };
  }
  return undefined;
}

/** A purchase message as the engine sees it. */
export function purchaseOf(item: Item, reference: Reference): Purchase {
  const { command, card } = item;
  const merchant = merchantOf(item, reference);
  const mcc = command.mcc ?? merchant?.outlet?.mcc;
  const channel = command.channel ?? merchant?.outlet?.channel;
  const issuer = card === undefined ? undefined : reference.partners.byNo(card.issuerNo);
  return {
    amountMinor: command.amountMinor,
    businessDate: command.businessDate,
    ...(channel !== undefined && { channel }),
    ...(mcc !== undefined && { mcc }),
    ...(command.category !== undefined && { submittedCategory: command.category }),
    ...(merchant && {
      merchant: {
        partnerNo: merchant.partnerNo,
        partnerCode: merchant.partnerCode,
        ...(merchant.outlet && { outletCode: merchant.outlet.code }),
      },
    }),
    ...(issuer && { issuer: { partnerNo: issuer.no, partnerCode: issuer.code } }),
  };
}

/** A stored purchase with what stands of it. */
export function standingOf(
  row: StandingRow,
  accruals: readonly StandingAccrualRow[],
  reference: Reference,
): StandingPurchase {
  const { purchase, facts } = decodeDecision(row, reference);
  return {
    id: row.id,
    memberNo: row.memberNo,
    ...(row.cardId !== null && { cardId: row.cardId }),
    ...(row.merchantNo !== null && { merchantNo: row.merchantNo }),
    ...(row.descriptor !== null && { descriptor: row.descriptor }),
    refundedMinor: row.refundedMinor,
    purchase,
    facts,
    programmeVersion: row.facts.v,
    accruals: accruals.map(({ transactionId: _, contractNo, ...accrual }) => {
      if (contractNo === null) return accrual;
      const contract = reference.partners.contractByNo(contractNo);
      invariant(contract, `contract ${contractNo} of accrual ${accrual.id} is gone`);
      return { ...accrual, contract };
    }),
  };
}
