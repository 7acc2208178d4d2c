/** Moving the clock, over the API. */
import { Field, InputType, ObjectType } from 'type-graphql';
import { DateTimeScalar } from '../../graphql/scalars.js';
import { userErrorType } from '../../graphql/user-error.js';

export type ClockErrorCode = 'PRODUCTION_CLOCK';

export const ClockUserError = userErrorType<ClockErrorCode>('Clock', {
  PRODUCTION_CLOCK: 'The clock of a production database cannot be moved.',
});
export type ClockUserError = InstanceType<typeof ClockUserError>;

@InputType({ description: 'Moves the clock of a development database.' })
export class ClockShiftInput {
  @Field(() => DateTimeScalar, { nullable: true, description: 'What time it shall be now; the real time when absent.' })
  readonly to?: Date | null;
}

@ObjectType({ description: 'The clock after the move.', simpleResolvers: true })
export class ClockShiftPayload {
  @Field(() => DateTimeScalar, { nullable: true, description: "The database's time; null when the move was refused." })
  readonly now!: Date | null;

  @Field(() => [ClockUserError], { description: 'Why it was refused.' })
  readonly userErrors!: ClockUserError[];
}
