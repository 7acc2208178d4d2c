/**
 * The one way to authorise and resolve redemptions: many commands of one programme in one transaction.
 *
 * Fence and clock -> who pays -> claim references and keys, each sorted -> lock members -> load facts as sets -> decide
 * in arrival order, each command seeing what the one before has left -> store, one statement per table. Rejections are
 * answers and leave nothing behind.
 */
import type { Principal } from '../../domain/access/principal.js';
import { invariant } from '../../domain/kernel/invariant.js';
import { fail, ok, type Result } from '../../domain/kernel/result.js';
import type { Take } from '../../domain/redemption/member-lots.js';
import { redemptionOf } from '../../domain/redemption/redeem.js';
import { isId } from '../../graphql/scalars.js';
import { CommandKeys, type KeyedCommand } from '../../infrastructure/db/command-key.js';
import type { DbTransaction } from '../../infrastructure/db/database.js';
import { planOnce } from '../../infrastructure/db/planning.js';
import { type OpenedLots, openMemberLots } from '../lots/index.js';
import { lockMembers } from '../members/index.js';
import type { PartnerRecord } from '../partners/index.js';
import type { ReferenceCache } from '../transactions/index.js';
import { type Authorise, bodyHashOf, hold, mostHeld, refuseBasket } from './authorising.js';
import { asksAsBank, nameOf, refuseStranger } from './payer.js';
import { type PayerRecord, Payers } from './payer.sql.js';
import { kernelOf } from './redeemed.js';
import type { RedemptionErrorCode } from './redemption.errors.js';
import {
  claimReferences,
  findPurchases,
  findRedemptions,
  findTakes,
  insertRedemptions,
  type NewRedemption,
  type RedemptionRecord,
  tell,
  updateRedemptions,
} from './redemption.sql.js';
import type { OnReleased } from './release.js';
import type { Decided, Opened } from './resolving.js';
import { openTill, partnerOf, type Redeemer, storeLots, type Till } from './till.js';

export type TillCommand = AuthoriseCommand | ResolveCommand;

export interface AuthoriseCommand {
  readonly kind: 'AUTHORISE';
  readonly principal: Principal;
  readonly command: Authorise;
}

export interface ResolveCommand {
  readonly kind: 'RESOLVE';
  readonly redemption: Pick<RedemptionRecord, 'id' | 'memberNo'>;
  /** Its answer is given once for ever; commands of a job have none. */
  readonly key?: KeyedCommand;
  /** A purchase that it names. */
  readonly purchaseId?: string | undefined;
  decide(opened: Opened): Result<Decided, RedemptionErrorCode>;
}

export type TillAnswer = Result<RedemptionRecord, RedemptionErrorCode>;

/** Decides the commands in order and stores what is decided; answers in their order, valid once it commits. */
export async function processTill(
  tx: DbTransaction,
  references: ReferenceCache,
  programmeNo: number,
  commands: readonly TillCommand[],
  onReleased: OnReleased,
): Promise<TillAnswer[]> {
  planOnce(tx);
  const till = await openTill(tx, references, programmeNo);
  if (!till.ok) return commands.map(() => till);
  const wishes = await wishesOf(till.value, commands);
  const asked = commands.flatMap((command) => (command.kind === 'RESOLVE' && command.key ? [command.key] : []));
  const resolved = [...new Set(commands.flatMap((one) => (one.kind === 'RESOLVE' ? [one.redemption.id] : [])))];
  // One round trip, in this order. Those of repeated commands are locked too: nobody knows yet which they are.
  const [named, keys, , records, takes] = await Promise.all([
    claimReferences(tx, namesOf(wishes)),
    CommandKeys.open(tx, asked),
    lockMembers(tx, membersOf(commands, wishes)),
    findRedemptions(tx, resolved),
    findTakes(tx, resolved),
  ]);
  const known = new Map(
    named.map((redemption) => [referenceText(redemption.partnerNo, redemption.reference), redemption]),
  );
  const open = commands.filter((command) => {
    if (command.kind === 'RESOLVE') return command.key === undefined || keys.answerOf(command.key) === undefined;
    const wish = wishes.get(command);
    return wish?.ok === true && wish.value.redeemer.ok && !known.has(wishText(wish.value));
  });
  const batch = new Batch(till.value, await loadFacts(till.value, open, wishes, { records, takes }), keys, known);
  const answers = commands.map((command) =>
    command.kind === 'RESOLVE' ? batch.resolve(command) : batch.authorise(command.command, wishes.get(command)),
  );
  await store(till.value, batch, onReleased);
  return answers;
}

/** A basket with whoever redeems and pays; what is wrong with it is told after its reference was looked at. */
interface Wish {
  readonly command: Authorise;
  readonly partner: PartnerRecord;
  readonly payer: PayerRecord;
  readonly redeemer: Result<Redeemer, RedemptionErrorCode>;
}

type Wishes = ReadonlyMap<TillCommand, Result<Wish, RedemptionErrorCode>>;

async function wishesOf(till: Till, commands: readonly TillCommand[]): Promise<Wishes> {
  const asked = commands.flatMap((command) => {
    if (command.kind !== 'AUTHORISE') return [];
    const partner = partnerOf(till, command.command.partnerCode);
    return [{ command, partner, name: nameOf(command.principal, command.command.payer) }];
  });
  const payers = await Payers.load(
    till.tx,
    till.programme.no,
    asked.flatMap(({ name }) => (name.ok ? [name.value] : [])),
    asked.some(({ command, partner }) => partner.ok && asksAsBank(command.principal, partner.value.no)),
  );
  const wishes = new Map<TillCommand, Result<Wish, RedemptionErrorCode>>();
  for (const { command, partner, name } of asked) {
    const payer = name.ok
      ? refuseStranger(command.principal, payers.named(name.value), partner.ok ? partner.value.no : undefined)
      : name;
    if (!partner.ok) wishes.set(command, partner);
    else if (!payer.ok) wishes.set(command, payer);
    else {
      const redeemer = refuseBasket(till, partner.value, payer.value, command.command);
      wishes.set(command, ok({ command: command.command, partner: partner.value, payer: payer.value, redeemer }));
    }
  }
  return wishes;
}

const referenceText = (partnerNo: number, reference: string): string => `${partnerNo}/${reference}`;
const wishText = ({ partner, command }: Wish): string => referenceText(partner.no, command.reference);

const namesOf = (wishes: Wishes) =>
  [...wishes.values()].flatMap((wish) =>
    wish.ok ? [{ partnerNo: wish.value.partner.no, reference: wish.value.command.reference }] : [],
  );

/** Whose units a command is about; nobody's when it is refused for its basket. */
function memberOf(command: TillCommand, wishes: Wishes): number | undefined {
  if (command.kind === 'RESOLVE') return command.redemption.memberNo;
  const wish = wishes.get(command);
  return wish?.ok === true && wish.value.redeemer.ok ? wish.value.payer.no : undefined;
}

const membersOf = (commands: readonly TillCommand[], wishes: Wishes): number[] => [
  ...new Set(commands.flatMap((command) => memberOf(command, wishes) ?? [])),
];

/** What decisions look at, under the members' locks. */
interface Facts {
  readonly records: ReadonlyMap<string, RedemptionRecord>;
  readonly lots: OpenedLots;
  hasPurchase(memberNo: number, id: string): boolean;
}

/** Redemptions that are resolved and what they take, as they are under the locks. */
interface Resolved {
  readonly records: readonly RedemptionRecord[];
  readonly takes: ReadonlyMap<string, readonly Take[]>;
}

async function loadFacts(
  till: Till,
  open: readonly TillCommand[],
  wishes: Wishes,
  { records: found, takes }: Resolved,
): Promise<Facts> {
  const { tx, programme, terms, today } = till;
  const memberNos = membersOf(open, wishes);
  const records = new Map(found.map((record) => [record.id, record]));
  const opening = [...new Set(open.flatMap((command) => (command.kind === 'RESOLVE' ? [command.redemption.id] : [])))];
  const purchaseKeys = open.flatMap((command) => {
    const ids =
      command.kind === 'RESOLVE'
        ? [command.purchaseId, records.get(command.redemption.id)?.transactionId]
        : [command.command.transactionId];
    const memberNo = memberOf(command, wishes);
    return ids.flatMap((id) => (memberNo !== undefined && id != null && isId(id) ? [{ id, memberNo }] : []));
  });
  const kernels = opening.flatMap((id) => {
    const record = records.get(id);
    return record
      ? [{ memberNo: record.memberNo, redemption: kernelOf(record, takes.get(id) ?? [], programme.timeZone) }]
      : [];
  });
  const ofMembers = Map.groupBy(kernels, ({ memberNo }) => memberNo);
  const spends = spentBy(till, open, wishes);
  const members = memberNos.map((memberNo) => ({
    memberNo,
    redemptions: (ofMembers.get(memberNo) ?? []).map(({ redemption }) => redemption),
    spends: spends.get(memberNo) ?? 0n,
  }));
  const [purchases, lots] = await Promise.all([
    findPurchases(tx, purchaseKeys),
    openMemberLots(tx, { programmeNo: programme.no, terms, today, members }),
  ]);
  const made = new Set(purchases.map(({ id, memberNo }) => `${memberNo}/${id}`));
  return { records, lots, hasPurchase: (memberNo, id) => made.has(`${memberNo}/${id.toLowerCase()}`) };
}

/** The most that these commands hold of each payer's units; what is held already stands in the redemptions. */
function spentBy(till: Till, open: readonly TillCommand[], wishes: Wishes): ReadonlyMap<number, bigint> {
  const spent = new Map<number, bigint>();
  for (const command of open) {
    const wish = wishes.get(command);
    if (command.kind !== 'AUTHORISE' || wish?.ok !== true || !wish.value.redeemer.ok) continue;
    const { payer, redeemer } = wish.value;
    spent.set(payer.no, (spent.get(payer.no) ?? 0n) + mostHeld(till, redeemer.value, command.command));
  }
  return spent;
}

/** The fold: what the commands so far have left, and what is to be stored of it. */
class Batch {
  readonly records: Map<string, RedemptionRecord>;
  readonly inserted: Omit<NewRedemption, 'decided'>[] = [];
  /** By id: whether the lots it takes have changed too. */
  readonly changed = new Map<string, boolean>();
  readonly events: Decided[] = [];

  constructor(
    private readonly till: Till,
    readonly facts: Facts,
    readonly keys: CommandKeys,
    private readonly known: Map<string, RedemptionRecord & { readonly bodyHash: Buffer }>,
  ) {
    this.records = new Map(facts.records);
  }

  authorise(command: Authorise, wish: Result<Wish, RedemptionErrorCode> | undefined): TillAnswer {
    invariant(wish !== undefined, 'every basket was looked at');
    if (!wish.ok) return wish;
    const { payer, redeemer } = wish.value;
    const bodyHash = bodyHashOf(command, payer);
    const known = this.known.get(wishText(wish.value));
    if (known?.bodyHash.equals(bodyHash) === false) {
      return fail(
        'REFERENCE_CONFLICT',
        `"${command.reference}" was used before for another redemption; choose a new reference.`,
        'reference',
      );
    }
    if (known !== undefined) return ok(known);
    if (!redeemer.ok) return redeemer;
    const { lots, hasPurchase } = this.facts;
    const held = hold(this.till, redeemer.value, payer, command, {
      before: lots.of(payer.no),
      hasPurchase: (id) => hasPurchase(payer.no, id),
    });
    if (!held.ok) return held;
    const { record, member } = held.value;
    lots.put(payer.no, member);
    this.inserted.push({ record, bodyHash });
    this.known.set(wishText(wish.value), { ...record, bodyHash });
    return ok(record);
  }

  resolve({ redemption: { id, memberNo }, key, decide }: ResolveCommand): TillAnswer {
    const answer = key && this.keys.answerOf(key);
    const redemption = this.records.get(id);
    invariant(redemption !== undefined, 'a redemption never goes away');
    if (answer !== undefined) return answer.ok ? ok(redemption) : answer;
    const { lots, hasPurchase } = this.facts;
    const decided = decide({
      till: this.till,
      redemption,
      member: lots.of(memberNo),
      hasPurchase: (purchaseId) => hasPurchase(memberNo, purchaseId),
    });
    if (!decided.ok) return decided;
    const { record, member, takesChanged } = decided.value;
    lots.put(memberNo, member);
    this.records.set(id, record);
    this.changed.set(id, takesChanged || this.changed.get(id) === true);
    this.events.push(decided.value);
    if (key) this.keys.remember(key, { id });
    return ok(record);
  }
}

/** Of members about whom nothing was decided nothing is stored. Lots and journal come last: they lock what all share. */
async function store(till: Till, batch: Batch, onReleased: OnReleased): Promise<void> {
  const { inserted, changed, records, events, facts, keys } = batch;
  const { tx } = till;
  const takesOf = (record: RedemptionRecord) => redemptionOf(facts.lots.of(record.memberNo), record.id);
  const changes = [...changed].map(([id, takesChanged]) => {
    const record = records.get(id) as RedemptionRecord;
    return { record, ...(takesChanged && { decided: takesOf(record) }) };
  });
  if (inserted.length + changes.length === 0) return;
  insertRedemptions(
    tx,
    inserted.map((row) => ({ ...row, decided: takesOf(row.record) })),
  );
  updateRedemptions(tx, changes);
  for (const { event, record } of events) tell(tx, event, record);
  const released = changes.flatMap(({ record: { kind, state }, record }) =>
    kind === 'ITEM' && (state === 'VOIDED' || state === 'EXPIRED') ? [record] : [],
  );
  if (released.length > 0) await onReleased(tx, released);
  keys.store(tx);
  const touched = new Set([...inserted, ...changes].map(({ record }) => record.memberNo));
  await storeLots(till, facts.lots.only(touched));
}
