/** Webhook endpoints as the schema shows them. */
import { ArgsType, Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { ConnectionArguments, connectionOf } from '../../graphql/connection.js';
import { enumType } from '../../graphql/enums.js';
import { NodeInterface } from '../../graphql/node.js';
import { DateTimeScalar } from '../../graphql/scalars.js';
import { userErrorType } from '../../graphql/user-error.js';
import type { OutboundFaultCode } from '../../infrastructure/outbound/index.js';
import { EventTypeEnum, enumNameOf } from '../events/index.js';
import type {
  AttemptOutcome,
  EndpointStatus,
  StatusReason,
  WebhookAttemptEntity,
  WebhookEndpointEntity,
} from './endpoint.entity.js';
import { WEBHOOK_ERRORS, type WebhookErrorCode } from './webhook.errors.js';

export const WebhookStatusEnum = enumType<EndpointStatus>('WebhookStatus', 'Whether an endpoint gets events.', {
  ACTIVE: 'Events are sent to it.',
  PAUSED: 'Nothing is sent until it is resumed; what happens meanwhile is kept for it.',
  DISABLED: 'Nothing is sent, and nothing is kept for it longer than for others.',
});
export const WebhookStatusReasonEnum = enumType<StatusReason>('WebhookStatusReason', 'Why an endpoint gets nothing.', {
  REQUESTED: 'Somebody has paused it.',
  FAILING: 'It has taken nothing for three days.',
  GONE: 'It has answered 410.',
});
export const WebhookOutcomeEnum = enumType<AttemptOutcome>('WebhookOutcome', 'What came of an attempt.', {
  DELIVERED: 'The receiver has answered with 2xx.',
  FAILED: 'It has not, and the event is sent again later.',
  GIVEN_UP: 'It has not, for more than three days; the event is sent again by webhookReplay only.',
});
export const WebhookFaultEnum = enumType<OutboundFaultCode>('WebhookFault', 'Why a receiver gave no answer.', {
  ADDRESS_REFUSED: 'Its name leads to an address that is not public.',
  TIMED_OUT: 'It did not answer in time.',
  TOO_LARGE: 'Its answer was too large.',
  UNREACHABLE: 'The connection could not be made, or broke.',
  CANCELLED: 'The gateway has given up itself, to stop.',
});

@ObjectType({
  implements: NodeInterface,
  description: 'An address to which events are sent, signed as Standard Webhooks says.',
  simpleResolvers: true,
})
export class WebhookEndpoint extends NodeInterface {
  /** Not published. */
  readonly no!: number;
  readonly partnerNo!: number | null;

  @Field(() => String, { description: 'Where events are sent.' })
  readonly url!: string;

  @Field(() => String, { nullable: true, description: 'What it is for, in the words of who made it.' })
  readonly description!: string | null;

  @Field(() => [EventTypeEnum], { description: 'Which events are sent; all when empty.' })
  readonly eventTypes!: readonly string[];

  @Field(() => WebhookStatusEnum, { description: 'Whether it gets events.' })
  readonly status!: EndpointStatus;

  @Field(() => WebhookStatusReasonEnum, { nullable: true, description: 'Why it gets none; null when it does.' })
  readonly statusReason!: StatusReason | null;

  @Field(() => DateTimeScalar, { description: 'Since when the status is what it is.' })
  readonly statusAt!: Date;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'Since when nothing could be delivered; null while it is well.',
  })
  readonly failingSince!: Date | null;

  @Field(() => DateTimeScalar, { description: 'When it was made.' })
  readonly createdAt!: Date;

  static of(row: WebhookEndpointEntity): WebhookEndpoint {
    const { id, no, url, eventTypes, status, statusAt, createdAt } = row;
    const { partnerNo = null, description = null, statusReason = null, failingSince = null } = row;
    return Object.assign(new WebhookEndpoint(), {
      ...{
        id,
        no,
        partnerNo,
        url,
        description,
        eventTypes: eventTypes.map(enumNameOf),
        status,
        statusReason,
        statusAt,
      },
      ...{ failingSince, createdAt },
    });
  }
}

@ObjectType({ description: 'One attempt to send an event.', simpleResolvers: true })
export class WebhookAttempt {
  @Field(() => ID, { description: 'The event, which is also the `webhook-id` that was sent.' })
  readonly eventId!: string;

  @Field(() => EventTypeEnum, { description: 'What had happened.' })
  readonly eventType!: string;

  @Field(() => Int, { description: 'The how many-th attempt it was.' })
  readonly attempt!: number;

  @Field(() => DateTimeScalar, { description: 'When it was.' })
  readonly attemptedAt!: Date;

  @Field(() => Int, { description: 'How long the receiver took, in milliseconds.' })
  readonly latencyMs!: number;

  @Field(() => WebhookOutcomeEnum, { description: 'What came of it.' })
  readonly outcome!: AttemptOutcome;

  @Field(() => Int, { nullable: true, description: 'The HTTP status of the answer; null when there was none.' })
  readonly httpStatus!: number | null;

  @Field(() => WebhookFaultEnum, { nullable: true, description: 'Why there was no answer; null when there was one.' })
  readonly fault!: string | null;

  static of({ eventId, eventType, attempt, attemptedAt, latencyMs, outcome, status, fault }: WebhookAttemptEntity) {
    return Object.assign(new WebhookAttempt(), {
      ...{ eventId, eventType: enumNameOf(eventType), attempt, attemptedAt, latencyMs, outcome },
      ...{ httpStatus: status ?? null, fault: fault ?? null },
    });
  }
}

@ObjectType({ description: 'What came of a test.', simpleResolvers: true })
export class WebhookTestResult {
  @Field(() => Boolean, { description: 'Whether the receiver has answered with 2xx.' })
  readonly delivered!: boolean;

  @Field(() => Int, { description: 'How long the receiver took, in milliseconds.' })
  readonly latencyMs!: number;

  @Field(() => Int, { nullable: true, description: 'The HTTP status of the answer; null when there was none.' })
  readonly httpStatus!: number | null;

  @Field(() => WebhookFaultEnum, { nullable: true, description: 'Why there was no answer; null when there was one.' })
  readonly fault!: string | null;
}

export const WebhookEndpointConnection = connectionOf('WebhookEndpoint', () => WebhookEndpoint);
export const WebhookAttemptConnection = connectionOf('WebhookAttempt', () => WebhookAttempt);
export const WebhookUserError = userErrorType<WebhookErrorCode>('Webhook', WEBHOOK_ERRORS);
export type WebhookUserError = InstanceType<typeof WebhookUserError>;

@ArgsType()
export class WebhookEndpointArguments extends ConnectionArguments {
  @Field(() => String, { nullable: true, description: 'Only those of this partner.' })
  partnerCode?: string | null;
}

@ArgsType()
export class WebhookAttemptArguments extends ConnectionArguments {
  @Field(() => WebhookOutcomeEnum, { nullable: true, description: 'Only attempts with this outcome.' })
  outcome?: AttemptOutcome | null;
}

@InputType({ description: 'An address to send events to.' })
export class WebhookEndpointCreateInput {
  @Field(() => String, { nullable: true, description: "Whose it is; the caller's own when absent." })
  partnerCode?: string | null;

  @Field(() => String, { description: 'A public https:// address, of at most 2,000 characters.' })
  url!: string;

  @Field(() => String, { nullable: true, description: 'What it is for, at most 200 characters.' })
  description?: string | null;

  @Field(() => [EventTypeEnum], { nullable: true, description: 'Which events to send; all when absent or empty.' })
  eventTypes?: string[] | null;
}

@InputType({ description: 'What to change of an endpoint; what is left out stays as it is.' })
export class WebhookEndpointUpdateInput {
  @Field(() => ID, { description: 'The endpoint.' })
  endpointId!: string;

  @Field(() => String, { nullable: true, description: 'A public https:// address, of at most 2,000 characters.' })
  url?: string | null;

  @Field(() => String, { nullable: true, description: 'What it is for, at most 200 characters; null takes it away.' })
  description?: string | null;

  @Field(() => [EventTypeEnum], { nullable: true, description: 'Which events to send from now on; all when empty.' })
  eventTypes?: string[] | null;
}

@InputType({ description: 'An endpoint.' })
export class WebhookEndpointInput {
  @Field(() => ID, { description: 'The endpoint.' })
  endpointId!: string;
}

@InputType({ description: 'An endpoint that gets a new secret.' })
export class WebhookSecretRotateInput {
  @Field(() => ID, { description: 'The endpoint.' })
  endpointId!: string;

  @Field(() => Int, {
    nullable: true,
    description: 'For how many hours the secrets before it sign along, at most 168; 24 when absent, 0 for not at all.',
  })
  overlapHours?: number | null;
}

@InputType({ description: 'What to send again.' })
export class WebhookReplayInput {
  @Field(() => ID, { description: 'The endpoint.' })
  endpointId!: string;

  @Field(() => String, {
    nullable: true,
    description: 'Everything after this cursor, of an event or of `events`; everything that is kept when absent.',
  })
  after?: string | null;
}

@ObjectType({ description: 'An endpoint, or why it was refused.', simpleResolvers: true })
export class WebhookEndpointPayload {
  @Field(() => WebhookEndpoint, { nullable: true, description: 'The endpoint as it stands now.' })
  readonly webhookEndpoint?: WebhookEndpoint | null;

  @Field(() => [WebhookUserError], { description: 'Why nothing was done; empty when it was.' })
  readonly userErrors!: readonly WebhookUserError[];
}

@ObjectType({
  description: 'An endpoint with a secret that is told this once, or why it was refused.',
  simpleResolvers: true,
})
export class WebhookSecretPayload {
  @Field(() => WebhookEndpoint, { nullable: true, description: 'The endpoint as it stands now.' })
  readonly webhookEndpoint?: WebhookEndpoint | null;

  @Field(() => String, {
    nullable: true,
    description: 'By which to verify signatures, `whsec_…`. It is never told again.',
  })
  readonly secret?: string | null;

  @Field(() => [WebhookUserError], { description: 'Why nothing was done; empty when it was.' })
  readonly userErrors!: readonly WebhookUserError[];
}

@ObjectType({ description: 'Which endpoint is gone, or why it is not.', simpleResolvers: true })
export class WebhookEndpointRemovePayload {
  @Field(() => ID, { nullable: true, description: 'The id of the endpoint that is gone.' })
  readonly removedId?: string | null;

  @Field(() => [WebhookUserError], { description: 'Why nothing was done; empty when it was.' })
  readonly userErrors!: readonly WebhookUserError[];
}

@ObjectType({ description: 'What came of a test, or why there was none.', simpleResolvers: true })
export class WebhookTestPayload {
  @Field(() => WebhookTestResult, { nullable: true, description: 'What came of it.' })
  readonly result?: WebhookTestResult | null;

  @Field(() => [WebhookUserError], { description: 'Why nothing was sent; empty when it was.' })
  readonly userErrors!: readonly WebhookUserError[];
}
