/**
 * A life that is stored and loaded again after every step is the same life as one that never leaves memory, under every
 * kind of terms: nothing that the kernel knows is lost between two transactions.
 */
import { addDays, type BusinessDate } from '../../../src/domain/kernel/calendar.js';
import { advance, settle } from '../../../src/domain/redemption/advance.js';
import { clawBack } from '../../../src/domain/redemption/claw-back.js';
import { forgive } from '../../../src/domain/redemption/debts.js';
import { giveBack } from '../../../src/domain/redemption/give-back.js';
import type { Lot } from '../../../src/domain/redemption/lot.js';
import type { MemberLots, Redemption } from '../../../src/domain/redemption/member-lots.js';
import type { RedemptionTerms } from '../../../src/domain/redemption/model.js';
import type { Part } from '../../../src/domain/redemption/part.js';
import { authorise, available, capture, release, useAtOnce } from '../../../src/domain/redemption/redeem.js';
import { grant, transfer } from '../../../src/domain/redemption/transfer.js';
import { type Random, randomFrom } from '../../model/random.js';
import { expectSoundLots, type LotsFixture, openLotsFixture } from './lots-fixture.js';

const STEPS = 60;
const START = '2026-03-24';

let f: LotsFixture;
afterEach(() => f.db.close());

/** The lots of both members, by their numbers. */
type Books = Map<number, MemberLots>;
type Step = (books: Books, terms: RedemptionTerms, today: BusinessDate, newId: () => string) => void;

/** Ids after all that the database has made, in the order in which they are asked for. */
const idsFrom = (step: number): (() => string) => {
  let count = 0;
  return () => {
    count += 1;
    return `ffffffff-0000-7000-8${String(step).padStart(3, '0')}-${String(count).padStart(12, '0')}`;
  };
};

const pickOf = (member: MemberLots, state: Redemption['state'], index: number): Redemption | undefined => {
  const those = member.redemptions.filter((one) => one.state === state && one.takes.length > 0);
  return those[index % (those.length || 1)];
};

/** What is kept of each lot that a purchase gave, after refunds. */
type Kept = Map<string, bigint>;

/** One step, chosen now; what it does depends on nothing but the books. */
function chooseStep(random: Random, a: number, b: number, earned: readonly Lot[], kept: Kept): Step {
  const [no, other] = random.chance(70) ? [a, b] : [b, a];
  const units = random.between(1n, 250n);
  const index = random.below(10);
  const at = { redeemerNo: f.shopNo, valueMinor: units, feeMinor: 2n, feeTaxMinor: 1n };
  const change =
    (what: (member: MemberLots, ...rest: [RedemptionTerms, BusinessDate, () => string]) => MemberLots): Step =>
    (books, ...rest) =>
      void books.set(no, what(books.get(no) as MemberLots, ...rest));
  const hold = change((member, terms, date, newId) => {
    const wish = { id: newId(), date, purchaseMinor: 1_000_000n, discountMinor: 0n, unitsWanted: units };
    return authorise(member, wish, terms).member;
  });
  const steps: readonly Step[] = [
    hold,
    hold,
    change((member, terms, accruedOn, newId) =>
      grant(member, { id: newId(), units, valueMinor: units + 3n, accruedOn }, terms),
    ),
    change((member, terms) => {
      const held = pickOf(member, 'AUTHORISED', index);
      const all = held?.takes.reduce((sum, { taken }) => sum + taken.units, 0n) ?? 0n;
      return held === undefined ? member : capture(member, held.id, terms, { units: units < all ? units : all, at });
    }),
    change((member, terms) => {
      const held = pickOf(member, 'AUTHORISED', index);
      return held === undefined ? member : release(member, held.id, terms);
    }),
    change((member, terms, _today, newId) => {
      const used = pickOf(member, 'CAPTURED', index);
      return used?.at === undefined
        ? member
        : giveBack(member, used.id, { units }, terms, { newId, returnsFee: true }).member;
    }),
    change((member, terms, _today, newId) => {
      const most = available(member);
      const gift = { kind: 'DONATED', charityNo: f.shopNo } as const;
      return most <= 0n ? member : useAtOnce(member, newId(), units < most ? units : most, gift, terms);
    }),
    (books, terms, _today, newId) => {
      const [from, to] = [books.get(no) as MemberLots, books.get(other) as MemberLots];
      const most = available(from);
      if (most <= 0n) return;
      const moved = transfer(from, to, { units: units < most ? units : most, toMemberNo: other, newId }, terms);
      books.set(no, moved.from).set(other, moved.to);
    },
    refundStep(random, a, earned, kept),
    change((member) => (index < 3 ? forgive(member) : member)),
    () => undefined,
  ];
  return random.pick(steps);
}

/** A part of one purchase is returned, and whoever bears it is drawn too. */
function refundStep(random: Random, a: number, earned: readonly Lot[], kept: Kept): Step {
  const origin = random.pick(earned).origin;
  const lots = earned.filter((lot) => lot.origin === origin);
  const taken = lots.map((lot) => {
    const had = kept.get(lot.id) as bigint;
    const units = had === 0n ? 0n : random.between(0n, had);
    const chargesFor = (kept: bigint) => ({ commissionMinor: kept / 10n, taxMinor: kept / 50n });
    const { id: lotId, funding } = lot;
    return { lotId, funding, units, valueMinor: units, keptUnits: had - units, chargesFor, returnsCommission: true };
  });
  const by = random.pick(['FUNDER', 'PROGRAMME'] as const);
  const policies = random.chance(50) ? new Map([[f.shopNo, { by, roomUnits: random.between(0n, 300n) }]]) : undefined;
  return (books, terms, _today, newId) => {
    const asked = taken.filter(({ units }) => units > 0n);
    if (asked.length === 0) return;
    for (const { lotId, keptUnits } of taken) kept.set(lotId, keptUnits);
    const refund = { origin, taken: asked, newId, ...(policies && { policies }) };
    books.set(a, clawBack(books.get(a) as MemberLots, refund, terms));
  };
}

const shown = ({ units, valueMinor, commissionMinor, taxMinor }: Part): string =>
  [units, valueMinor, commissionMinor, taxMinor].join('/');
const NONE = '0/0/0/0';

/** Everything that is remembered of both members, as text; pots that hold nothing left out. */
function remembered(books: Books): string[] {
  const told: string[] = [];
  for (const [no, { lots, debts, borne }] of books) {
    for (const { id, left, reserved, spent, expired, writtenOff, clawedBack, movedOn, expiresOn = 'never' } of lots) {
      const pots = { RESERVED: reserved, SPENT: spent, EXPIRED: expired, WRITTEN_OFF: writtenOff };
      const all = { ...pots, CLAWED_BACK: clawedBack, MOVED_ON: movedOn };
      const used = Object.entries(all).filter(([, part]) => shown(part) !== NONE);
      told.push(`${no} ${id} until ${expiresOn} LEFT ${shown(left)}`);
      told.push(...used.map(([pot, part]) => `${no} ${id} ${pot} ${shown(part)}`));
    }
    told.push(...debts.map(({ id, left }) => `${no} owes ${id} ${left.units}/${left.valueMinor}`));
    told.push(...borne.map(({ id, by, left }) => `${no} ${by} bears ${id} ${left.units}/${left.valueMinor}`));
  }
  return told.sort();
}

async function stored(): Promise<string[]> {
  const rows = await f.query<{ told: string }>(`
    select format('%s %s until %s LEFT %s/%s/%s/%s', member_no, id, coalesce(expires_on::text, 'never'), units, value_minor, commission_minor, tax_minor) as told from lot
    union all
    select format('%s %s %s %s/%s/%s/%s', member_no, lot_id, pot, units, value_minor, commission_minor, tax_minor) from lot_pot
    where (units, value_minor, commission_minor, tax_minor) <> (0, 0, 0, 0)
    union all select format('%s owes %s %s/%s', member_no, id, units, value_minor) from member_debt
    union all select format('%s %s bears %s %s/%s', member_no, borne_by, id, units, value_minor) from borne_clawback`);
  return rows.map(({ told }) => told).sort();
}

const VARIANTS: readonly (readonly [string, string])[] = [
  ['nothing expires', ''],
  [
    'lots expire, the earliest is used first',
    'expiry: { days: 120 }\nredemption: { order: EXPIRES_FIRST, returnGraceDays: 20 }',
  ],
  ['rolling expiry', 'expiry: { rolling: 60 }'],
  ['dormancy and expiry', 'expiry: { days: 300 }\ndormancy: { afterDays: 25, fee: 7 }'],
  ['the programme ends', 'expiry: { days: 200 }\nwindDown: { earningEnds: 2026-04-01, redemptionUntil: 2026-08-31 }'],
];

test.each(VARIANTS.flatMap(([name, terms]) => [1, 2].map((seed) => [name, seed, terms] as const)))(
  '%s, seed %i',
  async (_name, seed, yaml) => {
    f = await openLotsFixture(yaml);
    const { a, b } = f.members;
    for (const pounds of [100, 37]) await f.buy('2026-03-10', pounds);
    await f.buy('2026-03-10', 60, 'b');
    await f.confirm(START);
    const random = randomFrom(seed);
    const memory: Books = new Map([
      [a, await f.look(START, a)],
      [b, await f.look(START, b)],
    ]);
    const earned = (memory.get(a) as MemberLots).lots;
    const kept: Kept = new Map(earned.map(({ id, issued }) => [id, issued.units]));
    const redemptions = new Map<number, readonly Redemption[]>([a, b].map((no) => [no, []]));
    let today: BusinessDate = START;
    for (let number = 1; number <= STEPS; number += 1) {
      today = addDays(today, random.chance(60) ? 0 : random.below(25));
      const terms = await f.terms(today);
      const keptBefore = new Map(kept);
      const step = chooseStep(random, a, b, earned, kept);
      for (const no of [a, b]) {
        const then = { ...(memory.get(no) as MemberLots), events: [] };
        memory.set(no, settle(advance(then, today, terms), terms));
      }
      step(memory, terms, today, idsFrom(number));
      for (const [id, units] of keptBefore) kept.set(id, units);
      const lotIds = earned.map(({ id }) => id);
      const members = [a, b].map((memberNo) => ({
        memberNo,
        redemptions: redemptions.get(memberNo) as readonly Redemption[],
        ...(memberNo === a && { lotIds }),
      }));
      await f.change(today, members, (lots, its) => {
        const books: Books = new Map([a, b].map((no) => [no, lots.of(no)]));
        step(books, its, today, idsFrom(number));
        for (const [no, member] of books) {
          lots.put(no, member);
          redemptions.set(no, member.redemptions);
        }
      });
      expect([number, await stored()]).toEqual([number, remembered(memory)]);
    }
    await expectSoundLots(f);
  },
  120_000,
);
