/**
 * What the engine is told about a member besides the purchase itself: loaded into the member's books for a whole
 * batch in a handful of statements, then told purchase by purchase as the ones before it left it.
 */
import { countsForMember, MemberBooks, type PurchaseContracts, whatRulesLookAt } from '../../domain/earning/books.js';
import { countersFor } from '../../domain/earning/caps.js';
import type {
  Channel,
  ContractTerms,
  EarningFacts,
  ProgrammeTerms,
  Purchase,
  TierLadder,
} from '../../domain/earning/model.js';
import { progressPeriodStart } from '../../domain/earning/progress.js';
import type { BusinessDate } from '../../domain/kernel/calendar.js';
import { metricWindow } from '../../domain/tiers/qualify.js';
import { historyStart, type TierStanding } from '../../domain/tiers/standing.js';
import { ChargeRooms } from '../../domain/treasury/exposure.js';
import type { DbTransaction } from '../../infrastructure/db/database.js';
import {
  type BudgetKey,
  type CounterKey,
  loadCounters,
  loadDays,
  loadMetric,
  lockBudgets,
  readBudgets,
  type SpendWindow,
} from '../earning/index.js';
import { loadTraits } from '../offers/index.js';
import { loadStandings } from '../tiers/index.js';
import { findStandings } from '../treasury/index.js';
import type { BatchState } from './batch-state.js';
import { boundedPartners, withExhausted } from './charge-rooms.js';
import { loadPast, type PastRow } from './history.sql.js';
import type { Reference } from './reference.js';

/** A purchase that may be decided, by the terms that would decide it. */
export interface Asked {
  readonly memberNo: number;
  readonly purchase: Purchase;
  readonly terms: ProgrammeTerms;
}

/**
 * Everything the asked purchases may need of their members, who are locked. What no rule of the terms looks at is
 * not loaded, so a plain programme costs three statements. A quote only reads the budgets.
 */
export async function loadFacts(
  tx: DbTransaction,
  reference: Reference,
  programmeNo: number,
  asked: readonly Asked[],
  state: BatchState,
  budgets: 'LOCKED' | 'READ' = 'LOCKED',
): Promise<void> {
  const membersWhere = (looks: (terms: ProgrammeTerms) => boolean): number[] => [
    ...new Set(asked.filter(({ terms }) => looks(terms)).map(({ memberNo }) => memberNo)),
  ];
  const tiered = asked.filter(({ terms }) => terms.tiers.levels.length > 1);
  const [traits, standings, counters] = await Promise.all([
    loadTraits(
      tx,
      membersWhere((terms) => whatRulesLookAt(terms).traits),
    ),
    loadStandings(tx, new Set(tiered.map(({ memberNo }) => memberNo))),
    loadCounters(tx, countersOf(asked)),
  ]);
  for (const memberNo of new Set(asked.map((each) => each.memberNo)))
    state.putBooks(memberNo, new MemberBooks(traits.get(memberNo), state.budgets, false));
  for (const { memberNo, capCode, period, used } of counters)
    state.booksOf(memberNo).counters.put(capCode, period, used);
  const budgetsUsed = budgets === 'LOCKED' ? lockBudgets : readBudgets;
  const [, used] = await Promise.all([
    loadTiers(tx, tiered, standings, state),
    budgetsUsed(tx, programmeNo, budgetsOf(asked)),
  ]);
  for (const each of used) state.budgets.put(each.code, each.period, each.used);
  const bounded = boundedPartners(asked, programmeNo, reference);
  if (bounded.length > 0) state.rooms = new ChargeRooms(await findStandings(tx, programmeNo, bounded, budgets));
  await loadHistory(tx, reference, asked, state);
}

async function loadTiers(
  tx: DbTransaction,
  asked: readonly Asked[],
  standings: ReadonlyMap<number, TierStanding>,
  state: BatchState,
): Promise<void> {
  for (const [memberNo, standing] of standings) state.booksOf(memberNo).putStanding(standing);
  const windows = new Map<TierLadder['metric'], Map<string, SpendWindow>>();
  const days = new Map<number, { readonly first: BusinessDate; readonly last: BusinessDate }>();
  for (const { memberNo, purchase, terms } of asked) {
    const { tiers } = terms;
    const window = metricWindow(tiers, purchase.businessDate);
    if (tiers.downgrade.to === 'IMMEDIATE') {
      const ofMetric = windows.get(tiers.metric) ?? new Map<string, SpendWindow>();
      windows.set(tiers.metric, ofMetric);
      ofMetric.set(`${memberNo}/${window.first}/${window.last}`, { memberNo, ...window });
      continue;
    }
    const first = historyStart(tiers, standings.get(memberNo), purchase.businessDate);
    const known = days.get(memberNo);
    days.set(memberNo, {
      first: known === undefined || first < known.first ? first : known.first,
      last: known === undefined || window.last > known.last ? window.last : known.last,
    });
  }
  for (const [metric, ofMetric] of windows) {
    const wanted = [...ofMetric.values()];
    const sums = await loadMetric(tx, metric, wanted);
    wanted.forEach(({ memberNo, first, last }, index) => {
      state.booksOf(memberNo).putWindow(first, last, sums[index] ?? 0n);
    });
  }
  const ranges = [...days].map(([memberNo, range]) => ({ memberNo, ...range }));
  const loaded = Map.groupBy(await loadDays(tx, ranges), ({ memberNo }) => memberNo);
  for (const { memberNo } of ranges) state.booksOf(memberNo).putDays(loaded.get(memberNo) ?? []);
}

function countersOf(asked: readonly Asked[]): CounterKey[] {
  const counters = new Map<string, CounterKey>();
  for (const { memberNo, purchase, terms } of asked)
    for (const { stored, period, shared } of countersFor(purchase, terms))
      if (!shared) counters.set(`${memberNo}/${stored}/${period}`, { memberNo, capCode: stored, period });
  return [...counters.values()];
}

/** Locked after the members. */
function budgetsOf(asked: readonly Asked[]): BudgetKey[] {
  const budgets = new Map<string, BudgetKey>();
  for (const { purchase, terms } of asked)
    for (const { stored, period, shared } of countersFor(purchase, terms))
      if (shared) budgets.set(`${stored} ${period}`, { code: stored, period });
  return [...budgets.values()];
}

async function loadHistory(
  tx: DbTransaction,
  reference: Reference,
  asked: readonly Asked[],
  state: BatchState,
): Promise<void> {
  const firsts = new Map<number, { readonly first: BusinessDate; readonly terms: ProgrammeTerms }>();
  for (const { memberNo, purchase, terms } of asked) {
    const first = progressPeriodStart(terms, purchase);
    const known = firsts.get(memberNo);
    if (first !== undefined && (known === undefined || first < known.first)) firsts.set(memberNo, { first, terms });
  }
  const wanted = [...firsts].map(([memberNo, { first }]) => ({ memberNo, first }));
  for (const row of await loadPast(tx, wanted)) {
    const terms = firsts.get(row.memberNo)?.terms;
    if (terms !== undefined) putPast(row, terms, reference, state);
  }
}

function putPast(row: PastRow, terms: ProgrammeTerms, { partners }: Reference, state: BatchState): void {
  const { id, businessDate, keptMinor, mcc, category } = row;
  if (!countsForMember({ amountMinor: keptMinor, businessDate, ...(mcc !== null && { mcc }) }, terms)) return;
  const merchant = row.merchantNo === null ? undefined : partners.byNo(row.merchantNo);
  const outlet = row.outletId === null ? undefined : partners.outletById(row.outletId);
  state.booksOf(row.memberNo).putPast({
    id,
    businessDate,
    keptMinor,
    category,
    ...(merchant && { partnerCode: merchant.code }),
    ...(outlet && { outletCode: outlet.code }),
    ...(row.channel !== null && { channel: row.channel as Channel }),
  });
}

/** Tier, counters, progress and contracts as they are before this purchase, and who can be charged no more for it. */
export function earningFacts(
  purchase: Purchase,
  memberNo: number,
  terms: ProgrammeTerms,
  programmeNo: number,
  reference: Reference,
  state: BatchState,
): EarningFacts {
  const facts = state.booksOf(memberNo).facts(purchase, terms, contractsOf(purchase, programmeNo, reference));
  return withExhausted(purchase, facts, terms, reference, state.rooms);
}

/** Contracts in force on the day of the purchase with those of its parties who are active. */
export function contractsOf(
  { merchant, issuer, businessDate }: Purchase,
  programmeNo: number,
  { partners }: Reference,
): PurchaseContracts {
  const contractOf = (partnerNo: number | undefined): ContractTerms | undefined =>
    partnerNo !== undefined && partners.byNo(partnerNo)?.status === 'ACTIVE'
      ? partners.contractOn(partnerNo, programmeNo, businessDate)
      : undefined;
  const merchantContract = contractOf(merchant?.partnerNo);
  const issuerContract = contractOf(issuer?.partnerNo);
  return { ...(merchantContract && { merchantContract }), ...(issuerContract && { issuerContract }) };
}
