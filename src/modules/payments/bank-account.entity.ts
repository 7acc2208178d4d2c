/** Bank accounts as rows, for reading. Written by bank-account.sql.ts alone. */
import { defineEntity, type InferEntity, p } from '@mikro-orm/core';

export type BankAccountState = 'PROPOSED' | 'ACTIVE' | 'DECLINED' | 'REPLACED';

export const BankAccountEntity = defineEntity({
  name: 'BankAccountEntity',
  tableName: 'bank_account',
  properties: {
    id: p.uuid().primary(),
    no: p.integer().autoincrement().generated('by default as identity').unique('bank_account_no_key'),
    programmeNo: p.integer().nullable(),
    partnerNo: p.integer().nullable(),
    currencyCode: p.character().length(3).nullable(),
    /** Both in the open until they are sealed; opened when the row is read (infrastructure/db/orm.ts). */
    holderName: p.text().nullable(),
    holderNameSealed: p.blob().nullable(),
    iban: p.text().nullable().index('bank_account_iban_idx'),
    ibanSealed: p.blob().nullable(),
    /** What equal numbers have in common. */
    ibanHash: p.blob().nullable().index('bank_account_iban_hash_idx'),
    bic: p.text().nullable(),
    state: p.text().$type<BankAccountState>().default('PROPOSED'),
    proposedBy: p.text(),
    proposedAt: p.datetime(6),
    decidedBy: p.text().nullable(),
    decidedAt: p.datetime(6).nullable(),
    replacedAt: p.datetime(6).nullable(),
  },
});
export type BankAccountEntity = InferEntity<typeof BankAccountEntity>;
