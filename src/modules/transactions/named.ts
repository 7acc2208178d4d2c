/** Finds the purchase that a message names, and says why it may not be the one. */
import { type Failure, fail } from '../../domain/kernel/result.js';
import { returnRoom, toldBy } from '../../domain/transactions/lifecycle.js';
import { SOURCE_KIND_NO, type StandingPurchase, type TransactionErrorCode } from '../../domain/transactions/model.js';
import type { Side } from '../../domain/transactions/teller.js';
import { type BatchState, nameOf } from './batch-state.js';
import { keyText } from './transaction.sql.js';

/** What a refund or an exchange may name, the likeliest first. */
export const NAMEABLE: readonly number[] = [
  SOURCE_KIND_NO.PURCHASE,
  SOURCE_KIND_NO.AUTHORISATION,
  SOURCE_KIND_NO.CLEARING,
];

export interface Named {
  readonly standing: StandingPurchase;
  /** Kind of the message that has the reference; a clearing that waits for it stands in for its authorisation. */
  readonly kindNo: number;
}

export function findNamed(
  partnerNo: number,
  reference: string,
  state: BatchState,
  kinds: readonly number[] = NAMEABLE,
): Named | undefined {
  for (const kindNo of kinds) {
    const id = state.named.get(keyText({ partnerNo, kindNo, reference }));
    const standing = id === undefined ? undefined : state.purchase(id);
    if (standing !== undefined) return { standing, kindNo };
  }
  for (const { kindNo, transactionId } of state.awaitedBy(nameOf(partnerNo, reference))) {
    const standing = kindNo === SOURCE_KIND_NO.CLEARING ? state.purchase(transactionId) : undefined;
    if (standing !== undefined) return { standing, kindNo: SOURCE_KIND_NO.AUTHORISATION };
  }
  return undefined;
}

/** A purchase that was told in one message is known as a whole; one that is still told of may become more. */
export const isWhole = ({ messages }: StandingPurchase, side: Side | undefined): boolean =>
  toldBy(messages, side).some(({ kind }) => kind === 'PURCHASE');

/** What is left of it by what this side has told. */
export const keptBy = ({ messages }: StandingPurchase, side: Side | undefined): bigint =>
  returnRoom(messages, side).keptMinor;

export function refuseNamed(
  standing: StandingPurchase,
  memberNo: number,
  businessDate: string,
  side: Side | undefined,
): Failure<TransactionErrorCode> | undefined {
  if (standing.memberNo !== memberNo) {
    return fail(
      'PAYER_MISMATCH',
      'The purchase belongs to another member; what is told of it later names the payer of the purchase.',
      'payer',
    ).failure;
  }
  if (isWhole(standing, side) && businessDate < firstDayOf(standing, side)) {
    return fail('REFUND_BEFORE_PURCHASE', 'The refund is dated before its purchase; check occurredAt.', 'occurredAt')
      .failure;
  }
  return undefined;
}

const firstDayOf = ({ messages, purchase }: StandingPurchase, side: Side | undefined): string =>
  toldBy(messages, side).find(({ kind }) => kind === 'PURCHASE')?.businessDate ?? purchase.businessDate;
