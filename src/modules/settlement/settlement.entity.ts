/** Settlements, their lines and items, as rows. Written by settlement.sql.ts; the ORM only reads them. */
import { defineEntity, type InferEntity, p } from '@mikro-orm/core';
import type { EntryKindCode } from '../../domain/ledger/entry.js';

export type SettlementState = 'DRAFT' | 'ISSUED' | 'PAYING' | 'SETTLED' | 'ABORTED';
export type SettlementLineState =
  | 'PENDING'
  | 'INSTRUCTED'
  | 'CONFIRMED'
  | 'REJECTED'
  | 'CARRIED'
  | 'DISPUTED'
  | 'SETTLED';

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
  },
});
export type SettlementEntity = InferEntity<typeof SettlementEntity>;

export const SettlementLineEntity = defineEntity({
  name: 'SettlementLineEntity',
  tableName: 'settlement_line',
  uniques: [{ name: 'settlement_line_settlement_id_party_no_key', properties: ['settlementId', 'partyNo'] }],
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
    /** Kilobytes each: read only where a statement is asked for. */
    statementCsv: p.text().lazy(),
    statementSha256: p.text(),
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
    entryCount: p.bigint(),
    units: p.bigint(),
    rewardMinor: p.bigint(),
    commissionMinor: p.bigint(),
    taxMinor: p.bigint(),
    amountMinor: p.bigint(),
  },
});
export type SettlementItemEntity = InferEntity<typeof SettlementItemEntity>;
