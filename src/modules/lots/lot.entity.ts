/** Lots and what became of them, as the read side sees them. Written by lot.sql.ts and, while pending, by earning. */
import { defineEntity, type InferEntity, p } from '@mikro-orm/core';
import type { StoredPot } from './stored-pot.js';

const amounts = {
  units: p.bigint(),
  valueMinor: p.bigint(),
  commissionMinor: p.bigint(),
  taxMinor: p.bigint(),
};

export const LotEntity = defineEntity({
  name: 'LotEntity',
  tableName: 'lot',
  properties: {
    id: p.uuid().primary(),
    memberNo: p.integer().primary(),
    programmeNo: p.integer(),
    funderNo: p.integer(),
    contractNo: p.integer().nullable(),
    ...amounts,
    availableOn: p.date(),
    expiresOn: p.date().nullable(),
    originId: p.uuid(),
    rootId: p.uuid().nullable(),
    accruedOn: p.date(),
    entryNo: p.bigint().nullable(),
  },
});
export type LotEntity = InferEntity<typeof LotEntity>;

export const LotPotEntity = defineEntity({
  name: 'LotPotEntity',
  tableName: 'lot_pot',
  properties: {
    memberNo: p.integer().primary().autoincrement(false),
    lotId: p.uuid().primary(),
    pot: p.text().$type<StoredPot>().primary(),
    ...amounts,
  },
});
export type LotPotEntity = InferEntity<typeof LotPotEntity>;

export const LotMovementEntity = defineEntity({
  name: 'LotMovementEntity',
  tableName: 'lot_movement',
  properties: {
    entryNo: p.bigint().primary().autoincrement(false),
    memberNo: p.integer().primary().autoincrement(false),
    line: p.smallint().primary().autoincrement(false),
    lotId: p.uuid().index('lot_movement_lot_id_idx'),
    fromPot: p.text().$type<StoredPot>(),
    toPot: p.text().$type<StoredPot>(),
    ...amounts,
  },
});
export type LotMovementEntity = InferEntity<typeof LotMovementEntity>;

export const MemberDebtEntity = defineEntity({
  name: 'MemberDebtEntity',
  tableName: 'member_debt',
  properties: {
    id: p.uuid().primary(),
    memberNo: p.integer().primary().index('member_debt_member_no_idx'),
    programmeNo: p.integer(),
    since: p.date(),
    issuedUnits: p.bigint(),
    issuedValueMinor: p.bigint(),
    units: p.bigint(),
    valueMinor: p.bigint(),
    entryNo: p.bigint(),
  },
});
export type MemberDebtEntity = InferEntity<typeof MemberDebtEntity>;

export const BorneClawbackEntity = defineEntity({
  name: 'BorneClawbackEntity',
  tableName: 'borne_clawback',
  properties: {
    id: p.uuid().primary(),
    memberNo: p.integer().primary().index('borne_clawback_member_no_idx'),
    programmeNo: p.integer(),
    borneBy: p.text().$type<'FUNDER' | 'PROGRAMME'>(),
    since: p.date(),
    originId: p.uuid(),
    lotId: p.uuid(),
    funderNo: p.integer(),
    contractNo: p.integer().nullable(),
    issuedUnits: p.bigint(),
    issuedValueMinor: p.bigint(),
    units: p.bigint(),
    valueMinor: p.bigint(),
    entryNo: p.bigint(),
  },
});

export const entities = [LotEntity, LotPotEntity, LotMovementEntity, MemberDebtEntity, BorneClawbackEntity];
