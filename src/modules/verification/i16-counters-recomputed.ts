/**
 * I16: what the member's days, caps and budgets have stored is what the standing purchases make of them, and the tier
 * a member is in is the last one it changed to. Purchases are read member by member, a bounded number at a time.
 */
import { countsForMember } from '../../domain/earning/books.js';
import type { BusinessDate } from '../../domain/kernel/calendar.js';
import { usesOf } from '../../domain/transactions/restate.js';
import { type DbTransaction, statement } from '../../infrastructure/db/database.js';
import { planForKeys, planForWholeTables } from '../../infrastructure/db/planning.js';
import { loadStanding, type Reference, ReferenceCache, standingOf } from '../transactions/index.js';
import { type FoundRow, type InvariantCheck, MOST_FINDINGS, type Scope } from './invariant-check.js';
import { lowestIdOf, reachOfMessages } from './verified-upto.js';

/** Members looked at together, and purchases decided together. */
const MEMBERS = 2_000;
const PURCHASES = 5_000;

const NEXT_MEMBERS = statement(
  'verify.i16-next-members',
  `select no from member where no > $2 and ($1::integer is null or programme_no = $1)
     and ($3::uuid is null or no in (select member_no from transaction_source where id > $3))
   order by no limit ${MEMBERS}`,
);

// By everything that decides whether a purchase counts for its member; every row found by its key.
const READ_DAYS = statement(
  'verify.i16-read-days',
  `select t.member_no as "memberNo", t.programme_no as "programmeNo", t.business_date as day, t.mcc, t.action is not null as "isAction",
          (t.facts ->> 'v')::integer as version, sum(t.amount_minor - t.refunded_minor)::bigint as "keptMinor",
          count(*) filter (where t.amount_minor > t.refunded_minor)::bigint as purchases, coalesce(sum(g.units), 0)::bigint as units
   from transaction t
   left join lateral (
     select sum(a.units - coalesce(b.units, 0)) as units
     from accrual a
     left join lateral (select sum(r.units) as units from accrual_reversal r where r.accrual_id = a.id) b on true
     where a.transaction_id = t.id
   ) g on true
   where t.member_no = any($1) and t.kind in ('PURCHASE', 'ACTION')
   group by 1, 2, 3, 4, 5, 6`,
);
interface DayRow {
  readonly memberNo: number;
  readonly programmeNo: number;
  readonly day: BusinessDate;
  readonly mcc: string | null;
  readonly isAction: boolean;
  readonly version: number;
  readonly keptMinor: bigint;
  readonly purchases: bigint;
  readonly units: bigint;
}

const STORED_DAYS = statement(
  'verify.i16-stored-days',
  `select member_no as "memberNo", day, kept_minor as "keptMinor", purchases::bigint as purchases, accrued_units as units
   from member_spend_day where member_no = any($1)`,
);
const STORED_COUNTERS = statement(
  'verify.i16-stored-counters',
  `select member_no as "memberNo", cap_code as code, period, used from member_counter where member_no = any($1)`,
);
const STORED_BUDGETS = statement(
  'verify.i16-stored-budgets',
  `select programme_no as "programmeNo", code, period, used from budget_counter where $1::integer is null or programme_no = $1`,
);
const READ_KEYS = statement(
  'verify.i16-read-keys',
  `select id, member_no as "memberNo" from transaction
   where member_no = any($1) and programme_no = any($2) and kind in ('PURCHASE', 'ACTION') order by member_no, id`,
);
const FIND_TIERS = statement(
  'verify.i16-find-tiers',
  `select 'member_tier' as table, format('member_no=%s', t.member_no) as row,
          format('Member %s is in tier %s, and its last change was to %s.', t.member_no, t.tier_code, c.to_code) as message
   from member_tier t
   left join lateral (
     select to_code from member_tier_change where member_no = t.member_no order by id desc limit 1
   ) c on true
   where t.tier_code is distinct from c.to_code and ($1::integer is null or t.programme_no = $1)
   order by 2 limit ${MOST_FINDINGS}`,
);

/** Amounts under the key of their row; those of zero and those that are not there are the same. */
class Sums {
  private readonly sums = new Map<string, bigint[]>();

  add(row: string, amounts: readonly bigint[]): void {
    const known = this.sums.get(row);
    if (known === undefined) this.sums.set(row, [...amounts]);
    else
      amounts.forEach((amount, index) => {
        known[index] = (known[index] ?? 0n) + amount;
      });
  }

  /** Rows for which both do not agree; `atMost` says where more may be stored than was computed. */
  differencesFrom(stored: Sums, table: string, mayExceed: (row: string) => boolean = () => false): FoundRow[] {
    const rows = new Set([...this.sums.keys(), ...stored.sums.keys()]);
    return [...rows].flatMap((row) => {
      const [is, should] = [stored.sums.get(row) ?? [], this.sums.get(row) ?? []];
      const agrees = [0, 1, 2].every((index) => {
        const excess = (is[index] ?? 0n) - (should[index] ?? 0n);
        return excess === 0n || (excess > 0n && mayExceed(row));
      });
      if (agrees) return [];
      return [
        { table, row, message: `Stored are ${is.join(', ') || 0}, the purchases say ${should.join(', ') || 0}.` },
      ];
    });
  }
}

async function find(tx: DbTransaction, { programmeNo, after: reached }: Scope): Promise<FoundRow[]> {
  const reference = await new ReferenceCache().current(tx);
  const found = await tx.run<FoundRow>(FIND_TIERS, [programmeNo]);
  const budgets = new Sums();
  // Nobody's days and counters move without a message.
  const since = reached === 0n ? null : lowestIdOf(reached);
  await planForKeys(tx);
  for (let after = 0; found.length < MOST_FINDINGS; ) {
    const members = await tx.run<{ no: number }>(NEXT_MEMBERS, [programmeNo, after, since]);
    const nos = members.map(({ no }) => no);
    if (nos.length === 0) break;
    after = nos.at(-1) as number;
    found.push(...(await daysThatDiffer(tx, nos, reference)));
    found.push(...(await countersThatDiffer(tx, nos, reference, budgets)));
  }
  await planForWholeTables(tx);
  // Everybody's purchases make a budget: some of them say nothing of it.
  if (since !== null) return found.slice(0, MOST_FINDINGS);
  const stored = new Sums();
  for (const { programmeNo: no, code, period, used } of await tx.run<BudgetRow>(STORED_BUDGETS, [programmeNo]))
    stored.add(budgetRow(no, code, period), [used]);
  // One that refunds do not give back keeps what returned purchases took.
  const keeps = (row: string): boolean => keptBudgets(reference).has(row.split(' period=')[0] as string);
  return [...found, ...budgets.differencesFrom(stored, 'budget_counter', keeps)].slice(0, MOST_FINDINGS);
}

interface BudgetRow {
  readonly programmeNo: number;
  readonly code: string;
  readonly period: BusinessDate;
  readonly used: bigint;
}

const budgetRow = (programmeNo: number, code: string, period: BusinessDate): string =>
  `programme_no=${programmeNo} code=${code} period=${period}`;

function keptBudgets({ programmes }: Reference): Set<string> {
  return new Set(
    programmes.all().flatMap(({ no }) =>
      programmes
        .versionsOf(no)
        .flatMap(({ terms }) => terms.caps.filter(({ refundReleases }) => !refundReleases))
        .map(({ code }) => `programme_no=${no} code=${code}`),
    ),
  );
}

async function daysThatDiffer(tx: DbTransaction, nos: readonly number[], reference: Reference): Promise<FoundRow[]> {
  const [is, should] = [new Sums(), new Sums()];
  const rowOf = ({ memberNo, day }: Pick<DayRow, 'memberNo' | 'day'>): string => `member_no=${memberNo} day=${day}`;
  for (const row of await tx.run<Pick<DayRow, 'memberNo' | 'day' | 'keptMinor' | 'purchases' | 'units'>>(STORED_DAYS, [
    nos,
  ]))
    is.add(rowOf(row), [row.keptMinor, row.purchases, row.units]);
  for (const row of await tx.run<DayRow>(READ_DAYS, [nos])) {
    const terms = reference.programmes.version(row.programmeNo, row.version)?.terms;
    if (terms === undefined) continue;
    const { keptMinor, day: businessDate, mcc, isAction } = row;
    const purchase = {
      amountMinor: keptMinor,
      businessDate,
      ...(mcc !== null && { mcc }),
      ...(isAction && { action: '' }),
    };
    const counts = countsForMember(purchase, terms);
    should.add(rowOf(row), [counts ? keptMinor : 0n, counts ? row.purchases : 0n, row.units]);
  }
  return should.differencesFrom(is, 'member_spend_day');
}

/** Also adds up what these members' purchases use of the budgets. */
async function countersThatDiffer(
  tx: DbTransaction,
  nos: readonly number[],
  reference: Reference,
  budgets: Sums,
): Promise<FoundRow[]> {
  const { programmes } = reference;
  const counting = programmes
    .all()
    .filter(({ no }) => programmes.versionsOf(no).some(({ terms }) => terms.caps.length > 0))
    .map(({ no }) => no);
  const [is, should] = [new Sums(), new Sums()];
  const rowOf = (memberNo: number, code: string, period: BusinessDate): string =>
    `member_no=${memberNo} cap_code=${code} period=${period}`;
  for (const { memberNo, code, period, used } of await tx.run<CounterRow>(STORED_COUNTERS, [nos]))
    is.add(rowOf(memberNo, code, period), [used]);
  const keys = counting.length === 0 ? [] : await tx.run<PurchaseKey>(READ_KEYS, [nos, counting]);
  for (let from = 0; from < keys.length; from += PURCHASES) {
    const { purchases, accruals, messages } = await loadStanding(tx, keys.slice(from, from + PURCHASES));
    const accrualsOf = Map.groupBy(accruals, ({ transactionId }) => transactionId);
    const messagesOf = Map.groupBy(messages, ({ transactionId }) => transactionId);
    for (const row of purchases) {
      const terms = programmes.version(row.programmeNo, row.facts.v)?.terms;
      if (terms === undefined) continue;
      const standing = standingOf(row, accrualsOf.get(row.id) ?? [], messagesOf.get(row.id) ?? [], reference);
      for (const { stored, period, shared, amount } of usesOf(standing, terms)) {
        if (shared) budgets.add(budgetRow(row.programmeNo, stored, period), [amount]);
        else should.add(rowOf(row.memberNo, stored, period), [amount]);
      }
    }
  }
  return should.differencesFrom(is, 'member_counter');
}

interface PurchaseKey {
  readonly id: string;
  readonly memberNo: number;
}

interface CounterRow {
  readonly memberNo: number;
  readonly code: string;
  readonly period: BusinessDate;
  readonly used: bigint;
}

export const countersRecomputed: InvariantCheck = {
  invariant: 'I16',
  sentence: ({ memberBalances, transactions }) =>
    `days, caps, budgets and tiers of ${memberBalances} members are what ${transactions} transactions make of them`,
  reach: reachOfMessages,
  find,
};
