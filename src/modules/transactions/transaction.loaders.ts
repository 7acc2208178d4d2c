/** Batched reads of transactions and what belongs to them, as the caller may see it. */
import { SOURCE_KIND_NO } from '../../domain/transactions/model.js';
import type { GatewayContext, LoaderDefinition } from '../../graphql/context.js';
import { byId, type Slice, sqlSlice } from '../../graphql/keyset.js';
import { groupedBy, inOrderOf } from '../../graphql/loaders.js';
import { isId } from '../../graphql/scalars.js';
import { rowsOf, sorted } from '../../infrastructure/db/entity-rows.js';
import { read } from '../../infrastructure/db/reads.js';
import type { AboutIt } from './explain.js';
import { TransactionEntity, TransactionSourceEntity } from './transaction.entity.js';

export const TRANSACTION_BY_ID: LoaderDefinition<string, TransactionEntity | undefined> = {
  name: 'transactions.by-id',
  async load(ids, { em }) {
    const found = await rowsOf(em, TransactionEntity, 'where id = any($1::uuid[])', [ids.filter(isId)]);
    return inOrderOf(ids, found, ({ id }) => id);
  },
};

export const SOURCE_BY_ID: LoaderDefinition<string, TransactionSourceEntity | undefined> = {
  name: 'transactions.source-by-id',
  async load(ids, { em }) {
    const found = await rowsOf(em, TransactionSourceEntity, 'where id = any($1::uuid[])', [ids.filter(isId)]);
    return inOrderOf(ids, found, ({ id }) => id);
  },
};

/**
 * In the order they came in: its own, those of orphans that found it after all, and that of the purchase it was
 * exchanged for, as far as the caller may see them.
 */
export const SOURCES_OF_TRANSACTION: LoaderDefinition<string, AboutIt[]> = {
  name: 'transactions.sources-of-transaction',
  async load(ids, { em }) {
    const others = await em.find(TransactionEntity, {
      $or: [{ joinedId: { $in: [...ids] } }, { exchangeOf: { $in: [...ids] } }],
    });
    const about = new Map<string, { readonly transactionId: string; readonly exchanges: boolean }[]>();
    const tells = (from: string, transactionId: string, exchanges: boolean): void => {
      about.set(from, [...(about.get(from) ?? []), { transactionId, exchanges }]);
    };
    for (const id of ids) tells(id, id, false);
    for (const { id, joinedId, exchangeOf } of others) {
      if (joinedId != null) tells(id, joinedId, false);
      if (exchangeOf != null) tells(id, exchangeOf, true);
    }
    const rows = await em.find(
      TransactionSourceEntity,
      { transactionId: { $in: [...about.keys()] } },
      { orderBy: { id: 'asc' } },
    );
    const told = rows.flatMap((source) =>
      (about.get(source.transactionId) ?? [])
        // Only the purchase itself was made in exchange, not what was told of it later.
        .filter(({ exchanges }) => !exchanges || source.kind === SOURCE_KIND_NO.PURCHASE)
        .map((of) => ({ ...of, source })),
    );
    return groupedBy(ids, told, ({ transactionId }) => transactionId);
  },
};

/** Newest first; ids are in the order of recording. */
export const BY_RECORDING = byId('transactions', 'DESC');

/** A page of a member's, as far as the caller may see them. */
export function transactionsOf(memberNo: number, slice: Slice, { em }: GatewayContext): Promise<TransactionEntity[]> {
  const { condition, values, orderBy, limit } = sqlSlice(BY_RECORDING, slice, 3);
  const tail = `where member_no = $1::int and ${condition} order by ${sorted(orderBy)} limit $2::int`;
  return rowsOf(em, TransactionEntity, tail, [memberNo, limit, ...values]);
}

export interface AccrualRow {
  readonly id: string;
  readonly transactionId: string;
  readonly programmeNo: number;
  readonly ruleCode: string;
  readonly funderNo: number;
  readonly units: string;
  readonly unitsLeft: string;
  readonly valueMinor: string;
  readonly availableOn: string;
  readonly taxTreatment: string;
  readonly pending: boolean;
  readonly part: number;
}

/** With what is left of each after refunds. */
export const ACCRUALS_OF_TRANSACTION: LoaderDefinition<string, AccrualRow[]> = {
  name: 'transactions.accruals-of-transaction',
  async load(ids, { em }) {
    const rows = await read<AccrualRow>(
      em,
      `select a.id, a.transaction_id as "transactionId", a.programme_no as "programmeNo", a.rule_code as "ruleCode",
              a.funder_no as "funderNo", a.units::text as units, a.value_minor::text as "valueMinor",
              (a.units - coalesce((select sum(r.units) from accrual_reversal r
                                   where r.accrual_id = a.id and r.member_no = a.member_no), 0))::text as "unitsLeft",
              a.available_on::text as "availableOn", a.tax_treatment as "taxTreatment", a.part,
              exists (select from due d where d.programme_no = a.programme_no and d.due_on = a.available_on
                        and d.member_no = a.member_no and d.lot_id = a.id) as pending
       from accrual a
       where a.transaction_id = any($1::uuid[])
       order by a.id`,
      [ids],
    );
    return groupedBy(ids, rows, (row) => row.transactionId);
  },
};
