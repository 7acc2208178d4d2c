/** What FX clearing holds of other currencies, at what it is worth today; the difference is the programme's (5040). */
import type { Principal } from '../../domain/access/principal.js';
import { converted } from '../../domain/fx/convert.js';
import { businessDateIn } from '../../domain/kernel/calendar.js';
import { invariant } from '../../domain/kernel/invariant.js';
import { fail, ok, type Result } from '../../domain/kernel/result.js';
import { Account } from '../../domain/ledger/accounts.js';
import { revaluationEntry } from '../../domain/ledger/fx-entries.js';
import { currencyScale } from '../../domain/money/currency.js';
import { answerOnce } from '../../infrastructure/db/command-key.js';
import { type Database, type DbTransaction, statement } from '../../infrastructure/db/database.js';
import { authorize } from '../access/index.js';
import { openWindows, recordEntries } from '../ledger/index.js';
import type { ProgrammeRecord, Programmes } from '../programmes/index.js';
import type { FxErrorCode } from './fx.errors.js';
import { findRateBefore } from './rate.sql.js';

export interface Revalue {
  readonly programmeCode: string;
  readonly idempotencyKey: string;
}

export interface Revalued {
  readonly entryNo: string;
  /** + the programme has gained. Minor units of its currency. */
  readonly differenceMinor: string;
}

const LOCK_CLEARING = statement(
  'fx.lock-clearing',
  `select u.code as "currencyCode", b.balance
   from account_balance b join unit u on u.no = b.unit and u.kind = 'MONEY' and u.programme_no = $1
   where b.account = ${Account.FX_CLEARING} and b.party = 0 order by b.unit for update of b`,
);

export class RevaluationService {
  constructor(
    private readonly database: Database,
    private readonly programmes: () => Promise<Programmes>,
  ) {}

  async revalue(
    principal: Principal,
    { programmeCode, idempotencyKey }: Revalue,
  ): Promise<Result<Revalued & { readonly currencyCode: string }, FxErrorCode>> {
    authorize(principal, 'fx.convert');
    const programme = (await this.programmes()).byCode(programmeCode);
    if (programme === undefined)
      return fail('UNKNOWN_PROGRAMME', `There is no programme "${programmeCode}"; check the code.`, 'programmeCode');
    const key = { client: principal.subject, key: idempotencyKey, operation: 'REVALUE_FX', body: { programmeCode } };
    const done = await this.database.command(async (tx) => {
      const { now, windows } = await openWindows(tx, [programme.no]);
      const window = windows.get(programme.no);
      invariant(window, 'openWindows answers for every programme');
      return answerOnce<Revalued, FxErrorCode>(tx, key, async () => {
        const today = businessDateIn(now, programme.timeZone);
        const difference = await differenceOn(tx, programme, today);
        if (!difference.ok) return difference;
        if (difference.value === 0n)
          return fail('NOTHING_TO_REVALUE', 'FX clearing is worth what the books say.', 'programmeCode');
        const [entryNo] = await recordEntries(tx, window, now, [revaluationEntry(difference.value, today)]);
        return ok({ entryNo: String(entryNo), differenceMinor: String(difference.value) });
      });
    });
    return done.ok ? ok({ ...done.value, currencyCode: programme.currencyCode }) : done;
  }
}

/** What clearing should hold in the programme's currency, by what it holds in others, less what it holds. */
async function differenceOn(
  tx: DbTransaction,
  { no, currencyCode }: ProgrammeRecord,
  today: string,
): Promise<Result<bigint, FxErrorCode>> {
  const rows = await tx.run<{ currencyCode: string; balance: bigint }>(LOCK_CLEARING, [no]);
  let worth = 0n;
  let held = 0n;
  for (const { currencyCode: other, balance } of rows) {
    if (other === currencyCode) {
      held += balance;
      continue;
    }
    if (balance === 0n) continue;
    const found = await findRateBefore(tx, other, currencyCode, today);
    if (found === undefined)
      return fail(
        'RATE_MISSING',
        `No reference rate of ${other} of the last days is known; import it.`,
        'programmeCode',
      );
    worth -= converted(balance, found.rate, currencyScale(other), currencyScale(currencyCode));
  }
  return ok(worth - held);
}
