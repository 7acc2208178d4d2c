/**
 * Use cases of intake: submit one or many messages. Authorise, then hand the commands to their programme's
 * batcher; the pipeline decides and stores (pipeline.ts).
 */
import type { Principal } from '../../domain/access/principal.js';
import { type Failure, fail, type Result } from '../../domain/kernel/result.js';
import type { SubmitCommand, TransactionErrorCode } from '../../domain/transactions/model.js';
import { Batcher } from '../../infrastructure/db/batcher.js';
import type { Database } from '../../infrastructure/db/database.js';
import { authorize } from '../access/index.js';
import type { ProgrammeRecord } from '../programmes/index.js';
import { attachRefund } from './attach.js';
import { lapseAuthorisations } from './lapse.js';
import { processBatch, type SubmitOutcome } from './pipeline.js';
import type { Reference, ReferenceCache } from './reference.js';

export const MAX_ITEMS = 1_000;

/**
 * A batch costs ten times what a purchase in it does, so those who wait share one; two decide at once only when more wait
 * than that can matter to.
 */
const BATCHING = { lanes: 2, maxBatch: 256, worthALane: 64, leastRoom: MAX_ITEMS };

/** A command whose decimals are still text; the programme's currency decides how many are allowed. */
export type Translate = (programme: ProgrammeRecord) => Result<SubmitCommand, TransactionErrorCode>;

export class TransactionService {
  private readonly batchers = new Map<number, Batcher<SubmitCommand, SubmitOutcome>>();

  constructor(
    private readonly database: Database,
    private readonly cache: ReferenceCache,
  ) {}

  /** The periodic job: see lapse.ts. How many have lapsed. */
  lapseAuthorisations(signal?: AbortSignal): Promise<number> {
    return lapseAuthorisations(this.database, this.cache, signal);
  }

  /**
   * Takes messages in, in their order; each stands or falls by itself. Resolves after everything accepted is
   * committed. Throws ForbiddenError when the principal may not write for the partner: nothing is stored then.
   *
   * @param programmeCode may be left out when the partner has contracts in exactly one programme
   * @param signal what it waits for no longer is not taken any more
   */
  async submit(
    principal: Principal,
    programmeCode: string | undefined,
    partnerCode: string,
    items: readonly Translate[],
    signal?: AbortSignal,
  ): Promise<readonly SubmitOutcome[]> {
    const own = principal.kind === 'PARTNER' && principal.partnerCode === partnerCode;
    authorize(principal, 'transaction.submit', { partnerNos: own ? [principal.partnerNo] : [] });
    if (items.length > MAX_ITEMS) {
      return items.map(() =>
        rejection(
          fail('TOO_MANY_ITEMS', `A list has at most ${MAX_ITEMS} items; send it in parts.`, 'transactions').failure,
        ),
      );
    }
    const programme = await this.programmeOf(programmeCode, partnerCode);
    if (!programme.ok) return items.map(() => rejection(programme.failure));
    const translated = items.map((translate) => translate(programme.value));
    const answers = await this.enqueue(
      programme.value.no,
      translated.flatMap((item) => (item.ok ? [item.value] : [])),
      signal,
    );
    let next = 0;
    return translated.map((item) => (item.ok ? (answers[next++] as SubmitOutcome) : rejection(item.failure)));
  }

  /** Gives a refund that found no purchase the one it belongs to; returns why not, or nothing. */
  async attachRefund(
    principal: Principal,
    refundId: string,
    purchaseId: string,
  ): Promise<Failure<TransactionErrorCode> | undefined> {
    authorize(principal, 'refund.attach');
    return this.database.command((tx) => attachRefund(tx, this.cache, refundId, purchaseId));
  }

  /** Answers everything accepted so far; for a graceful stop. */
  async drained(): Promise<void> {
    await Promise.all([...this.batchers.values()].map((batcher) => batcher.drained()));
  }

  private enqueue(
    programmeNo: number,
    commands: readonly SubmitCommand[],
    signal: AbortSignal | undefined,
  ): Promise<readonly SubmitOutcome[]> {
    let batcher = this.batchers.get(programmeNo);
    if (batcher === undefined) {
      batcher = new Batcher(
        (batch) => this.database.command((tx) => processBatch(tx, this.cache, programmeNo, batch)),
        { ...BATCHING, busy },
      );
      this.batchers.set(programmeNo, batcher);
    }
    return batcher.submit(commands, signal);
  }

  /** The named programme, or the only one the partner has a contract in. */
  private async programmeOf(
    programmeCode: string | undefined,
    partnerCode: string,
  ): Promise<Result<ProgrammeRecord, TransactionErrorCode>> {
    let answer: Result<ProgrammeRecord, TransactionErrorCode> | undefined;
    await this.cache.find(this.database, (reference) => {
      answer = programmeFor(reference, programmeCode, partnerCode);
      return answer.ok || undefined;
    });
    return answer as Result<ProgrammeRecord, TransactionErrorCode>;
  }
}

function programmeFor(
  { programmes, partners }: Reference,
  programmeCode: string | undefined,
  partnerCode: string,
): Result<ProgrammeRecord, TransactionErrorCode> {
  if (programmeCode !== undefined) {
    const programme = programmes.byCode(programmeCode);
    return programme === undefined
      ? fail(
          'UNKNOWN_PROGRAMME',
          `There is no programme "${programmeCode}"; apply it first or check the code.`,
          'programmeCode',
        )
      : { ok: true, value: programme };
  }
  const partner = partners.byCode(partnerCode);
  if (partner === undefined)
    return fail('UNKNOWN_PARTNER', `No partner has the code "${partnerCode}"; onboard it first.`, 'partnerCode');
  const [only, another] = programmes.all().filter(({ no }) => partners.hasContractIn(partner.no, no));
  return only === undefined || another !== undefined
    ? fail(
        'UNKNOWN_PROGRAMME',
        `Name the programme: partner "${partnerCode}" has contracts in ${only ? 'several' : 'none'}.`,
        'programmeCode',
      )
    : { ok: true, value: only };
}

const busy = (): SubmitOutcome =>
  rejection(fail('BUSY', 'More is waiting than can be taken in; retry the same message in a moment.').failure);

const rejection = (failure: Failure<TransactionErrorCode>): SubmitOutcome => ({ status: 'REJECTED', failure });
