/** Opening a programme's books: its two units and its first window. */
import { invariant } from '../../domain/kernel/invariant.js';
import { type DbTransaction, statement } from '../../infrastructure/db/database.js';
import { newId } from '../../infrastructure/db/ids.js';
import { LAST_NUMBER } from './mark.sql.js';

/** What the ledger needs to know of a programme. Scales are numbers of decimals. */
export interface ProgrammeBooks {
  readonly no: number;
  readonly currencyCode: string;
  readonly currencyScale: number;
  readonly unitCode: string;
  readonly unitScale: number;
}

// A programme keeps its money in a unit of its own too, so that two programmes of one currency never share a
// balance: what one is owed is not a claim on the other.
const ADD_UNITS = statement(
  'ledger.add-units',
  `insert into unit (kind, code, scale, programme_no)
   values ('REWARD', $2, $3, $1), ('MONEY', $4, $5, $1)
   on conflict (kind, code, programme_no) do nothing`,
);

const ADD_MONEY_UNIT = statement(
  'ledger.add-money-unit',
  `insert into unit (kind, code, scale, programme_no) values ('MONEY', $2, $3, $1)
   on conflict (kind, code, programme_no) do nothing`,
);
const FIND_MONEY_UNIT = statement(
  'ledger.find-money-unit',
  `select no from unit where kind = 'MONEY' and programme_no = $1 and code = $2`,
);

/** The unit in which a programme keeps money of a further currency; made when it is not there yet. */
export async function ensureMoneyUnit(
  tx: DbTransaction,
  programmeNo: number,
  currencyCode: string,
  scale: number,
): Promise<number> {
  const [known] = await tx.run<{ no: number }>(FIND_MONEY_UNIT, [programmeNo, currencyCode]);
  if (known !== undefined) return known.no;
  await tx.run(ADD_MONEY_UNIT, [programmeNo, currencyCode, scale]);
  const [made] = await tx.run<{ no: number }>(FIND_MONEY_UNIT, [programmeNo, currencyCode]);
  invariant(made !== undefined, 'a unit that was made is there');
  return made.no;
}

const OPEN_FIRST_WINDOW = statement(
  'ledger.open-first-window',
  `insert into settlement_window (id, programme_no, currency_code, opened_at, after_no)
   select $1, $2, $3, hansa_now(), ${LAST_NUMBER}
   where not exists (select from settlement_window where programme_no = $2 and currency_code = $3)
   on conflict (programme_no, currency_code) where state = 'OPEN' do nothing`,
);

/** Makes the units and the first open window of a programme; does nothing when they are there. */
export async function openProgrammeBooks(tx: DbTransaction, programme: ProgrammeBooks): Promise<void> {
  const { no, currencyCode, currencyScale, unitCode, unitScale } = programme;
  await tx.run(ADD_UNITS, [no, unitCode, unitScale, currencyCode, currencyScale]);
  await tx.run(OPEN_FIRST_WINDOW, [newId(), no, currencyCode]);
}
