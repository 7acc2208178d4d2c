/** The queue of receipts that nobody knew: a person says whose they are, and what for (entries 20, 32, 33). */
import type { Principal } from '../../domain/access/principal.js';
import { invariant } from '../../domain/kernel/invariant.js';
import { fail, ok, type Result } from '../../domain/kernel/result.js';
import { type ReceiptPurpose, receiptAllocated } from '../../domain/ledger/payment-entries.js';
import { type PaidLine, payClaims } from '../../domain/payments/claims.js';
import { type MoneyInput, parseMoney } from '../../graphql/money.js';
import { isId } from '../../graphql/scalars.js';
import { answerOnce } from '../../infrastructure/db/command-key.js';
import type { Database, DbTransaction } from '../../infrastructure/db/database.js';
import { newId } from '../../infrastructure/db/ids.js';
import { authorize } from '../access/index.js';
import { openWindows, recordEntries } from '../ledger/index.js';
import { findPartner, type PartnerRecord } from '../partners/index.js';
import { payLines } from './pay-lines.js';
import { findPayersOf } from './payables.js';
import { findProgramme, lockPayments, type PayingProgramme, windowFor } from './payment.sql.js';
import type { ReceiptErrorCode } from './payments.errors.js';
import { findMovement, insertAllocations, lockMovement, takeUnallocated, type WaitingMovement } from './receipt.sql.js';

export interface AllocateReceipt {
  readonly movementId: string;
  readonly partnerCode: string;
  readonly purpose: ReceiptPurpose;
  /** All that waits when absent. */
  readonly amount?: MoneyInput | undefined;
  readonly idempotencyKey: string;
}

type Answer = Result<{ readonly movementId: string }, ReceiptErrorCode>;

export class ReceiptService {
  constructor(private readonly database: Database) {}

  /** Money that waits pays what a partner owes, or becomes its deposit or its prepaid block. */
  async allocate(principal: Principal, command: AllocateReceipt): Promise<Answer> {
    authorize(principal, 'receipt.allocate');
    const { movementId, partnerCode, purpose, amount, idempotencyKey } = command;
    const found = isId(movementId) ? await this.database.command((tx) => findMovement(tx, movementId)) : undefined;
    if (found === undefined) {
      return fail('UNKNOWN_MOVEMENT', 'There is no movement of this id; ask for bankMovements.', 'movementId');
    }
    const { programmeNo } = found;
    const key = {
      client: principal.subject,
      key: idempotencyKey,
      operation: 'ALLOCATE_RECEIPT',
      body: { movementId, partnerCode, purpose, amount: amount ?? null },
    };
    return this.database.command(async (tx) => {
      const { now, windows } = await openWindows(tx, [programmeNo]);
      return answerOnce(tx, key, async (): Promise<Answer> => {
        await lockPayments(tx, programmeNo);
        const movement = (await lockMovement(tx, movementId)) as WaitingMovement;
        const programme = (await findProgramme(tx, programmeNo, movement.currencyCode)) as PayingProgramme;
        const minor = amountOf(movement, amount);
        if (!minor.ok) return minor;
        if (purpose !== 'SETTLEMENT' && !programme.isOwnCurrency) {
          return fail(
            'CURRENCY_MISMATCH',
            "Deposits and prepaid blocks are kept in the programme's own currency; this came in in another one.",
            'purpose',
          );
        }
        const partner = await findPartner(tx, partnerCode);
        if (partner === undefined) {
          return fail('UNKNOWN_PARTNER', `There is no partner "${partnerCode}"; check the code.`, 'partnerCode');
        }
        const paid = purpose === 'SETTLEMENT' ? await payClaimsOf(tx, programme, partner, minor.value) : ok([]);
        if (!paid.ok) return paid;
        const lines = paid.value;
        const own = { movementId, partnerNo: partner.no, purpose, matchedBy: 'PERSON' as const };
        const besides = minor.value - lines.reduce((sum, { amountMinor }) => sum + amountMinor, 0n);
        await takeUnallocated(tx, movementId, minor.value);
        await insertAllocations(tx, { subject: principal.subject, now }, [
          ...lines.map(({ lineId, amountMinor }) => ({ ...own, id: newId(), lineId, amountMinor })),
          ...(besides > 0n ? [{ ...own, id: newId(), lineId: null, amountMinor: besides }] : []),
        ]);
        await payLines(tx, lines);
        const window = windows.get(programmeNo);
        invariant(window !== undefined, 'a programme with statements has an open window');
        await recordEntries(tx, await windowFor(tx, window, programme), now, [
          receiptAllocated(purpose, partner.no, minor.value, programme.today),
        ]);
        return ok({ movementId });
      });
    });
  }
}

function amountOf(
  { unallocatedMinor, match, currencyCode }: WaitingMovement,
  amount: MoneyInput | undefined,
): Result<bigint, ReceiptErrorCode> {
  if (unallocatedMinor <= 0n || match === 'OPENING') {
    return fail(
      'NOTHING_UNALLOCATED',
      'Nothing that came in with this movement waits for an owner; ask for bankMovements with unallocatedOnly.',
      'movementId',
    );
  }
  if (amount === undefined) return ok(unallocatedMinor);
  const minor = parseMoney(amount, currencyCode, 'amount');
  if (!minor.ok) return minor;
  if (minor.value <= 0n) return fail('AMOUNT_NOT_POSITIVE', 'Give an amount above zero.', 'amount');
  return minor.value <= unallocatedMinor
    ? minor
    : fail('AMOUNT_ABOVE_UNALLOCATED', 'Less than that waits of this movement; give a smaller amount.', 'amount');
}

/** What the amount pays of what the partner owes; all of it has to pay something. */
async function payClaimsOf(
  tx: DbTransaction,
  programme: PayingProgramme,
  { no, code }: PartnerRecord,
  amountMinor: bigint,
): Promise<Result<readonly PaidLine[], ReceiptErrorCode>> {
  const [payer] = await findPayersOf(tx, programme, { partnerNos: [no], ibans: [] });
  invariant(payer !== undefined, 'a partner that was found can have paid');
  const { paid, paidMinor } = payClaims(payer, amountMinor);
  if (paidMinor === 0n) {
    return fail('NOTHING_OWED', `The partner "${code}" owes nothing now; name another one.`, 'partnerCode');
  }
  if (paidMinor < amountMinor) {
    return fail('AMOUNT_ABOVE_OWED', `The partner "${code}" owes less than that; give a smaller amount.`, 'amount');
  }
  return ok(paid);
}
