/** What every command takes that must not be done twice. */
import { Field, InputType } from 'type-graphql';

/** For the input that is another one already; all others extend IdempotentInput. */
export const IDEMPOTENCY_KEY =
  'Your own name for this command, 1 to 200 characters: the same key has the same answer for ever.';

@InputType()
export abstract class IdempotentInput {
  @Field(() => String, { description: IDEMPOTENCY_KEY })
  idempotencyKey!: string;
}
