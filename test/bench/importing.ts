/** `hansa import` from generated files, in turn with TPC-B and with COPY of the rows that the first of them wrote. */
import { once } from 'node:events';
import { createWriteStream, existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { PARTNERS, PROGRAMME } from '../../src/demo/cast.js';
import { openCopy } from './copy-reference.js';
import { databaseBytes } from './database-size.js';
import { atLeast, atMost, median, medianRatio, rounded } from './figures.js';
import { mostResidentMegabytes } from './processes.js';
import type { Bench, Workload } from './workload.js';

const MERCHANT_IDS = PARTNERS.flatMap(({ outlets }) => outlets.map(({ merchantId }) => merchantId));
/** Rows of one member in a file, about. */
const ROWS_PER_CARD = 20;
const LOOK_AGAIN_MS = 50;

const MAPPING = `format: csv
columns: { card: card, date: at, merchant: merchant, amount: amount, merchantId: terminal, mcc: mcc, reference: id }
dateFormat: RFC3339
defaultCurrency: EUR
order: [at, id]
issuer: hanse-bank
member: "{card}"
token: "{card}"
contract:
  effectiveFrom: 2026-01-01
  funding: [{ party: SELF, share: 100% }]
  commission: 10%
  tax: { code: VAT-23, rate: 23%, treatment: MARKETING }
  minimumPayout: 0.00
  model: SETTLE_AT_ISSUANCE
partners:
  - { code: hanse-bank, name: Hanse Bank, roles: [BANK] }
`;

interface Summary {
  readonly accepted: number;
  readonly rejected: number;
  readonly rowsPerSecond: number;
}

interface Imported extends Summary {
  /** Megabytes that the process held at most. */
  readonly megabytes: number;
  /** Milliseconds of CPU that the server took. */
  readonly postgresMs: number;
}

export const importing: Workload = async (bench) => {
  const { stage, options } = bench;
  const folder = stage.config.dataDir;
  const mapping = join(folder, 'feed.yaml');
  writeFileSync(mapping, MAPPING);
  const importFile = async (no: number): Promise<Imported> => {
    const file = join(folder, `feed-${no}.csv`);
    await writeFeed(file, no, options.importRows);
    return hansaImport(bench, [file, '--mapping', mapping, '--programme', PROGRAMME]);
  };
  await importFile(0);
  const before = await databaseBytes(stage.owner);
  const runs: Imported[] = [];
  const tpcb: [number, number][] = [];
  const copies: [number, number][] = [];
  let copy: Awaited<ReturnType<typeof openCopy>> | undefined;
  let grown = 0;
  for (let pair = 1; pair <= options.pairs; pair += 1) {
    const run = await importFile(pair);
    if (run.accepted !== options.importRows) throw new Error(`of the feed, ${run.accepted} rows were accepted`);
    if (copy === undefined) {
      grown = (await databaseBytes(stage.owner)) - before;
      copy = await openCopy(stage, 'bench-feed-1-%', folder);
    }
    const rate = await bench.tpcb(options.phaseMs);
    const copied = options.importRows / (await copy.seconds());
    runs.push(run);
    tpcb.push([run.rowsPerSecond, rate]);
    copies.push([run.rowsPerSecond, copied]);
    bench.say(
      `  import, pair ${pair} of ${options.pairs}: ${run.rowsPerSecond}/s against ${rounded(rate)}/s; COPY ${rounded(copied)}/s`,
    );
  }
  const rows = options.importRows * runs.length;
  bench.report({
    name: 'hansa import, rate against the best TPC-B',
    ...{ value: medianRatio(tpcb), unit: '×', target: atLeast(4) },
    note: `files of ${options.importRows} rows, ${bench.pairsNote(tpcb)}`,
    cpu: { postgres: (runs.reduce((sum, { postgresMs }) => sum + postgresMs, 0) * 1_000) / rows },
  });
  bench.report({
    name: 'hansa import, rate against COPY of the rows it writes',
    ...{ value: medianRatio(copies) * 100, unit: '%', target: atLeast(25) },
    note: `${copy?.rows} rows of ${copy?.tables} tables into an empty database, without what was staged; ${bench.pairsNote(copies)}`,
  });
  bench.report({
    name: 'hansa import, rows',
    ...{ value: median(runs.map(({ rowsPerSecond }) => rowsPerSecond)), unit: '/s' },
    note: 'staging and sorting included',
  });
  bench.report({
    name: 'hansa import, memory of its process at most',
    ...{ value: Math.max(...runs.map(({ megabytes }) => megabytes)), unit: 'MB', target: atMost(400) },
  });
  bench.report({
    name: 'bytes of database per purchase, by import',
    ...{ value: grown / options.importRows, unit: 'B', target: atMost(2_500) },
    note: 'tables, indexes and TOAST grown, without what was staged; its members and events included',
  });
  if (options.realFile) await importRealFile(bench);
};

/** Members and cards of its own for each file, in the order of time. */
async function writeFeed(file: string, no: number, rows: number): Promise<void> {
  const out = createWriteStream(file);
  out.write('card,at,merchant,amount,terminal,mcc,id\n');
  const cards = Math.max(1, Math.floor(rows / ROWS_PER_CARD));
  const first = Date.now() - 10 * 86_400_000;
  for (let row = 0; row < rows; row += 1) {
    const at = new Date(first + Math.floor((row * 9 * 86_400_000) / rows)).toISOString();
    const card = `bench-feed-${no}-${String((row * 7_919) % cards).padStart(7, '0')}`;
    const cents = 100 + ((row * 6_947) % 9_900);
    const amount = `${Math.floor(cents / 100)}.${String(cents % 100).padStart(2, '0')}`;
    const terminal = row % 10 === 0 ? '' : MERCHANT_IDS[row % MERCHANT_IDS.length];
    const more = out.write(
      `${card},${at},SHOP ${row % 500},${amount},${terminal},${row % 10 === 0 ? '5651' : ''},${no}-${row}\n`,
    );
    if (!more) await once(out, 'drain');
  }
  out.end();
  await finished(out);
}

async function hansaImport({ stage }: Bench, values: readonly string[]): Promise<Imported> {
  let megabytes = 0;
  let watching: NodeJS.Timeout | undefined;
  const before = stage.cpu().postgres ?? 0;
  try {
    const said = await stage.hansa(['import', ...values, '--json'], (pid) => {
      watching = setInterval(() => {
        megabytes = Math.max(megabytes, mostResidentMegabytes(pid) ?? 0);
      }, LOOK_AGAIN_MS);
    });
    const summary = JSON.parse(said.trim().split('\n').at(-1) as string) as Summary;
    return { ...summary, megabytes, postgresMs: (stage.cpu().postgres ?? 0) - before };
  } finally {
    clearInterval(watching);
  }
}

/** Real card transactions, where they lie beside the project: five years with 48 months closed and settled. */
async function importRealFile(bench: Bench): Promise<void> {
  const { projectFolder, dataDir } = bench.stage.config;
  const file = join(projectFolder, '..', 'shared', 'data', 'cards', 'birmingham_purchase_cards_2014_2018.csv.gz');
  if (!existsSync(file))
    return bench.say('  the file of real card transactions is not here: its import was not measured');
  const mapping = join(projectFolder, 'examples', 'birmingham', 'mapping.yaml');
  const rejects = join(dataDir, 'rejects.ndjson');
  const run = await hansaImport(bench, [file, '--mapping', mapping, '--close', 'monthly', '--rejects', rejects]);
  bench.report({
    name: 'hansa import of real card transactions, rows',
    ...{ value: run.rowsPerSecond, unit: '/s' },
    note: `${run.accepted} accepted, staged, sorted, every month confirmed, closed and settled; ${rounded(run.megabytes)} MB`,
  });
}
