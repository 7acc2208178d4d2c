/** Reference rates: stored once for ever, found by the day they count for. */
import { crossRate } from '../../domain/fx/convert.js';
import type { ReferenceRate } from '../../domain/fx/ecb-file.js';
import type { BusinessDate } from '../../domain/kernel/calendar.js';
import { formatRate, ONE, type Rate } from '../../domain/money/rate.js';
import { storedRate } from '../../domain/partners/contract.js';
import { type DbTransaction, statement } from '../../infrastructure/db/database.js';

const EURO = 'EUR';
/** A rate older than this is no rate of the last banking day any more: somebody has forgotten to import. */
const OLDEST_DAYS = 10;
const CHUNK = 20_000;

const INSERT = statement(
  'fx.insert-rates',
  `insert into fx_rate (currency_code, day, per_euro, imported_at)
   select r.*, hansa_now() from unnest($1::text[], $2::date[], $3::text[]) as r (currency_code, day, per_euro)
   on conflict (currency_code, day) do nothing returning 1 as one`,
);
const FIND_OTHER = statement(
  'fx.find-other-rate',
  `select r.currency_code as "currencyCode", r.day
   from unnest($1::text[], $2::date[], $3::text[]) as r (currency_code, day, per_euro)
   join fx_rate f on f.currency_code = r.currency_code and f.day = r.day and f.per_euro <> r.per_euro
   order by r.day, r.currency_code limit 1`,
);

/** How many are new, and the first that is stored with another value already. */
export async function insertRates(
  tx: DbTransaction,
  rates: readonly ReferenceRate[],
): Promise<{
  readonly imported: number;
  readonly other?: { readonly currencyCode: string; readonly day: BusinessDate };
}> {
  let imported = 0;
  for (let start = 0; start < rates.length; start += CHUNK) {
    const chunk = rates.slice(start, start + CHUNK);
    const columns = [
      chunk.map(({ currencyCode }) => currencyCode),
      chunk.map(({ day }) => day),
      chunk.map(({ perEuro }) => formatRate(perEuro)),
    ];
    const [other] = await tx.run<{ currencyCode: string; day: BusinessDate }>(FIND_OTHER, columns);
    if (other !== undefined) return { imported, other };
    imported += (await tx.run(INSERT, columns)).length;
  }
  return { imported };
}

const FIND_RATE = statement(
  'fx.find-rate',
  `select day, max(per_euro) filter (where currency_code = $1) as from, max(per_euro) filter (where currency_code = $2) as to
  from fx_rate
  where currency_code in ($1, $2) and day < $3::date and day >= $3::date - ${OLDEST_DAYS}
  group by day having count(*) = $4::integer
  order by day desc limit 1`,
);

export interface RateOfDay {
  readonly day: BusinessDate;
  /** One major unit of the one currency in the other. */
  readonly rate: Rate;
}

/** The reference rate of the last banking day before a day, of both currencies on the same day; none when it is not known. */
export async function findRateBefore(
  tx: DbTransaction,
  from: string,
  to: string,
  before: BusinessDate,
): Promise<RateOfDay | undefined> {
  const quoted = [from, to].filter((currency) => currency !== EURO).length;
  const [row] = await tx.run<{ day: BusinessDate; from: string | null; to: string | null }>(FIND_RATE, [
    from,
    to,
    before,
    quoted,
  ]);
  if (row === undefined) return undefined;
  const perEuro = (text: string | null): Rate => (text === null ? ONE : storedRate(text));
  return { day: row.day, rate: crossRate(perEuro(row.from), perEuro(row.to)) };
}
