/** Finding a redemption again: who may do what with it, and what is decided about it. */
import type { Principal } from '../../domain/access/principal.js';
import type { EventType } from '../../domain/events/event-type.js';
import { invariant } from '../../domain/kernel/invariant.js';
import { fail, ok, type Result } from '../../domain/kernel/result.js';
import type { MemberLots } from '../../domain/redemption/member-lots.js';
import type { Database } from '../../infrastructure/db/database.js';
import { whoseMember } from '../members/index.js';
import type { ProgrammeRecord } from '../programmes/index.js';
import type { ReferenceCache } from '../transactions/index.js';
import type { RedemptionErrorCode } from './redemption.errors.js';
import type { Asker, Redeemed } from './redemption.service.js';
import type { RedemptionRecord } from './redemption.sql.js';
import type { Till } from './till.js';
import type { RedemptionPlace, TillQueue } from './till-queue.js';

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
  decide(opened: Opened, command: Command): Result<Decided, RedemptionErrorCode>;
}

/** A redemption under its member's lock, with the member's lots of this day. */
export interface Opened {
  readonly till: Pick<Till, 'programme' | 'terms' | 'partners' | 'now'>;
  readonly redemption: RedemptionRecord;
  readonly member: MemberLots;
  /** Whether the member made that purchase. */
  hasPurchase(id: string): boolean;
}

/** What becomes of a redemption and of its member's lots. */
export interface Decided {
  readonly record: RedemptionRecord;
  readonly member: MemberLots;
  /** The lots it takes are not as they were. */
  readonly takesChanged: boolean;
  readonly event: EventType;
}

/** Where redemptions are decided. */
export interface Desk {
  readonly database: Database;
  readonly references: ReferenceCache;
  readonly tills: TillQueue;
}

/**
 * Decides about a redemption once for the key, and answers with the redemption as it is now. The same key gives the
 * same answer, for ever.
 */
export async function resolveOnce<Command extends { readonly transactionId?: string | undefined }>(
  { database, references, tills }: Desk,
  { principal, signal }: Asker,
  { redemptionId, idempotencyKey }: Resolve,
  { operation, deciders, translate, decide }: Resolution<Command>,
): Promise<Result<Redeemed, RedemptionErrorCode>> {
  const found = await tills.find(redemptionId, signal);
  if (!found.ok) return found;
  const refused = await refusalFor(database, principal, found.value, deciders);
  if (refused !== undefined) return refused;
  const { memberNo, programmeNo } = found.value;
  const programme = await references.find(database, ({ programmes }) => programmes.byNo(programmeNo));
  invariant(programme !== undefined, 'a redemption is in a programme');
  const command = translate(programme);
  if (!command.ok) return command;
  const answer = await tills.submit(
    programmeNo,
    {
      ...{ kind: 'RESOLVE', redemption: { id: found.value.id, memberNo }, purchaseId: command.value.transactionId },
      key: { client: principal.subject, key: idempotencyKey, operation, body: { ...command.value, redemptionId } },
      decide: (opened) => decide(opened, command.value),
    },
    signal,
  );
  return answer.ok ? ok({ redemption: answer.value, programme }) : answer;
}

/** What is asked of it never changes: whose units they are, and at whose till. */
async function refusalFor(
  database: Database,
  principal: Principal,
  { memberNo, partnerNo }: RedemptionPlace,
  deciders: Deciders,
): Promise<Result<never, RedemptionErrorCode> | undefined> {
  if (principal.kind === 'MEMBER') {
    if (deciders === 'REDEEMER_OR_MEMBER' && principal.memberNo === memberNo) return undefined;
    return fail('ANOTHER_MEMBERS_UNITS', 'This redemption is of another member; name one of your own.', 'redemptionId');
  }
  if (principal.kind !== 'PARTNER' || principal.partnerNo === partnerNo) return undefined;
  if (deciders === 'REDEEMER_OR_MEMBER') {
    const { partnerNos = [] } = await database.command((tx) => whoseMember(tx, memberNo));
    if (partnerNos.includes(principal.partnerNo)) return undefined;
  }
  return fail(
    'WRONG_PARTNER',
    'The redemption is at the till of another partner; only that one decides about it.',
    'redemptionId',
  );
}
