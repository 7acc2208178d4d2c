/**
 * Loads what the open items of a batch can touch, in a handful of statements, after their members are locked.
 */
import { whatRulesLookAt } from '../../domain/earning/books.js';
import { PROGRAMME_PARTY, type ProgrammeTerms, type Purchase } from '../../domain/earning/model.js';
import type { BusinessDate } from '../../domain/kernel/calendar.js';
import { SOURCE_KIND_NO, type StandingPurchase } from '../../domain/transactions/model.js';
import type { DbTransaction } from '../../infrastructure/db/database.js';
import { findMarks } from '../earning/index.js';
import type { LockedMember } from '../members/index.js';
import { BatchState, nameOf, placeOf } from './batch-state.js';
import { asOne, counterpartPairs, counterpartSearches, type Pair } from './counterpart.js';
import { findCounterparts } from './counterpart.sql.js';
import { type Asked, loadFacts } from './earning-facts.js';
import { findAwaited, findKept } from './lifecycle.sql.js';
import { storedMessage } from './message.js';
import { NAMEABLE } from './named.js';
import type { Item } from './pipeline.js';
import { merchantOf, placeOfItem, purchaseOf } from './purchase-of.js';
import type { Reference } from './reference.js';
import { standingOf } from './standing.js';
import { type CandidateSearch, findCandidates, loadStanding, type TransactionKey } from './standing.sql.js';
import { type BusinessKey, findFirstAnswers, keyText } from './transaction.sql.js';

export { merchantOf, placeOfItem, purchaseOf } from './purchase-of.js';

/** @param locked the members of the items */
export async function loadBatchState(
  tx: DbTransaction,
  reference: Reference,
  programmeNo: number,
  items: readonly Item[],
  locked: readonly LockedMember[],
): Promise<BatchState> {
  const state = new BatchState();
  for (const { memberNo, toldSides } of locked) state.putToldSides(memberNo, toldSides);
  const awaiting = locked.filter((member) => member.awaiting).map(({ memberNo }) => memberNo);
  for (const row of await findAwaited(tx, awaiting)) state.putAwaited({ ...row, message: storedMessage(row) });
  const touched = await loadTouched(tx, reference, programmeNo, state, items);
  const asked = askedOf(items, touched, reference, programmeNo, state);
  await loadFacts(tx, reference, programmeNo, asked, state);
  return state;
}

/** One purchase with all that a return of it may touch. Its member is locked. */
export async function loadPurchase(
  tx: DbTransaction,
  reference: Reference,
  programmeNo: number,
  key: TransactionKey,
): Promise<{ readonly state: BatchState; readonly standing?: StandingPurchase }> {
  const state = new BatchState();
  const touched = await putStanding(tx, reference, state, [key]);
  const carriers = await loadCarriers(tx, reference, programmeNo, state, touched);
  const asked = askedOf([], [...touched, ...carriers], reference, programmeNo, state);
  await loadFacts(tx, reference, programmeNo, asked, state);
  const [standing] = touched;
  return standing === undefined || standing.purchase.action !== undefined ? { state } : { state, standing };
}

/** Two purchases of a member, who is locked, with all that deciding them as one may touch. */
export async function loadPair(
  tx: DbTransaction,
  reference: Reference,
  programmeNo: number,
  memberNo: number,
  ids: readonly [string, string],
): Promise<{ readonly state: BatchState; readonly pair: readonly (StandingPurchase | undefined)[] }> {
  const state = new BatchState();
  const touched = await putStanding(
    tx,
    reference,
    state,
    ids.map((id) => ({ id, memberNo })),
  );
  const carriers = await loadCarriers(tx, reference, programmeNo, state, touched);
  const [one, other] = touched;
  const pairs = one && other ? [{ memberNo, purchases: asOne(one.purchase, other.purchase) }] : [];
  const asked = askedOf([], [...touched, ...carriers], reference, programmeNo, state, pairs);
  await loadFacts(tx, reference, programmeNo, asked, state);
  return { state, pair: ids.map((id) => state.purchase(id)) };
}

/** Purchases that messages of this batch name, may be matched to, or were waited for by. */
async function loadTouched(
  tx: DbTransaction,
  reference: Reference,
  programmeNo: number,
  state: BatchState,
  items: readonly Item[],
): Promise<StandingPurchase[]> {
  const keys = new Map<string, TransactionKey>();
  for (const answer of await findFirstAnswers(tx, namedBy(items))) {
    keys.set(answer.transactionId, { id: answer.transactionId, memberNo: answer.memberNo });
    state.named.set(keyText(answer), answer.transactionId);
  }
  for (const { command, partner } of items) {
    const names = [command.reference, command.authorisation, command.refundOf, command.exchangeOf];
    for (const name of names) {
      if (partner === undefined || name === undefined) continue;
      for (const { kindNo, transactionId, memberNo } of state.awaitedBy(nameOf(partner.no, name)))
        if (kindNo === SOURCE_KIND_NO.CLEARING) keys.set(transactionId, { id: transactionId, memberNo });
    }
  }
  for (const key of await findCandidates(tx, searchesOf(items, reference))) keys.set(key.id, key);
  for (const key of await findCounterparts(tx, counterpartSearches(items, state))) keys.set(key.id, key);
  if (keys.size === 0) return [];
  const touched = await putStanding(tx, reference, state, [...keys.values()]);
  touched.push(...(await putKept(tx, reference, state, [...keys.values()])));
  return [...touched, ...(await loadCarriers(tx, reference, programmeNo, state, touched))];
}

/** Whoever names a purchase that turned out to be another one means that one. */
async function putKept(
  tx: DbTransaction,
  reference: Reference,
  state: BatchState,
  keys: readonly TransactionKey[],
): Promise<StandingPurchase[]> {
  const gone = keys.filter(({ id }) => state.purchase(id) === undefined);
  const kept = await findKept(tx, gone);
  if (kept.size === 0) return [];
  for (const [key, id] of state.named) state.named.set(key, kept.get(id) ?? id);
  const wanted = gone.flatMap(({ id, memberNo }) => {
    const keptId = kept.get(id);
    return keptId === undefined || state.purchase(keptId) !== undefined
      ? []
      : [[keptId, { id: keptId, memberNo }] as const];
  });
  return putStanding(tx, reference, state, [...new Map(wanted).values()]);
}

async function putStanding(
  tx: DbTransaction,
  reference: Reference,
  state: BatchState,
  keys: readonly TransactionKey[],
): Promise<StandingPurchase[]> {
  const { purchases, accruals, messages } = await loadStanding(tx, keys);
  const accrualsOf = Map.groupBy(accruals, (accrual) => accrual.transactionId);
  const messagesOf = Map.groupBy(messages, (message) => message.transactionId);
  return purchases.map((row) => {
    const standing = standingOf(row, accrualsOf.get(row.id) ?? [], messagesOf.get(row.id) ?? [], reference);
    state.putPurchase(standing);
    return standing;
  });
}

/** Purchases that carry the reward of a mark which a return of `touched` may take away. */
async function loadCarriers(
  tx: DbTransaction,
  reference: Reference,
  programmeNo: number,
  state: BatchState,
  touched: readonly StandingPurchase[],
): Promise<StandingPurchase[]> {
  const marked = touched.filter(({ programmeVersion }) => {
    const terms = reference.programmes.version(programmeNo, programmeVersion)?.terms;
    return terms !== undefined && whatRulesLookAt(terms).progress;
  });
  if (marked.length === 0) return [];
  const marks = await findMarks(tx, [...new Set(marked.map(({ memberNo }) => memberNo))]);
  for (const mark of marks) state.putMark(mark);
  const missing = new Map(
    marks.flatMap(({ transactionId, memberNo }) =>
      state.purchase(transactionId) === undefined ? [[transactionId, { id: transactionId, memberNo }] as const] : [],
    ),
  );
  return putStanding(tx, reference, state, [...missing.values()]);
}

/** Business keys of what messages of this batch name. */
function namedBy(items: readonly Item[]): BusinessKey[] {
  const keys = new Map<string, BusinessKey>();
  for (const { command, partner, member } of items) {
    const reference = command.refundOf ?? command.authorisation ?? command.exchangeOf;
    if (partner === undefined || member === undefined || reference === undefined) continue;
    for (const kindNo of NAMEABLE) {
      const key = { partnerNo: partner.no, kindNo, reference };
      keys.set(keyText(key), key);
    }
  }
  return [...keys.values()];
}

/** Refunds that name no purchase, and clearings that name no authorisation. */
const isUnnamed = ({ command, member }: Item): boolean =>
  member !== undefined &&
  ((command.kind === 'REFUND' && command.refundOf === undefined) ||
    (command.kind === 'CLEARING' && command.authorisation === undefined));

function searchesOf(items: readonly Item[], reference: Reference): CandidateSearch[] {
  const unnamed = items.flatMap((item) => {
    const place = isUnnamed(item) ? placeOfItem(item, reference) : undefined;
    return place === undefined ? [] : [{ item, place }];
  });
  const sharing = Map.groupBy(unnamed, ({ place }) => place);
  return unnamed.map(({ item, place }) => ({
    memberNo: item.member?.no ?? PROGRAMME_PARTY,
    cardId: item.card?.id ?? null,
    merchantNo: merchantOf(item, reference)?.partnerNo ?? null,
    descriptor: item.command.descriptor ?? null,
    amountMinor: item.command.amountMinor,
    businessDate: item.command.businessDate,
    openOnly: item.command.kind === 'CLEARING',
    limit: (sharing.get(place)?.length ?? 0) + 1,
  }));
}

/**
 * The purchases whose facts this batch may need. Authorisations and clearings that belong together may be asked
 * about with the words of any of them, on any of their days.
 */
function askedOf(
  items: readonly Item[],
  touched: readonly StandingPurchase[],
  reference: Reference,
  programmeNo: number,
  state: BatchState,
  pairs: readonly Pair[] = counterpartPairs(
    items,
    touched,
    (item) => joinedBy(item, touched, reference, state),
    reference,
  ),
): Asked[] {
  const asked: Asked[] = [];
  const ask = (memberNo: number, purchase: Purchase): void => {
    const terms = reference.programmes.inForce(programmeNo, purchase.businessDate)?.terms;
    if (terms !== undefined) asked.push({ memberNo, purchase, terms });
  };
  const together = new Map<
    string,
    { readonly memberNo: number; readonly purchases: Purchase[]; readonly days: Set<BusinessDate> }
  >();
  for (const item of items) {
    const { command, member } = item;
    if (member === undefined || command.kind === 'REFUND') continue;
    const purchase = purchaseOf(item, reference);
    if (command.kind === 'PURCHASE' || command.kind === 'ACTION') ask(member.no, purchase);
    if (command.kind === 'PURCHASE' && command.postedOn !== undefined)
      ask(member.no, { ...purchase, businessDate: command.postedOn });
    if (command.kind === 'PURCHASE' || command.kind === 'ACTION') continue;
    const name = `${member.no}/${nameOf(item.partner?.no ?? 0, command.authorisation ?? command.reference)}`;
    const group = together.get(name) ?? { memberNo: member.no, purchases: [], days: new Set() };
    together.set(name, group);
    for (const { purchase: standing } of joinedBy(item, touched, reference, state)) {
      group.purchases.push(standing);
      group.days.add(standing.businessDate);
    }
    if (command.kind !== 'REVERSAL') group.purchases.push(purchase);
    group.days.add(command.businessDate).add(command.postedOn ?? command.businessDate);
  }
  for (const { memberNo, purchases } of pairs) {
    const days = new Set(purchases.map(({ businessDate }) => businessDate));
    together.set(`pair ${together.size}`, { memberNo, purchases: [...purchases], days });
  }
  for (const { memberNo, purchases, days } of together.values())
    for (const businessDate of days)
      for (const one of purchases) for (const other of purchases) ask(memberNo, { ...other, ...one, businessDate });
  const returnDays = Map.groupBy(
    items.filter(({ command }) => command.kind !== 'PURCHASE' || command.exchangeOf !== undefined),
    ({ member }) => member?.no,
  );
  for (const { memberNo, purchase, programmeVersion } of touched) {
    const terms = reference.programmes.version(programmeNo, programmeVersion)?.terms;
    if (terms === undefined) continue;
    if (sharesOrMarks(terms)) asked.push({ memberNo, purchase, terms });
    if (terms.tiers.levels.length === 1) continue;
    // A return moves the tier on its own day.
    const days = new Set(returnDays.get(memberNo)?.map(({ command }) => command.businessDate));
    for (const businessDate of days) asked.push({ memberNo, purchase: { ...purchase, businessDate }, terms });
  }
  return asked;
}

/** Purchases of those loaded that an authorisation, a clearing or a reversal may belong to. */
function joinedBy(
  item: Item,
  touched: readonly StandingPurchase[],
  reference: Reference,
  state: BatchState,
): StandingPurchase[] {
  const { command, partner } = item;
  if (partner === undefined) return [];
  const name = command.authorisation ?? command.reference;
  const key = keyText({ partnerNo: partner.no, kindNo: SOURCE_KIND_NO.AUTHORISATION, reference: name });
  const ids = new Set([
    state.named.get(key),
    ...state.awaitedBy(nameOf(partner.no, name)).map((row) => row.transactionId),
  ]);
  const place = isUnnamed(item) ? placeOfItem(item, reference) : undefined;
  return touched.filter((one) => ids.has(one.id) || (place !== undefined && placeOf(one) === place));
}

/** Budgets have to be locked before a refund gives back to them, and marks go by the member's history. */
const sharesOrMarks = (terms: ProgrammeTerms): boolean =>
  terms.caps.some(({ holder }) => holder === 'EVERYONE') || whatRulesLookAt(terms).progress;
