/** Confirming what is due, over the API. */
import { Field, InputType, Int, ObjectType } from 'type-graphql';
import { BusinessDateScalar } from '../../graphql/scalars.js';
import { userErrorType } from '../../graphql/user-error.js';

export type EarningErrorCode = 'UNKNOWN_PROGRAMME' | 'AS_OF_IN_FUTURE';

export const AccrualUserError = userErrorType<EarningErrorCode>('Accrual', {
  UNKNOWN_PROGRAMME: 'The programme does not exist.',
  AS_OF_IN_FUTURE: 'The day lies in the future.',
});
export type AccrualUserError = InstanceType<typeof AccrualUserError>;

@InputType({
  description: 'Confirms accruals whose hold has ended. Doing it again confirms nothing twice, so it needs no key.',
})
export class AccrualsConfirmInput {
  @Field(() => String, { description: 'Code of the programme.' })
  readonly programmeCode!: string;

  @Field(() => BusinessDateScalar, {
    nullable: true,
    description: 'Last day on which a hold may have ended; today when absent.',
  })
  readonly asOf?: string | null;
}

@ObjectType({ description: 'What was confirmed.', simpleResolvers: true })
export class AccrualsConfirmPayload {
  @Field(() => Int, {
    nullable: true,
    description: 'How many accruals became available just now; null when the command was refused.',
  })
  readonly confirmed!: number | null;

  @Field(() => [AccrualUserError], { description: 'Why nothing was confirmed.' })
  readonly userErrors!: AccrualUserError[];
}
