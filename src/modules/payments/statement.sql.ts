/** Statements and what was booked on them. */
import type { UnmatchedReason } from '../../domain/payments/match.js';
import { type DbTransaction, statement } from '../../infrastructure/db/database.js';
import { SealedText } from '../../infrastructure/sealed-text.js';
import type { MovementMatch } from './statement.entity.js';

export interface StatementRow {
  readonly statementId: string;
  readonly openingMinor: bigint;
  readonly closingMinor: bigint;
  readonly closedOn: string;
  readonly sequenceNumber: bigint | null;
}

const FIND_LAST = statement(
  'payments.find-last-statement',
  `select statement_id as "statementId", opening_minor as "openingMinor", closing_minor as "closingMinor",
          closed_on as "closedOn", sequence_number as "sequenceNumber"
   from bank_statement where account_no = $1 order by no desc limit 1`,
);

/** The statement that the next one of the account has to follow. */
export async function findLastStatement(tx: DbTransaction, accountNo: number): Promise<StatementRow | undefined> {
  const [row] = await tx.run<StatementRow>(FIND_LAST, [accountNo]);
  return row;
}

const FIND_KNOWN = statement(
  'payments.find-known-statements',
  'select statement_id as "statementId" from bank_statement where account_no = $1 and statement_id = any ($2::text[])',
);

export const findKnownStatements = (
  tx: DbTransaction,
  accountNo: number,
  statementIds: readonly string[],
): Promise<{ readonly statementId: string }[]> => tx.run(FIND_KNOWN, [accountNo, statementIds]);

export interface NewStatement extends StatementRow {
  readonly id: string;
  readonly messageId: string;
  readonly programmeNo: number;
  readonly accountNo: number;
}

const INSERT_STATEMENT = statement(
  'payments.insert-statement',
  `insert into bank_statement (id, message_id, programme_no, account_no, statement_id, sequence_number, opening_minor,
     closing_minor, closed_on)
   values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
);

export async function insertStatement(tx: DbTransaction, row: NewStatement): Promise<void> {
  const { id, messageId, programmeNo, accountNo, statementId, sequenceNumber } = row;
  const { openingMinor, closingMinor, closedOn } = row;
  await tx.run(INSERT_STATEMENT, [
    ...[id, messageId, programmeNo, accountNo, statementId, sequenceNumber],
    ...[openingMinor, closingMinor, closedOn],
  ]);
}

export interface NewMovement {
  readonly id: string;
  readonly statementId: string;
  readonly line: number;
  readonly amountMinor: bigint;
  readonly bookedOn: string;
  readonly match: MovementMatch;
  readonly reason: UnmatchedReason | null;
  readonly partnerNo: number | null;
  readonly unallocatedMinor: bigint;
  readonly endToEndId: string | null;
  readonly counterpartyName: string | null;
  readonly counterpartyIban: string | null;
  readonly remittance: string | null;
  /** The first of its journal entries; a file booked in one sum has one for each payment. */
  readonly entryNo: bigint;
}

const COUNTERPARTY_NAME = new SealedText('bank_movement', 'counterparty_name');
const COUNTERPARTY_IBAN = new SealedText('bank_movement', 'counterparty_iban');
const REMITTANCE = new SealedText('bank_movement', 'remittance');

const INSERT_MOVEMENTS = statement(
  'payments.insert-movements',
  `insert into bank_movement (programme_no, id, statement_id, line, amount_minor, booked_on, match, reason, partner_no,
     unallocated_minor, end_to_end_id, counterparty_name_sealed, counterparty_iban_sealed, remittance_sealed, entry_no)
   select $1, m.* from unnest($2::uuid[], $3::uuid[], $4::integer[], $5::bigint[], $6::date[], $7::text[], $8::text[],
     $9::integer[], $10::bigint[], $11::text[], $12::bytea[], $13::bytea[], $14::bytea[], $15::bigint[]) as m`,
);

export async function insertMovements(
  tx: DbTransaction,
  programmeNo: number,
  movements: readonly NewMovement[],
): Promise<void> {
  if (movements.length === 0) return;
  const column = <Key extends keyof NewMovement>(key: Key) => movements.map((movement) => movement[key]);
  await tx.run(INSERT_MOVEMENTS, [
    ...[programmeNo, column('id'), column('statementId'), column('line'), column('amountMinor'), column('bookedOn')],
    ...[column('match'), column('reason'), column('partnerNo'), column('unallocatedMinor'), column('endToEndId')],
    movements.map(({ id, counterpartyName }) => COUNTERPARTY_NAME.seal(tx.secrets, id, counterpartyName)),
    movements.map(({ id, counterpartyIban }) => COUNTERPARTY_IBAN.seal(tx.secrets, id, counterpartyIban)),
    movements.map(({ id, remittance }) => REMITTANCE.seal(tx.secrets, id, remittance)),
    column('entryNo'),
  ]);
}
