import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { loadConfig } from '../../../src/config.js';
import { converted, crossRate } from '../../../src/domain/fx/convert.js';
import { readRates } from '../../../src/domain/fx/ecb-file.js';
import { conversionEntry, revaluationEntry } from '../../../src/domain/ledger/fx-entries.js';
import { ONE, parseRate, type Rate } from '../../../src/domain/money/rate.js';

const rateOf = (text: string): Rate => parseRate(text) as Rate;

it('reads what the bank publishes: no rate, commas at the end, a mark at the beginning', () => {
  const read = readRates('\ufeffDate,USD,CYP,GBP,\r\n2024-07-08,1.0835,N/A,0.8441,\r\n2024-07-05,1.0824,,0.84613,\r\n');
  expect(read).toEqual({
    ok: true,
    value: [
      { currencyCode: 'USD', day: '2024-07-08', perEuro: rateOf('1.0835') },
      { currencyCode: 'GBP', day: '2024-07-08', perEuro: rateOf('0.8441') },
      { currencyCode: 'USD', day: '2024-07-05', perEuro: rateOf('1.0824') },
      { currencyCode: 'GBP', day: '2024-07-05', perEuro: rateOf('0.84613') },
    ],
  });
});

it.each([
  ['an empty file', '', 'Line 1 has to begin with "Date", followed by codes of currencies.'],
  ['another file', 'order,total\n1,2', 'Line 1 has to begin with "Date", followed by codes of currencies.'],
  ['a day that is none', 'Date,USD\n2024-02-30,1', 'Line 2 does not begin with a day, YYYY-MM-DD.'],
  ['a day twice', 'Date,USD\n2024-02-01,1\n2024-02-01,1', 'Line 3 repeats the day 2024-02-01.'],
  ['a value too few', 'Date,USD,GBP\n2024-02-01,1', 'Line 2 has 1 values where the first line has 2 currencies.'],
  ['a value too many', 'Date,USD\n2024-02-01,1,2', 'Line 2 has 2 values where the first line has 1 currencies.'],
  ['a rate of zero', 'Date,USD\n2024-02-01,0', 'Line 2 has "0" for USD.'],
  ['a rate below zero', 'Date,USD\n2024-02-01,-1', 'Line 2 has "-1" for USD.'],
  ['a word', 'Date,USD\n2024-02-01,none', 'Line 2 has "none" for USD.'],
  ['no rate at all', 'Date,USD\n2024-02-01,N/A', 'The file has no rate in it.'],
])('refuses %s', (_what, text, message) => {
  expect(readRates(text)).toMatchObject({ ok: false, failure: { code: 'MALFORMED_RATES', message } });
});

const published = join(loadConfig().projectFolder, '../shared/data/fx/ecb_eurofxref_hist_to_2024-07-08.csv.gz');
(existsSync(published) ? it : it.skip)('reads twenty-five years of the real file', () => {
  const read = readRates(gunzipSync(readFileSync(published)).toString('utf8'));
  if (!read.ok) throw new Error(read.failure.message);
  expect(new Set(read.value.map(({ day }) => day)).size).toBe(6_534);
  expect(read.value).toContainEqual({ currencyCode: 'GBP', day: '2024-07-08', perEuro: rateOf('0.8441') });
});

it.each<[string, bigint, Rate, Rate, number, number, bigint]>([
  ['pounds to euros', 10_000n, rateOf('0.8441'), ONE, 2, 2, 11_847n],
  ['euros to pounds', 10_000n, ONE, rateOf('0.8441'), 2, 2, 8_441n],
  ['pounds to yen', 10_000n, rateOf('0.8441'), rateOf('174.37'), 2, 0, 20_658n],
  ['yen to dinars', 1_000n, rateOf('174.37'), rateOf('0.3321'), 0, 3, 1_905n],
  ['what is owed to a partner', -10_000n, rateOf('0.8441'), ONE, 2, 2, -11_847n],
  ['half a cent to even', 1n, ONE, rateOf('0.5'), 2, 2, 0n],
  ['one and a half cents to even', 3n, ONE, rateOf('0.5'), 2, 2, 2n],
])('%s', (_what, amount, from, to, fromScale, toScale, expected) => {
  expect(converted(amount, crossRate(from, to), fromScale, toScale)).toBe(expected);
});

it('comes back within half a unit of what it was', () => {
  const perEuro = fc.integer({ min: 1, max: 9_999_999 }).map((value) => rateOf(String(value / 10_000)));
  fc.assert(
    fc.property(fc.bigInt(-(10n ** 12n), 10n ** 12n), perEuro, (amount, to) => {
      const there = converted(amount, crossRate(ONE, to), 2, 6);
      const back = converted(there, crossRate(to, ONE), 6, 2);
      const off = back > amount ? back - amount : amount - back;
      expect(off <= 1n + (amount < 0n ? -amount : amount) / 10_000n).toBe(true);
    }),
  );
});

it('sums to zero in each currency', () => {
  const nonZero = fc.bigInt(-(10n ** 12n), 10n ** 12n).filter((amount) => amount !== 0n);
  fc.assert(
    fc.property(nonZero, fc.bigInt(-(10n ** 12n), 10n ** 12n), (amountMinor, convertedMinor) => {
      const conversion = { partnerNo: 7, amountMinor, currencyCode: 'EUR', convertedMinor, businessDate: '2026-01-01' };
      for (const { postings } of [conversionEntry(conversion), revaluationEntry(amountMinor, '2026-01-01')]) {
        const sums = new Map<string | undefined, bigint>();
        for (const { currencyCode, amount } of postings) {
          expect(amount).not.toBe(0n);
          sums.set(currencyCode, (sums.get(currencyCode) ?? 0n) + amount);
        }
        expect([...sums.values()].every((sum) => sum === 0n)).toBe(true);
      }
    }),
  );
});
