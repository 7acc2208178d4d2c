/** The audit log as the schema shows it. */
import { ArgsType, Field, ID, ObjectType } from 'type-graphql';
import { ConnectionArguments, connectionOf } from '../../graphql/connection.js';
import { enumType } from '../../graphql/enums.js';
import { DateTimeScalar } from '../../graphql/scalars.js';
import type { ActOutcome } from '../../infrastructure/db/acts.js';
import type { AuditEntryEntity } from './audit.entity.js';

export const AuditOutcomeEnum = enumType<ActOutcome>('AuditOutcome', 'What became of an act.', {
  DONE: 'Something was changed; the entry was stored with it.',
  UNCHANGED: 'It was so already, or it only looked.',
  REFUSED: 'It was refused; the code says why.',
  FORBIDDEN: 'Who asked may not do it.',
  FAILED: 'It failed, and nothing was changed.',
});

@ObjectType({
  description: 'What an administrator or operator did, or tried to do. Entries are never changed.',
  simpleResolvers: true,
})
export class AuditEntry {
  @Field(() => ID, { description: 'The id of the entry.' })
  readonly id!: string;

  @Field(() => DateTimeScalar, { description: 'When it was recorded.' })
  readonly recordedAt!: Date;

  @Field(() => String, { description: 'Who did it: the subject of the token, or hansa-cli at the keyboard.' })
  readonly actor!: string;

  @Field(() => String, { description: 'The kind of principal: ADMIN or OPERATOR.' })
  readonly actorKind!: string;

  @Field(() => String, { description: 'The mutation, or the command.' })
  readonly operation!: string;

  @Field(() => String, { description: 'The id of the request, as in the logs.' })
  readonly requestId!: string;

  @Field(() => AuditOutcomeEnum, { description: 'What became of it.' })
  readonly outcome!: ActOutcome;

  @Field(() => String, { nullable: true, description: 'The code of the error when it was refused.' })
  readonly code!: string | null;

  @Field(() => [ID], { description: 'The ids that were named.' })
  readonly subjects!: readonly string[];

  @Field(() => String, {
    description:
      'What was said, as JSON: ids, codes, amounts, days and choices. Texts are left out ("…"), so that nothing personal ' +
      'is kept for ever.',
  })
  readonly input!: string;

  static of({
    id,
    recordedAt,
    actor,
    actorKind,
    operation,
    requestId,
    outcome,
    code,
    subjects,
    input,
  }: AuditEntryEntity) {
    return Object.assign(new AuditEntry(), {
      id,
      recordedAt,
      actor,
      actorKind,
      operation,
      requestId,
      outcome,
      code: code ?? null,
      subjects,
      input: JSON.stringify(input),
    });
  }
}

export const AuditEntryConnection = connectionOf('AuditEntry', () => AuditEntry);

@ArgsType()
export class AuditLogArguments extends ConnectionArguments {
  @Field(() => String, { nullable: true, description: 'Only what this actor did.' })
  actor?: string | null;

  @Field(() => String, { nullable: true, description: 'Only this mutation or command.' })
  operation?: string | null;

  @Field(() => AuditOutcomeEnum, { nullable: true, description: 'Only what ended so.' })
  outcome?: ActOutcome | null;

  @Field(() => ID, { nullable: true, description: 'Only what named this id.' })
  subjectId?: string | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'Only from this moment on.' })
  from?: Date | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'Only before this moment.' })
  until?: Date | null;
}
