/** Use cases on lots as a whole: what expires, on demand and again and again. */
import type { Principal } from '../../domain/access/principal.js';
import { type BusinessDate, businessDateIn } from '../../domain/kernel/calendar.js';
import { fail, ok, type Result } from '../../domain/kernel/result.js';
import { readClock } from '../../infrastructure/db/clock.js';
import type { Database } from '../../infrastructure/db/database.js';
import { authorize } from '../access/index.js';
import type { ProgrammeRecord, Programmes } from '../programmes/index.js';
import { expireLots, type LotsExpired } from './expire.js';
import type { LotErrorCode } from './lot.errors.js';

export class LotService {
  /** @param programmes everything that is published now */
  constructor(
    private readonly database: Database,
    readonly programmes: () => Promise<Programmes>,
  ) {}

  /** Takes what is gone by now. `asOf` may look back, never ahead. */
  async expire(
    principal: Principal,
    programmeCode: string,
    asOf: BusinessDate | undefined,
  ): Promise<Result<{ readonly programme: ProgrammeRecord; readonly expired: LotsExpired }, LotErrorCode>> {
    authorize(principal, 'lot.expire');
    const programmes = await this.programmes();
    const programme = programmes.byCode(programmeCode);
    if (programme === undefined) {
      return fail(
        'UNKNOWN_PROGRAMME',
        `There is no programme "${programmeCode}"; apply it first or check the code.`,
        'programmeCode',
      );
    }
    const now = await this.database.command(readClock);
    const today = businessDateIn(now, programme.timeZone);
    const day = asOf ?? today;
    if (day > today) {
      return fail(
        'AS_OF_IN_FUTURE',
        `It is ${today} in the programme's time zone; let lots expire as of that day or an earlier one.`,
        'asOf',
      );
    }
    const terms = programmes.inForce(programme.no, day)?.terms;
    if (terms === undefined)
      return fail('NOT_RUNNING', `The programme has no terms on ${day}; give a day on which it runs.`, 'asOf');
    const programmeDay = { programmeNo: programme.no, terms: terms.redemption, today: day };
    return ok({ programme, expired: await expireLots(this.database, programmeDay) });
  }

  /** The periodic job: every programme, as of its own today. */
  async expireAll(signal: AbortSignal): Promise<void> {
    const programmes = await this.programmes();
    const now = await this.database.command(readClock);
    for (const { no, timeZone } of programmes.all()) {
      const today = businessDateIn(now, timeZone);
      const terms = programmes.inForce(no, today)?.terms;
      if (signal.aborted) return;
      if (terms !== undefined)
        await expireLots(this.database, { programmeNo: no, terms: terms.redemption, today }, signal);
    }
  }
}
