/** The accounting export: what is asked -> a range, its sums, and its parts. */
import { Arg, Args, Ctx, FieldResolver, Query, Resolver, Root } from 'type-graphql';
import { badUserInput } from '../../graphql/bad-user-input.js';
import type { GatewayContext, LoaderDefinition } from '../../graphql/context.js';
import { cursorOf, type Keyset, readCursor } from '../../graphql/keyset.js';
import { toMoney } from '../../graphql/money.js';
import {
  AccountingExport,
  AccountingExportArguments,
  AccountingPart,
  AccountingTotal,
  AccountTurnover,
} from './accounting.graphql.js';
import type { AccountingService } from './accounting.service.js';
import type { EntryPlace, ExportRange, Turnover } from './accounting.sql.js';

const PLACES: Keyset = {
  name: 'accounting-export',
  columns: [
    { property: 'no', kind: 'bigint' },
    { property: 'memberNo', kind: 'integer' },
  ],
  direction: 'ASC',
};

function placeOf(after: string | null | undefined): EntryPlace | undefined {
  if (after === null || after === undefined) return undefined;
  const [no, memberNo] = readCursor(PLACES, after, 'after') as [string, string];
  return { no: BigInt(no), memberNo: Number(memberNo) };
}

@Resolver(() => AccountingExport)
export class AccountingResolver {
  /** Summed once, however many fields want it. */
  private readonly turnovers: LoaderDefinition<ExportRange, readonly Turnover[]>;

  constructor(private readonly accounting: AccountingService) {
    this.turnovers = {
      name: 'accounting.turnovers',
      load: (ranges, { principal }) => Promise.all(ranges.map((range) => accounting.turnovers(principal, range))),
    };
  }

  @Query(() => AccountingExport, {
    nullable: true,
    description:
      'Journal lines of a window or of days, for the accounting of whoever runs the programme; `hansa ledger export` writes the same as a file.',
  })
  async accountingExport(
    @Args(() => AccountingExportArguments) { programmeCode, windowNumber, from, until }: AccountingExportArguments,
    @Ctx() { principal }: GatewayContext,
  ): Promise<AccountingExport> {
    const wish = {
      programmeCode,
      windowNo: windowNumber ?? undefined,
      from: from ?? undefined,
      until: until ?? undefined,
    };
    const range = await this.accounting.range(principal, wish);
    if (!range.ok) throw badUserInput(range.failure.message);
    return AccountingExport.of(range.value);
  }

  @FieldResolver(() => [AccountTurnover], { description: 'What each account was debited and credited.' })
  async accounts(@Root() { range }: AccountingExport, @Ctx() context: GatewayContext): Promise<AccountTurnover[]> {
    return (await context.loader(this.turnovers).load(range)).map(AccountTurnover.of);
  }

  @FieldResolver(() => [AccountingTotal], { description: 'What all lines add up to, by currency.' })
  async totals(@Root() { range }: AccountingExport, @Ctx() context: GatewayContext): Promise<AccountingTotal[]> {
    const turnovers = await context.loader(this.turnovers).load(range);
    return Array.from(
      Map.groupBy(turnovers, (each) => each.currencyCode),
      ([currencyCode, own]) =>
        Object.assign(new AccountingTotal(), {
          lines: own.reduce((sum, { lines }) => sum + lines, 0),
          debit: toMoney(
            own.reduce((sum, { debitMinor }) => sum + debitMinor, 0n),
            currencyCode,
          ),
          credit: toMoney(
            own.reduce((sum, { creditMinor }) => sum + creditMinor, 0n),
            currencyCode,
          ),
        }),
    );
  }

  @FieldResolver(() => AccountingPart, { description: 'The lines, in the order in which they were recorded.' })
  async part(
    @Root() { range }: AccountingExport,
    @Arg('after', () => String, {
      nullable: true,
      description: 'The endCursor of the part before; leave it out for the first.',
    })
    after: string | null | undefined,
    @Ctx() { principal }: GatewayContext,
  ): Promise<AccountingPart> {
    const { csv, lines, next } = await this.accounting.page(principal, range, placeOf(after));
    return Object.assign(new AccountingPart(), {
      csv,
      lines,
      endCursor: next === undefined ? null : cursorOf(PLACES, next),
    });
  }
}
