/** Reconciliations as rows, for reading. Written by reconciliation.sql.ts alone. */
import { defineEntity, type InferEntity, p } from '@mikro-orm/core';
import type { DifferenceKind } from '../../domain/reconciliation/reconcile.js';

export const ReconciliationEntity = defineEntity({
  name: 'ReconciliationEntity',
  tableName: 'reconciliation',
  indexes: [{ name: 'reconciliation_partner_no_id_idx', properties: ['partnerNo', 'id'] }],
  properties: {
    id: p.uuid().primary(),
    programmeNo: p.integer(),
    partnerNo: p.integer(),
    fromDay: p.date().nullable(),
    untilDay: p.date().nullable(),
    settlementId: p.uuid().nullable(),
    sha256: p.text().fieldName('sha256'),
    givenCount: p.integer(),
    hereCount: p.integer(),
    matchedCount: p.integer(),
    givenMinor: p.bigint(),
    hereMinor: p.bigint(),
    requestedBy: p.text(),
    requestedAt: p.datetime(6),
  },
});
export type ReconciliationEntity = InferEntity<typeof ReconciliationEntity>;

export const ReconciliationDifferenceEntity = defineEntity({
  name: 'ReconciliationDifferenceEntity',
  tableName: 'reconciliation_difference',
  properties: {
    reconciliationId: p.uuid().primary(),
    no: p.integer().primary().autoincrement(false),
    partnerNo: p.integer(),
    kind: p.text().$type<DifferenceKind>(),
    reference: p.text(),
    sourceKind: p.smallint().nullable(),
    rowNo: p.integer().nullable(),
    givenMinor: p.bigint().nullable(),
    hereMinor: p.bigint().nullable(),
    transactionId: p.uuid().nullable(),
    entryNo: p.bigint().nullable(),
  },
});
export type ReconciliationDifferenceEntity = InferEntity<typeof ReconciliationDifferenceEntity>;
