/** Use cases of rounding up: a member's rule, and giving the change of its purchases away again and again. */
import type { Principal } from '../../domain/access/principal.js';
import { fail, ok, type Result } from '../../domain/kernel/result.js';
import { currencyScale } from '../../domain/money/currency.js';
import { available } from '../../domain/redemption/redeem.js';
import { spareChange, unitsOfChange } from '../../domain/redemption/round-up.js';
import { mayRedeem } from '../../domain/redemption/wind-down.js';
import { answerOnce } from '../../infrastructure/db/command-key.js';
import type { Database, DbTransaction } from '../../infrastructure/db/database.js';
import { newId } from '../../infrastructure/db/ids.js';
import { authorize, itself } from '../access/index.js';
import { lockMembers } from '../members/index.js';
import type { ProgrammeRecord } from '../programmes/index.js';
import {
  charityOf,
  findPayer,
  findProgramme,
  type NamedPayer,
  openLots,
  openTill,
  type PayerRecord,
  payerOf,
  refuseClosed,
  type Till,
  useUnits,
} from '../redemption/index.js';
import type { ReferenceCache } from '../transactions/index.js';
import type { RoundUpErrorCode } from './round-up.errors.js';
import {
  type DueMember,
  endRoundUp,
  findDue,
  findPurchases,
  findRoundUp,
  markSeen,
  type RoundUpRecord,
  setRoundUp,
} from './round-up.sql.js';

export interface SetRoundUp {
  readonly payer: NamedPayer;
  readonly charityCode: string;
  readonly stepMinor: bigint;
}

/** The member afterwards, with its rule when it has one. */
export interface RoundingMember {
  readonly payer: PayerRecord;
  readonly rule: RoundUpRecord | undefined;
  readonly programme: ProgrammeRecord;
}

const LARGEST_STEP = 100n;
/** Members that the job looks up at a time, and purchases of one of them. */
const PAGE = 100;

export class RoundUpService {
  constructor(
    private readonly database: Database,
    private readonly references: ReferenceCache,
  ) {}

  /** Makes the member's rule, or changes it; purchases from now on count. Again is the same. */
  set(
    principal: Principal,
    programmeCode: string,
    translate: (programme: ProgrammeRecord) => Result<SetRoundUp, RoundUpErrorCode>,
  ): Promise<Result<RoundingMember, RoundUpErrorCode>> {
    return this.change(principal, programmeCode, translate, async (till, payer, { charityCode, stepMinor }) => {
      const closed = refuseClosed(payer);
      if (!closed.ok) return closed;
      const { programme, now: setAt, tx } = till;
      const largest = LARGEST_STEP * 10n ** BigInt(currencyScale(programme.currencyCode));
      if (stepMinor <= 0n || stepMinor > largest) {
        return fail(
          'STEP_OUT_OF_RANGE',
          `Round up to an amount above zero and at most ${LARGEST_STEP}.`,
          'step.amount',
        );
      }
      const charity = charityOf(till, charityCode);
      if (!charity.ok) return charity;
      const rule = { memberNo: payer.no, programmeNo: programme.no, charityNo: charity.value.no, stepMinor };
      await setRoundUp(tx, { ...rule, setAt, seenId: newId() });
      return ok(undefined);
    });
  }

  /** Ends the member's rule; none is no error. */
  end(
    principal: Principal,
    programmeCode: string,
    payer: NamedPayer,
  ): Promise<Result<RoundingMember, RoundUpErrorCode>> {
    return this.change(
      principal,
      programmeCode,
      () => ok({ payer }),
      async ({ tx }, { no }) => {
        await endRoundUp(tx, no);
        return ok(undefined);
      },
    );
  }

  /** The periodic job: gives the change of what was bought since away, in every programme. How many donations. */
  async roundUpAll(signal?: AbortSignal): Promise<number> {
    const { programmes } = await this.references.fresh(this.database);
    let given = 0;
    for (const { no } of programmes.all()) {
      let after: number | undefined = 0;
      while (after !== undefined && signal?.aborted !== true) {
        const from: number = after;
        const due = await this.database.command((tx) => findDue(tx, no, from, PAGE));
        for (const member of due) given += await this.database.command((tx) => this.roundUp(tx, no, member));
        after = due.length < PAGE ? undefined : due.at(-1)?.memberNo;
      }
    }
    return given;
  }

  private async change<Command extends { readonly payer: NamedPayer }>(
    principal: Principal,
    programmeCode: string,
    translate: (programme: ProgrammeRecord) => Result<Command, RoundUpErrorCode>,
    work: (till: Till, payer: PayerRecord, command: Command) => Promise<Result<undefined, RoundUpErrorCode>>,
  ): Promise<Result<RoundingMember, RoundUpErrorCode>> {
    authorize(principal, 'units.payOut', itself(principal));
    const programme = await findProgramme(this.database, this.references, programmeCode);
    if (!programme.ok) return programme;
    const command = translate(programme.value);
    if (!command.ok) return command;
    return this.database.command(async (tx) => {
      const till = await openTill(tx, this.references, programme.value.no);
      if (!till.ok) return till;
      const payer = await payerOf(till.value, principal, command.value.payer);
      if (!payer.ok) return payer;
      await lockMembers(tx, [payer.value.no]);
      const done = await work(till.value, payer.value, command.value);
      if (!done.ok) return done;
      return ok({ payer: payer.value, rule: await findRoundUp(tx, payer.value.no), programme: programme.value });
    });
  }

  /**
   * One donation for all that a member has bought since, as far as its units reach: what it cannot give now it does not
   * owe later. Under the member's lock nothing that is older can still come in.
   */
  private async roundUp(tx: DbTransaction, programmeNo: number, { memberNo, memberId }: DueMember): Promise<0 | 1> {
    const opened = await openTill(tx, this.references, programmeNo);
    if (!opened.ok) return 0;
    const till = opened.value;
    await lockMembers(tx, [memberNo]);
    const rule = await findRoundUp(tx, memberNo);
    const payer = await findPayer(tx, programmeNo, { way: 'ID', name: memberId });
    if (rule === undefined || payer === undefined) return 0;
    const purchases = await findPurchases(tx, memberNo, rule.seenId, PAGE);
    const kept = purchases.map(({ keptMinor }) => keptMinor);
    const change = unitsOfChange(rule.restMinor + spareChange(kept, rule.stepMinor), till.terms);
    await markSeen(tx, memberNo, purchases.at(-1)?.id ?? rule.seenId, change.restMinor);
    const charity = charityOf(till, till.partners.byNo(rule.charityNo)?.code ?? '');
    if (!charity.ok || payer.status === 'CLOSED' || !mayRedeem(till.terms, till.today)) return 0;
    const most = available((await openLots(till, memberNo)).of(memberNo));
    const units = change.units < most ? change.units : most;
    if (units <= 0n) return 0;
    const to = { kind: 'DONATED', charityNo: charity.value.no } as const;
    const given = await answerOnce(tx, keyOf(rule, units), () => useUnits(till, payer, units, to));
    return given.ok ? 1 : 0;
  }
}

/** The rule asks for the donation, as a client would: once for what it had seen before. */
const keyOf = ({ memberNo, seenId }: RoundUpRecord, units: bigint) => ({
  client: 'hansa:round-ups',
  key: `${memberNo}/${seenId}`,
  operation: 'DONATE',
  body: { memberNo, seenId, units },
});
