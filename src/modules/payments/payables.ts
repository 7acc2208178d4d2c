/** What the programme owes and what partners owe it, from the lines of settlements and the balances behind them. */
import type { Payer } from '../../domain/payments/match.js';
import type { Payable } from '../../domain/payments/payouts.js';
import type { DbTransaction } from '../../infrastructure/db/database.js';
import { type DueLine, lockDueLines } from './due-lines.sql.js';
import {
  findDepositReturns,
  findDonations,
  findLastPayments,
  findUnpaid,
  type PayingProgramme,
} from './payment.sql.js';
import { findPayers } from './receipt.sql.js';

/** Lines that partners are to be paid, the oldest settlement first, then deposits that go back, then donations. */
export async function findPayables(tx: DbTransaction, programme: PayingProgramme): Promise<Payable[]> {
  const lines = (await lockDueLines(tx, programme)).filter(
    ({ dueMinor, state }) => dueMinor < 0n && (state === 'PENDING' || state === 'REJECTED'),
  );
  const deposits = programme.isOwnCurrency ? await findDepositReturns(tx, programme.no) : [];
  const donations = programme.isOwnCurrency
    ? (await findDonations(tx, programme)).filter(({ balanceMinor }) => balanceMinor < 0n)
    : [];
  const payments = await findLastPayments(
    tx,
    programme.no,
    [...lines, ...deposits].map(({ id }) => id),
    donations.map(({ partnerNo }) => partnerNo),
  );
  const byWhat = new Map(payments.map((payment) => [payment.ofId ?? payment.partnerNo, payment]));
  const last = (what: string | number): Pick<Payable, 'last'> => {
    const found = byWhat.get(what);
    if (found === undefined) return {};
    return { last: { attempt: found.attempt, accountId: found.bankAccountId, failed: found.failed } };
  };
  return [
    ...lines.map(({ id, settlementNo, partnerNo, dueMinor }) => ({
      ...{ purpose: 'SETTLEMENT' as const, partnerNo, amountMinor: -dueMinor, ofId: id, settlementNo },
      ...last(id),
    })),
    ...deposits.map(({ id, partnerNo, amountMinor, entryNo }) => ({
      ...{ purpose: 'DEPOSIT' as const, partnerNo, amountMinor, ofId: id, entryNo },
      ...last(id),
    })),
    ...donations.map(({ partnerNo, balanceMinor }) => ({
      ...{ purpose: 'CHARITY' as const, partnerNo, amountMinor: -balanceMinor },
      ...last(partnerNo),
    })),
  ];
}

/** Partners that may have paid: named by number, or by an account they have or had. */
export async function findPayersOf(
  tx: DbTransaction,
  programme: PayingProgramme,
  named: { readonly partnerNos: readonly number[]; readonly ibans: readonly string[] },
): Promise<Payer[]> {
  const payers = await findPayers(tx, named.partnerNos, named.ibans);
  if (payers.length === 0) return [];
  const partnerNos = payers.map(({ partnerNo }) => partnerNo);
  const lines = Map.groupBy(await lockDueLines(tx, programme, partnerNos), (line) => line.partnerNo);
  const unpaid = new Map(
    (await findUnpaid(tx, programme, partnerNos)).map(({ partnerNo, balanceMinor }) => [partnerNo, balanceMinor]),
  );
  return payers.map(({ partnerNo, ibans }) => {
    const own = lines.get(partnerNo) ?? [];
    const claimed = own.flatMap(({ id, settlementNo, state, dueMinor, contestedMinor }) => {
      const openMinor = dueMinor - contestedMinor;
      const payable = dueMinor > 0n && openMinor > 0n && (state === 'PENDING' || state === 'DISPUTED');
      return payable ? [{ lineId: id, settlementNo, openMinor }] : [];
    });
    return {
      partnerNo,
      ibans,
      lines: claimed,
      besidesMinor: besidesOf(own, unpaid.get(partnerNo) ?? 0n),
    };
  });
}

/**
 * What a partner owes besides its lines, such as a prepaid block: what they do not explain of its balance (1200), from
 * which what is instructed and what is in dispute have gone.
 */
function besidesOf(own: readonly DueLine[], unpaidMinor: bigint): bigint {
  const explained = own
    .filter(({ state }) => state !== 'INSTRUCTED')
    .reduce((sum, { dueMinor, contestedMinor }) => sum + dueMinor - contestedMinor, 0n);
  return unpaidMinor > explained ? unpaidMinor - explained : 0n;
}
