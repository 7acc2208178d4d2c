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
import { goneOn, type Lot } from '../../domain/redemption/lot.js';
import { type MemberLots, NO_LOTS, type Redemption } from '../../domain/redemption/member-lots.js';
import type { RedemptionTerms } from '../../domain/redemption/model.js';
import type { DbTransaction } from '../../infrastructure/db/database.js';
import { loadLots, loadStandings, type MemberStanding } from './lot.sql.js';

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
  const { terms, today, members } = opened;
  const memberNos = members.map(({ memberNo }) => memberNo);
  const named = members.flatMap(({ memberNo, redemptions = [], lotIds = [] }) =>
    [...new Set([...lotIds, ...redemptions.flatMap(({ takes }) => takes.map(({ lotId }) => lotId))])].map((id) => ({
      id,
      memberNo,
    })),
  );
  const whole = members.filter(({ namedOnly }) => namedOnly !== true || terms.dormancy !== undefined);
  const lots = await loadLots(
    tx,
    whole.map(({ memberNo }) => memberNo),
    named,
  );
  const standings = new Map((await loadStandings(tx, memberNos)).map((row) => [row.memberNo, row]));
  const stored = new Map<number, MemberLots>();
  for (const { memberNo, redemptions = [] } of members) {
    const standing = standings.get(memberNo);
    invariant(standing !== undefined, `member ${memberNo} has a balance row`);
    stored.set(memberNo, { ...memberLots(standing, lots.get(memberNo) ?? [], terms, today), redemptions });
  }
  const caughtUp = new Map(Array.from(stored, ([no, member]) => [no, caughtUpTo(member, today, terms)]));
  return new OpenedLots(opened, stored, caughtUp);
}

function memberLots(
  { lastActivityOn, feesTakenTo, debts, borne }: MemberStanding,
  lots: readonly Lot[],
  terms: RedemptionTerms,
  today: BusinessDate,
): MemberLots {
  const member: MemberLots = {
    ...NO_LOTS,
    ...{ lots, debts, borne },
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
