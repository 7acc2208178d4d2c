/**
 * Authorisations lapse: what nobody has cleared or taken back within a month was never paid. It is reversed in the
 * name of the partner who told of it; a clearing that comes later all the same counts as it does after any reversal.
 */
import { addDays, businessDateIn } from '../../domain/kernel/calendar.js';
import type { SubmitCommand } from '../../domain/transactions/model.js';
import { readClock } from '../../infrastructure/db/clock.js';
import type { Database, DbTransaction } from '../../infrastructure/db/database.js';
import { findOpenAuthorisations, type OpenAuthorisation } from './lapse.sql.js';
import { processBatch } from './pipeline.js';
import type { ReferenceCache } from './reference.js';

/** Card schemes give a merchant seven to thirty days; the longest of them, so that no clearing is forestalled. */
export const AUTHORISATION_DAYS = 30;

/** Authorisations per transaction: their members are locked briefly. */
const CHUNK = 200;

const FIRST_ID = '00000000-0000-0000-0000-000000000000';

/** The periodic job, in every programme. How many have lapsed. */
export async function lapseAuthorisations(
  database: Database,
  references: ReferenceCache,
  signal?: AbortSignal,
): Promise<number> {
  const { programmes } = await references.fresh(database);
  let lapsed = 0;
  for (const { no } of programmes.all()) {
    let after: string | undefined = FIRST_ID;
    while (after !== undefined && signal?.aborted !== true) {
      const from: string = after;
      const page = await database.command((tx) => lapsePage(tx, references, no, from));
      lapsed += page.lapsed;
      after = page.last;
    }
  }
  return lapsed;
}

async function lapsePage(
  tx: DbTransaction,
  references: ReferenceCache,
  programmeNo: number,
  after: string,
): Promise<{ readonly lapsed: number; readonly last: string | undefined }> {
  const programme = (await references.current(tx)).programmes.byNo(programmeNo);
  if (programme === undefined) return { lapsed: 0, last: undefined };
  const now = await readClock(tx);
  const today = businessDateIn(now, programme.timeZone);
  const open = await findOpenAuthorisations(tx, programmeNo, after, addDays(today, -AUTHORISATION_DAYS), CHUNK);
  if (open.length === 0) return { lapsed: 0, last: undefined };
  const reversals = open.map((each) => reversalOf(each, programme.currencyCode, now, today));
  const outcomes = await processBatch(tx, references, programmeNo, reversals);
  const lapsed = outcomes.filter(({ status }) => status === 'ACCEPTED').length;
  return { lapsed, last: open.length < CHUNK ? undefined : open.at(-1)?.id };
}

const reversalOf = (
  { id, memberId, amountMinor, partnerCode, reference }: OpenAuthorisation,
  currencyCode: string,
  occurredAt: Date,
  businessDate: string,
): SubmitCommand => ({
  partnerCode,
  kind: 'REVERSAL',
  reference: `lapsed-${id}`,
  authorisation: reference,
  payer: { memberId },
  amountMinor,
  currencyCode,
  occurredAt,
  businessDate,
});
