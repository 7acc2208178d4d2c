/**
 * What the engine is told about a member besides the purchase itself: loaded for a whole batch in a handful of
 * statements, then told purchase by purchase as the ones before it left it. What no rule asks for is not loaded.
 */
import { MemberBooks, whatRulesLookAt } from '../../domain/earning/books.js';
import { countersFor } from '../../domain/earning/caps.js';
import { progressPeriodStart } from '../../domain/earning/progress.js';
import { metricWindow } from '../../domain/tiers/qualify.js';
import { historyStart } from '../../domain/tiers/standing.js';
import { loadCounters, loadDays, loadMetric, lockBudgets } from '../earning/index.js';
import { loadTraits } from '../offers/index.js';
import { loadStandings } from '../tiers/index.js';
import { loadPast } from './standing.sql.js';
/** Everything that decisions on these purchases may look at. Their members are locked; budgets are locked here. */
export async function loadFacts(
  tx: DbTransaction,
  reference: Reference,
  programmeNo: number,
  asked: readonly Asked[],
  state: BatchState,
): Promise<void> {
  await openBooks(tx, asked, state);
  await loadTiers(tx, asked, state);
  await loadUses(tx, programmeNo, asked, state);
  await loadHistory(tx, reference, asked, state);
}
async function openBooks(tx, asked, state) {
  const looked = asked.flatMap(({ memberNo, terms }) => (whatRulesLookAt(terms).traits ? [memberNo] : []));
  const traits = await loadTraits(tx, [...new Set(looked)]);
  for (const memberNo of new Set(asked.map((one) => one.memberNo)))
    state.putBooks(memberNo, new MemberBooks(traits.get(memberNo), state.budgets, false));
}
/** One window per purchase where the tier is what it earns; day by day where tiers are held. */

async function loadTiers(tx: DbTransaction, asked: readonly Asked[], state: BatchState): Promise<void> {
  const windows = new Map<string, MetricWindow>();
  const held = asked.filter(({ terms }) => terms.tiers.downgrade.to !== 'IMMEDIATE');
  for (const { memberNo, purchase, terms } of asked) {
    const { tiers } = terms;
    if (tiers.downgrade.to !== 'IMMEDIATE') continue;
    const { first, last } = metricWindow(tiers, purchase.businessDate);
    windows.set(`${memberNo}/${first}/${last}`, { memberNo, first, last, metric: tiers.metric });
  }
  const wanted = [...windows.values()];
  const metrics = await loadMetric(tx, wanted);
  wanted.forEach(({ memberNo, first, last }, index) => {
    state.booksOf(memberNo).putWindow(first, last, metrics[index] ?? 0n);
  });
  if (held.length === 0) return;
  const standings = await loadStandings(
    tx,
    held.map(({ memberNo }) => memberNo),
  );
  const ranges = new Map();
  for (const { memberNo, purchase, terms } of held) {
    const standing = standings.get(memberNo);
    if (standing !== undefined) state.booksOf(memberNo).putStanding(standing);
    const first = historyStart(terms.tiers, standing, purchase.businessDate);
    const last = metricWindow(terms.tiers, purchase.businessDate).last;
    const known = ranges.get(memberNo);
    ranges.set(memberNo, {
      memberNo,
      first: known !== undefined && known.first < first ? known.first : first,
      last: known !== undefined && known.last > last ? known.last : last,
    });
  }
  for (const { memberNo, day, ...metric } of await loadDays(tx, [...ranges.values()]))
    state.booksOf(memberNo).putDay(day, metric);
}
async function loadUses(tx, programmeNo, asked, state) {
  const own = new Map();
  const shared = new Map();
  for (const { memberNo, purchase, terms } of asked) {
    for (const key of countersFor(purchase, terms)) {
      if (key.shared) shared.set(`${key.stored}/${key.period}`, key);
      else own.set(`${memberNo}/${key.stored}/${key.period}`, { ...key, memberNo });
    }
  }
  const counters = [...own.values()].map(({ memberNo, stored, period }) => ({ memberNo, capCode: stored, period }));
  for (const { memberNo, capCode, period, used } of await loadCounters(tx, counters))
    state.booksOf(memberNo).counters.put(capCode, period, used);
  const budgets = [...shared.values()].map(({ stored, period }) => ({ code: stored, period }));
  for (const { code, period, used } of await lockBudgets(tx, programmeNo, budgets))
    state.budgets.put(code, period, used);
}
/** Earlier purchases, for rules that count what a member has done in a period. */
async function loadHistory(tx, { partners }, asked, state) {
  const since = new Map();
  for (const { memberNo, purchase, terms } of asked) {
    if (!whatRulesLookAt(terms).progress) continue;
    const first = progressPeriodStart(terms, purchase);
    const known = since.get(memberNo);
    if (first !== undefined && (known === undefined || first < known)) since.set(memberNo, first);
  }
  for (const row of await loadPast(tx, [...since])) {
    const partner = row.merchantNo === null ? undefined : partners.byNo(row.merchantNo);
    const outlet = row.outletId === null ? undefined : partners.outletById(row.outletId);
    state.booksOf(row.memberNo).putPast({
      id: row.id,
      businessDate: row.businessDate,
      keptMinor: row.keptMinor,
      category: row.category,
      ...(partner && { partnerCode: partner.code }),
      ...(outlet && { outletCode: outlet.code }),
      ...(row.channel !== null && { channel: row.channel as Channel }),
    });
  }
}
/** Everything the engine is told besides the purchase, as it is before it. */
export function earningFacts(purchase, memberNo, terms, programmeNo, { partners }, state) {
  const contractOf = (partnerNo: number | undefined): ContractTerms | undefined =>
    partnerNo !== undefined && partners.byNo(partnerNo)?.status === 'ACTIVE'
      ? partners.contractOn(partnerNo, programmeNo, purchase.businessDate)
      : undefined;
  const merchantContract = contractOf(purchase.merchant?.partnerNo);
  const issuerContract = contractOf(purchase.issuer?.partnerNo);
  return state.booksOf(memberNo).facts(purchase, terms, {
    ...(merchantContract && { merchantContract }),
    ...(issuerContract && { issuerContract }),
  });
}
