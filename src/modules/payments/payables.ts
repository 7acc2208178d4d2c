/** What the programme owes and what partners owe it, from the lines of settlements and the balances behind them. */
import type { Payer } from '../../domain/payments/match.js';
import type { Payable } from '../../domain/payments/payouts.js';
import type { DbTransaction } from '../../infrastructure/db/database.js';
import { type DueLine, lockDueLines } from './due-lines.sql.js';
import {
  type EarlierPayment,
  findDonations,
  findFailedPayments,
  findUnpaid,
  type PayingProgramme,
} from './payment.sql.js';
import { findPayers } from './receipt.sql.js';

/** Lines that partners are to be paid, the oldest settlement first, then donations. */
export async function findPayables(tx: DbTransaction, programme: PayingProgramme): Promise<Payable[]> {
  const lines = (await lockDueLines(tx, programme.no)).filter(
    ({ dueMinor, state }) => dueMinor < 0n && (state === 'PENDING' || state === 'REJECTED'),
  );
  const donations = (await findDonations(tx, programme)).filter(({ balanceMinor }) => balanceMinor < 0n);
  const failed = await findFailedPayments(
    tx,
    programme.no,
    lines.map(({ id }) => id),
    donations.map(({ partnerNo }) => partnerNo),
  );
  const ofLine = new Map(failed.flatMap((payment) => (payment.lineId === null ? [] : [[payment.lineId, payment]])));
  const ofCharity = new Map(
    failed.flatMap((payment) => (payment.lineId === null ? [[payment.partnerNo, payment]] : [])),
  );
  return [
    ...lines.map(({ id, settlementNo, partnerNo, dueMinor }) => ({
      ...{ purpose: 'SETTLEMENT' as const, partnerNo, amountMinor: -dueMinor, lineId: id, settlementNo },
      ...rejectedOf(ofLine.get(id)),
    })),
    ...donations.map(({ partnerNo, balanceMinor }) => ({
      ...{ purpose: 'CHARITY' as const, partnerNo, amountMinor: -balanceMinor },
      ...rejectedOf(ofCharity.get(partnerNo)),
    })),
  ];
}

const rejectedOf = (payment: EarlierPayment | undefined): Pick<Payable, 'rejected'> =>
  payment === undefined ? {} : { rejected: { attempts: payment.attempt, accountId: payment.bankAccountId } };

/** Partners that may have paid: named by number, or by an account they have or had. */
export async function findPayersOf(
  tx: DbTransaction,
  programme: PayingProgramme,
  named: { readonly partnerNos: readonly number[]; readonly ibans: readonly string[] },
): Promise<Payer[]> {
  const payers = await findPayers(tx, named.partnerNos, named.ibans);
  if (payers.length === 0) return [];
  const partnerNos = payers.map(({ partnerNo }) => partnerNo);
  const lines = Map.groupBy(await lockDueLines(tx, programme.no, partnerNos), (line) => line.partnerNo);
  const unpaid = new Map(
    (await findUnpaid(tx, programme, partnerNos)).map(({ partnerNo, balanceMinor }) => [partnerNo, balanceMinor]),
  );
  return payers.map(({ partnerNo, ibans }) => {
    const own = lines.get(partnerNo) ?? [];
    const claimed = own.filter(({ state, dueMinor }) => state === 'PENDING' && dueMinor > 0n);
    return {
      partnerNo,
      ibans,
      lines: claimed.map(({ id, settlementNo, dueMinor }) => ({ lineId: id, settlementNo, openMinor: dueMinor })),
      besidesMinor: besidesOf(own, unpaid.get(partnerNo) ?? 0n),
    };
  });
}

/**
 * What a partner owes besides its lines, such as a prepaid block: what they do not explain of its balance (1200). What
 * is instructed has left the balance. While a line is in dispute nobody can tell.
 */
function besidesOf(own: readonly DueLine[], unpaidMinor: bigint): bigint {
  if (own.some(({ state }) => state === 'DISPUTED')) return 0n;
  const explained = own.filter(({ state }) => state !== 'INSTRUCTED').reduce((sum, { dueMinor }) => sum + dueMinor, 0n);
  return unpaidMinor > explained ? unpaidMinor - explained : 0n;
}
