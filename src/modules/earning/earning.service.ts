/** Use cases on accruals as a whole: confirming what is due, on demand and again and again. */
import type { Principal } from '../../domain/access/principal.js';
import { type BusinessDate, businessDateIn } from '../../domain/kernel/calendar.js';
import { fail, ok, type Result } from '../../domain/kernel/result.js';
import { type Database, statement } from '../../infrastructure/db/database.js';
import { authorize } from '../access/index.js';
import { confirmDue } from './confirm.js';
import type { EarningErrorCode } from './earning.graphql.js';

const FIND_PROGRAMMES = statement(
  'earning.find-programmes',
  'select no, code, time_zone as "timeZone", hansa_now() as now from programme where $1::text is null or code = $1 order by no',
);

interface ProgrammeClock {
  readonly no: number;
  readonly timeZone: string;
  readonly now: Date;
}

export class EarningService {
  constructor(private readonly database: Database) {}

  /** Confirms what is due now. `asOf` may look back, never ahead. */
  async confirm(
    principal: Principal,
    programmeCode: string,
    asOf: BusinessDate | undefined,
  ): Promise<Result<{ readonly confirmed: number }, EarningErrorCode>> {
    authorize(principal, 'accrual.confirm');
    const [programme] = await this.programmes(programmeCode);
    if (programme === undefined) {
      return fail(
        'UNKNOWN_PROGRAMME',
        `There is no programme "${programmeCode}"; apply it first or check the code.`,
        'programmeCode',
      );
    }
    const today = businessDateIn(programme.now, programme.timeZone);
    if (asOf !== undefined && asOf > today) {
      return fail(
        'AS_OF_IN_FUTURE',
        `It is ${today} in the programme's time zone; confirm as of that day or an earlier one.`,
        'asOf',
      );
    }
    return ok(await confirmDue(this.database, programme.no, asOf ?? today));
  }

  /** The periodic job: every programme, as of its own today. */
  async confirmAll(signal: AbortSignal): Promise<void> {
    for (const { no, timeZone, now } of await this.programmes(null)) {
      if (signal.aborted) return;
      await confirmDue(this.database, no, businessDateIn(now, timeZone), signal);
    }
  }

  private async programmes(code: string | null): Promise<ProgrammeClock[]> {
    return this.database.command((tx) => tx.run<ProgrammeClock>(FIND_PROGRAMMES, [code]));
  }
}
