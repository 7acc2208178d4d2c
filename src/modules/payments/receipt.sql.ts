/** Receipts: who may have paid, and what was paid with them. */
import type { ReceiptPurpose } from '../../domain/ledger/payment-entries.js';
import { type DbTransaction, statement } from '../../infrastructure/db/database.js';

export interface PayerRow {
  readonly partnerNo: number;
  readonly ibans: readonly string[];
}

const FIND_PAYERS = statement(
  'payments.find-payers',
  `select p.no as "partnerNo",
          array(select a.iban from bank_account a where a.partner_no = p.no and a.state in ('ACTIVE', 'REPLACED')) as ibans
   from partner p
   where p.no = any ($1::integer[]) or p.no in (
     select a.partner_no from bank_account a where a.iban = any ($2::text[]) and a.state in ('ACTIVE', 'REPLACED')
   )
   order by p.no`,
);

/** Partners of these numbers, and those that have or had one of these accounts. */
export const findPayers = (
  tx: DbTransaction,
  partnerNos: readonly number[],
  ibans: readonly string[],
): Promise<PayerRow[]> => tx.run<PayerRow>(FIND_PAYERS, [partnerNos, ibans]);

export interface NewAllocation {
  readonly id: string;
  readonly movementId: string;
  readonly partnerNo: number;
  /** Absent for what was owed besides lines. */
  readonly lineId: string | null;
  readonly amountMinor: bigint;
  readonly purpose: ReceiptPurpose;
  readonly matchedBy: 'REFERENCE' | 'ACCOUNT' | 'PERSON';
}

const INSERT_ALLOCATIONS = statement(
  'payments.insert-allocations',
  `insert into receipt_allocation (allocated_by, allocated_at, id, movement_id, partner_no, line_id, amount_minor,
     purpose, matched_by)
   select $1, $2, a.* from unnest($3::uuid[], $4::uuid[], $5::integer[], $6::uuid[], $7::bigint[],
     $8::text[], $9::text[]) as a`,
);

export async function insertAllocations(
  tx: DbTransaction,
  by: { readonly subject: string; readonly now: Date },
  allocations: readonly NewAllocation[],
): Promise<void> {
  if (allocations.length === 0) return;
  const column = <Key extends keyof NewAllocation>(key: Key) => allocations.map((allocation) => allocation[key]);
  await tx.run(INSERT_ALLOCATIONS, [
    ...[by.subject, by.now, column('id'), column('movementId'), column('partnerNo'), column('lineId')],
    ...[column('amountMinor'), column('purpose'), column('matchedBy')],
  ]);
}

export interface WaitingMovement {
  readonly id: string;
  readonly programmeNo: number;
  /** Of the account it was booked on. */
  readonly currencyCode: string;
  readonly amountMinor: bigint;
  readonly unallocatedMinor: bigint;
  readonly match: string;
}

const LOCK_MOVEMENT = statement(
  'payments.lock-movement',
  `select m.id, m.programme_no as "programmeNo", a.currency_code as "currencyCode", m.amount_minor as "amountMinor",
          m.unallocated_minor as "unallocatedMinor", m.match
   from bank_movement m join bank_statement s on s.id = m.statement_id join bank_account a on a.no = s.account_no
   where m.id = $1 for update of m`,
);
const FIND_MOVEMENT = statement(
  'payments.find-movement',
  'select id, programme_no as "programmeNo" from bank_movement where id = $1',
);

export async function lockMovement(tx: DbTransaction, id: string): Promise<WaitingMovement | undefined> {
  const [row] = await tx.run<WaitingMovement>(LOCK_MOVEMENT, [id]);
  return row;
}

export async function findMovement(
  tx: DbTransaction,
  id: string,
): Promise<{ readonly programmeNo: number } | undefined> {
  const [row] = await tx.run<{ programmeNo: number }>(FIND_MOVEMENT, [id]);
  return row;
}

const TAKE_UNALLOCATED = statement(
  'payments.take-unallocated',
  'update bank_movement set unallocated_minor = unallocated_minor - $2 where id = $1',
);

export async function takeUnallocated(tx: DbTransaction, movementId: string, amountMinor: bigint): Promise<void> {
  await tx.run(TAKE_UNALLOCATED, [movementId, amountMinor]);
}
