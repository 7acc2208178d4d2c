/** Accruals, their reversals and what members have used of their caps, as the read side sees them. */
import { defineEntity, type InferEntity, p } from '@mikro-orm/core';

export const AccrualEntity = defineEntity({
  name: 'AccrualEntity',
  tableName: 'accrual',
  uniques: [{ name: 'accrual_once', properties: ['transactionId', 'ruleCode', 'funderNo', 'part', 'memberNo'] }],
  properties: {
    id: p.uuid().primary(),
    memberNo: p.integer().primary(),
    transactionId: p.uuid(),
    programmeNo: p.integer(),
    ruleCode: p.text(),
    funderNo: p.integer(),
    contractNo: p.integer().nullable(),
    units: p.bigint(),
    valueMinor: p.bigint(),
    commissionMinor: p.bigint(),
    taxMinor: p.bigint(),
    taxTreatment: p.text(),
    availableOn: p.date(),
    entryNo: p.bigint(),
    part: p.smallint().default(0),
  },
});
export type AccrualEntity = InferEntity<typeof AccrualEntity>;

export const AccrualReversalEntity = defineEntity({
  name: 'AccrualReversalEntity',
  tableName: 'accrual_reversal',
  properties: {
    sourceId: p.uuid().primary(),
    accrualId: p.uuid().primary().index('accrual_reversal_accrual_id_idx'),
    memberNo: p.integer().primary(),
    units: p.bigint(),
    valueMinor: p.bigint(),
    commissionMinor: p.bigint(),
    taxMinor: p.bigint(),
    entryNo: p.bigint(),
  },
});
export type AccrualReversalEntity = InferEntity<typeof AccrualReversalEntity>;

export const DueEntity = defineEntity({
  name: 'DueEntity',
  tableName: 'due',
  properties: {
    programmeNo: p.integer().primary(),
    dueOn: p.date().primary(),
    memberNo: p.integer().primary(),
    lotId: p.uuid().primary(),
  },
});

export const MemberSpendDayEntity = defineEntity({
  name: 'MemberSpendDayEntity',
  tableName: 'member_spend_day',
  properties: {
    memberNo: p.integer().primary(),
    day: p.date().primary(),
    keptMinor: p.bigint(),
    accruedUnits: p.bigint().defaultRaw('0'),
    purchases: p.integer().default(0),
  },
});

export type MemberSpendDayEntity = InferEntity<typeof MemberSpendDayEntity>;

export const MemberCounterEntity = defineEntity({
  name: 'MemberCounterEntity',
  tableName: 'member_counter',
  properties: {
    memberNo: p.integer().primary(),
    capCode: p.text().primary(),
    period: p.date().primary(),
    used: p.bigint(),
  },
});

export const MarkReachedEntity = defineEntity({
  name: 'MarkReachedEntity',
  tableName: 'mark_reached',
  properties: {
    memberNo: p.integer().primary(),
    ruleCode: p.text().primary(),
    period: p.date().primary(),
    transactionId: p.uuid().primary(),
  },
});

export const BudgetCounterEntity = defineEntity({
  name: 'BudgetCounterEntity',
  tableName: 'budget_counter',
  properties: {
    programmeNo: p.integer().primary(),
    code: p.text().primary(),
    period: p.date().primary(),
    used: p.bigint(),
  },
});

export const entities = [
  AccrualEntity,
  AccrualReversalEntity,
  DueEntity,
  MemberSpendDayEntity,
  MemberCounterEntity,
  MarkReachedEntity,
  BudgetCounterEntity,
];
