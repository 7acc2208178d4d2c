/** The accounting export as the schema shows it. */
import { ArgsType, Field, Int, ObjectType } from 'type-graphql';
import type { BusinessDate } from '../../domain/kernel/calendar.js';
import { ACCOUNT_NAMES } from '../../domain/ledger/account-names.js';
import { Money, toMoney } from '../../graphql/money.js';
import { BusinessDateScalar } from '../../graphql/scalars.js';
import type { ExportRange, Turnover } from './accounting.sql.js';

@ArgsType()
export class AccountingExportArguments {
  @Field(() => String, { description: 'Code of the programme.' })
  programmeCode!: string;

  @Field(() => Int, {
    nullable: true,
    description: 'Number of a window: all of it but the entry of its settlement. Not together with days.',
  })
  windowNumber?: number | null;

  @Field(() => BusinessDateScalar, {
    nullable: true,
    description: "First day on which entries were recorded, in the programme's time zone.",
  })
  from?: BusinessDate | null;

  @Field(() => BusinessDateScalar, { nullable: true, description: 'Last day on which entries were recorded.' })
  until?: BusinessDate | null;
}

@ObjectType({ description: 'What one account was debited and credited.', simpleResolvers: true })
export class AccountTurnover {
  @Field(() => Int, { description: 'Number of the account in the chart.' })
  readonly account!: number;

  @Field(() => String, { description: 'Its name.' })
  readonly name!: string;

  @Field(() => Int, { description: 'How many lines there are.' })
  readonly lines!: number;

  @Field(() => Money, { description: 'All debits.' })
  readonly debit!: Money;

  @Field(() => Money, { description: 'All credits.' })
  readonly credit!: Money;

  static of({ account, currencyCode, lines, debitMinor, creditMinor }: Turnover): AccountTurnover {
    return Object.assign(new AccountTurnover(), {
      account,
      name: ACCOUNT_NAMES[account],
      lines,
      debit: toMoney(debitMinor, currencyCode),
      credit: toMoney(creditMinor, currencyCode),
    });
  }
}

@ObjectType({ description: 'What all lines of one currency add up to: both sides are equal.', simpleResolvers: true })
export class AccountingTotal {
  @Field(() => Int, { description: 'How many lines there are.' })
  readonly lines!: number;

  @Field(() => Money, { description: 'All debits.' })
  readonly debit!: Money;

  @Field(() => Money, { description: 'All credits.' })
  readonly credit!: Money;
}

@ObjectType({
  description: 'A part of the export. All parts one behind the other are the file.',
  simpleResolvers: true,
})
export class AccountingPart {
  @Field(() => String, {
    description:
      'CSV (RFC 4180) in UTF-8: date, entry, line, account and its name, party, debit, credit, currency, text, business date, window, and the message that caused it. The first part begins with the header.',
  })
  readonly csv!: string;

  @Field(() => Int, { description: 'How many lines it has, the header not counted.' })
  readonly lines!: number;

  @Field(() => String, { nullable: true, description: 'Give it as `after` for the next part; null in the last one.' })
  readonly endCursor!: string | null;
}

@ObjectType({ description: 'Journal lines of the money book, for whoever keeps the books.', simpleResolvers: true })
export class AccountingExport {
  /** Not published. */
  readonly range!: ExportRange;

  @Field(() => Boolean, { description: 'Whether nothing will be added: the window is closed, the days have passed.' })
  readonly isFinal!: boolean;

  static of(range: ExportRange): AccountingExport {
    return Object.assign(new AccountingExport(), { range, isFinal: range.isFinal });
  }
}
