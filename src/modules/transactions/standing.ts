/** Stored purchases as decisions see them. */
import { invariant } from '../../domain/kernel/invariant.js';
import type { StandingPurchase } from '../../domain/transactions/model.js';
import { decodeDecision } from './decision-facts.js';
import { storedMessage } from './message.js';
import type { Reference } from './reference.js';
import type { MessageRow, StandingAccrualRow, StandingRow } from './standing.sql.js';

/** A stored purchase with what stands of it. */
export function standingOf(
  row: StandingRow,
  accruals: readonly StandingAccrualRow[],
  messages: readonly MessageRow[],
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
    status: row.status,
    messages: messages.map(storedMessage),
    accruals: accruals.map(({ transactionId: _, contractNo, ...accrual }) => {
      if (contractNo === null) return accrual;
      const contract = reference.partners.contractByNo(contractNo);
      invariant(contract, `contract ${contractNo} of accrual ${accrual.id} is gone`);
      return { ...accrual, contract };
    }),
  };
}
