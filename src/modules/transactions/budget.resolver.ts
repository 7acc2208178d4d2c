/** What is left of a programme's budgets: the pools that all members share. */
import { Ctx, Field, FieldResolver, ObjectType, Resolver, Root } from 'type-graphql';
import type { Cap, ProgrammeTerms } from '../../domain/earning/model.js';
import { periodEnd, periodStart } from '../../domain/earning/periods.js';
import { type BusinessDate, businessDateIn } from '../../domain/kernel/calendar.js';
import { formatDecimal } from '../../domain/money/decimal.js';
import type { GatewayContext, LoaderDefinition } from '../../graphql/context.js';
import { BusinessDateScalar, DecimalScalar } from '../../graphql/scalars.js';
import { databaseTime } from '../../infrastructure/db/clock.js';
import type { Database } from '../../infrastructure/db/database.js';
import { authorize } from '../access/index.js';
import { BudgetCounterEntity } from '../earning/index.js';
import { BudgetMeasureEnum } from '../offers/index.js';
import { Programme } from '../programmes/index.js';
import type { ReferenceCache } from './reference.js';

@ObjectType({ description: 'A budget of a programme in the period that runs today.', simpleResolvers: true })
export class ProgrammeBudget {
  @Field(() => String, { description: 'Code of the budget.' })
  readonly code!: string;

  @Field(() => BudgetMeasureEnum, { description: 'What it counts.' })
  readonly measure!: Cap['measure'];

  @Field(() => DecimalScalar, { description: 'How much there is, in its own measure.' })
  readonly max!: string;

  @Field(() => DecimalScalar, { description: 'How much of it purchases have taken and not given back.' })
  readonly used!: string;

  @Field(() => DecimalScalar, { description: 'How much is left; never below zero.' })
  readonly left!: string;

  @Field(() => BusinessDateScalar, { nullable: true, description: 'Last day of it; null when it has none.' })
  readonly until!: string | null;
}

/** "programme/code/period" -> used */
const USED: LoaderDefinition<string, bigint> = {
  name: 'transactions.budgets-used',
  async load(keys, { em }) {
    const wanted = keys.map((key) => key.split('/') as [string, string, string]);
    const rows = await em.find(BudgetCounterEntity, {
      $or: wanted.map(([programmeNo, code, period]) => ({ programmeNo: Number(programmeNo), code, period })),
    });
    const used = new Map(rows.map((row) => [`${row.programmeNo}/${row.code}/${row.period}`, row.used]));
    return keys.map((key) => used.get(key) ?? 0n);
  },
};

const ENDLESS = new Set<Cap['per']>(['CAMPAIGN', 'LIFETIME']);

@Resolver(() => Programme)
export class ProgrammeBudgetResolver {
  constructor(
    private readonly database: Database,
    private readonly cache: ReferenceCache,
  ) {}

  @FieldResolver(() => [ProgrammeBudget], {
    description: 'The budgets of the terms in force today that run today, with what is left of them.',
  })
  async budgets(@Root() { code }: Programme, @Ctx() context: GatewayContext): Promise<ProgrammeBudget[]> {
    authorize(context.principal, 'programme.read');
    const { programmes } = await this.cache.fresh(this.database);
    const programme = programmes.byCode(code);
    if (programme === undefined) return [];
    const today = businessDateIn(await databaseTime(context.em), programme.timeZone);
    const terms = programmes.inForce(programme.no, today)?.terms;
    if (terms === undefined) return [];
    const running = terms.caps.filter(
      ({ holder, from, until }) =>
        holder === 'EVERYONE' && (from === undefined || from <= today) && (until === undefined || today <= until),
    );
    return Promise.all(running.map((cap) => shown(cap, programme.no, terms, today, context)));
  }
}

async function shown(
  cap: Cap,
  programmeNo: number,
  terms: ProgrammeTerms,
  today: BusinessDate,
  { loader }: GatewayContext,
): Promise<ProgrammeBudget> {
  const period = periodStart(cap.per, today, { from: cap.from });
  const used = await loader(USED).load(`${programmeNo}/${cap.code}/${period}`);
  const scale = { REWARD: terms.unit.scale, SPEND: terms.currencyScale, COUNT: 0 }[cap.measure];
  return {
    code: cap.code,
    measure: cap.measure,
    max: formatDecimal(cap.max, scale),
    used: formatDecimal(used, scale),
    left: formatDecimal(used < cap.max ? cap.max - used : 0n, scale),
    until: cap.until ?? (ENDLESS.has(cap.per) ? null : periodEnd(cap.per, today)),
  };
}
