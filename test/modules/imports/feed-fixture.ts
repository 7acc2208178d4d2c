/** A small feed with everything around it, written to a folder of its own. */
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { type Principal, SCOPES } from '../../../src/domain/access/principal.js';
import type { Database } from '../../../src/infrastructure/db/database.js';
import { type ImportCommand, ImportService, type ImportServices } from '../../../src/modules/imports/index.js';
import { openProgrammeBooks } from '../../../src/modules/ledger/index.js';
import { PartnerService } from '../../../src/modules/partners/index.js';
import { ProgrammeService } from '../../../src/modules/programmes/index.js';
import { SettlementService } from '../../../src/modules/settlement/index.js';
import { ReferenceCache } from '../../../src/modules/transactions/index.js';
import type { TestDatabase } from '../../support/database.js';

export const ADMIN: Principal = { kind: 'ADMIN', subject: 'import-test', scopes: new Set(SCOPES) };

export const SILENT = { phase: () => undefined, progress: () => undefined };

export const PROGRAMME = `
programme: market-day
name: Market Day
effectiveFrom: 2010-01-01
currency: EUR
timeZone: Europe/Lisbon
unit: { code: POINT, scale: 0, worth: 0.01 }
holdDays: 10
rounding: HALF_EVEN
categories:
  food: { name: Food, submitted: true }
tiers:
  rollingDays: 30
  levels: [{ code: plain, name: Plain, from: 0 }, { code: fine, name: Fine, from: 300 }]
partners: { market-bank: }
rules:
  - code: bank
    name: Bank
    funding: ISSUER
    matrix: { plain: { BASE: 1%, food: 2% }, fine: { BASE: 2%, food: 4% } }
  - { code: partner, name: Partner, funding: MERCHANT, rate: 3% }
caps: [{ code: food-month, category: food, per: month, max: 900 }]
`;

export const MAPPING = `
format: csv
programme: programme.yaml
columns:
  card: card
  date: day
  merchant: shop
  amount: amount
  currency: currency
  billingAmount: billed
  category: ledger
dateFormat: YYYY-MM-DD
defaultCurrency: EUR
key:
  columns: [card, day, shop, amount, currency, billed, ledger]
  occurrenceWithin: delivery
order: [day, delivery, { column: row, as: number }]
issuer: market-bank
member: "holder-{lastFour}"
token: "market-card-{lastFour}"
contract:
  effectiveFrom: 2010-01-01
  funding: [{ party: SELF, share: 100% }]
  commission: 10%
  tax: { code: VAT-23, rate: 23%, treatment: DISCOUNT }
  minimumPayout: 0.00
  model: SETTLE_AT_ISSUANCE
categories:
  food: [F1, F2]
partners:
  - { code: market-bank, name: Market Bank, roles: [BANK] }
  - code: baker
    name: Baker
    outlet: { code: stall, name: Stall, channel: IN_STORE }
    names: [baker, "baker *"]
  - code: fishmonger
    name: Fishmonger
    outlet: { code: stall, name: Stall, channel: IN_STORE }
    names: ["*fish*"]
    contract: { commission: 5% }
`;

export const COLUMNS = ['row', 'day', 'card', 'shop', 'amount', 'currency', 'billed', 'ledger', 'delivery'] as const;
export type Line = Partial<Record<(typeof COLUMNS)[number], string>>;

/** A purchase that is fine in every column, and what differs from it. */
export const line = (differs: Line): Line => ({
  row: '1',
  day: '2020-01-05',
  card: '****1234',
  shop: 'baker',
  amount: '10.00',
  currency: '',
  billed: '',
  ledger: 'F1',
  delivery: 'a.csv',
  ...differs,
});

export const csvOf = (lines: readonly Line[]): string =>
  [COLUMNS.join(','), ...lines.map((one) => COLUMNS.map((column) => one[column] ?? '').join(','))].join('\n');

/** Three months of six cards at three shops: out of time order, with refunds and a delivery that came twice. */
export function marketDays(): Line[] {
  const shops = ['baker', 'the fish stall', 'tailor', 'baker north'];
  const lines: Line[] = [];
  for (let index = 0; index < 90; index += 1) {
    const month = 1 + ((index * 7) % 3);
    const delivery = `delivery-${(index * 5) % 4}.csv`;
    const refund = index % 11 === 10 ? '-' : '';
    lines.push(
      line({
        row: String(index + 1),
        day: `2020-0${month}-${String(1 + ((index * 13) % 28)).padStart(2, '0')}`,
        card: `****100${index % 6}`,
        shop: shops[index % shops.length] as string,
        amount: `${refund}${refund === '' ? 20 + ((index * 37) % 150) : 5}.${String((index * 17) % 100).padStart(2, '0')}`,
        ledger: index % 3 === 0 ? 'F1' : 'X9',
        delivery,
      }),
    );
  }
  const again = lines
    .filter(({ delivery }) => delivery === 'delivery-2.csv')
    .map((one) => ({ ...one, delivery: 'again.csv' }));
  return [...lines, ...again];
}

/** Writes the files and returns their places; `feed` is text, or bytes as they shall lie there. */
export function writeImport(
  feed: string | Buffer,
  files: { mapping?: string; programme?: string; name?: string } = {},
) {
  const folder = mkdtempSync(join(tmpdir(), 'hansa-import-'));
  const place = (name: string, content: string | Buffer): string => {
    const path = join(folder, name);
    mkdirSync(folder, { recursive: true });
    writeFileSync(path, content);
    return path;
  };
  place('programme.yaml', files.programme ?? PROGRAMME);
  return {
    file: place(files.name ?? 'feed.csv', feed),
    mappingFile: place('mapping.yaml', files.mapping ?? MAPPING),
    rejectsFile: join(folder, 'rejects.ndjson'),
  };
}

export const gzipped = (text: string): Buffer => gzipSync(text);

export type Places = ReturnType<typeof writeImport>;

export const monthly = (places: Places): ImportCommand => ({ ...places, closePolicy: 'MONTHLY' });

/** The importer on a test database; `database` may be one that fails on purpose. */
export function importerOn(db: TestDatabase, database: Database = db.database): ImportService {
  const services: ImportServices = {
    database,
    references: new ReferenceCache(),
    programmes: new ProgrammeService(db.writer, database, openProgrammeBooks),
    partners: new PartnerService(db.writer),
    settlement: new SettlementService(database),
  };
  return new ImportService(services);
}

/**
 * Everything that money and rewards stand on, by names instead of numbers that differ from run to run: equal
 * text means equal books.
 */
export async function booksOf(db: TestDatabase): Promise<string> {
  const all: unknown[] = [];
  for (const query of BOOKS) all.push((await db.superuser.query(query)).rows);
  return JSON.stringify(all, null, 1);
}

const WINDOWS = `(select no, dense_rank() over (order by no) as place, state from settlement_window)`;
const BOOKS = [
  `select m.code, b.pending_units, b.available_units, b.held_units, b.receivable_minor
   from member m join member_balance b on b.member_no = m.no order by 1`,
  `select u.code as unit, b.account, coalesce(p.code, 'programme') as party, w.place, b.balance
   from account_balance b join unit u on u.no = b.unit left join partner p on p.no = b.party
   left join ${WINDOWS} w on w.no = b.window_no where b.balance <> 0 order by 1, 2, 3, 4`,
  `select w.place, w.state, j.kind, count(distinct j.no) as entries, sum(p.amount) filter (where p.amount > 0) as debits
   from ${WINDOWS} w join journal_entry j on j.window_no = w.no join posting p on p.entry_no = j.no and p.member_no = j.member_no
   group by 1, 2, 3 order by 1, 2, 3`,
  `select dense_rank() over (order by s.no) as settlement, coalesce(p.code, 'programme') as party, l.net_minor, l.state
   from settlement s join settlement_line l on l.settlement_id = s.id left join partner p on p.no = l.party_no order by 1, 2`,
  `select t.business_date, m.code, t.amount_minor, t.refunded_minor, t.category_code, t.kind, count(*)
   from transaction t join member m on m.no = t.member_no group by 1, 2, 3, 4, 5, 6 order by 1, 2, 3, 4, 5, 6`,
  `select s.reference, s.kind, s.amount_minor, s.match_reason from transaction_source s order by 1, 2`,
  `select m.code, c.cap_code, c.period, c.used from member_counter c join member m on m.no = c.member_no where c.used > 0 order by 1, 2, 3`,
  `select count(*) from due`,
  `select count(*) as staged from import_row`,
];
