/** What banks reported, as rows, for reading. Written by statement.sql.ts and message.sql.ts alone. */
import { defineEntity, type InferEntity, p } from '@mikro-orm/core';
import type { ReceiptPurpose } from '../../domain/ledger/payment-entries.js';
import type { UnmatchedReason } from '../../domain/payments/match.js';

export const BankMessageEntity = defineEntity({
  name: 'BankMessageEntity',
  tableName: 'bank_message',
  uniques: [
    {
      name: 'bank_message_account_no_version_message_id_key',
      properties: ['accountNo', 'version', 'messageId'],
    },
  ],
  properties: {
    id: p.uuid().primary(),
    programmeNo: p.integer(),
    accountNo: p.integer(),
    version: p.text(),
    messageId: p.text(),
    contentSha256: p.text(),
    uploadedBy: p.text(),
    uploadedAt: p.datetime(6),
  },
});
export type BankMessageEntity = InferEntity<typeof BankMessageEntity>;

export const BankStatementEntity = defineEntity({
  name: 'BankStatementEntity',
  tableName: 'bank_statement',
  uniques: [{ name: 'bank_statement_account_no_statement_id_key', properties: ['accountNo', 'statementId'] }],
  properties: {
    id: p.uuid().primary(),
    no: p.integer().autoincrement().generated('by default as identity').unique('bank_statement_no_key'),
    messageId: () =>
      p
        .manyToOne(BankMessageEntity)
        .mapToPk()
        .fieldName('message_id')
        .foreignKeyName('bank_statement_message_id_fkey')
        .index('bank_statement_message_id_idx'),
    programmeNo: p.integer(),
    accountNo: p.integer(),
    statementId: p.text(),
    sequenceNumber: p.bigint().nullable(),
    openingMinor: p.bigint(),
    closingMinor: p.bigint(),
    closedOn: p.date(),
  },
});
export type BankStatementEntity = InferEntity<typeof BankStatementEntity>;

/** OPENING: what an account held before its first statement. */
export type MovementMatch = 'BOOKED' | 'RETURNED' | 'RECEIVED' | 'UNMATCHED' | 'OPENING';

export const BankMovementEntity = defineEntity({
  name: 'BankMovementEntity',
  tableName: 'bank_movement',
  uniques: [{ name: 'bank_movement_statement_id_line_key', properties: ['statementId', 'line'] }],
  properties: {
    id: p.uuid().primary(),
    statementId: () =>
      p
        .manyToOne(BankStatementEntity)
        .mapToPk()
        .fieldName('statement_id')
        .foreignKeyName('bank_movement_statement_id_fkey')
        .index(false),
    line: p.integer(),
    programmeNo: p.integer(),
    amountMinor: p.bigint(),
    bookedOn: p.date(),
    match: p.text().$type<MovementMatch>(),
    reason: p.text().$type<UnmatchedReason>().nullable(),
    partnerNo: p.integer().nullable(),
    unallocatedMinor: p.bigint(),
    endToEndId: p.text().nullable(),
    counterpartyName: p.text().nullable(),
    counterpartyNameSealed: p.blob().nullable(),
    counterpartyIban: p.text().nullable(),
    counterpartyIbanSealed: p.blob().nullable(),
    remittance: p.text().nullable(),
    remittanceSealed: p.blob().nullable(),
    entryNo: p.bigint().nullable(),
  },
});
export type BankMovementEntity = InferEntity<typeof BankMovementEntity>;

export const ReceiptAllocationEntity = defineEntity({
  name: 'ReceiptAllocationEntity',
  tableName: 'receipt_allocation',
  properties: {
    id: p.uuid().primary(),
    movementId: () =>
      p
        .manyToOne(BankMovementEntity)
        .mapToPk()
        .fieldName('movement_id')
        .foreignKeyName('receipt_allocation_movement_id_fkey')
        .index('receipt_allocation_movement_id_idx'),
    partnerNo: p.integer(),
    lineId: p.uuid().nullable().index('receipt_allocation_line_id_idx'),
    amountMinor: p.bigint(),
    purpose: p.text().$type<ReceiptPurpose>().default('SETTLEMENT'),
    matchedBy: p.text().$type<'REFERENCE' | 'ACCOUNT' | 'PERSON'>(),
    allocatedBy: p.text(),
    allocatedAt: p.datetime(6),
  },
});
export type ReceiptAllocationEntity = InferEntity<typeof ReceiptAllocationEntity>;
