/**
 * Lots that are opened as far as they are spent give the same events, the same lots and the same balance as all of them
 * would: under every kind of terms, whatever is drawn.
 */
import { addDays, type BusinessDate } from '../../../src/domain/kernel/calendar.js';
import { clawBack } from '../../../src/domain/redemption/claw-back.js';
import { giveBack } from '../../../src/domain/redemption/give-back.js';
import { mostFor } from '../../../src/domain/redemption/limits.js';
import type { Lot } from '../../../src/domain/redemption/lot.js';
import type { MemberLots, Redemption } from '../../../src/domain/redemption/member-lots.js';
import type { RedemptionTerms } from '../../../src/domain/redemption/model.js';
import { authorise, available, capture, redemptionOf, release } from '../../../src/domain/redemption/redeem.js';
import { grant } from '../../../src/domain/redemption/transfer.js';
import { type Random, randomFrom } from '../../model/random.js';
import { expectSoundLots, type LotsFixture, openLotsFixture } from './lots-fixture.js';

const STEPS = 40;
const START = '2026-03-24';

let f: LotsFixture;
afterEach(() => f.db.close());

interface Context {
  readonly terms: RedemptionTerms;
  readonly today: BusinessDate;
  newId(): string;
}
type Step = (member: MemberLots, context: Context) => MemberLots;

/** After all ids of the database, in the order in which they are asked for. */
const idsFrom = (step: number): (() => string) => {
  let count = 0;
  return () => {
    count += 1;
    return `ffffffff-0000-7000-8${String(step).padStart(3, '0')}-${String(count).padStart(12, '0')}`;
  };
};

const heldBy = ({ takes }: Redemption): bigint => takes.reduce((sum, { taken }) => sum + taken.units, 0n);

/** Something that a till may ask, the most units that it holds, and the redemption that it is about. */
interface Command {
  readonly spends: bigint;
  readonly about?: Redemption;
  readonly step: Step;
}

function drawCommand(random: Random, terms: RedemptionTerms, known: readonly Redemption[]): Command {
  const units = random.between(1n, random.chance(4) ? 4_000n : 60n);
  const about = random.chance(60) || known.length === 0 ? undefined : random.pick(known);
  if (about !== undefined) return { spends: 0n, about, step: resolving(random, about.id, units) };
  const wish = { purchaseMinor: units * 2n, discountMinor: 0n, unitsWanted: random.chance(70) ? units : undefined };
  const step: Step = (member, { newId, today }) => {
    const unitsWanted = wish.unitsWanted ?? available(member);
    return authorise(member, { ...wish, unitsWanted, id: newId(), date: today }, terms).member;
  };
  return { spends: mostFor(wish, terms), step };
}

/** Captured wholly or in part, or given up, or given back. */
function resolving(random: Random, id: string, most: bigint): Step {
  const isReleased = random.chance(30);
  const at = { redeemerNo: f.shopNo, valueMinor: most, feeMinor: 2n, feeTaxMinor: 1n };
  return (member, { terms, newId }) => {
    const redemption = redemptionOf(member, id);
    if (redemption.takes.length === 0 || redemption.state === 'VOIDED') return member;
    if (redemption.state === 'CAPTURED')
      return giveBack(member, id, { units: most }, terms, { newId, returnsFee: true }).member;
    const held = heldBy(redemption);
    return isReleased
      ? release(member, id, terms)
      : capture(member, id, terms, { units: most < held ? most : held, at });
  };
}

/** What needs all lots: units come in, with days that are out of order, or a purchase is returned. */
function drawPreparation(random: Random, { id: lotId, origin }: Lot): Step {
  if (random.chance(15)) return returned(lotId, origin, random.between(1n, 100n));
  const grants = Array.from({ length: 1 + random.below(6) }, () => ({
    units: random.between(1n, 90n),
    ago: random.below(40),
    lives: random.chance(50) ? 1 + random.below(60) : undefined,
  }));
  return (member, { terms, today, newId }) =>
    grants.reduce((books, { units, ago, lives }) => {
      const days = { accruedOn: addDays(today, -ago), availableOn: addDays(today, -(ago % 4)) };
      const lot = { id: newId(), units, valueMinor: units + 3n, ...days };
      return grant(books, { ...lot, ...(lives !== undefined && { expiresOn: addDays(today, lives) }) }, terms);
    }, member);
}

const returned =
  (lotId: string, origin: string, units: bigint): Step =>
  (member, { terms, newId }) => {
    const lot = member.lots.find(({ id }) => id === lotId);
    const most = lot === undefined ? 0n : lot.issued.units - lot.clawedBack.units;
    if (lot === undefined || most === 0n) return member;
    const chargesFor = (kept: bigint) => ({ commissionMinor: kept / 10n, taxMinor: kept / 50n });
    const part = units < most ? units : most;
    const back = { units: part, valueMinor: part, keptUnits: most - part, chargesFor, returnsCommission: true };
    return clawBack(member, { origin, taken: [{ lotId, funding: lot.funding, ...back }], newId }, terms);
  };

/** All that a step has decided. */
const decided = (before: MemberLots, after: MemberLots) => {
  const known = new Map(before.lots.map((lot) => [lot.id, JSON.stringify(lot, bigintAsText)]));
  return {
    ...{ events: after.events, redemptions: after.redemptions, debts: after.debts, available: available(after) },
    lots: after.lots.filter((lot) => known.get(lot.id) !== JSON.stringify(lot, bigintAsText)),
  };
};
const bigintAsText = (_key: string, value: unknown) => (typeof value === 'bigint' ? String(value) : value);

/** How many steps at least need not open everything. */
const VARIANTS: readonly (readonly [string, string, number])[] = [
  ['nothing expires', '', 8],
  ['lots expire', 'expiry: { days: 120 }\nredemption: { returnGraceDays: 20, minimumUnits: "5", maxShare: 60% }', 8],
  ['the earliest is used first', 'expiry: { days: 120 }\nredemption: { order: EXPIRES_FIRST }', 1],
  ['rolling expiry', 'expiry: { rolling: 60 }', 0],
  ['dormancy', 'expiry: { days: 300 }\ndormancy: { afterDays: 25, fee: 7 }', 0],
  ['the programme ends', 'windDown: { earningEnds: 2026-04-01, redemptionUntil: 2026-08-31 }', 8],
];

test.each(VARIANTS.flatMap(([name, terms, inPart]) => [1, 2].map((seed) => [name, seed, terms, inPart] as const)))(
  '%s, seed %i',
  async (_name, seed, yaml, leastInPart) => {
    f = await openLotsFixture(yaml);
    const { a } = f.members;
    for (const pounds of [100, 37]) await f.buy('2026-03-10', pounds);
    await f.confirm(START);
    const [earned] = (await f.look(START, a)).lots;
    if (earned === undefined) throw new Error('A purchase earns.');
    const random = randomFrom(seed);
    let redemptions: readonly Redemption[] = [];
    let today: BusinessDate = START;
    let unopened = 0;
    for (let number = 1; number <= STEPS; number += 1) {
      today = addDays(today, random.chance(70) ? 0 : random.below(12));
      const terms = await f.terms(today);
      if (random.chance(10)) await f.buy(addDays(today, -random.below(20)), 20);
      if (random.chance(40)) {
        const prepare = drawPreparation(random, earned);
        const context = { terms, today, newId: idsFrom(number * 2) };
        await f.change(today, [{ memberNo: a, lotIds: [earned.id] }], (lots) =>
          lots.put(a, prepare(lots.of(a), context)),
        );
      }
      const commands = Array.from({ length: 1 + random.below(4) }, () => drawCommand(random, terms, redemptions));
      const all = (member: MemberLots): MemberLots => {
        const context = { terms, today, newId: idsFrom(number * 2 + 1) };
        return commands.reduce((books, { step }) => step(books, context), member);
      };
      const about = [...new Set(commands.flatMap((command) => command.about ?? []))];
      const lotIds = about.flatMap(({ takes }) => takes.map(({ lotId }) => lotId));
      const whole = { ...(await f.look(today, a, lotIds)), redemptions: about };
      const spends = commands.reduce((sum, command) => sum + command.spends, 0n);
      await f.change(today, [{ memberNo: a, redemptions: about, spends }], (lots) => {
        const part = lots.of(a);
        if (part.unopened !== undefined) unopened += 1;
        expect([number, available(part)]).toEqual([number, available(whole)]);
        const after = all(part);
        expect([number, decided(part, after)]).toEqual([number, decided(whole, all(whole))]);
        lots.put(a, after);
        redemptions = [...redemptions.filter((one) => !about.includes(one)), ...after.redemptions];
      });
    }
    expect(unopened).toBeGreaterThanOrEqual(leastInPart);
    if (leastInPart === 0) expect(unopened).toBe(0);
    await expectSoundLots(f);
  },
  120_000,
);
