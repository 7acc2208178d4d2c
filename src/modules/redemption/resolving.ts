/** Finding a redemption again: who may do what with it, and the transaction in which it is decided. */
import type { Principal } from '../../domain/access/principal.js';
import { invariant } from '../../domain/kernel/invariant.js';
import { fail, ok, type Result } from '../../domain/kernel/result.js';
import { isId } from '../../graphql/scalars.js';
import { answerOnce } from '../../infrastructure/db/command-key.js';
import type { Database, DbTransaction } from '../../infrastructure/db/database.js';
import type { OpenedLots } from '../lots/index.js';
import { lockMembers, whoseMember } from '../members/index.js';
import type { ProgrammeRecord } from '../programmes/index.js';
import type { ReferenceCache } from '../transactions/index.js';
import { kernelOf } from './redeemed.js';
import type { RedemptionErrorCode } from './redemption.errors.js';
import type { Redeemed } from './redemption.service.js';
import { findRedemption, findTakes, getRedemption, type RedemptionRecord } from './redemption.sql.js';
import { openLots, openTill, type Till } from './till.js';

export interface Resolve {
  readonly redemptionId: string;
  readonly idempotencyKey: string;
}

/** Whether the caller may decide about the redemption: by its partner alone, or by whoever may spend the units too. */
export type Deciders = 'REDEEMER' | 'REDEEMER_OR_MEMBER';

/** A way of resolving a redemption. */
export interface Resolution<Command> {
  readonly operation: string;
  readonly deciders: Deciders;
  /** What is asked for, whose decimals are still text: the redemption's programme decides how many are allowed. */
  translate(programme: ProgrammeRecord): Result<Command, RedemptionErrorCode>;
  decide(opened: Opened, command: Command): Promise<Result<RedemptionRecord, RedemptionErrorCode>>;
}

/** A redemption under its member's lock, with the member's lots of this day. */
export interface Opened {
  readonly till: Till;
  readonly redemption: RedemptionRecord;
  readonly lots: OpenedLots;
}

/**
 * Decides about a redemption once for the key, and answers with the redemption as it is now. The same key gives the
 * same answer, for ever.
 */
export async function resolveOnce<Command extends object>(
  database: Database,
  references: ReferenceCache,
  principal: Principal,
  { redemptionId, idempotencyKey }: Resolve,
  { operation, deciders, translate, decide }: Resolution<Command>,
): Promise<Result<Redeemed, RedemptionErrorCode>> {
  const found = await findAllowed(database, principal, redemptionId, deciders);
  if (!found.ok) return found;
  const { id, memberNo, programmeNo } = found.value;
  const programme = await references.find(database, ({ programmes }) => programmes.byNo(programmeNo));
  invariant(programme !== undefined, 'a redemption is in a programme');
  const command = translate(programme);
  if (!command.ok) return command;
  return database.command(async (tx) => {
    const till = await openTill(tx, references, programmeNo);
    if (!till.ok) return till;
    const key = { client: principal.subject, key: idempotencyKey, operation, body: { ...command.value, redemptionId } };
    const answer = await answerOnce<{ id: string }, RedemptionErrorCode>(tx, key, async () => {
      const decided = await decide(await open(till.value, id, memberNo), command.value);
      return decided.ok ? ok({ id }) : decided;
    });
    return answer.ok ? ok({ redemption: await getRedemption(tx, id), programme }) : answer;
  });
}

/** Locks the member and opens its lots, those of the redemption among them. */
export async function open(till: Till, id: string, memberNo: number): Promise<Opened> {
  await lockMembers(till.tx, [memberNo]);
  const redemption = await getRedemption(till.tx, id);
  const takes = (await findTakes(till.tx, [id])).get(id) ?? [];
  const lots = await openLots(till, memberNo, [kernelOf(redemption, takes, till.programme.timeZone)]);
  return { till, redemption, lots };
}

async function findAllowed(
  database: Database,
  principal: Principal,
  id: string,
  deciders: Deciders,
): Promise<Result<RedemptionRecord, RedemptionErrorCode>> {
  return database.command(async (tx) => {
    const found = isId(id) ? await findRedemption(tx, id) : undefined;
    if (found === undefined) return unknown();
    const refused = await refusalFor(tx, principal, found, deciders);
    return refused ?? ok(found);
  });
}

async function refusalFor(
  tx: DbTransaction,
  principal: Principal,
  { memberNo, partnerNo }: RedemptionRecord,
  deciders: Deciders,
): Promise<Result<never, RedemptionErrorCode> | undefined> {
  if (principal.kind === 'MEMBER') {
    if (deciders === 'REDEEMER_OR_MEMBER' && principal.memberNo === memberNo) return undefined;
    return fail('ANOTHER_MEMBERS_UNITS', 'This redemption is of another member; name one of your own.', 'redemptionId');
  }
  if (principal.kind !== 'PARTNER' || principal.partnerNo === partnerNo) return undefined;
  if (deciders === 'REDEEMER_OR_MEMBER') {
    const { partnerNos = [] } = await whoseMember(tx, memberNo);
    if (partnerNos.includes(principal.partnerNo)) return undefined;
  }
  return fail(
    'WRONG_PARTNER',
    'The redemption is at the till of another partner; only that one decides about it.',
    'redemptionId',
  );
}

const unknown = () =>
  fail(
    'UNKNOWN_REDEMPTION',
    'There is no redemption of this id; take the id from redemptionAuthorise.',
    'redemptionId',
  );
