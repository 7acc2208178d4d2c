/** A small coalition whose members have lots, and the way in that every use case of lots takes. */
import type { BusinessDate } from '../../../src/domain/kernel/calendar.js';
import type { MemberLots } from '../../../src/domain/redemption/member-lots.js';
import type { RedemptionTerms } from '../../../src/domain/redemption/model.js';
import { confirmDue } from '../../../src/modules/earning/index.js';
import { openWindows, recordEntries } from '../../../src/modules/ledger/index.js';
import {
  type LotsToOpen,
  type OpenedLots,
  openMemberLots,
  type RecordedLots,
  storeMemberLots,
} from '../../../src/modules/lots/index.js';
import { lockMembers } from '../../../src/modules/members/index.js';
import { type Coalition, makeCoalition, purchase } from '../../support/coalition.js';
import { openTestDatabase, type TestDatabase } from '../../support/database.js';

/** 1 PTS = 0.01 GBP. Bank 1 %, shop 4 %: 100.00 at the shop is two lots of 100 and 400, confirmed after 14 days. */
export const lotsYaml = (redemption: string, rules = ''): string => `
programme: coalition-test
name: Coalition for tests
effectiveFrom: 2020-01-01
currency: GBP
timeZone: Europe/London
unit: { code: PTS, scale: 0, worth: 0.01 }
holdDays: 14
rounding: FLOOR
${redemption}
tiers: { rollingDays: 30, levels: [{ code: all, name: All, from: 0 }] }
rules:
  - { code: bank-cashback, name: Bank cashback, funding: ISSUER, rate: 1% }
  - { code: shop-rate, name: Shop rate, funding: MERCHANT, rate: 4% }
${rules}
`;

export interface LotsFixture extends Coalition {
  readonly db: TestDatabase;
  /** Buys for so many pounds on a day and confirms it; the hold is 14 days. */
  buy(day: BusinessDate, pounds: number, card?: 'a' | 'b'): Promise<void>;
  confirm(asOf: BusinessDate): Promise<void>;
  terms(today: BusinessDate): Promise<RedemptionTerms>;
  /** Opens lots on a day, changes them, stores and records them. */
  change(
    today: BusinessDate,
    members: LotsToOpen['members'],
    step: (lots: OpenedLots, terms: RedemptionTerms) => void,
  ): Promise<RecordedLots>;
  /** One member's lots as they are on a day; nothing is stored. */
  look(today: BusinessDate, memberNo: number, lotIds?: readonly string[]): Promise<MemberLots>;
  query<Row extends object>(sql: string, values?: readonly unknown[]): Promise<Row[]>;
  /** Available and held units of a member. */
  balance(memberNo?: number): Promise<[available: number, held: number]>;
}

export async function openLotsFixture(redemption = '', rules = ''): Promise<LotsFixture> {
  const db = await openTestDatabase();
  const coalition = await makeCoalition(db, lotsYaml(redemption, rules));
  const { programmeNo, cache } = coalition;
  const termsOn = async (today: BusinessDate): Promise<RedemptionTerms> => {
    const { programmes } = await cache.fresh(db.database);
    const inForce = programmes.inForce(programmeNo, today);
    if (inForce === undefined) throw new Error('The programme has no terms yet.');
    return inForce.terms.redemption;
  };
  const query = async <Row extends object>(sql: string, values: readonly unknown[] = []): Promise<Row[]> =>
    (await db.superuser.query(sql, [...values])).rows as Row[];
  const confirm = async (asOf: BusinessDate): Promise<void> => {
    await confirmDue(db.database, programmeNo, asOf);
  };
  return {
    ...coalition,
    db,
    query,
    confirm,
    terms: termsOn,
    buy: async (day, pounds, card = 'a') => {
      const [outcome] = await coalition.submit(
        purchase({
          payer: { cardToken: `token-${card}-0001` },
          amountMinor: BigInt(pounds) * 100n,
          occurredAt: new Date(`${day}T12:00:00Z`),
          businessDate: day,
        }),
      );
      if (outcome?.status !== 'ACCEPTED') throw new Error(JSON.stringify(outcome));
    },
    change: async (today, members, step) => {
      const terms = await termsOn(today);
      return db.database.command(async (tx) => {
        const { now, windows } = await openWindows(tx, [programmeNo]);
        await lockMembers(
          tx,
          members.map(({ memberNo }) => memberNo),
        );
        const lots = await openMemberLots(tx, { programmeNo, terms, today, members });
        step(lots, terms);
        const recorded = await storeMemberLots(tx, lots);
        await recordEntries(tx, windows.get(programmeNo) as never, now, recorded.entries, recorded.entryNos);
        return recorded;
      });
    },
    look: async (today, memberNo, lotIds = []) => {
      const terms = await termsOn(today);
      const members = [{ memberNo, lotIds }];
      return db.database.command(async (tx) =>
        (await openMemberLots(tx, { programmeNo, terms, today, members })).of(memberNo),
      );
    },
    balance: async (memberNo = coalition.members.a) => {
      const [row] = await query<{ available: number; held: number }>(
        'select available_units::int as available, held_units::int as held from member_balance where member_no = $1',
        [memberNo],
      );
      return [row?.available ?? 0, row?.held ?? 0];
    },
  };
}

/** I12 and I13 with what stored lots add up to: nothing is ever missing. */
export async function expectSoundLots({ query }: LotsFixture): Promise<void> {
  const wrong = await query(`
    with due_lot as (
      select l.* from lot l join due d on d.programme_no = l.programme_no and d.due_on = l.available_on
        and d.member_no = l.member_no and d.lot_id = l.id
    ), parts as (
      select member_no, 'pending' as what, units, value_minor from due_lot
      union all select member_no, 'there', units, value_minor from lot where (id, member_no) not in (select id, member_no from due_lot)
      union all select member_no, 'there', units, value_minor from lot_pot where pot = 'RESERVED'
      union all select member_no, 'there', -units, -value_minor from member_debt
    ), units as (
      select b.member_no, b.pending_units, b.available_units + b.held_units as there_units,
             coalesce(sum(p.units) filter (where what = 'pending'), 0) as pending_lots,
             coalesce(sum(p.units) filter (where what = 'there'), 0) as there_lots
      from member_balance b left join parts p using (member_no) group by b.member_no
    ), pots as (
      select l.member_no, l.id, l.units + coalesce(sum(p.units), 0) as units
      from lot l left join lot_pot p on p.member_no = l.member_no and p.lot_id = l.id group by l.member_no, l.id
    ), moved as (
      select member_no, lot_id, pot, sum(units) as units from (
        select member_no, lot_id, to_pot as pot, units from lot_movement
        union all select member_no, lot_id, from_pot, -units from lot_movement
      ) m where pot <> 'LEFT' group by member_no, lot_id, pot
    )
    select 'I12' as what, member_no::text as of from units where pending_units <> pending_lots or there_units <> there_lots
    union all
    select 'I13', format('%s is not %s', liability, lots) from (
      select (select -coalesce(sum(balance), 0) from account_balance where account in (2010, 2020))
             - (select sum(receivable_minor) from member_balance) as liability,
             (select coalesce(sum(value_minor), 0) from parts where what = 'there') as lots
    ) s where liability <> lots
    union all
    select 'pots are sums of movements', lot_id::text from moved full join lot_pot p using (member_no, lot_id, pot)
    where coalesce(moved.units, 0) <> coalesce(p.units, 0)
    union all
    select 'issued is what the accrual gave less what was voided', p.id::text from pots p join accrual a using (id, member_no)
    where p.units <> a.units - (select coalesce(sum(r.units), 0) from accrual_reversal r join journal_entry e on e.no = r.entry_no
      where r.accrual_id = a.id and (e.kind = 5 or not exists (select from lot_movement m where m.entry_no = e.no)))`);
  expect(wrong).toEqual([]);
}
