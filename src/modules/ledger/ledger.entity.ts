/** The journal, its balances and its windows, as rows. Written by the .sql.ts files; the ORM only reads them. */
import { defineEntity, type InferEntity, p } from '@mikro-orm/core';

export const UnitEntity = defineEntity({
  name: 'UnitEntity',
  tableName: 'unit',
  uniques: [{ name: 'unit_kind_code_programme_no_key', properties: ['kind', 'code', 'programmeNo'] }],
  properties: {
    no: p.smallint().primary().autoincrement().generated('by default as identity'),
    kind: p.text().$type<'REWARD' | 'MONEY'>(),
    code: p.text(),
    scale: p.smallint(),
    programmeNo: p.integer().default(0),
  },
});
export type UnitEntity = InferEntity<typeof UnitEntity>;

export const SettlementWindowEntity = defineEntity({
  name: 'SettlementWindowEntity',
  tableName: 'settlement_window',
  properties: {
    no: p.integer().primary().autoincrement().generated('by default as identity'),
    id: p.uuid().unique('settlement_window_id_key'),
    programmeNo: p.integer(),
    currencyCode: p.character().length(3),
    state: p.text().$type<'OPEN' | 'CLOSED'>().default('OPEN'),
    openedAt: p.datetime(6),
    closedAt: p.datetime(6).nullable(),
    settlementId: p.uuid().nullable().index('settlement_window_settlement_id_idx'),
    entryCount: p.bigint().nullable(),
    postingCount: p.bigint().nullable(),
    debitSum: p.decimal().columnType('numeric').nullable(),
    digest: p.blob().nullable(),
    afterNo: p.bigint().defaultRaw('0'),
    partCount: p.integer().default(0),
  },
});
export type SettlementWindowEntity = InferEntity<typeof SettlementWindowEntity>;

/** What a partner came to in a closed window, and the settlement that took it. */
export const WindowPositionEntity = defineEntity({
  name: 'WindowPositionEntity',
  tableName: 'window_position',
  properties: {
    windowNo: p.integer().primary().autoincrement(false),
    partyNo: p.integer().primary().autoincrement(false),
    netMinor: p.bigint(),
    grossMinor: p.bigint(),
    settlementId: p.uuid().nullable().index('window_position_settlement_id_idx'),
  },
});
export type WindowPositionEntity = InferEntity<typeof WindowPositionEntity>;

export const JournalEntryEntity = defineEntity({
  name: 'JournalEntryEntity',
  tableName: 'journal_entry',
  properties: {
    no: p.bigint().primary().autoincrement(false),
    memberNo: p.integer().primary().autoincrement(false),
    programmeNo: p.integer(),
    windowNo: p.integer(),
    kind: p.smallint(),
    sourceId: p.uuid().nullable(),
    businessDate: p.date(),
    recordedAt: p.datetime(6),
  },
});
export type JournalEntryEntity = InferEntity<typeof JournalEntryEntity>;

export const PostingEntity = defineEntity({
  name: 'PostingEntity',
  tableName: 'posting',
  properties: {
    entryNo: p.bigint().primary().autoincrement(false),
    memberNo: p.integer().primary().autoincrement(false),
    line: p.smallint().primary().autoincrement(false),
    account: p.smallint(),
    party: p.integer(),
    unit: p.smallint(),
    windowNo: p.integer(),
    amount: p.bigint(),
  },
});
export type PostingEntity = InferEntity<typeof PostingEntity>;

export const AccountBalanceEntity = defineEntity({
  name: 'AccountBalanceEntity',
  tableName: 'account_balance',
  properties: {
    unit: p.smallint().primary().autoincrement(false),
    account: p.smallint().primary().autoincrement(false),
    party: p.integer().primary().autoincrement(false),
    windowNo: p.integer().primary().autoincrement(false).default(0),
    balance: p.bigint(),
  },
});
export type AccountBalanceEntity = InferEntity<typeof AccountBalanceEntity>;
