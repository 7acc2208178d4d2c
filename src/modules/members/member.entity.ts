/** Members and their balances, as rows. Written by member.sql.ts; the ORM only reads them. */
import { defineEntity, type InferEntity, p } from '@mikro-orm/core';
import type { MemberStatus } from './member.sql.js';

export const MemberEntity = defineEntity({
  name: 'MemberEntity',
  tableName: 'member',
  uniques: [{ name: 'member_programme_no_code_key', properties: ['programmeNo', 'code'] }],
  properties: {
    id: p.uuid().primary(),
    no: p.integer().autoincrement().generated('by default as identity').unique('member_no_key'),
    programmeNo: p.integer(),
    code: p.text(),
    status: p.text().$type<MemberStatus>().default('ACTIVE'),
    enrolledAt: p.datetime(6),
    /** In the open until it is sealed; opened when the row is read (infrastructure/db/orm.ts). */
    birthday: p.text().nullable(),
    birthdaySealed: p.blob().nullable(),
    timeZone: p.text().nullable(),
    referredByNo: p.integer().nullable(),
    referralToldAt: p.datetime(6).nullable(),
    /** The partner that has enrolled it; null when whoever runs the programme has, or a release before 0066. */
    enrolledByNo: p.integer().nullable(),
  },
});
export type MemberEntity = InferEntity<typeof MemberEntity>;

export const MemberBalanceEntity = defineEntity({
  name: 'MemberBalanceEntity',
  tableName: 'member_balance',
  properties: {
    memberNo: p.integer().primary().autoincrement(false),
    pendingUnits: p.bigint().defaultRaw('0'),
    availableUnits: p.bigint().defaultRaw('0'),
    heldUnits: p.bigint().defaultRaw('0'),
    receivableMinor: p.bigint().defaultRaw('0'),
    awaiting: p.boolean().default(false),
    lastActivityOn: p.date().nullable(),
    feesTakenTo: p.date().nullable(),
    toldSides: p.smallint().default(0),
  },
});
export type MemberBalanceEntity = InferEntity<typeof MemberBalanceEntity>;
