/** Receipts: who may have paid, and what was paid with them. */
import type { ReceiptPurpose } from '../../domain/ledger/payment-entries.js';
import { type DbTransaction, statement } from '../../infrastructure/db/database.js';
import { ibanHashes, NUMBER_COLUMNS, openedAccount, type StoredNumber } from './bank-account.sql.js';

export interface PayerRow {
  readonly partnerNo: number;
  readonly ibans: readonly string[];
}

const FIND_PAYERS = statement(
  'payments.find-payers',
  `select p.no as "partnerNo"
   from partner p
   where p.no = any ($1::integer[]) or p.no in (
     select a.partner_no from bank_account a
     where (a.iban_hash = any ($2::bytea[]) or a.iban = any ($3::text[])) and a.state in ('ACTIVE', 'REPLACED')
   )
   order by p.no`,
);

const FIND_THEIR_ACCOUNTS = statement(
  'payments.find-accounts-of-payers',
  `select id, partner_no as "partnerNo", ${NUMBER_COLUMNS} from bank_account
   where partner_no = any ($1::integer[]) and state in ('ACTIVE', 'REPLACED')`,
);

/** Partners of these numbers, and those that have or had one of these accounts. */
export async function findPayers(
  tx: DbTransaction,
  partnerNos: readonly number[],
  ibans: readonly string[],
): Promise<PayerRow[]> {
  const hashes = ibans.flatMap((iban) => ibanHashes(tx, iban));
  const found = await tx.run<{ partnerNo: number }>(FIND_PAYERS, [partnerNos, hashes, ibans]);
  const nos = found.map(({ partnerNo }) => partnerNo);
  const theirs = await tx.run<StoredNumber & { partnerNo: number }>(FIND_THEIR_ACCOUNTS, [nos]);
  const accounts = Map.groupBy(theirs, ({ partnerNo }) => partnerNo);
  return nos.map((partnerNo) => ({
    partnerNo,
    ibans: (accounts.get(partnerNo) ?? []).map((account) => openedAccount(tx, account).iban),
  }));
}

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
