/** Events as the schema shows them. */
import { ArgsType, Field, ID, ObjectType } from 'type-graphql';
import { EVENT_TYPE_NAMES, EVENT_TYPES, type EventType, type EventTypeRule } from '../../domain/events/event-type.js';
import { ConnectionArguments, connectionOf } from '../../graphql/connection.js';
import { enumType } from '../../graphql/enums.js';
import { DateTimeScalar } from '../../graphql/scalars.js';
import type { EventRecord } from './event.sql.js';

/** `redemption.authorised` is REDEMPTION_AUTHORISED in the schema. */
export const enumNameOf = (type: EventType): string => type.toUpperCase().replace('.', '_');
const TYPE_OF = new Map(EVENT_TYPE_NAMES.map((type) => [enumNameOf(type), type]));

export function eventTypeOf(name: string): EventType {
  const type = TYPE_OF.get(name);
  if (type === undefined) throw new Error(`${name} is no type of event`);
  return type;
}

const saidOf = (type: EventType): string => {
  const { says, subject }: EventTypeRule = EVENT_TYPES[type];
  return `\`${type}\`: ${says}${subject === undefined ? '' : ` Its subject is the \`${subject}\`.`}`;
};

export const EventTypeEnum = enumType<string>(
  'EventType',
  'What can happen. Webhooks write the types in lower case with a dot.',
  Object.fromEntries(EVENT_TYPE_NAMES.map((type) => [enumNameOf(type), saidOf(type)])),
);

@ObjectType({
  description: 'Something that has happened. It is thin: ask for what it names, with your own rights.',
  simpleResolvers: true,
})
export class Event {
  @Field(() => ID, { description: 'The id of the event: the `webhook-id` of its webhooks.' })
  readonly id!: string;

  @Field(() => EventTypeEnum, { description: 'What has happened.' })
  readonly type!: string;

  @Field(() => DateTimeScalar, { description: 'When it happened.' })
  readonly recordedAt!: Date;

  @Field(() => String, { nullable: true, description: 'The programme; null for what belongs to none.' })
  readonly programmeCode!: string | null;

  @Field(() => ID, { nullable: true, description: 'The member it is about; null when it is about none.' })
  readonly memberId!: string | null;

  @Field(() => ID, {
    nullable: true,
    description: 'What it is about, as its type says; null when the member says it all.',
  })
  readonly subjectId!: string | null;

  @Field(() => ID, { nullable: true, description: 'The message that caused it; null when none did.' })
  readonly messageId!: string | null;

  /** The cursor's number; not published. */
  readonly number!: bigint;

  static of({ number, id, type, recordedAt, programmeCode, memberId, subjectId, causeId }: EventRecord): Event {
    const shown = {
      number,
      id,
      type: enumNameOf(type),
      recordedAt,
      programmeCode,
      memberId,
      subjectId,
      messageId: causeId,
    };
    return Object.assign(new Event(), shown);
  }
}

export const EventConnection = connectionOf('Event', () => Event);

@ArgsType()
export class EventArguments extends ConnectionArguments {
  @Field(() => [EventTypeEnum], { nullable: true, description: 'Only events of these types; all when absent.' })
  types?: string[] | null;
}
