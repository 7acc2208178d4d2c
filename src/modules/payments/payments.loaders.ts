/** Batched reads of bank accounts, payments and statements, as the caller may see them. */
import type { EntityManager } from '@mikro-orm/postgresql';
import type { LoaderDefinition } from '../../graphql/context.js';
import { groupedBy, inOrderOf } from '../../graphql/loaders.js';
import { Programme, ProgrammeEntity } from '../programmes/index.js';
import { BankAccountEntity } from './bank-account.entity.js';
import { BankAccount } from './bank-account.graphql.js';
import { PaymentEntity, PaymentFileEntity } from './payment.entity.js';
import { Payment, PaymentFile } from './payment.graphql.js';
import { BankMovementEntity } from './statement.entity.js';
import { BankMovement } from './statement.graphql.js';

/** By the ledger's number of it. */
export const PROGRAMME_BY_NO: LoaderDefinition<number, Programme | undefined> = {
  name: 'payments.programme-by-no',
  async load(nos, { em }) {
    const found = await em.find(ProgrammeEntity, { no: { $in: [...nos] } });
    return inOrderOf(nos, found, ({ no }) => no).map((row) => row && Programme.of(row));
  },
};

/** The currency that each programme keeps its money in. */
export async function currenciesOf(
  em: EntityManager,
  rows: readonly { readonly programmeNo: number }[],
): Promise<ReadonlyMap<number, string>> {
  const programmes = await em.find(ProgrammeEntity, { no: { $in: rows.map(({ programmeNo }) => programmeNo) } });
  return new Map(programmes.map(({ no, currencyCode }) => [no, currencyCode]));
}

export const BANK_ACCOUNT_BY_ID: LoaderDefinition<string, BankAccount | undefined> = {
  name: 'payments.bank-account-by-id',
  async load(ids, { em }) {
    const found = await em.find(BankAccountEntity, { id: { $in: [...ids] } });
    return inOrderOf(ids, found, ({ id }) => id).map((row) => row && BankAccount.of(row));
  },
};

/** By the party of account 1000. */
export const BANK_ACCOUNT_BY_NO: LoaderDefinition<number, BankAccount | undefined> = {
  name: 'payments.bank-account-by-no',
  async load(nos, { em }) {
    const found = await em.find(BankAccountEntity, { no: { $in: [...nos] } });
    return inOrderOf(nos, found, ({ no }) => no).map((row) => row && BankAccount.of(row));
  },
};

export const PAYMENT_FILE_BY_ID: LoaderDefinition<string, PaymentFile | undefined> = {
  name: 'payments.file-by-id',
  async load(ids, { em }) {
    const found = await em.find(PaymentFileEntity, { id: { $in: [...ids] } });
    return inOrderOf(ids, found, ({ id }) => id).map((row) => row && PaymentFile.of(row));
  },
};

/** The bytes of a file, by its id. */
export const CONTENT_OF_FILE: LoaderDefinition<string, string | undefined> = {
  name: 'payments.content-of-file',
  async load(ids, { em }) {
    const rows = await em.find(PaymentFileEntity, { id: { $in: [...ids] } }, { fields: ['id', 'content'] as never });
    return inOrderOf(ids, rows as PaymentFileEntity[], ({ id }) => id).map((row) => row?.content as string | undefined);
  },
};

export const PAYMENTS_OF_FILE: LoaderDefinition<string, readonly Payment[]> = {
  name: 'payments.payments-of-file',
  async load(fileIds, { em }) {
    const rows = await em.find(PaymentEntity, { fileId: { $in: [...fileIds] } }, { orderBy: { id: 'asc' } });
    const currencies = await currenciesOf(em, rows);
    const payments = rows.map((row) => Payment.of(row, currencies.get(row.programmeNo) as string));
    return groupedBy(fileIds, payments, ({ fileId }) => fileId);
  },
};

export const PAYMENTS_OF_LINE: LoaderDefinition<string, readonly Payment[]> = {
  name: 'payments.payments-of-line',
  async load(lineIds, { em }) {
    const rows = await em.find(PaymentEntity, { lineId: { $in: [...lineIds] } }, { orderBy: { id: 'asc' } });
    const currencies = await currenciesOf(em, rows);
    const payments = rows.map((row) => Payment.of(row, currencies.get(row.programmeNo) as string));
    return groupedBy(lineIds, payments, ({ settlementLineId }) => settlementLineId as string);
  },
};

export const PAYMENT_BY_ID: LoaderDefinition<string, Payment | undefined> = {
  name: 'payments.payment-by-id',
  async load(ids, { em }) {
    const rows = await em.find(PaymentEntity, { id: { $in: [...ids] } });
    const currencies = await currenciesOf(em, rows);
    return inOrderOf(ids, rows, ({ id }) => id).map(
      (row) => row && Payment.of(row, currencies.get(row.programmeNo) as string),
    );
  },
};

export const MOVEMENT_BY_ID: LoaderDefinition<string, BankMovement | undefined> = {
  name: 'payments.movement-by-id',
  async load(ids, { em }) {
    const rows = await em.find(BankMovementEntity, { id: { $in: [...ids] } });
    const currencies = await currenciesOf(em, rows);
    return inOrderOf(ids, rows, ({ id }) => id).map(
      (row) => row && BankMovement.of(row, currencies.get(row.programmeNo) as string),
    );
  },
};
