/** What came of a back-test, as the schema shows it: exact amounts, never minor units. */
import { Field, ID, Int, ObjectType } from 'type-graphql';
import type { Cost } from '../../domain/backtest/cost.js';
import type { BusinessDate } from '../../domain/kernel/calendar.js';
import { formatDecimal } from '../../domain/money/decimal.js';
import { Money, toMoney } from '../../graphql/money.js';
import { BusinessDateScalar, DecimalScalar } from '../../graphql/scalars.js';
import type { StoredResult } from './stored-result.js';

/** In which unit and currency the numbers of a result are. */
type Scales = Pick<StoredResult, 'unitScale' | 'currencyCode'>;

type StoredCost = StoredResult['total']['candidate'];
type StoredComparison = StoredResult['total'];

const unitsText = (units: bigint, { unitScale }: Scales): string => formatDecimal(units, unitScale);

@ObjectType({ description: 'What rewards cost those who pay for them.', simpleResolvers: true })
export class BacktestCost {
  @Field(() => DecimalScalar, { description: "Reward units, in the programme's unit." })
  readonly units!: string;

  @Field(() => Money, { description: 'Their worth at issue.' })
  readonly value!: Money;

  @Field(() => Money, { description: "The programme's commission on it, by the payers' contracts." })
  readonly commission!: Money;

  @Field(() => Money, { description: 'Tax on the commission.' })
  readonly tax!: Money;

  static of({ units, valueMinor, commissionMinor, taxMinor }: Cost, scales: Scales): BacktestCost {
    return Object.assign(new BacktestCost(), {
      units: unitsText(units, scales),
      value: toMoney(valueMinor, scales.currencyCode),
      commission: toMoney(commissionMinor, scales.currencyCode),
      tax: toMoney(taxMinor, scales.currencyCode),
    });
  }
}

const costOf = ({ units, valueMinor, commissionMinor, taxMinor }: StoredCost): Cost => ({
  units: BigInt(units),
  valueMinor: BigInt(valueMinor),
  commissionMinor: BigInt(commissionMinor),
  taxMinor: BigInt(taxMinor),
});

const less = (a: Cost, b: Cost): Cost => ({
  units: a.units - b.units,
  valueMinor: a.valueMinor - b.valueMinor,
  commissionMinor: a.commissionMinor - b.commissionMinor,
  taxMinor: a.taxMinor - b.taxMinor,
});

@ObjectType({
  description:
    'The same purchases under the candidate, under the versions that decided them, and as the books have it.',
  simpleResolvers: true,
})
export class BacktestComparison {
  @Field(() => BacktestCost, { description: 'Replayed under the candidate.' })
  readonly candidate!: BacktestCost;

  @Field(() => BacktestCost, {
    description: 'Replayed under the versions that were in force: what the candidate is measured against.',
  })
  readonly baseline!: BacktestCost;

  @Field(() => BacktestCost, { description: 'What was really earned and kept after refunds.' })
  readonly recorded!: BacktestCost;

  @Field(() => BacktestCost, { description: 'Candidate less baseline: + costs more, - costs less.' })
  readonly change!: BacktestCost;

  @Field(() => BacktestCost, {
    description:
      'Baseline less recorded: what replaying does otherwise than the days themselves did, such as caps that a purchase ' +
      'returned later had used up.',
  })
  readonly drift!: BacktestCost;

  static of(stored: StoredComparison, scales: Scales): BacktestComparison {
    return Object.assign(new BacktestComparison(), comparisonOf(stored, scales));
  }
}

function comparisonOf(stored: StoredComparison, scales: Scales) {
  const [candidate, baseline, recorded] = [costOf(stored.candidate), costOf(stored.baseline), costOf(stored.recorded)];
  const show = (cost: Cost): BacktestCost => BacktestCost.of(cost, scales);
  return {
    candidate: show(candidate),
    baseline: show(baseline),
    recorded: show(recorded),
    change: show(less(candidate, baseline)),
    drift: show(less(baseline, recorded)),
  };
}

@ObjectType({ description: 'The comparison for one payer, category, rule or month.', simpleResolvers: true })
export class BacktestLine extends BacktestComparison {
  @Field(() => String, {
    description:
      'The code of the partner (PROGRAMME when the programme pays), category or rule, or the first day of the month.',
  })
  readonly key!: string;

  static line(stored: StoredComparison & { readonly key: string }, scales: Scales): BacktestLine {
    return Object.assign(new BacktestLine(), { key: stored.key, ...comparisonOf(stored, scales) });
  }
}

@ObjectType({ description: 'Members who gain, or who lose.', simpleResolvers: true })
export class BacktestMovedMembers {
  @Field(() => Int, { description: 'How many they are.' })
  readonly members!: number;

  @Field(() => DecimalScalar, { description: 'Reward units that they gain, or lose, all together.' })
  readonly units!: string;
}

@ObjectType({
  description: 'A tenth of the members in the order of what they gain; what is lost is negative.',
  simpleResolvers: true,
})
export class BacktestDecile {
  @Field(() => Int, {
    description: '1 loses most, 10 gains most. There are fewer when there are fewer than ten members.',
  })
  readonly no!: number;

  @Field(() => Int, { description: 'How many members it has.' })
  readonly members!: number;

  @Field(() => DecimalScalar, { description: 'The least that one of them gains, in reward units.' })
  readonly from!: string;

  @Field(() => DecimalScalar, { description: 'The most that one of them gains, in reward units.' })
  readonly to!: string;

  @Field(() => DecimalScalar, { description: 'What they gain all together, in reward units.' })
  readonly units!: string;
}

@ObjectType({ description: 'What one member earns under both.', simpleResolvers: true })
export class BacktestMember {
  @Field(() => ID, { description: 'The id of the member, who stays unnamed here.' })
  readonly memberId!: string;

  @Field(() => DecimalScalar, { description: 'Reward units under the candidate.' })
  readonly candidate!: string;

  @Field(() => DecimalScalar, { description: 'Reward units under the versions that were in force.' })
  readonly baseline!: string;

  @Field(() => DecimalScalar, { description: 'Candidate less baseline.' })
  readonly change!: string;
}

@ObjectType({
  description: 'What came of a back-test. Every list of lines adds up to the total.',
  simpleResolvers: true,
})
export class BacktestResult {
  @Field(() => Int, { description: 'Purchases of these days of which something was kept.' })
  readonly purchases!: number;

  @Field(() => Int, { description: 'Members who made them.' })
  readonly members!: number;

  @Field(() => Money, { description: 'What was kept of them after refunds.' })
  readonly spend!: Money;

  @Field(() => BusinessDateScalar, {
    description:
      'The first day of which a purchase was replayed, so that tiers, caps and marks stood where they stood on the first day that counts.',
  })
  readonly replayedFrom!: BusinessDate;

  @Field(() => BacktestComparison, { description: 'All rewards together.' })
  readonly total!: BacktestComparison;

  @Field(() => [BacktestLine], { description: 'By the partner who pays.' })
  readonly byFunder!: readonly BacktestLine[];

  @Field(() => [BacktestLine], {
    description: 'By the category of the purchase; each replay sorts them by its own version.',
  })
  readonly byCategory!: readonly BacktestLine[];

  @Field(() => [BacktestLine], { description: 'By rule. A rule that only one of them has costs nothing in the other.' })
  readonly byRule!: readonly BacktestLine[];

  @Field(() => [BacktestLine], { description: 'By month of the purchase.' })
  readonly byMonth!: readonly BacktestLine[];

  @Field(() => DecimalScalar, { description: 'Reward units that caps and budgets withheld under the candidate.' })
  readonly withheldByCandidate!: string;

  @Field(() => DecimalScalar, { description: 'The same under the versions that were in force.' })
  readonly withheldByBaseline!: string;

  @Field(() => BacktestMovedMembers, { description: 'Members who earn more under the candidate.' })
  readonly winners!: BacktestMovedMembers;

  @Field(() => BacktestMovedMembers, { description: 'Members who earn less under the candidate.' })
  readonly losers!: BacktestMovedMembers;

  @Field(() => Int, { description: 'Members who earn the same.' })
  readonly unchanged!: number;

  @Field(() => [BacktestDecile], { description: 'How the change is spread over the members.' })
  readonly deciles!: readonly BacktestDecile[];

  @Field(() => [BacktestMember], { description: 'The ten who gain most.' })
  readonly gainsMost!: readonly BacktestMember[];

  @Field(() => [BacktestMember], { description: 'The ten who lose most.' })
  readonly losesMost!: readonly BacktestMember[];

  @Field(() => Boolean, {
    description:
      'Budgets shared by all members were used up member by member instead of in the order of time, because there are too ' +
      'many members to be followed at once: who gets what is left of a budget is not exact then, what it pays in total is.',
  })
  readonly budgetsApproximate!: boolean;

  static of(stored: StoredResult): BacktestResult {
    const units = (text: string): string => unitsText(BigInt(text), stored);
    const moved = ({ members, units: sum }: StoredResult['winners']): BacktestMovedMembers =>
      Object.assign(new BacktestMovedMembers(), { members, units: units(sum) });
    const lines = (view: keyof StoredResult['by']): BacktestLine[] =>
      stored.by[view].map((line) => BacktestLine.line(line, stored));
    const member = ({ memberId, candidate, baseline }: StoredResult['gainsMost'][number]): BacktestMember =>
      Object.assign(new BacktestMember(), {
        memberId,
        candidate: units(candidate),
        baseline: units(baseline),
        change: unitsText(BigInt(candidate) - BigInt(baseline), stored),
      });
    return Object.assign(new BacktestResult(), {
      purchases: stored.purchases,
      members: stored.members,
      spend: toMoney(BigInt(stored.spendMinor), stored.currencyCode),
      replayedFrom: stored.replayedFrom,
      total: BacktestComparison.of(stored.total, stored),
      byFunder: lines('FUNDER'),
      byCategory: lines('CATEGORY'),
      byRule: lines('RULE'),
      byMonth: lines('MONTH'),
      withheldByCandidate: units(stored.withheld.candidate),
      withheldByBaseline: units(stored.withheld.baseline),
      winners: moved(stored.winners),
      losers: moved(stored.losers),
      unchanged: stored.unchanged,
      deciles: stored.deciles.map(({ no, members, from, to, units: sum }) =>
        Object.assign(new BacktestDecile(), { no, members, from: units(from), to: units(to), units: units(sum) }),
      ),
      gainsMost: stored.gainsMost.map(member),
      losesMost: stored.losesMost.map(member),
      budgetsApproximate: stored.budgetsApproximate,
    });
  }
}
