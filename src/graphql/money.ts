/** Money at the edge: exact decimal strings outside, bigint minor units inside. */
import { Field, InputType, ObjectType } from 'type-graphql';
import { fail, ok, type Result } from '../domain/kernel/result.js';
import { currencyScale } from '../domain/money/currency.js';
import { formatDecimal, parseDecimal } from '../domain/money/decimal.js';
import { CurrencyCodeScalar, DecimalScalar } from './scalars.js';

@ObjectType({ description: 'An exact amount of one currency.', simpleResolvers: true })
export class Money {
  @Field(() => DecimalScalar, {
    description: 'The amount with all decimals of its currency, such as "12.30" for GBP or "1200" for JPY.',
  })
  readonly amount!: string;

  @Field(() => CurrencyCodeScalar, { description: 'The currency of the amount.' })
  readonly currencyCode!: string;
}

@InputType({
  description: 'An exact amount of one currency. Too many decimals for the currency is an error, never rounded.',
})
export class MoneyInput {
  @Field(() => DecimalScalar, { description: 'The amount, such as "12.30".' })
  amount!: string;

  @Field(() => CurrencyCodeScalar, { description: 'The currency of the amount.' })
  currencyCode!: string;
}

/** Minor units -> Money: 1230n, "GBP" -> "12.30" GBP. */
export function toMoney(amountMinor: bigint, currencyCode: string): Money {
  return Object.assign(new Money(), { amount: formatDecimal(amountMinor, currencyScale(currencyCode)), currencyCode });
}

/** What can be wrong with an amount. Spread MONEY_ERRORS into the table of a capability that takes money in. */
export type MoneyErrorCode = 'CURRENCY_MISMATCH' | 'TOO_MANY_DECIMALS' | 'AMOUNT_TOO_LARGE';
export const MONEY_ERRORS: Readonly<Record<MoneyErrorCode, string>> = {
  CURRENCY_MISMATCH: 'The amount is not in the currency of the programme.',
  TOO_MANY_DECIMALS: 'The amount has more decimals than its currency.',
  AMOUNT_TOO_LARGE: 'The amount is larger than any the gateway takes in.',
};

/**
 * MoneyInput -> minor units of `currencyCode`, the programme's. `field` names the input in the failure.
 * The sign is left to the caller: what is too small is a matter of each command.
 */
export function parseMoney(input: MoneyInput, currencyCode: string, field: string): Result<bigint, MoneyErrorCode> {
  if (input.currencyCode !== currencyCode) {
    return fail(
      'CURRENCY_MISMATCH',
      `The amount is in ${input.currencyCode}; give it in ${currencyCode}.`,
      `${field}.currencyCode`,
    );
  }
  const scale = currencyScale(currencyCode);
  const minor = parseDecimal(input.amount, scale);
  if (minor === 'TOO_MANY_DECIMALS') {
    const decimals = scale === 1 ? '1 decimal' : `${scale} decimals`;
    return fail(
      'TOO_MANY_DECIMALS',
      `${currencyCode} has ${decimals}; ${input.amount} has more. Round it before you send it.`,
      `${field}.amount`,
    );
  }
  if (typeof minor === 'bigint') return ok(minor);
  return fail(
    'AMOUNT_TOO_LARGE',
    `${input.amount} ${currencyCode} is more than the gateway takes in at once.`,
    `${field}.amount`,
  );
}
