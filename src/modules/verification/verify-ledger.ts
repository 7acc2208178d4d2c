/**
 * All invariants, one after the other. Reads only, except that closed windows which lost their digest to a
 * crash are sealed first, and that it is kept how far invariants were found to hold.
 */
import { type DbTransaction, statement } from '../../infrastructure/db/database.js';
import { planForWholeTables } from '../../infrastructure/db/planning.js';
import { sealClosedWindows } from '../ledger/index.js';
import { entriesBalance } from './i01-entries-balance.js';
import { balancesAreSums } from './i02-balances-are-sums.js';
import { guardedSides } from './i03-guarded-sides.js';
import { accruesOnce } from './i04-accrues-once.js';
import { oneKeyOneBody } from './i05-one-key-one-body.js';
import { acknowledgedIsThere } from './i06-acknowledged-is-there.js';
import { allOrNothing } from './i07-all-or-nothing.js';
import { closedWindowsStand } from './i08-closed-windows-stand.js';
import { programmeAgainstPartners } from './i09-programme-against-partners.js';
import { settledPositionsAreZero } from './i10-settled-positions-are-zero.js';
import { authorisationsResolveOnce } from './i11-authorisations-resolve-once.js';
import { lotsAreBalances } from './i12-lots-are-balances.js';
import { liabilityIsLots } from './i13-liability-is-lots.js';
import { issuedIsSomewhere } from './i14-issued-is-somewhere.js';
import { refundsWithinAccruals } from './i15-refunds-within-accruals.js';
import { countersRecomputed } from './i16-counters-recomputed.js';
import { eventsInOrder } from './i17-events-in-order.js';
import { chainHolds } from './i18-chain-holds.js';
import { keysAndEffects } from './i19-keys-and-effects.js';
import { entriesAreWhole } from './i20-entries-are-whole.js';
import { bankAccountIsStatement } from './i21-bank-account-is-statement.js';
import { type Counts, type Finding, type InvariantCheck, UNITS_IN_SCOPE } from './invariant-check.js';
import { keepVerified, verifiedUpto } from './verified-upto.js';

const CHECKS: readonly InvariantCheck[] = [
  entriesBalance,
  balancesAreSums,
  guardedSides,
  accruesOnce,
  oneKeyOneBody,
  acknowledgedIsThere,
  allOrNothing,
  closedWindowsStand,
  programmeAgainstPartners,
  settledPositionsAreZero,
  authorisationsResolveOnce,
  lotsAreBalances,
  liabilityIsLots,
  issuedIsSomewhere,
  refundsWithinAccruals,
  countersRecomputed,
  eventsInOrder,
  chainHolds,
  keysAndEffects,
  entriesAreWhole,
  bankAccountIsStatement,
];

export interface Verified {
  readonly invariant: string;
  /** What holds (or should), with what was looked at. */
  readonly sentence: string;
  /** Empty when it holds; the first hundred rows when it does not. */
  readonly findings: readonly Finding[];
  readonly milliseconds: number;
}

export interface VerifyOptions {
  /** One programme; all when absent. */
  readonly programmeNo?: number;
  /** Looks only at what came since an invariant was last found to hold, where its check can tell. */
  readonly incremental?: boolean;
  /** Hears of each invariant as soon as it is checked. */
  readonly heard?: (verified: Verified) => void;
}

const COUNT = statement(
  'verify.count',
  `with members as (select no from member where $1::integer is null or programme_no = $1)
   select
     (select count(*) from journal_entry where $1::integer is null or programme_no = $1) as entries,
     (select count(*) from posting where unit in ${UNITS_IN_SCOPE}) as postings,
     (select count(*) from account_balance where unit in ${UNITS_IN_SCOPE}) as "accountBalances",
     (select count(*) from members) as "memberBalances",
     (select count(*) from accrual where $1::integer is null or programme_no = $1) as accruals,
     (select count(*) from transaction_source where $1::integer is null or member_no in (select no from members)) as sources,
     (select count(*) from transaction where $1::integer is null or programme_no = $1) as transactions,
     (select count(*) from settlement_window where state = 'CLOSED' and ($1::integer is null or programme_no = $1)) as "closedWindows",
     (select count(*) from settlement_window where settlement_id is not null and ($1::integer is null or programme_no = $1)) as "settledWindows",
     (select count(*) from settlement where $1::integer is null or programme_no = $1) as settlements,
     (select count(*) from settlement_line l join settlement s on s.id = l.settlement_id
      where $1::integer is null or s.programme_no = $1) as "settlementLines",
     (select count(*) from redemption where $1::integer is null or programme_no = $1) as redemptions,
     (select count(*) from lot where $1::integer is null or programme_no = $1) as lots,
     (select count(*) from command_key) as "commandKeys",
     (select count(*) from bank_statement where $1::integer is null or programme_no = $1) as "bankStatements",
     (select count(*) from chain_block) as blocks,
     (select coalesce(sum(entry_count), 0)::bigint from chain_block) as "sealedEntries",
     (select count(*) from event where $1::integer is null or programme_no = $1) as events`,
);

/** Checks every invariant of the list (LEDGER 5) and returns one answer for each, in order. */
export async function verifyLedger(tx: DbTransaction, options: VerifyOptions = {}): Promise<Verified[]> {
  await sealClosedWindows(tx, options.programmeNo);
  await planForWholeTables(tx);
  const [programmeNo, incremental] = [options.programmeNo ?? null, options.incremental ?? false];
  const [counts] = await tx.run<Counts>(COUNT, [programmeNo]);
  const all: Verified[] = [];
  const reaches = new Map<string, bigint>();
  for (const { invariant, sentence, reach, find } of CHECKS) {
    const started = performance.now();
    const reached = await reach?.(tx);
    const after = incremental && reached !== undefined ? await verifiedUpto(tx, invariant) : 0n;
    const findings = (await find(tx, { programmeNo, incremental, after })).map((row) => ({ invariant, ...row }));
    // What was found of one programme says nothing of the others.
    if (reached !== undefined && findings.length === 0 && programmeNo === null) reaches.set(invariant, reached);
    const verified = {
      invariant,
      sentence: sentence(counts as Counts),
      findings,
      milliseconds: performance.now() - started,
    };
    options.heard?.(verified);
    all.push(verified);
  }
  // At the end, lest a second verification waits for this one all the time.
  await keepVerified(tx, reaches);
  return all;
}
