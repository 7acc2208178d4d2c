/** Reference rates and conversions as the schema shows them. */
import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import type { BusinessDate } from '../../domain/kernel/calendar.js';
import type { Rate } from '../../domain/money/rate.js';
import { IdempotentInput } from '../../graphql/idempotent-input.js';
import { Money } from '../../graphql/money.js';
import { BusinessDateScalar, RateScalar } from '../../graphql/scalars.js';
import { userErrorType } from '../../graphql/user-error.js';
import { FX_ERRORS, type FxErrorCode } from './fx.errors.js';

@ObjectType({ description: 'The reference rate between two currencies that counts on a day.', simpleResolvers: true })
export class FxRate {
  @Field(() => RateScalar, { description: 'One unit of the first currency in the second one, exactly.' })
  readonly rate!: Rate;

  @Field(() => BusinessDateScalar, { description: 'The banking day on which it was published.' })
  readonly day!: BusinessDate;
}

export const FxUserError = userErrorType<FxErrorCode>('Fx', FX_ERRORS);
export type FxUserError = InstanceType<typeof FxUserError>;

@InputType({ description: 'Reference rates to take in.' })
export class FxRatesImportInput {
  @Field(() => String, {
    description: 'The file of the European Central Bank (eurofxref-hist.csv, or a part of it with its first line).',
  })
  text!: string;
}

@ObjectType({ description: 'What was taken in, or why nothing was.', simpleResolvers: true })
export class FxRatesImportPayload {
  @Field(() => Int, { nullable: true, description: 'Rates that are new.' })
  readonly imported?: number;

  @Field(() => Int, { nullable: true, description: 'Rates that were there.' })
  readonly known?: number;

  @Field(() => [FxUserError], { description: 'Why nothing was done; empty when it was.' })
  readonly userErrors!: readonly FxUserError[];
}

@InputType({ description: 'A settlement whose lines are to be converted.' })
export class SettlementConvertInput {
  @Field(() => ID, { description: 'The settlement.' })
  settlementId!: string;
}

@ObjectType({ description: 'What was converted, or why not all was.', simpleResolvers: true })
export class SettlementConvertPayload {
  @Field(() => Int, { nullable: true, description: 'Lines converted now; zero when none waited.' })
  readonly converted?: number;

  @Field(() => [FxUserError], { description: 'Why lines still wait; empty when none does.' })
  readonly userErrors!: readonly FxUserError[];
}

@InputType({ description: 'A programme whose FX clearing is to be revalued.' })
export class FxRevalueInput extends IdempotentInput {
  @Field(() => String, { description: 'The code of the programme.' })
  programmeCode!: string;
}

@ObjectType({ description: 'What the revaluation came to, or why it was refused.', simpleResolvers: true })
export class FxRevaluePayload {
  @Field(() => ID, { nullable: true, description: 'Number of the journal entry it made.' })
  readonly entryNumber?: string;

  @Field(() => Money, { nullable: true, description: 'What the programme gained; below zero what it lost.' })
  readonly difference?: Money;

  @Field(() => [FxUserError], { description: 'Why nothing was done; empty when it was.' })
  readonly userErrors!: readonly FxUserError[];
}
