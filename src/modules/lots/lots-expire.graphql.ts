/** Letting lots expire, over the API. */
import { Field, InputType, Int, ObjectType } from 'type-graphql';
import { formatDecimal } from '../../domain/money/decimal.js';
import { BusinessDateScalar, DecimalScalar } from '../../graphql/scalars.js';
import type { LotsExpired } from './expire.js';
import { LotUserError } from './lot.errors.js';

@InputType({
  description:
    'Takes units whose last day has passed, dormancy fees that are due, and what is left after the end of a programme. Doing it again takes nothing twice, so it needs no key.',
})
export class LotsExpireInput {
  @Field(() => String, { description: 'Code of the programme.' })
  readonly programmeCode!: string;

  @Field(() => BusinessDateScalar, {
    nullable: true,
    description: 'The day up to and with which units have gone; today when absent.',
  })
  readonly asOf?: string | null;
}

@ObjectType({
  description: 'What has gone just now; each field is null when the command was refused.',
  simpleResolvers: true,
})
export class LotsExpirePayload {
  @Field(() => Int, { nullable: true, description: 'How many members something was taken from.' })
  readonly members!: number | null;

  @Field(() => DecimalScalar, { nullable: true, description: 'Units whose last day had passed.' })
  readonly expired!: string | null;

  @Field(() => DecimalScalar, { nullable: true, description: 'Units taken as dormancy fees.' })
  readonly fees!: string | null;

  @Field(() => DecimalScalar, { nullable: true, description: 'Units written off because the programme has ended.' })
  readonly writtenOff!: string | null;

  @Field(() => [LotUserError], { description: 'Why nothing was taken.' })
  readonly userErrors!: LotUserError[];

  static of({ members, expiredUnits, feeUnits, writtenOffUnits }: LotsExpired, unitScale: number): LotsExpirePayload {
    return Object.assign(new LotsExpirePayload(), {
      members,
      expired: formatDecimal(expiredUnits, unitScale),
      fees: formatDecimal(feeUnits, unitScale),
      writtenOff: formatDecimal(writtenOffUnits, unitScale),
      userErrors: [],
    });
  }
}
