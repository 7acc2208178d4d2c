/**
 * What a purchase would earn: the same loading and the same engine as for a real one, nothing stored.
 */
import { evaluate } from '../../domain/earning/evaluate.js';
import { type Headroom, headroomOf, type NextThreshold, nextThreshold } from '../../domain/earning/headroom.js';
import type { Evaluation, ProgrammeTerms } from '../../domain/earning/model.js';
import { businessDateIn } from '../../domain/kernel/calendar.js';
import { fail, ok, type Result } from '../../domain/kernel/result.js';
import { checkIntake } from '../../domain/transactions/intake.js';
import type { SubmitCommand, TransactionErrorCode } from '../../domain/transactions/model.js';
import { readClock } from '../../infrastructure/db/clock.js';
import type { Database } from '../../infrastructure/db/database.js';
import type { ProgrammeRecord } from '../programmes/index.js';
import { BatchState } from './batch-state.js';
import { earningFacts, loadFacts } from './earning-facts.js';
import { findPayers, givePayers, type Item } from './pipeline.js';
import { placeInProgramme } from './placed.js';
import { purchaseOf, withTimes } from './purchase-of.js';
import type { ReferenceCache } from './reference.js';
import type { PurchaseFacts } from './translate.js';

export interface Quote {
  readonly programme: ProgrammeRecord;
  readonly tier: string;
  readonly terms: ProgrammeTerms;
  readonly evaluation: Evaluation;
  readonly headroom: readonly Headroom[];
  readonly nextThreshold: NextThreshold | undefined;
}

/** Members see only their own quotes: `mayQuote` gets the payer's member number before anything is told. */
export async function quote(
  database: Database,
  cache: ReferenceCache,
  programmeCode: string,
  translate: (programme: ProgrammeRecord) => Result<PurchaseFacts, TransactionErrorCode>,
  occurredAt: Date | undefined,
  mayQuote: (memberNo: number | undefined) => void,
): Promise<Result<Quote, TransactionErrorCode>> {
  return database.command(async (tx) => {
    const reference = await cache.current(tx);
    const programme = reference.programmes.byCode(programmeCode);
    if (programme === undefined) {
      return fail(
        'UNKNOWN_PROGRAMME',
        `There is no programme "${programmeCode}"; apply it first or check the code.`,
        'programmeCode',
      );
    }
    const facts = translate(programme);
    if (!facts.ok) return facts;
    const at = occurredAt ?? (await readClock(tx));
    const command: SubmitCommand = {
      ...facts.value,
      partnerCode: '',
      kind: 'PURCHASE',
      reference: 'quote',
      occurredAt: at,
      businessDate: businessDateIn(at, programme.timeZone),
    };
    const item: Item = { command, sourceId: '', payload: '', bodyHash: Buffer.alloc(0) };
    // A quote may look ahead: it is the future that it asks about.
    const checked = checkIntake(command, {
      programmeCurrency: programme.currencyCode,
      now: at,
      today: command.businessDate,
    });
    if (!checked.ok) return checked;
    givePayers([item], await findPayers(tx, programme.no, [command]));
    mayQuote(item.member?.no);
    const placed = placeInProgramme(item, programme.no, reference);
    if (!placed.ok) return placed;
    const { terms, memberNo } = placed.value;
    const said = purchaseOf(item, reference);
    const state = new BatchState();
    await loadFacts(tx, reference, programme.no, [{ memberNo, purchase: said, terms }], state, 'READ');
    const books = state.booksOf(memberNo);
    const purchase = withTimes(said, at, terms, books.traits?.timeZone);
    const earning = earningFacts(purchase, memberNo, terms, programme.no, reference, state);
    const evaluation = evaluate(purchase, earning, terms);
    return ok({
      programme,
      terms,
      tier: earning.tier,
      evaluation,
      headroom: headroomOf(purchase, terms, evaluation, (key) => books.usedOf(key)),
      nextThreshold: nextThreshold(purchase, earning, terms),
    });
  });
}
