/**
 * The one way in for purchases and refunds: single mutation, list and file are all batches through here.
 *
 * Inside one transaction: fence and clock -> claim business keys -> read the first answers of the losers ->
 * lock members -> load facts -> decide item by item in arrival order (decide.ts) -> store. Rejections are
 * answers, never SQL errors, and leave nothing behind.
 */
import { businessDateIn } from '../../domain/kernel/calendar.js';
import { canonicalJson, textDigest } from '../../domain/kernel/canonical.js';
import { invariant } from '../../domain/kernel/invariant.js';
import { type Failure, fail } from '../../domain/kernel/result.js';
import { checkIntake } from '../../domain/transactions/intake.js';
import type { MatchReason } from '../../domain/transactions/match.js';
import { SOURCE_KIND_NO, type SubmitCommand, type TransactionErrorCode } from '../../domain/transactions/model.js';
import { sideOf, type Teller } from '../../domain/transactions/teller.js';
import type { DbTransaction } from '../../infrastructure/db/database.js';
import { newId } from '../../infrastructure/db/ids.js';
import { planOnce } from '../../infrastructure/db/planning.js';
import { type CardRecord, findCards } from '../cards/index.js';
import { openWindows } from '../ledger/index.js';
import { findMembers, lockMembers, type MemberRecord } from '../members/index.js';
import type { PartnerRecord } from '../partners/index.js';
import { decideBatch } from './decide.js';
import { loadBatchState } from './load.js';
import { payloadOf } from './payload.js';
import { type Recorded, recordedOf } from './recorded.js';
import type { ReferenceCache } from './reference.js';
import { storeBatch } from './store.js';
import { type BusinessKey, claimKeys, type FirstAnswer, findFirstAnswers, keyText } from './transaction.sql.js';

/** What became of one command. The ids of a duplicate are those of the first. */
export type SubmitOutcome =
  | {
      readonly status: 'ACCEPTED' | 'DUPLICATE';
      readonly transactionId: string;
      readonly sourceId: string;
      readonly memberNo: number;
      readonly matchReason?: MatchReason;
      /** What was stored, for the answer; absent for a duplicate. */
      readonly recorded?: () => Recorded;
    }
  | { readonly status: 'REJECTED'; readonly failure: Failure<TransactionErrorCode> };

/** A command on its way through the batch. */
export interface Item {
  readonly command: SubmitCommand;
  readonly sourceId: string;
  /** Canonical JSON of what the partner said: stored, and what the hash is of. */
  readonly payload: string;
  readonly bodyHash: Buffer;
  readonly partner?: PartnerRecord;
  readonly teller?: Teller;
  readonly key?: BusinessKey;
  card?: CardRecord;
  member?: { readonly no: number };
  /** Set as soon as it is known. */
  outcome?: SubmitOutcome;
}

const rejected = (failure: Failure<TransactionErrorCode>): SubmitOutcome => ({ status: 'REJECTED', failure });

/**
 * Takes a batch of commands of one programme in; answers in their order, valid once the transaction commits.
 * The caller has authorised every command. At most 1,000 commands, so that the fence is held briefly.
 */
export async function processBatch(
  tx: DbTransaction,
  cache: ReferenceCache,
  programmeNo: number,
  commands: readonly SubmitCommand[],
): Promise<SubmitOutcome[]> {
  planOnce(tx);
  // Asked in one tick, the fence first: one round trip.
  const [{ now, windows }, reference, payers] = await Promise.all([
    openWindows(tx, [programmeNo]),
    cache.current(tx),
    findPayers(tx, programmeNo, commands),
  ]);
  const programme = reference.programmes.byNo(programmeNo);
  const window = windows.get(programmeNo);
  invariant(programme && window, `programme ${programmeNo} has no books`);

  const intakeFacts = {
    programmeCurrency: programme.currencyCode,
    now,
    today: businessDateIn(now, programme.timeZone),
  };
  const items = commands.map((command): Item => {
    const partner = reference.partners.byCode(command.partnerCode);
    const payload = canonicalJson(payloadOf(command));
    const base = { command, sourceId: newId(), payload, bodyHash: textDigest(payload) };
    if (partner === undefined) {
      return {
        ...base,
        outcome: rejected(
          fail('UNKNOWN_PARTNER', `No partner has the code "${command.partnerCode}"; onboard it first.`, 'partnerCode')
            .failure,
        ),
      };
    }
    const key = { partnerNo: partner.no, kindNo: SOURCE_KIND_NO[command.kind], reference: command.reference };
    const teller = { side: sideOf(partner.roles, command.kind), partnerNo: partner.no };
    const checked = checkIntake(command, intakeFacts);
    const named = { ...base, partner, key, teller };
    return checked.ok ? named : { ...named, outcome: rejected(checked.failure) };
  });

  givePayers(items, payers);
  // Keys before members, for everybody. Those of repeated messages are locked too: nobody knows yet which they are.
  const [claimed, locked] = await Promise.all([claim(tx, items), lockMembers(tx, membersOf(items))]);
  const firstAnswers = await answersOfOthers(tx, items, claimed);
  const open = items.filter((item) => item.outcome === undefined && !(item.key && firstAnswers.has(keyText(item.key))));
  const state = await loadBatchState(tx, reference, programmeNo, open, locked);
  const decided = decideBatch(items, { reference, programmeNo, firstAnswers, state, newId });
  await storeBatch(tx, { programmeNo, reference, window, now, claimed, items, decided, state });
  const recorded = new Map(decided.map((accepted) => [accepted.item, accepted]));
  return items.map((item) => {
    invariant(item.outcome, 'every item is answered');
    const accepted = recorded.get(item);
    if (accepted === undefined) return item.outcome;
    return { ...item.outcome, recorded: () => recordedOf(accepted, { programmeNo, now, state }) };
  });
}

const membersOf = (items: readonly Item[]): number[] =>
  items.flatMap(({ outcome, member }) => (outcome === undefined && member ? [member.no] : []));

/** Who pays, as messages name them. */
interface Payers {
  readonly cards: ReadonlyMap<string, CardRecord>;
  readonly members: readonly MemberRecord[];
}

export async function findPayers(
  tx: DbTransaction,
  programmeNo: number,
  commands: readonly SubmitCommand[],
): Promise<Payers> {
  const tokens: string[] = [];
  const codes: string[] = [];
  const ids: string[] = [];
  for (const { payer } of commands) {
    if ('cardToken' in payer) tokens.push(payer.cardToken);
    else if ('memberCode' in payer) codes.push(payer.memberCode);
    else ids.push(payer.memberId);
  }
  const [cards, members] = await Promise.all([
    tokens.length > 0 ? findCards(tx, programmeNo, [...new Set(tokens)]) : new Map<string, CardRecord>(),
    codes.length + ids.length > 0 ? findMembers(tx, programmeNo, { codes, ids }) : [],
  ]);
  return { cards, members };
}

/** What is not found is rejected only after the keys were looked at: a repeat gets its first answer. */
export function givePayers(items: readonly Item[], { cards, members }: Payers): void {
  const byCode = new Map(members.map((member) => [member.code, member]));
  const byId = new Map(members.map((member) => [member.id, member]));
  for (const item of items) {
    const { payer } = item.command;
    if ('cardToken' in payer) {
      const card = cards.get(payer.cardToken);
      if (card !== undefined && card.unlinkedAt == null) {
        item.card = card;
        item.member = { no: card.memberNo };
      }
    } else {
      const member: MemberRecord | undefined =
        'memberCode' in payer ? byCode.get(payer.memberCode) : byId.get(payer.memberId);
      if (member !== undefined && member.status === 'ACTIVE') item.member = member;
    }
  }
}

/** Claims the key of the first item of each key; returns the items whose claim stands. */
async function claim(tx: DbTransaction, items: readonly Item[]): Promise<Set<Item>> {
  const first = new Map<string, Item>();
  for (const item of items) {
    if (item.outcome === undefined && item.key && item.member && !first.has(keyText(item.key)))
      first.set(keyText(item.key), item);
  }
  const claims = [...first.values()].flatMap((item) =>
    item.key && item.member
      ? [{ ...item.key, bodyHash: item.bodyHash, sourceId: item.sourceId, memberNo: item.member.no }]
      : [],
  );
  const won = await claimKeys(tx, claims);
  return new Set([...first.values()].filter((item) => won.has(item.sourceId)));
}

async function answersOfOthers(
  tx: DbTransaction,
  items: readonly Item[],
  claimed: ReadonlySet<Item>,
): Promise<Map<string, FirstAnswer>> {
  const ours = new Set([...claimed].map((item) => item.key && keyText(item.key)));
  const keys = new Map<string, BusinessKey>();
  for (const { key, outcome } of items) {
    if (outcome === undefined && key && !ours.has(keyText(key))) keys.set(keyText(key), key);
  }
  const answers = await findFirstAnswers(tx, [...keys.values()]);
  return new Map(answers.map((answer) => [keyText(answer), answer]));
}
