/** Batched reads of bank accounts, payments and statements, as the caller may see them. */
import type { EntityManager } from '@mikro-orm/postgresql';
import type { LoaderDefinition } from '../../graphql/context.js';
import { groupedBy, inOrderOf } from '../../graphql/loaders.js';
import { BankAccountEntity } from './bank-account.entity.js';
import { BankAccount } from './bank-account.graphql.js';
import { PaymentEntity, PaymentFileEntity } from './payment.entity.js';
import { Payment, PaymentFile } from './payment.graphql.js';
import { BankMovementEntity, BankStatementEntity } from './statement.entity.js';
import { BankMovement, BankStatement } from './statement.graphql.js';

/** Statements as the schema shows them: in the currency of their account. */
export async function shownStatements(
  em: EntityManager,
  rows: readonly BankStatementEntity[],
): Promise<BankStatement[]> {
  const accounts = await em.find(BankAccountEntity, { no: { $in: rows.map(({ accountNo }) => accountNo) } });
  const currencies = new Map(accounts.map(({ no, currencyCode }) => [no, currencyCode]));
  return rows.map((row) => BankStatement.of(row, currencies.get(row.accountNo) as string));
}

/** Movements as the schema shows them: in the currency of their statement. */
export async function shownMovements(em: EntityManager, rows: readonly BankMovementEntity[]): Promise<BankMovement[]> {
  const statements = await em.find(BankStatementEntity, { id: { $in: rows.map(({ statementId }) => statementId) } });
  const shown = new Map((await shownStatements(em, statements)).map(({ id, currencyCode }) => [id, currencyCode]));
  return rows.map((row) => BankMovement.of(row, shown.get(row.statementId) as string));
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
    const rows = await em.find(
      PaymentFileEntity,
      { id: { $in: [...ids] } },
      // Apart from the file that may have been read without it before: only a row that is new is opened.
      { fields: ['id', 'content', 'contentSealed'] as never, disableIdentityMap: true },
    );
    return inOrderOf(ids, rows as PaymentFileEntity[], ({ id }) => id).map((row) => row?.content as string | undefined);
  },
};

export const PAYMENTS_OF_FILE: LoaderDefinition<string, readonly Payment[]> = {
  name: 'payments.payments-of-file',
  async load(fileIds, { em }) {
    const rows = await em.find(PaymentEntity, { fileId: { $in: [...fileIds] } }, { orderBy: { id: 'asc' } });
    return groupedBy(fileIds, rows.map(Payment.of), ({ fileId }) => fileId);
  },
};

export const PAYMENTS_OF_LINE: LoaderDefinition<string, readonly Payment[]> = {
  name: 'payments.payments-of-line',
  async load(lineIds, { em }) {
    const rows = await em.find(PaymentEntity, { lineId: { $in: [...lineIds] } }, { orderBy: { id: 'asc' } });
    return groupedBy(lineIds, rows.map(Payment.of), ({ settlementLineId }) => settlementLineId as string);
  },
};

export const PAYMENT_BY_ID: LoaderDefinition<string, Payment | undefined> = {
  name: 'payments.payment-by-id',
  async load(ids, { em }) {
    const rows = await em.find(PaymentEntity, { id: { $in: [...ids] } });
    return inOrderOf(ids, rows.map(Payment.of), ({ id }) => id);
  },
};

export const MOVEMENT_BY_ID: LoaderDefinition<string, BankMovement | undefined> = {
  name: 'payments.movement-by-id',
  async load(ids, { em }) {
    const rows = await em.find(BankMovementEntity, { id: { $in: [...ids] } });
    return inOrderOf(ids, await shownMovements(em, rows), ({ id }) => id);
  },
};
