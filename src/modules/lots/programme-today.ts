/** What the figures of a lot go by besides the lot: its programme, the day there, and the terms of redemption. */
import { type BusinessDate, businessDateIn } from '../../domain/kernel/calendar.js';
import { invariant } from '../../domain/kernel/invariant.js';
import type { RedemptionTerms } from '../../domain/redemption/model.js';
import type { GatewayContext, LoaderDefinition } from '../../graphql/context.js';
import type { ProgrammeRecord, PublishedTo } from '../programmes/index.js';

/** A programme today. */
export interface ProgrammeToday {
  readonly programme: ProgrammeRecord;
  readonly today: BusinessDate;
  /** Absent when none are in force. */
  readonly terms?: RedemptionTerms;
}

/** By the programme's number; once per request. */
export const programmesToday = (published: PublishedTo): LoaderDefinition<number, ProgrammeToday | undefined> => ({
  name: 'lots.programmes-today',
  async load(programmeNos, context) {
    const { programmes, now } = await published(context);
    return programmeNos.map((no) => {
      const programme = programmes.byNo(no);
      if (programme === undefined) return undefined;
      const today = businessDateIn(now, programme.timeZone);
      const terms = programmes.inForce(no, today)?.terms.redemption;
      return { programme, today, ...(terms && { terms }) };
    });
  },
});

export async function programmeToday(
  loader: LoaderDefinition<number, ProgrammeToday | undefined>,
  programmeNo: number,
  context: GatewayContext,
): Promise<ProgrammeToday> {
  const found = await context.loader(loader).load(programmeNo);
  invariant(found !== undefined, `programme ${programmeNo} of a lot is there`);
  return found;
}
