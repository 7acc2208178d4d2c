/**
 * Decides on two purchases that may be one: confirmed, they become one as if they had been alike enough at once;
 * rejected, they stay two and are never proposed again.
 */
import type { Principal } from '../../domain/access/principal.js';
import { businessDateIn } from '../../domain/kernel/calendar.js';
import { invariant } from '../../domain/kernel/invariant.js';
import { fail, ok, type Result } from '../../domain/kernel/result.js';
import { tellersOf } from '../../domain/transactions/lifecycle.js';
import { isId } from '../../graphql/scalars.js';
import { answerOnce } from '../../infrastructure/db/command-key.js';
import type { Database, DbTransaction } from '../../infrastructure/db/database.js';
import { newId } from '../../infrastructure/db/ids.js';
import { authorize } from '../access/index.js';
import { recordEvents } from '../events/index.js';
import { openWindows } from '../ledger/index.js';
import { lockMembers } from '../members/index.js';
import type { BatchFacts } from './decide.js';
import { loadPair } from './load.js';
import type { MatchErrorCode } from './match.errors.js';
import { decideMatch, findFirstSource, findMatch, lockMatch, type StoredMatch } from './match.sql.js';
import { mergePurchases } from './merge.js';
import type { ReferenceCache } from './reference.js';
import { storeChanges } from './store-changes.js';

export interface DecideMatch {
  readonly matchId: string;
  readonly idempotencyKey: string;
}

type Opened = Awaited<ReturnType<typeof openWindows>>;
type Answer = { readonly matchId: string };

export class MatchService {
  constructor(
    private readonly database: Database,
    private readonly cache: ReferenceCache,
  ) {}

  /** They are one purchase. */
  confirm(principal: Principal, command: DecideMatch): Promise<Result<Answer, MatchErrorCode>> {
    return this.decide(principal, command, 'CONFIRM_MATCH', async (tx, match, opened) => {
      const merged = await this.merge(tx, match, opened);
      if (merged.ok) await decideMatch(tx, match.id, 'CONFIRMED', principal.subject);
      return merged;
    });
  }

  /** They are two. */
  reject(principal: Principal, command: DecideMatch): Promise<Result<Answer, MatchErrorCode>> {
    return this.decide(principal, command, 'REJECT_MATCH', async (tx, { id }) => {
      await decideMatch(tx, id, 'REJECTED', principal.subject);
      return ok(undefined);
    });
  }

  private async decide(
    principal: Principal,
    { matchId, idempotencyKey }: DecideMatch,
    operation: string,
    work: (tx: DbTransaction, match: StoredMatch, opened: Opened) => Promise<Result<undefined, MatchErrorCode>>,
  ): Promise<Result<Answer, MatchErrorCode>> {
    authorize(principal, 'match.decide');
    const unknown = fail('UNKNOWN_MATCH', 'There is no such match; read the list of matches.', 'matchId');
    const found = isId(matchId) ? await this.database.command((tx) => findMatch(tx, matchId)) : undefined;
    if (found === undefined) return unknown;
    return this.database.command(async (tx) => {
      const opened = await openWindows(tx, [found.programmeNo]);
      const key = { client: principal.subject, key: idempotencyKey, operation, body: { matchId } };
      return answerOnce<Answer, MatchErrorCode>(tx, key, async () => {
        await lockMembers(tx, [found.memberNo]);
        const match = await lockMatch(tx, matchId);
        if (match?.state !== 'PROPOSED') {
          return fail(
            'MATCH_DECIDED',
            'It was decided before, or one of the two has found its other side; read it again.',
            'matchId',
          );
        }
        const done = await work(tx, match, opened);
        return done.ok ? ok({ matchId }) : done;
      });
    });
  }

  private async merge(
    tx: DbTransaction,
    { programmeNo, memberNo, earlierId, laterId }: StoredMatch,
    { now, windows }: Opened,
  ): Promise<Result<undefined, MatchErrorCode>> {
    const reference = await this.cache.current(tx);
    const window = windows.get(programmeNo);
    const programme = reference.programmes.byNo(programmeNo);
    invariant(window && programme, `programme ${programmeNo} has no books`);
    const { state, pair } = await loadPair(tx, reference, programmeNo, memberNo, [earlierId, laterId]);
    const [kept, gone] = pair;
    if (kept === undefined || gone === undefined || !areTwoSides(kept.messages, gone.messages)) {
      return fail('NOT_MATCHABLE', 'Both have been told by the same side since; they stay two purchases.', 'matchId');
    }
    const facts: BatchFacts = { reference, programmeNo, firstAnswers: new Map(), state, newId };
    const changes = mergePurchases({ kept, gone, by: 'BY_HAND' }, facts);
    if ('code' in changes) return fail('NOT_MATCHABLE', changes.message, 'matchId');
    const sourceId = await findFirstSource(tx, gone.id, memberNo);
    const businessDate = businessDateIn(now, programme.timeZone);
    await storeChanges(tx, {
      programmeNo,
      reference,
      window,
      now,
      state,
      told: [{ memberNo, sourceId, businessDate, changes }],
    });
    const partnerNos = new Set([...kept.messages, ...gone.messages].flatMap(({ teller }) => teller?.partnerNo ?? []));
    recordEvents(tx, [
      {
        type: 'transaction.recorded',
        programmeNo,
        memberNo,
        partnerNos: [...partnerNos],
        subjectId: kept.id,
      },
    ]);
    return ok(undefined);
  }
}

type Messages = Parameters<typeof tellersOf>[0];

/** No side has told of both. */
const areTwoSides = (one: Messages, other: Messages): boolean =>
  tellersOf([...one, ...other]) === tellersOf(one) + tellersOf(other);
