/** Live answers of partners as the schema shows them. */
import { Field, Int, ObjectType } from 'type-graphql';
import type { LiveOffer } from '../../domain/connectors/live.js';
import type { BusinessDate } from '../../domain/kernel/calendar.js';
import { BusinessDateScalar } from '../../graphql/scalars.js';
import type { PartnerAnswer } from '../../infrastructure/partner-port/index.js';

@ObjectType({
  description: 'Something that a partner offers its customers now, in its own words.',
  simpleResolvers: true,
})
export class PartnerOffer {
  @Field(() => String, { description: "The partner's own name of it." })
  readonly reference!: string;

  @Field(() => String, { description: 'What it is called.' })
  readonly title!: string;

  @Field(() => String, { nullable: true, description: 'What it is.' })
  readonly description!: string | null;

  @Field(() => String, { nullable: true, description: 'Where more of it is told, https://.' })
  readonly url!: string | null;

  @Field(() => BusinessDateScalar, { nullable: true, description: 'Its first day; null when it does not say.' })
  readonly validFrom!: BusinessDate | null;

  @Field(() => BusinessDateScalar, { nullable: true, description: 'Its last day; null when it does not say.' })
  readonly validUntil!: BusinessDate | null;
}

@ObjectType({ description: 'What a partner has answered to the question for its offers.', simpleResolvers: true })
export class PartnerOffers {
  @Field(() => [PartnerOffer], { description: 'Its offers, at most 200, in its own order.' })
  readonly offers!: readonly PartnerOffer[];

  @Field(() => Int, { description: 'How many seconds ago it answered so.' })
  readonly ageSeconds!: number;

  @Field(() => Boolean, { description: 'It cannot be asked now; this is what it answered before.' })
  readonly stale!: boolean;

  static of({ value, ageMs, stale }: PartnerAnswer<readonly LiveOffer[]>): PartnerOffers {
    return Object.assign(new PartnerOffers(), { offers: value, ageSeconds: Math.floor(ageMs / 1_000), stale });
  }
}

@ObjectType({ description: 'What a supplier has answered to the question for its stock.', simpleResolvers: true })
export class LiveStock {
  @Field(() => Int, { description: 'How many it has.' })
  readonly available!: number;

  @Field(() => Int, { description: 'How many seconds ago it answered so.' })
  readonly ageSeconds!: number;

  @Field(() => Boolean, { description: 'It cannot be asked now; this is what it answered before.' })
  readonly stale!: boolean;

  static of(available: number, { ageMs, stale }: PartnerAnswer<unknown>): LiveStock {
    return Object.assign(new LiveStock(), { available, ageSeconds: Math.floor(ageMs / 1_000), stale });
  }
}
