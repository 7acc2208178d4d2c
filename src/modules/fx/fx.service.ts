/**
 * Reference rates, and lines of settlements that are paid in another currency: each is converted in a transaction of its
 * own, by the rate of the last banking day before (entry 28). What has no rate yet waits, and nobody pays it meanwhile.
 */
import type { Principal } from '../../domain/access/principal.js';
import { converted } from '../../domain/fx/convert.js';
import { readRates } from '../../domain/fx/ecb-file.js';
import { type BusinessDate, businessDateIn } from '../../domain/kernel/calendar.js';
import { invariant } from '../../domain/kernel/invariant.js';
import { fail, ok, type Result } from '../../domain/kernel/result.js';
import { conversionEntry } from '../../domain/ledger/fx-entries.js';
import { currencyScale } from '../../domain/money/currency.js';
import { formatRate } from '../../domain/money/rate.js';
import { isId } from '../../graphql/scalars.js';
import type { Database, DbTransaction } from '../../infrastructure/db/database.js';
import { authorize } from '../access/index.js';
import { ensureMoneyUnit, openWindows, recordEntries } from '../ledger/index.js';
import type { Programmes } from '../programmes/index.js';
import { findLinesToConvert, type LockedLine, lockLines, moveLines, storeConversion } from '../settlement/index.js';
import type { FxErrorCode } from './fx.errors.js';
import { findRateBefore, insertRates, type RateOfDay } from './rate.sql.js';

/** Before every id. */
const FIRST = '00000000-0000-0000-0000-000000000000';
const PAGE = 100;

export interface Imported {
  /** Rates that are new, and those that were there. */
  readonly imported: number;
  readonly known: number;
}

export interface ConvertedLines {
  readonly converted: number;
  /** Without a rate yet. */
  readonly waiting: number;
}

export class FxService {
  constructor(
    private readonly database: Database,
    private readonly programmes: () => Promise<Programmes>,
  ) {}

  /** All rates of a file, or none of them. */
  async importRates(principal: Principal, text: string): Promise<Result<Imported, FxErrorCode>> {
    authorize(principal, 'fx.import');
    const rates = readRates(text);
    if (!rates.ok) return rates;
    try {
      return ok(await this.database.command((tx) => store(tx, rates.value)));
    } catch (error) {
      if (!(error instanceof OtherRate)) throw error;
      return fail(
        'RATE_DIFFERS',
        `Of ${error.currencyCode} on ${error.day} another rate is stored; check the file.`,
        'text',
      );
    }
  }

  /** The rate by which a settlement issued on a day is converted. */
  rateBefore(
    principal: Principal,
    { from, to, on }: { readonly from: string; readonly to: string; readonly on: BusinessDate },
  ): Promise<RateOfDay | undefined> {
    authorize(principal, 'programme.read');
    return this.database.command((tx) => findRateBefore(tx, from, to, on));
  }

  /** Converts now what waits of a settlement. */
  async convertSettlement(principal: Principal, settlementId: string): Promise<Result<ConvertedLines, FxErrorCode>> {
    authorize(principal, 'fx.convert');
    if (!isId(settlementId)) return fail('UNKNOWN_SETTLEMENT', 'There is no such settlement.', 'settlementId');
    const done = await this.convert(await this.waitingLines(settlementId));
    return done.waiting === 0
      ? ok(done)
      : fail(
          'RATE_MISSING',
          `${done.waiting} lines wait for reference rates of the days before today; import them with "hansa fx import".`,
          'settlementId',
        );
  }

  /** The periodic job: whatever waits and has its rate by now. */
  async convertWaiting(signal: AbortSignal): Promise<ConvertedLines> {
    return this.convert(await this.waitingLines(), signal);
  }

  private async waitingLines(settlementId?: string): Promise<LockedLine[]> {
    const found: LockedLine[] = [];
    for (let after = FIRST; ; ) {
      const page: LockedLine[] = await this.database.command((tx) =>
        findLinesToConvert(tx, { settlementId, after, limit: PAGE }),
      );
      found.push(...page);
      const last = page.at(-1);
      if (last === undefined || page.length < PAGE) return found;
      after = last.id;
    }
  }

  private async convert(lines: readonly LockedLine[], signal?: AbortSignal): Promise<ConvertedLines> {
    const programmes = await this.programmes();
    const done = { converted: 0, waiting: 0 };
    for (const { id, programmeNo } of lines) {
      if (signal?.aborted === true) break;
      const programme = programmes.byNo(programmeNo);
      invariant(programme, `programme ${programmeNo} exists`);
      const outcome = await this.database.command((tx) => convertLine(tx, id, programmeNo, programme.timeZone));
      if (outcome !== 'DONE_BEFORE') done[outcome] += 1;
    }
    return done;
  }
}

async function convertLine(
  tx: DbTransaction,
  lineId: string,
  programmeNo: number,
  timeZone: string,
): Promise<'converted' | 'waiting' | 'DONE_BEFORE'> {
  const { now, windows } = await openWindows(tx, [programmeNo]);
  const window = windows.get(programmeNo);
  invariant(window, 'openWindows answers for every programme');
  const [line] = await lockLines(tx, [lineId]);
  invariant(line, 'a line never goes away');
  const { dueCurrencyCode, currencyCode, closingMinor, partyNo } = line;
  if (dueCurrencyCode === null || line.convertedMinor !== null || line.settlementState === 'ABORTED')
    return 'DONE_BEFORE';
  // A job that comes late converts by the day it was issued on all the same.
  const issuedOn = businessDateIn(line.issuedAt, timeZone);
  const found = await findRateBefore(tx, currencyCode, dueCurrencyCode, issuedOn);
  if (found === undefined) return 'waiting';
  const [fromScale, toScale] = [currencyScale(currencyCode), currencyScale(dueCurrencyCode)];
  const convertedMinor = converted(closingMinor, found.rate, fromScale, toScale);
  await storeConversion(tx, { lineId, convertedMinor, on: found.day, fxRate: formatRate(found.rate) });
  // Less than half of its smallest unit is nothing in the other currency.
  if (convertedMinor === 0n) await moveLines(tx, [{ lineId, to: 'SETTLED', dueMinor: 0n }]);
  const unit = await ensureMoneyUnit(tx, programmeNo, dueCurrencyCode, toScale);
  const entry = conversionEntry({
    partnerNo: partyNo,
    amountMinor: closingMinor,
    currencyCode: dueCurrencyCode,
    convertedMinor,
    businessDate: businessDateIn(now, timeZone),
  });
  await recordEntries(tx, { ...window, otherUnits: new Map([[dueCurrencyCode, unit]]) }, now, [entry]);
  return 'converted';
}

/** Rolls an import back. */
class OtherRate extends Error {
  constructor(
    readonly currencyCode: string,
    readonly day: string,
  ) {
    super('another rate is stored');
  }
}

async function store(tx: DbTransaction, rates: Parameters<typeof insertRates>[1]): Promise<Imported> {
  const { imported, other } = await insertRates(tx, rates);
  if (other !== undefined) throw new OtherRate(other.currencyCode, other.day);
  return { imported, known: rates.length - imported };
}
