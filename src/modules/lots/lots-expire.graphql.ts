/** Letting lots expire, over the API. */
import { Field, InputType, Int, ObjectType } from 'type-graphql';
import { formatDecimal } from '../../domain/money/decimal.js';
import { BusinessDateScalar, DecimalScalar } from '../../graphql/scalars.js';
import type { LotsExpired as Expired } from './expire.js';
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

@ObjectType({ description: 'What has gone just now.', simpleResolvers: true })
export class LotsExpired {
  @Field(() => Int, { description: 'How many members it was taken from.' })
  readonly members!: number;

  @Field(() => DecimalScalar, { description: 'Units whose last day had passed.' })
  readonly expired!: string;

  @Field(() => DecimalScalar, { description: 'Units taken as dormancy fees.' })
  readonly fees!: string;

  @Field(() => DecimalScalar, { description: 'Units written off because the programme has ended.' })
  readonly writtenOff!: string;

  static of({ members, expiredUnits, feeUnits, writtenOffUnits }: Expired, unitScale: number): LotsExpired {
    return Object.assign(new LotsExpired(), {
      members,
      expired: formatDecimal(expiredUnits, unitScale),
      fees: formatDecimal(feeUnits, unitScale),
      writtenOff: formatDecimal(writtenOffUnits, unitScale),
    });
  }
}

@ObjectType({ description: 'What has gone.', simpleResolvers: true })
export class LotsExpirePayload {
  @Field(() => LotsExpired, { nullable: true, description: 'What has gone; null when the command was refused.' })
  readonly expired!: LotsExpired | null;

  @Field(() => [LotUserError], { description: 'Why nothing was taken.' })
  readonly userErrors!: LotUserError[];
}
