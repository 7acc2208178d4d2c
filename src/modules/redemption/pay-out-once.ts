/** The transaction in which units of a member move out at once, once for its key. */
import type { Principal } from '../../domain/access/principal.js';
import { fail, ok, type Result } from '../../domain/kernel/result.js';
import { formatDecimal } from '../../domain/money/decimal.js';
import type { MemberLots } from '../../domain/redemption/member-lots.js';
import { available } from '../../domain/redemption/redeem.js';
import { mayRedeem } from '../../domain/redemption/wind-down.js';
import { answerOnce } from '../../infrastructure/db/command-key.js';
import type { Database, DbTransaction } from '../../infrastructure/db/database.js';
import { authorize, itself } from '../access/index.js';
import type { ProgrammeRecord } from '../programmes/index.js';
import type { ReferenceCache } from '../transactions/index.js';
import { type NamedPayer, payerOf, refuseClosed } from './payer.js';
import type { PayerRecord } from './payer.sql.js';
import type { RedemptionErrorCode } from './redemption.errors.js';
import type { Translate } from './redemption.service.js';
import { findProgramme, openTill, type Till } from './till.js';

export interface PayOut {
  readonly payer: NamedPayer;
  readonly units: bigint;
}

/** A command whose decimals are still text, in a programme, once for its key. */
export interface Keyed<Command> {
  readonly programmeCode: string;
  readonly idempotencyKey: string;
  readonly translate: Translate<Command>;
}

interface Operation<Command, Found> {
  readonly operation: string;
  /** Decides and stores; answers with the id of what it made. The member is not locked yet. */
  work(till: Till, payer: PayerRecord, command: Command): Promise<Result<{ readonly id: string }, RedemptionErrorCode>>;
  find(tx: DbTransaction, id: string): Promise<Found>;
}

export async function payOutOnce<Command extends PayOut, Found>(
  database: Database,
  references: ReferenceCache,
  principal: Principal,
  { programmeCode, idempotencyKey, translate }: Keyed<Command>,
  { operation, work, find }: Operation<Command, Found>,
): Promise<Result<{ readonly found: Found; readonly programme: ProgrammeRecord }, RedemptionErrorCode>> {
  authorize(principal, 'units.payOut', itself(principal));
  const programme = await findProgramme(database, references, programmeCode);
  if (!programme.ok) return programme;
  const command = translate(programme.value);
  if (!command.ok) return command;
  return database.command(async (tx) => {
    const till = await openTill(tx, references, programme.value.no);
    if (!till.ok) return till;
    const payer = await payerOf(till.value, principal, command.value.payer);
    if (!payer.ok) return payer;
    const body = { ...command.value, payer: payer.value.id, programmeCode };
    const answer = await answerOnce<{ id: string }, RedemptionErrorCode>(
      tx,
      { client: principal.subject, key: idempotencyKey, operation, body },
      async () => {
        const refused = refuse(till.value, payer.value, command.value);
        return refused.ok ? work(till.value, payer.value, command.value) : refused;
      },
    );
    return answer.ok ? ok({ found: await find(tx, answer.value.id), programme: programme.value }) : answer;
  });
}

/** Everything that is wrong whatever the member has. */
function refuse({ terms, today }: Till, payer: PayerRecord, { units }: PayOut): Result<undefined, RedemptionErrorCode> {
  if (units <= 0n) return fail('UNITS_NOT_POSITIVE', 'Give units above zero.', 'units');
  if (!mayRedeem(terms, today))
    return fail('REDEMPTION_ENDED', 'The last day of redemption has passed; units cannot be used any more.');
  return refuseClosed(payer);
}

/** Why the member cannot move so many units out, or nothing. */
export function refuseBeyond(
  lots: MemberLots,
  units: bigint,
  { unitScale, unitCode }: ProgrammeRecord,
): Result<undefined, RedemptionErrorCode> {
  const most = available(lots);
  if (units <= most) return ok(undefined);
  const has = formatDecimal(most < 0n ? 0n : most, unitScale);
  return fail('INSUFFICIENT_UNITS', `The member has ${has} ${unitCode} available; ask for no more.`, 'units');
}
