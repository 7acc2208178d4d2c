/** Bank accounts: the statements behind them. */
import { type DbTransaction, statement } from '../../infrastructure/db/database.js';
import { SealedText } from '../../infrastructure/sealed-text.js';
import type { BankAccountState } from './bank-account.entity.js';

export interface BankAccountRow {
  readonly id: string;
  /** The party of account 1000, for those of programmes. */
  readonly no: number;
  readonly programmeNo: number | null;
  readonly partnerNo: number | null;
  readonly currencyCode: string | null;
  readonly holderName: string;
  readonly iban: string;
  readonly bic: string | null;
  readonly state: BankAccountState;
  readonly proposedBy: string;
}

const HOLDER_NAME = new SealedText('bank_account', 'holder_name');
const IBAN = new SealedText('bank_account', 'iban');

/** An account's number and holder as they are stored. */
export const NUMBER_COLUMNS = `holder_name as "holderName", holder_name_sealed as "holderNameSealed", iban, iban_sealed as "ibanSealed"`;

export interface StoredNumber {
  readonly id: string;
  readonly holderName: string | null;
  readonly holderNameSealed: Buffer | null;
  readonly iban: string | null;
  readonly ibanSealed: Buffer | null;
}

/** A row with its number and holder in the open. */
export function openedAccount<Row extends StoredNumber>({ secrets }: DbTransaction, row: Row) {
  const { holderNameSealed, ibanSealed, ...rest } = row;
  return {
    ...rest,
    holderName: HOLDER_NAME.open(secrets, row.id, holderNameSealed, row.holderName) as string,
    iban: IBAN.open(secrets, row.id, ibanSealed, row.iban) as string,
  };
}

/** Of a number: its hash under each key of the ring, for `iban_hash`. */
export const ibanHashes = ({ secrets }: DbTransaction, iban: string) =>
  secrets.hashes(iban, { table: 'bank_account', column: 'iban' });

type StoredRow = Omit<BankAccountRow, 'holderName' | 'iban'> & StoredNumber;

const COLUMNS = `id, no, programme_no as "programmeNo", partner_no as "partnerNo", currency_code as "currencyCode",
  ${NUMBER_COLUMNS}, bic, state, proposed_by as "proposedBy"`;

/** Whose account it is: a partner's, or a programme's in its currency. */
export type AccountOwner =
  | { readonly partnerNo: number; readonly programmeNo: null; readonly currencyCode: null }
  | { readonly partnerNo: null; readonly programmeNo: number; readonly currencyCode: string };

// The owner is locked, so that two proposals or decisions about it follow each other.
const LOCK_PARTNER = statement(
  'payments.lock-partner-owner',
  'select no as "partnerNo", null as "programmeNo", null as "currencyCode" from partner where code = $1 for no key update',
);
const LOCK_PROGRAMME = statement(
  'payments.lock-programme-owner',
  `select null as "partnerNo", no as "programmeNo", coalesce($2, currency_code) as "currencyCode"
   from programme where code = $1 for no key update`,
);

export async function lockOwner(
  tx: DbTransaction,
  owner:
    | { readonly partnerCode: string }
    | { readonly programmeCode: string; readonly currencyCode: string | undefined },
): Promise<AccountOwner | undefined> {
  const [found] =
    'partnerCode' in owner
      ? await tx.run<AccountOwner>(LOCK_PARTNER, [owner.partnerCode])
      : await tx.run<AccountOwner>(LOCK_PROGRAMME, [owner.programmeCode, owner.currencyCode ?? null]);
  return found;
}

const FIND_OF_OWNER = statement(
  'payments.find-accounts-of-owner',
  `select ${COLUMNS} from bank_account
   where state in ('PROPOSED', 'ACTIVE')
     and (partner_no = $1 or (programme_no = $2 and currency_code = $3))`,
);

/** The account in use and the one that waits. */
export async function findAccountsOf(tx: DbTransaction, owner: AccountOwner): Promise<BankAccountRow[]> {
  const found = await tx.run<StoredRow>(FIND_OF_OWNER, [owner.partnerNo, owner.programmeNo, owner.currencyCode]);
  return found.map((row) => openedAccount(tx, row));
}

const FIND_BY_IBANS = statement(
  'payments.find-programme-accounts',
  `select ${COLUMNS} from bank_account
   where (iban_hash = any ($1::bytea[]) or iban = any ($2::text[])) and programme_no is not null and state in ('PROPOSED', 'ACTIVE', 'REPLACED')
   order by state = 'PROPOSED'`,
);

/** Accounts that programmes have or had, by their numbers; those that only wait come last. */
export async function findProgrammeAccounts(tx: DbTransaction, ibans: readonly string[]): Promise<BankAccountRow[]> {
  const found = await tx.run<StoredRow>(FIND_BY_IBANS, [ibans.flatMap((iban) => ibanHashes(tx, iban)), ibans]);
  return found.map((row) => openedAccount(tx, row));
}

const INSERT = statement(
  'payments.insert-account',
  `insert into bank_account (id, programme_no, partner_no, currency_code, holder_name_sealed, iban_sealed, iban_hash, bic, proposed_by, proposed_at)
   values ($1, $2, $3, $4, $5, $6, $7, $8, $9, hansa_now())`,
);

export async function insertAccount(
  tx: DbTransaction,
  account: AccountOwner & {
    readonly id: string;
    readonly holderName: string;
    readonly iban: string;
    readonly bic: string | undefined;
    readonly proposedBy: string;
  },
): Promise<void> {
  const { id, programmeNo, partnerNo, currencyCode, holderName, iban, bic, proposedBy } = account;
  const sealed = [HOLDER_NAME.seal(tx.secrets, id, holderName), IBAN.seal(tx.secrets, id, iban)];
  const [hash] = ibanHashes(tx, iban);
  await tx.run(INSERT, [id, programmeNo, partnerNo, currencyCode, ...sealed, hash, bic ?? null, proposedBy]);
}

const LOCK = statement('payments.lock-account', `select ${COLUMNS} from bank_account where id = $1 for update`);

export async function lockAccount(tx: DbTransaction, id: string): Promise<BankAccountRow | undefined> {
  const [row] = await tx.run<StoredRow>(LOCK, [id]);
  return row && openedAccount(tx, row);
}

const REPLACE = statement(
  'payments.replace-account',
  `update bank_account set state = 'REPLACED', replaced_at = hansa_now()
   where state = 'ACTIVE' and (partner_no = $1 or (programme_no = $2 and currency_code = $3))`,
);
const DECIDE = statement(
  'payments.decide-account',
  'update bank_account set state = $2, decided_by = $3, decided_at = hansa_now() where id = $1',
);

/** Approves or declines; an approved account takes the place of the one before it. */
export async function decideAccount(
  tx: DbTransaction,
  account: BankAccountRow,
  state: 'ACTIVE' | 'DECLINED',
  decidedBy: string,
): Promise<void> {
  const { id, partnerNo, programmeNo, currencyCode } = account;
  if (state === 'ACTIVE') await tx.run(REPLACE, [partnerNo, programmeNo, currencyCode]);
  await tx.run(DECIDE, [id, state, decidedBy]);
}
