/**
 * What the engine is told about a member besides the purchase itself: loaded for a whole batch in a handful of
 * statements, then told purchase by purchase as the ones before it left it.
 */
import { countersFor } from '../../domain/earning/caps.js';
import type { ContractTerms, EarningFacts, ProgrammeTerms, Purchase } from '../../domain/earning/model.js';
import { tierFor, windowStart } from '../../domain/tiers/qualify.js';
import type { DbTransaction } from '../../infrastructure/db/database.js';
import { type CounterKey, loadCounters, loadSpend, type SpendWindow } from '../earning/index.js';
import type { BatchState } from './batch-state.js';
import { purchaseOf } from './load.js';
import type { Item } from './pipeline.js';
import type { Reference } from './reference.js';

/** Spend and counters that the purchases of a batch will ask for. Their members are locked. */
export async function loadFacts(
  tx: DbTransaction,
  reference: Reference,
  programmeNo: number,
  items: readonly Item[],
  state: BatchState,
): Promise<void> {
  const windows = new Map<string, SpendWindow>();
  const counters = new Map<string, CounterKey>();
  for (const item of items) {
    if (item.command.kind !== 'PURCHASE' || !item.member) continue;
    const terms = reference.programmes.inForce(programmeNo, item.command.businessDate)?.terms;
    if (terms === undefined) continue;
    const window = spendWindow(item.member.no, terms, item.command.businessDate);
    windows.set(`${window.memberNo}/${window.first}/${window.last}`, window);
    for (const { capCode, period } of countersFor(purchaseOf(item, reference), terms)) {
      counters.set(`${item.member.no}/${capCode}/${period}`, { memberNo: item.member.no, capCode, period });
    }
  }
  const spendWindows = [...windows.values()];
  state.putSpend(spendWindows, await loadSpend(tx, spendWindows));
  state.putUse(await loadCounters(tx, [...counters.values()]));
}

/** The days whose kept spend decides the tier of a purchase on `date`, that day included. */
export const spendWindow = (memberNo: number, terms: ProgrammeTerms, date: string): SpendWindow => ({
  memberNo,
  first: windowStart(terms.tiers, date),
  last: date,
});

/** Tier, counters and contracts as they are before this purchase. */
export function earningFacts(
  purchase: Purchase,
  memberNo: number,
  terms: ProgrammeTerms,
  programmeNo: number,
  { partners }: Reference,
  state: BatchState,
): EarningFacts {
  const windowSpendMinor = state.spendIn(spendWindow(memberNo, terms, purchase.businessDate));
  const contractOf = (partnerNo: number | undefined): ContractTerms | undefined =>
    partnerNo !== undefined && partners.byNo(partnerNo)?.status === 'ACTIVE'
      ? partners.contractOn(partnerNo, programmeNo, purchase.businessDate)
      : undefined;
  const merchantContract = contractOf(purchase.merchant?.partnerNo);
  const issuerContract = contractOf(purchase.issuer?.partnerNo);
  return {
    tier: tierFor(terms.tiers, windowSpendMinor).code,
    windowSpendMinor,
    capUsed: Object.fromEntries(
      countersFor(purchase, terms)
        .map(({ capCode, period }) => [capCode, state.usedOf({ memberNo, capCode, period })] as const)
        .filter(([, used]) => used > 0n),
    ),
    ...(merchantContract && { merchantContract }),
    ...(issuerContract && { issuerContract }),
  };
}
