/** Settlements, their lines and items, as rows. Written by settlement.sql.ts; the ORM only reads them. */
import { defineEntity, type InferEntity, p } from '@mikro-orm/core';
import type { EntryKindCode } from '../../domain/ledger/entry.js';
import type { StatementFace } from '../../domain/settlement/invoice.js';
import type { SettlementLineState, SettlementState } from '../../domain/settlement/line-state.js';
import type { MatrixPurpose } from '../../domain/settlement/matrix.js';
import type { LineSide } from '../../domain/settlement/netting.js';

export const SettlementEntity = defineEntity({
  name: 'SettlementEntity',
  tableName: 'settlement',
  properties: {
    id: p.uuid().primary(),
    no: p.integer().autoincrement().generated('by default as identity').unique('settlement_no_key'),
    programmeNo: p.integer(),
    currencyCode: p.character().length(3),
    state: p.text().$type<SettlementState>(),
    createdAt: p.datetime(6),
    issuedAt: p.datetime(6).nullable(),
    programmeNetMinor: p.bigint(),
    grossMinor: p.bigint(),
    netPaymentsMinor: p.bigint(),
    abortedAt: p.datetime(6).nullable(),
    abortReason: p.text().nullable(),
  },
});
export type SettlementEntity = InferEntity<typeof SettlementEntity>;

export const SettlementLineEntity = defineEntity({
  name: 'SettlementLineEntity',
  tableName: 'settlement_line',
  uniques: [
    { name: 'settlement_line_settlement_id_party_no_side_key', properties: ['settlementId', 'partyNo', 'side'] },
  ],
  properties: {
    id: p.uuid().primary(),
    settlementId: () =>
      p
        .manyToOne(SettlementEntity)
        .mapToPk()
        .fieldName('settlement_id')
        .foreignKeyName('settlement_line_settlement_id_fkey')
        .index(false),
    partyNo: p.integer(),
    openingMinor: p.bigint().defaultRaw('0'),
    netMinor: p.bigint(),
    state: p.text().$type<SettlementLineState>(),
    side: p.text().$type<LineSide>().default('NET'),
    dueMinor: p.bigint().defaultRaw('0'),
    dueOn: p.date().nullable(),
    dueCurrencyCode: p.character().length(3).nullable(),
    convertedMinor: p.bigint().nullable(),
    convertedOn: p.date().nullable(),
    fxRate: p.text().nullable(),
    disputeUntil: p.date().nullable(),
  },
});
export type SettlementLineEntity = InferEntity<typeof SettlementLineEntity>;

export const SettlementItemEntity = defineEntity({
  name: 'SettlementItemEntity',
  tableName: 'settlement_item',
  properties: {
    settlementId: p.uuid().primary(),
    partyNo: p.integer().primary().autoincrement(false),
    entryKind: p.smallint().$type<EntryKindCode>().primary().autoincrement(false),
    account: p.smallint().primary().autoincrement(false),
    side: p.text().$type<Exclude<LineSide, 'NET'>>().primary().default('OWES'),
    entryCount: p.bigint(),
    units: p.bigint(),
    rewardMinor: p.bigint(),
    commissionMinor: p.bigint(),
    taxMinor: p.bigint(),
    amountMinor: p.bigint(),
  },
});
export type SettlementItemEntity = InferEntity<typeof SettlementItemEntity>;

export const SettlementStatementEntity = defineEntity({
  name: 'SettlementStatementEntity',
  tableName: 'settlement_statement',
  properties: {
    settlementId: p.uuid().primary(),
    partyNo: p.integer().primary().autoincrement(false),
    csv: p.text(),
    csvSha256: p.text(),
    invoiceNo: p.integer().nullable(),
    head: p.json<StatementFace>().nullable(),
    /** Kilobytes each: read only where one is asked for. */
    pdf: p.blob().nullable().lazy(),
    pdfSha256: p.text().nullable(),
  },
});
export type SettlementStatementEntity = InferEntity<typeof SettlementStatementEntity>;

export const BillingDetailsEntity = defineEntity({
  name: 'BillingDetailsEntity',
  tableName: 'billing_details',
  properties: {
    programmeNo: p.integer().primary().autoincrement(false),
    partyNo: p.integer().primary().autoincrement(false),
    legalName: p.text(),
    address: p.text(),
    taxNumber: p.text().nullable(),
    paymentInstruction: p.text().nullable(),
    updatedBy: p.text(),
    updatedAt: p.datetime(6),
  },
});

export const InvoiceSeriesEntity = defineEntity({
  name: 'InvoiceSeriesEntity',
  tableName: 'invoice_series',
  properties: { programmeNo: p.integer().primary().autoincrement(false), lastNo: p.integer() },
});

export const WindowMatrixEntity = defineEntity({
  name: 'WindowMatrixEntity',
  tableName: 'window_matrix',
  properties: {
    windowNo: p.integer().primary().autoincrement(false),
    funderNo: p.integer().primary().autoincrement(false),
    redeemerNo: p.integer().primary().autoincrement(false),
    purpose: p.text().$type<MatrixPurpose>().primary(),
    units: p.bigint(),
    valueMinor: p.bigint(),
  },
});
export type WindowMatrixEntity = InferEntity<typeof WindowMatrixEntity>;
