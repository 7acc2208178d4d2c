/** Transactions, the messages about them and their keys, as the read side sees them. Written by transaction.sql.ts alone. */
import { defineEntity, type InferEntity, p } from '@mikro-orm/core';
import type { PurchaseStatus } from '../../domain/transactions/lifecycle.js';
import type { Likeness } from '../../domain/transactions/same-purchase.js';
import type { StoredFacts } from './decision-facts.js';
import type { StoredLine, StoredShortfall } from './stored-basket.js';

export type TransactionKind = 'PURCHASE' | 'ACTION' | 'ORPHAN_REFUND' | 'ORPHAN_REVERSAL' | 'DUPLICATE';

export const TransactionEntity = defineEntity({
  name: 'TransactionEntity',
  tableName: 'transaction',
  indexes: [{ name: 'transaction_member_idx', properties: ['memberNo', 'businessDate', 'id'] }],
  properties: {
    id: p.uuid().primary(),
    memberNo: p.integer().primary(),
    programmeNo: p.integer(),
    kind: p.text().$type<TransactionKind>(),
    cardId: p.uuid().nullable(),
    submitterNo: p.integer(),
    merchantNo: p.integer().nullable(),
    outletId: p.uuid().nullable(),
    merchantId: p.text().nullable(),
    descriptor: p.text().nullable(),
    mcc: p.character().length(4).nullable(),
    channel: p.text().nullable(),
    categoryCode: p.text(),
    amountMinor: p.bigint(),
    refundedMinor: p.bigint().defaultRaw('0'),
    originalAmount: p.text().nullable(),
    originalCurrencyCode: p.character().length(3).nullable(),
    occurredAt: p.datetime(6),
    businessDate: p.date(),
    recordedAt: p.datetime(6),
    facts: p.json().$type<StoredFacts>(),
    explanationDigest: p.blob(),
    status: p.text().$type<PurchaseStatus>().default('CLEARED'),
    authorisedOn: p.date().nullable(),
    postedOn: p.date().nullable(),
    action: p.text().nullable(),
    lines: p.json().$type<readonly StoredLine[]>().nullable(),
    shortfalls: p.json().$type<readonly StoredShortfall[]>().nullable(),
    claimedUnits: p.bigint().nullable(),
    ourUnits: p.bigint().nullable(),
    exchangeOf: p.uuid().nullable(),
    joinedId: p.uuid().nullable(),
    joinReason: p.text().nullable(),
    sides: p.smallint().default(0),
    coSubmitterNo: p.integer().nullable(),
  },
});
export type TransactionEntity = InferEntity<typeof TransactionEntity>;

export const TransactionSourceEntity = defineEntity({
  name: 'TransactionSourceEntity',
  tableName: 'transaction_source',
  properties: {
    id: p.uuid().primary(),
    memberNo: p.integer().primary(),
    transactionId: p.uuid().index('transaction_source_transaction_id_idx'),
    partnerNo: p.integer(),
    kind: p.smallint(),
    reference: p.text(),
    bodyHash: p.blob(),
    amountMinor: p.bigint(),
    matchReason: p.text().nullable(),
    payload: p.json(),
    receivedAt: p.datetime(6),
    side: p.smallint().default(0),
    likeness: p.json().$type<Likeness>().nullable(),
  },
});
export type TransactionSourceEntity = InferEntity<typeof TransactionSourceEntity>;

export const BusinessKeyEntity = defineEntity({
  name: 'BusinessKeyEntity',
  tableName: 'business_key',
  properties: {
    partnerNo: p.integer().primary(),
    kind: p.smallint().primary(),
    reference: p.text().primary(),
    bodyHash: p.blob(),
    sourceId: p.uuid(),
    memberNo: p.integer(),
  },
});

export const AwaitedMessageEntity = defineEntity({
  name: 'AwaitedMessageEntity',
  tableName: 'awaited_message',
  properties: {
    partnerNo: p.integer().primary(),
    reference: p.text().primary(),
    sourceId: p.uuid().primary(),
    memberNo: p.integer().primary().index('awaited_message_member_no_idx'),
    transactionId: p.uuid(),
  },
});

export const entities = [TransactionEntity, TransactionSourceEntity, BusinessKeyEntity, AwaitedMessageEntity];
