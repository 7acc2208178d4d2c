/** What refunds take back of rewards that members have been given: from their lots, or as a debt (LEDGER 2: 6, 7). */
import { businessDateIn } from '../../domain/kernel/calendar.js';
import { invariant } from '../../domain/kernel/invariant.js';
import type { JournalEntry } from '../../domain/ledger/entry.js';
import type { BearingPolicy } from '../../domain/redemption/borne.js';
import { clawBack, type TakenBack } from '../../domain/redemption/claw-back.js';
import type { LotEvent } from '../../domain/redemption/events.js';
import { type Funding, PROGRAMME_FUNDED } from '../../domain/redemption/lot.js';
import type { MemberLots } from '../../domain/redemption/member-lots.js';
import type { RedemptionTerms } from '../../domain/redemption/model.js';
import { chargesFor } from '../../domain/settlement/charges.js';
import type { StandingPurchase } from '../../domain/transactions/model.js';
import type { AccrualReversal } from '../../domain/transactions/restate.js';
import type { DbTransaction } from '../../infrastructure/db/database.js';
import type { NewReversal } from '../earning/index.js';
import { type OpenedLots, openMemberLots, storeMemberLots } from '../lots/index.js';
import type { ContractRecord } from '../partners/index.js';
import { termsOf } from './revise.js';
import type { ChangedBatch, Told } from './store-changes.js';

/** What one message takes back of one purchase. */
interface Taking {
  readonly told: Told;
  readonly standing: StandingPurchase;
  readonly reversals: readonly AccrualReversal[];
}

export interface ClawedBack {
  readonly reversals: readonly NewReversal[];
  /** To be recorded last, under their numbers. */
  readonly entries: readonly JournalEntry[];
  readonly entryNos: readonly bigint[];
}

/**
 * Opens the lots of those members alone whose confirmed rewards are taken back: a batch of purchases has none. The
 * purchase's own lots are enough unless they have been spent; only then the member's other ones are opened too.
 */
export async function clawBackConfirmed(
  tx: DbTransaction,
  batch: ChangedBatch,
  newId: () => string,
): Promise<ClawedBack> {
  const takings = batch.told.flatMap((told) => takingsOf(told, batch));
  if (takings.length === 0) return { reversals: [], entries: [], entryNos: [] };
  const terms = termsToday(batch, takings);
  const open = (of: readonly Taking[], namedOnly: boolean): Promise<OpenedLots> =>
    openMemberLots(tx, {
      programmeNo: batch.programmeNo,
      terms,
      today: todayOf(batch),
      members: Array.from(
        Map.groupBy(of, ({ told }) => told.memberNo),
        ([memberNo, ofMember]) => ({
          memberNo,
          namedOnly,
          lotIds: ofMember.flatMap(({ standing }) => standing.accruals.map(({ id }) => id)),
        }),
      ),
    });
  const lots = await open(takings, true);
  const takenBy = takeAllBack(lots, takings, batch, terms, newId);
  const short = new Set(Array.from(takenBy).flatMap(([event, { told }]) => (isShort(event) ? [told.memberNo] : [])));
  if (short.size > 0) {
    const again = takings.filter(({ told }) => short.has(told.memberNo));
    const whole = await open(again, false);
    for (const [event, taking] of takeAllBack(whole, again, batch, terms, newId)) takenBy.set(event, taking);
    lots.takeOver(whole);
  }
  const { entries, entryNos, events } = await storeMemberLots(tx, lots, (event) => takenBy.get(event)?.told);
  return {
    entries,
    entryNos,
    reversals: events.flatMap(({ event, entryNo }) => reversalRows(takenBy.get(event), entryNo)),
  };
}

/** Whether units were missing that other lots of the member may have. */
const isShort = (event: LotEvent): boolean =>
  event.kind === 'CLAWED_BACK' && event.shares.some(({ others, debt }) => others.units + debt.units > 0n);

/** In the order in which it was told; which event tells of what. */
function takeAllBack(
  lots: OpenedLots,
  takings: readonly Taking[],
  batch: ChangedBatch,
  terms: RedemptionTerms,
  newId: () => string,
): Map<LotEvent, Taking> {
  const takenBy = new Map<LotEvent, Taking>();
  for (const taking of takings) {
    const { memberNo } = taking.told;
    const before = lots.of(memberNo);
    const after = takeBack(before, taking, batch, terms, newId);
    lots.put(memberNo, after);
    const event = after.events.find((one) => one.kind === 'CLAWED_BACK' && !before.events.includes(one));
    invariant(event !== undefined, 'a claw-back is told');
    takenBy.set(event, taking);
  }
  return takenBy;
}

function takingsOf(told: Told, { state }: ChangedBatch): Taking[] {
  return told.changes.flatMap(({ transactionId, reversals }) => {
    const confirmed = reversals.filter(({ accrual }) => !accrual.pending);
    const standing = confirmed.length === 0 ? undefined : state.purchase(transactionId);
    return standing === undefined ? [] : [{ told, standing, reversals: confirmed }];
  });
}

function reversalRows(taking: Taking | undefined, entryNo: bigint): NewReversal[] {
  if (taking === undefined) return [];
  const { sourceId, memberNo } = taking.told;
  return taking.reversals.map(({ accrual, ...amounts }) => ({
    ...amounts,
    ...{ sourceId, memberNo, entryNo, accrualId: accrual.id },
  }));
}

const todayOf = ({ reference, programmeNo, now }: ChangedBatch): string => {
  const programme = reference.programmes.byNo(programmeNo);
  invariant(programme, `programme ${programmeNo} is gone`);
  return businessDateIn(now, programme.timeZone);
};

/** A programme that is over keeps the terms its purchases were made under. */
function termsToday(batch: ChangedBatch, [first]: readonly Taking[]): RedemptionTerms {
  const { reference, programmeNo } = batch;
  const inForce = reference.programmes.inForce(programmeNo, todayOf(batch));
  if (inForce !== undefined) return inForce.terms.redemption;
  invariant(first !== undefined, 'something is taken back');
  return termsOf(first.standing, batch).redemption;
}

function takeBack(
  member: MemberLots,
  { standing, reversals }: Taking,
  batch: ChangedBatch,
  terms: RedemptionTerms,
  newId: () => string,
): MemberLots {
  const contractOf = ({ accrual }: AccrualReversal): ContractRecord | undefined =>
    accrual.contract && batch.reference.partners.contractByNo(accrual.contract.no);
  const { priceMinor } = termsOf(standing, batch).unit;
  const taken = reversals.map((reversal): TakenBack => {
    const contract = contractOf(reversal);
    const { accrual, units, valueMinor } = reversal;
    return {
      ...{ lotId: accrual.id, funding: fundingOf(contract), units, valueMinor },
      keptUnits: accrual.units - units,
      chargesFor: (of) => chargesFor(of, priceMinor, contract),
      returnsCommission: contract?.refundReturnsCommission ?? true,
    };
  });
  const policies = new Map<number, BearingPolicy>();
  for (const reversal of reversals) {
    const contract = contractOf(reversal);
    const policy = contract === undefined ? undefined : policyOf(contract, member);
    if (contract && policy) policies.set(contract.partnerNo, policy);
  }
  return clawBack(member, { origin: standing.id, taken, policies, newId }, terms);
}

const fundingOf = (contract: ContractRecord | undefined): Funding =>
  contract === undefined
    ? PROGRAMME_FUNDED
    : {
        funderNo: contract.partnerNo,
        contractNo: contract.no,
        model: contract.model,
        breakageOwner: contract.settlement.breakageOwner,
      };

/** Who bears spent units by the contract (7b, 7c), up to what it says for a member and a calendar year. */
function policyOf({ partnerNo, settlement }: ContractRecord, member: MemberLots): BearingPolicy | undefined {
  const { clawbackPolicy, clawbackLimitUnits } = settlement;
  if (clawbackPolicy === 'MEMBER_OWES') return undefined;
  const by = clawbackPolicy === 'MERCHANT_BEARS' ? 'FUNDER' : 'PROGRAMME';
  if (clawbackLimitUnits === undefined) return { by };
  const year = member.asOf.slice(0, 4);
  const borne = member.borne
    .filter(({ since, funding }) => funding.funderNo === partnerNo && since.startsWith(year))
    .reduce((sum, { issued }) => sum + issued.units, 0n);
  return { by, roomUnits: borne < clawbackLimitUnits ? clawbackLimitUnits - borne : 0n };
}
