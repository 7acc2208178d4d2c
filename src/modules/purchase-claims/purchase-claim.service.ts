/**
 * Claims: a member says that it bought something of which nobody has told. What is here already answers it at once;
 * else its merchant, or whoever runs the programme, decides. A granted claim is a message like any other, of a side of
 * its own: when merchant or bank tell of the purchase after all, it stays one.
 */
import type { Principal } from '../../domain/access/principal.js';
import { addDays, type BusinessDate, businessDateIn } from '../../domain/kernel/calendar.js';
import { invariant } from '../../domain/kernel/invariant.js';
import { fail, ok, type Result } from '../../domain/kernel/result.js';
import { checkClaim, DECISION_DAYS, isText, settleClaim } from '../../domain/transactions/claim.js';
import type { SubmitCommand } from '../../domain/transactions/model.js';
import { type MoneyInput, parseMoney } from '../../graphql/money.js';
import { isId } from '../../graphql/scalars.js';
import { readClock } from '../../infrastructure/db/clock.js';
import { answerOnce } from '../../infrastructure/db/command-key.js';
import type { Database, DbTransaction } from '../../infrastructure/db/database.js';
import { newId } from '../../infrastructure/db/ids.js';
import { authorize, itself } from '../access/index.js';
import { recordEvents } from '../events/index.js';
import { openWindows } from '../ledger/index.js';
import { findMembers, lockMembers, type MemberRecord, whoseMember } from '../members/index.js';
import type { PartnerRecord } from '../partners/index.js';
import type { ProgrammeRecord } from '../programmes/index.js';
import { processBatch, type Reference, type ReferenceCache } from '../transactions/index.js';
import type { PurchaseClaimErrorCode } from './purchase-claim.errors.js';
import {
  countClaims,
  findClaim,
  findKnown,
  findOverdue,
  insertClaim,
  lockClaim,
  markOverdue,
  storeDecision,
  type ToldClaim,
} from './purchase-claim.sql.js';

export interface OpenClaim {
  readonly programmeCode: string;
  /** The principal's own when absent. */
  readonly memberId?: string;
  readonly partnerCode: string;
  readonly outletCode?: string;
  readonly amount: MoneyInput;
  readonly boughtAt: Date;
  readonly receipt: string;
  readonly note?: string;
  readonly idempotencyKey: string;
}

export interface DecideClaim {
  readonly claimId: string;
  readonly verdict: 'GRANTED' | 'REFUSED';
  readonly resolution: string;
  readonly idempotencyKey: string;
}

/** Claims per transaction: their members are locked briefly. */
const OVERDUE_AT_ONCE = 200;

type Answer = { readonly claimId: string };
type Answered = Result<Answer, PurchaseClaimErrorCode>;

/** The merchant as it took part on the day. */
interface Bought {
  readonly programme: ProgrammeRecord;
  readonly partner: PartnerRecord;
  readonly names: readonly string[];
  readonly businessDate: BusinessDate;
  readonly amountMinor: bigint;
}

export class PurchaseClaimService {
  constructor(
    private readonly database: Database,
    private readonly cache: ReferenceCache,
  ) {}

  async open(principal: Principal, command: OpenClaim): Promise<Answered> {
    const reference = await this.cache.fresh(this.database);
    const programme = reference.programmes.byCode(command.programmeCode);
    const member = programme && (await this.memberOf(principal, command, programme.no));
    if (member === undefined) authorize(principal, 'claim.open', itself(principal));
    if (programme === undefined) {
      return fail('UNKNOWN_PROGRAMME', `There is no programme "${command.programmeCode}".`, 'programmeCode');
    }
    if (member === undefined) return fail('UNKNOWN_MEMBER', 'No active member has this id here.', 'memberId');
    const bought = boughtAs(command, programme, reference);
    if (!bought.ok) return bought;
    const { idempotencyKey, boughtAt, amount: _, ...rest } = command;
    const body = { ...rest, boughtAt: boughtAt.toISOString(), amount: String(bought.value.amountMinor) };
    const key = { client: principal.subject, key: idempotencyKey, operation: 'OPEN_CLAIM', body };
    return this.database.command(async (tx) => {
      const { now } = await openWindows(tx, [programme.no]);
      return answerOnce<Answer, PurchaseClaimErrorCode>(tx, key, () =>
        this.store(tx, principal, command, member, bought.value, businessDateIn(now, programme.timeZone)),
      );
    });
  }

  /** Granted, the purchase is taken in; refused, the member reads why. */
  async decide(principal: Principal, command: DecideClaim): Promise<Answered> {
    const { claimId, verdict, resolution, idempotencyKey } = command;
    const found = isId(claimId) ? await this.database.command((tx) => findClaim(tx, claimId)) : undefined;
    const owner = principal.kind === 'PARTNER' && found?.partnerNo !== principal.partnerNo ? undefined : found;
    authorize(principal, 'claim.decide', owner === undefined ? itself(principal) : { partnerNos: [owner.partnerNo] });
    if (owner === undefined)
      return fail('UNKNOWN_CLAIM', 'There is no such claim; read the list of claims.', 'claimId');
    if (resolution.trim() === '' || !isText(resolution)) {
      return fail('MALFORMED_RESOLUTION', 'Say why, in 1 to 500 characters; the member reads it.', 'resolution');
    }
    const body = { claimId, verdict, resolution };
    const key = { client: principal.subject, key: idempotencyKey, operation: 'DECIDE_CLAIM', body };
    return this.database.command(async (tx) => {
      await openWindows(tx, [owner.programmeNo]);
      return answerOnce<Answer, PurchaseClaimErrorCode>(tx, key, async () => {
        await lockMembers(tx, [owner.memberNo]);
        const claim = await lockClaim(tx, claimId);
        if (claim?.state !== 'OPEN') return fail('CLAIM_DECIDED', 'It was decided before; read it again.', 'claimId');
        if (claim.openedBy === principal.subject) {
          return fail('SAME_PERSON', 'Somebody else than who opened the claim has to decide on it.', 'claimId');
        }
        const taken = verdict === 'GRANTED' ? await this.takeIn(tx, claim) : ok(null);
        if (!taken.ok) return taken;
        const decision = { state: verdict, by: principal.subject, resolution, transactionId: taken.value };
        await storeDecision(tx, claimId, decision);
        tell(tx, claim, 'purchase_claim.resolved');
        return ok({ claimId });
      });
    });
  }

  /**
   * The periodic job: where nobody decided in time, who has to, the member and whoever runs the programme are told so,
   * once; the claim goes on waiting. How many there were.
   */
  async tellOverdue(signal?: AbortSignal): Promise<number> {
    const { programmes } = await this.cache.fresh(this.database);
    let told = 0;
    for (const programme of programmes.all()) {
      let page = OVERDUE_AT_ONCE;
      while (page === OVERDUE_AT_ONCE && signal?.aborted !== true) {
        page = await this.database.command((tx) => tellOverduePage(tx, programme));
        told += page;
      }
    }
    return told;
  }

  private async memberOf(
    principal: Principal,
    { memberId }: OpenClaim,
    programmeNo: number,
  ): Promise<MemberRecord | undefined> {
    const id = memberId ?? (principal.kind === 'MEMBER' ? principal.memberId : '');
    return this.database.command(async (tx) => {
      const [member] = isId(id) ? await findMembers(tx, programmeNo, { ids: [id] }) : [];
      if (member === undefined) return undefined;
      authorize(principal, 'claim.open', await whoseMember(tx, member.no));
      return member.status === 'ACTIVE' ? member : undefined;
    });
  }

  private async store(
    tx: DbTransaction,
    principal: Principal,
    { receipt, note, boughtAt, outletCode }: OpenClaim,
    { no: memberNo, id: memberId }: MemberRecord,
    { programme, partner, names, businessDate, amountMinor }: Bought,
    today: BusinessDate,
  ): Promise<Answered> {
    await lockMembers(tx, [memberNo]);
    const named = { memberNo, partnerNo: partner.no, receipt, amountMinor, businessDate };
    const { open, same } = await countClaims(tx, named);
    const checked = checkClaim({ ...named, ...(note !== undefined && { note }) }, today, open);
    if (!checked.ok) return checked;
    if (same) return fail('CLAIMED_BEFORE', 'This receipt was claimed before; read that claim.', 'receipt');
    const known = await findKnown(tx, memberNo, amountMinor, businessDate);
    const settled = settleClaim(named, partner.no, names, known);
    const id = newId();
    const claim = { ...named, id, memberId, programmeNo: programme.no, outletCode: outletCode ?? null, boughtAt };
    if (settled?.state === 'ATTACHED') {
      const taken = await this.takeIn(tx, claim);
      if (!taken.ok) return taken;
      invariant(taken.value === settled.transactionId, 'a claim joins the purchase that it was found to be');
    }
    await insertClaim(tx, {
      ...claim,
      note: note ?? null,
      state: settled?.state ?? 'OPEN',
      openedBy: principal.subject,
      decideBy: addDays(today, DECISION_DAYS),
      transactionId: settled?.transactionId ?? null,
    });
    tell(tx, claim, 'purchase_claim.opened', ...(settled === undefined ? [] : ['purchase_claim.resolved' as const]));
    return ok({ claimId: id });
  }

  /** The claim as a message: it joins what is there, or is a purchase of its own. */
  private async takeIn(tx: DbTransaction, claim: ClaimedPurchase): Promise<Result<string, PurchaseClaimErrorCode>> {
    const { partners, programmes } = await this.cache.current(tx);
    const partner = partners.byNo(claim.partnerNo);
    const programme = programmes.byNo(claim.programmeNo);
    invariant(partner && programme, 'a claim names a partner and a programme');
    const command: SubmitCommand = {
      partnerCode: partner.code,
      kind: 'CLAIM',
      reference: claim.id,
      payer: { memberId: claim.memberId },
      amountMinor: claim.amountMinor,
      currencyCode: programme.currencyCode,
      occurredAt: claim.boughtAt,
      businessDate: claim.businessDate,
      ...(claim.outletCode !== null && { merchant: { partnerCode: partner.code, outletCode: claim.outletCode } }),
    };
    const [outcome] = await processBatch(tx, this.cache, claim.programmeNo, [command]);
    invariant(outcome, 'every command is answered');
    return outcome.status === 'REJECTED'
      ? fail('PURCHASE_REFUSED', outcome.failure.message, 'claimId')
      : ok(outcome.transactionId);
  }
}

/** How many claims of the page were found. */
async function tellOverduePage(tx: DbTransaction, { no, timeZone }: ProgrammeRecord): Promise<number> {
  const today = businessDateIn(await readClock(tx), timeZone);
  const overdue = await findOverdue(tx, no, today, OVERDUE_AT_ONCE);
  await lockMembers(
    tx,
    overdue.map(({ memberNo }) => memberNo),
  );
  const ids = overdue.map(({ id }) => id);
  for (const claim of await markOverdue(tx, ids)) tell(tx, claim, 'purchase_claim.overdue');
  return overdue.length;
}

/** The member's lock is held. */
const tell = (
  tx: DbTransaction,
  { id, programmeNo, memberNo, partnerNo }: ToldClaim,
  ...types: ('purchase_claim.opened' | 'purchase_claim.overdue' | 'purchase_claim.resolved')[]
): void =>
  recordEvents(
    tx,
    types.map((type) => ({ type, programmeNo, memberNo, partnerNos: [partnerNo], subjectId: id })),
  );

interface ClaimedPurchase {
  readonly id: string;
  readonly programmeNo: number;
  readonly memberId: string;
  readonly partnerNo: number;
  readonly outletCode: string | null;
  readonly amountMinor: bigint;
  readonly boughtAt: Date;
  readonly businessDate: BusinessDate;
}

function boughtAs(
  { partnerCode, outletCode, amount, boughtAt }: OpenClaim,
  programme: ProgrammeRecord,
  { partners }: Reference,
): Result<Bought, PurchaseClaimErrorCode> {
  const amountMinor = parseMoney(amount, programme.currencyCode, 'amount');
  if (!amountMinor.ok) return amountMinor;
  const partner = partners.byCode(partnerCode);
  const businessDate = businessDateIn(boughtAt, programme.timeZone);
  const sold = partner?.roles.includes('MERCHANT') && partners.contractOn(partner.no, programme.no, businessDate);
  if (partner === undefined || !sold) {
    return fail(
      'OUTSIDE_PROGRAMME',
      `No merchant "${partnerCode}" took part in the programme on ${businessDate}; purchases elsewhere earn nothing here.`,
      'partnerCode',
    );
  }
  const outlet = outletCode === undefined ? undefined : partners.outlet(partnerCode, outletCode);
  if (outletCode !== undefined && outlet === undefined) {
    return fail('UNKNOWN_OUTLET', `Partner "${partnerCode}" has no outlet "${outletCode}".`, 'outletCode');
  }
  const names = outlet === undefined ? [partner.name] : [partner.name, outlet.name];
  return ok({ programme, partner, names, businessDate, amountMinor: amountMinor.value });
}
