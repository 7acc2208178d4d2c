/** A programme at the moment when units are spent: its fence, its day, its terms, and where they are spent. */
import { type BusinessDate, businessDateIn } from '../../domain/kernel/calendar.js';
import { invariant } from '../../domain/kernel/invariant.js';
import { fail, ok, type Result } from '../../domain/kernel/result.js';
import { EntryKind } from '../../domain/ledger/entry.js';
import type { MemberLots, Redemption } from '../../domain/redemption/member-lots.js';
import type { RedemptionTerms } from '../../domain/redemption/model.js';
import type { Database, DbTransaction } from '../../infrastructure/db/database.js';
import { type OpenWindow, openWindows, recordEntries, takeEntryNumbers } from '../ledger/index.js';
import { type OpenedLots, openMemberLots, storeMemberLots } from '../lots/index.js';
import type { ContractRecord, PartnerDirectory, PartnerRecord } from '../partners/index.js';
import type { ProgrammeRecord } from '../programmes/index.js';
import type { ReferenceCache } from '../transactions/index.js';
import { prepaidEntries } from '../treasury/index.js';
import type { RedemptionErrorCode } from './redemption.errors.js';

export const HOUR_MS = 3_600_000;

export interface Till {
  readonly tx: DbTransaction;
  readonly programme: ProgrammeRecord;
  readonly terms: RedemptionTerms;
  readonly partners: PartnerDirectory;
  readonly window: OpenWindow;
  readonly now: Date;
  /** In the programme's zone. */
  readonly today: BusinessDate;
}

/** Enters the programme's fence; the first thing that a transaction does. */
export async function openTill(
  tx: DbTransaction,
  references: ReferenceCache,
  programmeNo: number,
): Promise<Result<Till, RedemptionErrorCode>> {
  // Asked in one tick, the fence first: one round trip.
  const [{ now, windows }, { programmes, partners }] = await Promise.all([
    openWindows(tx, [programmeNo]),
    references.current(tx),
  ]);
  const window = windows.get(programmeNo);
  const programme = programmes.byNo(programmeNo);
  invariant(window !== undefined && programme !== undefined, 'a programme that is there has a window');
  const today = businessDateIn(now, programme.timeZone);
  const terms = programmes.inForce(programmeNo, today)?.terms.redemption;
  if (terms === undefined)
    return fail('NOTHING_IN_FORCE', 'The programme has no version in force yet; redeem when it has begun.');
  return ok({ tx, programme, terms, partners, window, now, today });
}

/** The programme of that code, as known outside a transaction: which fence to enter. */
export async function findProgramme(
  database: Database,
  references: ReferenceCache,
  code: string,
): Promise<Result<ProgrammeRecord, RedemptionErrorCode>> {
  const programme = await references.find(database, ({ programmes }) => programmes.byCode(code));
  return programme === undefined
    ? fail('UNKNOWN_PROGRAMME', `There is no programme "${code}"; apply it first or check the code.`, 'programmeCode')
    : ok(programme);
}

/** One member's lots of this day, with those that these redemptions hold or have used. The member is locked. */
export const openLots = (
  { tx, programme, terms, today }: Till,
  memberNo: number,
  redemptions: readonly Redemption[] = [],
): Promise<OpenedLots> =>
  openMemberLots(tx, { programmeNo: programme.no, terms, today, members: [{ memberNo, redemptions }] });

/** Stores what has happened to lots and records it: the last thing that a transaction does. */
export async function storeLots({ tx, window, now, today }: Till, lots: OpenedLots): Promise<void> {
  const { entries, entryNos } = await storeMemberLots(tx, lots);
  // A basket that comes back is no charge of its redeemer.
  const charging = entries.filter(({ kind }) => kind !== EntryKind.RETURN);
  const prepaid = await prepaidEntries(tx, window.moneyUnit, charging, today);
  const numbers = prepaid.length === 0 ? [] : await takeEntryNumbers(tx, prepaid.length);
  await recordEntries(tx, window, now, [...entries, ...prepaid], [...entryNos, ...numbers]);
}

/** The same for one member's. */
export function storeChanged(till: Till, lots: OpenedLots, memberNo: number, changed: MemberLots): Promise<void> {
  lots.put(memberNo, changed);
  return storeLots(till, lots);
}

export interface Redeemer {
  readonly partner: PartnerRecord;
  readonly contract: ContractRecord;
}

/** A partner that takes part today: where units are redeemed, or who gets what they are worth. */
export function redeemerOf(
  { partners, programme, today }: Till,
  partner: PartnerRecord,
): Result<Redeemer, RedemptionErrorCode> {
  if (partner.status !== 'ACTIVE') {
    return fail(
      'PARTNER_NOT_ACTIVE',
      `Partner "${partner.code}" is suspended or closed; reactivate it first.`,
      'partnerCode',
    );
  }
  const contract = partners.contractOn(partner.no, programme.no, today);
  return contract === undefined
    ? fail(
        'NO_CONTRACT',
        `Partner "${partner.code}" has no contract with "${programme.code}" that is in force today; agree one first.`,
        'partnerCode',
      )
    : ok({ partner, contract });
}

/** The programme's terms with what a unit is worth at this redeemer. */
export const pricedFor = ({ terms }: Till, { contract }: Redeemer): RedemptionTerms => ({
  ...terms,
  priceMinor: contract.redemptionPriceMinor ?? terms.priceMinor,
});

export function partnerOf(
  { partners }: Till,
  code: string,
  field = 'partnerCode',
): Result<PartnerRecord, RedemptionErrorCode> {
  const partner = partners.byCode(code);
  return partner === undefined
    ? fail('UNKNOWN_PARTNER', `No partner has the code "${code}"; onboard it first or check the code.`, field)
    : ok(partner);
}
