/**
 * The door to members' lots: open them, change them by pure steps of the kernel, store them.
 *
 *   const { now, windows } = await openWindows(tx, [programmeNo]);
 *   await lockMembers(tx, [memberNo]);
 *   const lots = await openMemberLots(tx, { programmeNo, terms, today, members: [{ memberNo }] });
 *   lots.put(memberNo, authorise(lots.of(memberNo), request, terms).member);
 *   const { entries, entryNos } = await storeMemberLots(tx, lots);
 *   await recordEntries(tx, window, now, entries, entryNos);
 */
import { addDays, type BusinessDate } from '../../domain/kernel/calendar.js';
import { invariant } from '../../domain/kernel/invariant.js';
import { advance, settle } from '../../domain/redemption/advance.js';
import { looksAtActivity } from '../../domain/redemption/dormancy.js';
import { goneOn } from '../../domain/redemption/lot.js';
import { type MemberLots, NO_LOTS, type Redemption } from '../../domain/redemption/member-lots.js';
import type { RedemptionTerms } from '../../domain/redemption/model.js';
import { sumOfParts } from '../../domain/redemption/part.js';
import { mayRedeem } from '../../domain/redemption/wind-down.js';
import type { DbTransaction } from '../../infrastructure/db/database.js';
import {
  type LotsToSpend,
  loadLots,
  loadLotsToSpend,
  loadStandings,
  type MemberStanding,
  type NamedLot,
} from './lot.sql.js';

export interface LotsToOpen {
  readonly programmeNo: number;
  /** In force today. */
  readonly terms: RedemptionTerms;
  /** Of the programme's own zone; what falls due up to and with it has happened when the lots are open. */
  readonly today: BusinessDate;
  /** Locked. Each once. */
  readonly members: readonly {
    readonly memberNo: number;
    /** What was redeemed before and is to be captured, given up or given back. */
    readonly redemptions?: readonly Redemption[];
    /** Further lots that must be there though nothing is left of them, with what lives on of them. */
    readonly lotIds?: readonly string[];
    /** No other lots: for a step that most likely needs none of them. Where there are fees, all of them are opened. */
    readonly namedOnly?: boolean;
    /**
     * Beside what is named no more than so many units are used, in the order of spending: other lots need not be opened.
     * Where more may happen than that, such as lots that go today or debts that are repaid, all of them are.
     */
    readonly spends?: bigint;
  }[];
}

/** Members' lots as they were stored and as they are by now. */
export class OpenedLots {
  private readonly current: Map<number, MemberLots>;

  constructor(
    readonly opened: Pick<LotsToOpen, 'programmeNo' | 'terms'>,
    private readonly stored: Map<number, MemberLots>,
    caughtUp: ReadonlyMap<number, MemberLots>,
  ) {
    this.current = new Map(caughtUp);
  }

  /** Members who were opened again stand as they do there; what was done to them here is forgotten. */
  takeOver(again: OpenedLots): void {
    for (const { memberNo, before, after } of again.all()) {
      this.stored.set(memberNo, before);
      this.current.set(memberNo, after);
    }
  }

  of(memberNo: number): MemberLots {
    const member = this.current.get(memberNo);
    invariant(member !== undefined, `the lots of member ${memberNo} are open`);
    return member;
  }

  put(memberNo: number, changed: MemberLots): void {
    invariant(this.current.has(memberNo), `the lots of member ${memberNo} are open`);
    this.current.set(memberNo, changed);
  }

  /** These of the members, as they stand here. */
  only(memberNos: ReadonlySet<number>): OpenedLots {
    const of = <T>(members: ReadonlyMap<number, T>) => new Map([...members].filter(([no]) => memberNos.has(no)));
    return new OpenedLots(this.opened, of(this.stored), of(this.current));
  }

  /** Every member, in the order in which they were opened. */
  all(): { readonly memberNo: number; readonly before: MemberLots; readonly after: MemberLots }[] {
    return [...this.current].map(([memberNo, after]) => ({
      memberNo,
      before: this.stored.get(memberNo) as MemberLots,
      after,
    }));
  }
}

/** Loads the lots in two statements, however many members; pending ones are not among them. */
export async function openMemberLots(tx: DbTransaction, opened: LotsToOpen): Promise<OpenedLots> {
  const { programmeNo, terms, today, members } = opened;
  const memberNos = members.map(({ memberNo }) => memberNo);
  const standings = new Map((await loadStandings(tx, programmeNo, memberNos, today)).map((row) => [row.memberNo, row]));
  const opening = members.map((member): Opening => {
    const standing = standings.get(member.memberNo);
    invariant(standing !== undefined, `member ${member.memberNo} has a balance row`);
    return { ...member, standing, spends: isOpenedInPart(member, standing, opened) ? member.spends : undefined };
  });
  const lots = await loadOpening(tx, opening, opened);
  const stored = new Map<number, MemberLots>();
  for (const { memberNo, standing, redemptions = [] } of opening) {
    const its = lots.get(memberNo) ?? { lots: [] };
    stored.set(memberNo, { ...memberLots(standing, its, terms, today), redemptions });
  }
  const caughtUp = new Map(Array.from(stored, ([no, member]) => [no, caughtUpTo(member, today, terms)]));
  return new OpenedLots(opened, stored, caughtUp);
}

interface Opening extends Omit<LotsToOpen['members'][number], 'spends'> {
  readonly standing: MemberStanding;
  /** Absent where all lots are opened. */
  readonly spends: bigint | undefined;
}

/** Whether nothing happens by itself, so that the lots that are used are all that changes. */
const isOpenedInPart = (
  { spends }: LotsToOpen['members'][number],
  { debts, mayHaveGone }: MemberStanding,
  { terms, today }: LotsToOpen,
): boolean =>
  spends !== undefined &&
  (spends === 0n || terms.order === 'AVAILABLE_FIRST') &&
  debts.length === 0 &&
  !mayHaveGone &&
  !looksAtActivity(terms) &&
  mayRedeem(terms, today);

async function loadOpening(
  tx: DbTransaction,
  opening: readonly Opening[],
  { terms, today }: LotsToOpen,
): Promise<Map<number, Pick<MemberLots, 'lots' | 'unopened'>>> {
  const inPart = opening.flatMap((member) =>
    member.spends === undefined ? [] : [{ ...member, units: member.spends }],
  );
  const others = opening.filter(({ spends }) => spends === undefined);
  const whole = others.filter(({ namedOnly }) => namedOnly !== true || terms.dormancy !== undefined);
  const lots: Map<number, Pick<MemberLots, 'lots' | 'unopened'>> = new Map();
  const wholeNos = whole.map(({ memberNo }) => memberNo);
  for (const [memberNo, all] of await loadLots(tx, wholeNos, namedBy(others))) lots.set(memberNo, { lots: all });
  const parts = await loadLotsToSpend(tx, inPart, namedBy(inPart), today);
  for (const { memberNo, units, standing } of inPart)
    lots.set(memberNo, partOfLots(parts.get(memberNo) ?? { lots: [], inTurn: 0n }, units, standing));
  return lots;
}

const namedBy = (members: readonly Opening[]): NamedLot[] =>
  members.flatMap(({ memberNo, redemptions = [], lotIds = [] }) =>
    [...new Set([...lotIds, ...redemptions.flatMap(({ takes }) => takes.map(({ lotId }) => lotId))])].map((id) => ({
      id,
      memberNo,
    })),
  );

/** Nobody owes here, so the balance is what all usable lots hold. When less is in turn than is spent, all lots are there. */
function partOfLots(
  { lots, inTurn }: LotsToSpend,
  spends: bigint,
  { availableUnits }: MemberStanding,
): Pick<MemberLots, 'lots' | 'unopened'> {
  const units = availableUnits - sumOfParts(lots.map(({ left }) => left)).units;
  return inTurn < spends || units <= 0n ? { lots } : { lots, unopened: { units, usableBefore: inTurn } };
}

function memberLots(
  { lastActivityOn, feesTakenTo, debts, borne }: MemberStanding,
  lots: Pick<MemberLots, 'lots' | 'unopened'>,
  terms: RedemptionTerms,
  today: BusinessDate,
): MemberLots {
  const member: MemberLots = {
    ...NO_LOTS,
    ...{ ...lots, debts, borne },
    ...(lastActivityOn === null ? {} : { lastActivityOn }),
  };
  return { ...member, asOf: startOf(member, feesTakenTo, terms, today) };
}

/**
 * The day from which what happens by itself is caught up with. Fees are taken once, from the day after the last one
 * on; otherwise what was missed can only be lots that have gone, and those that are gone are no longer there.
 */
function startOf(
  member: MemberLots,
  feesTakenTo: BusinessDate | null,
  terms: RedemptionTerms,
  today: BusinessDate,
): BusinessDate {
  if (terms.dormancy !== undefined && member.lastActivityOn !== undefined)
    return feesTakenTo === null || feesTakenTo < member.lastActivityOn ? member.lastActivityOn : feesTakenTo;
  let first = today;
  for (const lot of member.lots) {
    const gone = lot.left.units > 0n ? goneOn(lot, terms.expiry, member.lastActivityOn) : undefined;
    if (gone !== undefined && gone < first) first = gone;
  }
  return addDays(first, -1);
}

/** A lot that came in after its last day, as a late confirmation does, goes today: that day has been looked at. */
const caughtUpTo = (member: MemberLots, today: BusinessDate, terms: RedemptionTerms): MemberLots =>
  settle(advance(member, today, terms), terms);
