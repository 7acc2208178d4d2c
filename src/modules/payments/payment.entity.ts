/** Payment files and payments as rows, for reading. Written by payment.sql.ts alone. */
import { defineEntity, type InferEntity, p } from '@mikro-orm/core';
import type { PayoutPurpose } from '../../domain/ledger/payment-entries.js';
import type { PaymentState } from '../../domain/payments/match.js';
import { BankAccountEntity } from './bank-account.entity.js';

export const PaymentFileEntity = defineEntity({
  name: 'PaymentFileEntity',
  tableName: 'payment_file',
  properties: {
    id: p.uuid().primary(),
    no: p.integer().autoincrement().generated('by default as identity').unique('payment_file_no_key'),
    programmeNo: p.integer(),
    accountNo: p.integer(),
    messageId: p.text().unique('payment_file_message_id_key'),
    currencyCode: p.character().length(3),
    executionDate: p.date(),
    paymentCount: p.integer(),
    amountMinor: p.bigint(),
    createdBy: p.text(),
    createdAt: p.datetime(6),
    /** Up to megabytes: read only where the file is downloaded. */
    content: p.text().nullable().lazy(),
    contentSealed: p.blob().nullable().lazy(),
    sha256: p.text(),
  },
});
export type PaymentFileEntity = InferEntity<typeof PaymentFileEntity>;

export const PaymentEntity = defineEntity({
  name: 'PaymentEntity',
  tableName: 'payment',
  properties: {
    id: p.uuid().primary(),
    fileId: () =>
      p
        .manyToOne(PaymentFileEntity)
        .mapToPk()
        .fieldName('file_id')
        .foreignKeyName('payment_file_id_fkey')
        .index('payment_file_id_idx'),
    programmeNo: p.integer(),
    partnerNo: p.integer().index('payment_partner_no_idx'),
    purpose: p.text().$type<PayoutPurpose>(),
    lineId: p.uuid().nullable().index('payment_line_id_idx'),
    adjustmentId: p.uuid().nullable(),
    bankAccountId: () =>
      p
        .manyToOne(BankAccountEntity)
        .mapToPk()
        .fieldName('bank_account_id')
        .foreignKeyName('payment_bank_account_id_fkey')
        .index(false),
    amountMinor: p.bigint(),
    currencyCode: p.character().length(3),
    endToEndId: p.text().unique('payment_end_to_end_id_key'),
    attempt: p.smallint(),
    state: p.text().$type<PaymentState>().default('INSTRUCTED'),
    reasonCode: p.text().nullable(),
    reasonText: p.text().nullable(),
    reasonTextSealed: p.blob().nullable(),
    entryNo: p.bigint(),
    instructedAt: p.datetime(6),
    changedAt: p.datetime(6),
  },
});
export type PaymentEntity = InferEntity<typeof PaymentEntity>;
