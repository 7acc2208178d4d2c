/** Webhook endpoints: input -> command, result -> payload, and how their attempts went. */
import { Arg, Args, Ctx, FieldResolver, ID, Int, Mutation, Query, Resolver, Root } from 'type-graphql';
import type { Result } from '../../domain/kernel/result.js';
import { verdictOf } from '../../domain/webhooks/retry.js';
import type { Connection } from '../../graphql/connection.js';
import type { GatewayContext, LoaderDefinition } from '../../graphql/context.js';
import { entityConnection } from '../../graphql/entity-connection.js';
import { byId, readCursor } from '../../graphql/keyset.js';
import { rowsById } from '../../graphql/loaders.js';
import type { NodeSource } from '../../graphql/node.js';
import { authorize, itself } from '../access/index.js';
import { BY_NUMBER, eventTypeOf } from '../events/index.js';
import { ofPartner, PARTNER_BY_NO, Partner } from '../partners/index.js';
import { WebhookAttemptEntity, WebhookEndpointEntity } from './endpoint.entity.js';
import type { WebhookErrorCode } from './webhook.errors.js';
import {
  WebhookAttempt,
  WebhookAttemptArguments,
  WebhookAttemptConnection,
  WebhookEndpoint,
  WebhookEndpointArguments,
  WebhookEndpointConnection,
  WebhookEndpointCreateInput,
  WebhookEndpointInput,
  WebhookEndpointPayload,
  WebhookEndpointRemovePayload,
  WebhookEndpointUpdateInput,
  WebhookReplayInput,
  WebhookSecretPayload,
  WebhookSecretRotateInput,
  WebhookTestPayload,
  WebhookUserError,
} from './webhook.graphql.js';
import type { WebhookService } from './webhook.service.js';

const OLDEST_FIRST = byId('webhookEndpoints', 'ASC');
const LATEST_FIRST = byId('webhookAttempts', 'DESC');
const OVERLAP_HOURS = 24;

const ENDPOINT_BY_ID = rowsById('webhooks.endpoint-by-id', WebhookEndpointEntity);

const WAITING_OF: LoaderDefinition<number, number> = {
  name: 'webhooks.waiting-of-endpoint',
  async load(nos, { em }) {
    const rows = await em.execute<{ no: number; waiting: number }[]>(
      `select endpoint_no as no, count(*)::integer as waiting from webhook_delivery
       where state = 'WAITING' and endpoint_no in (${nos.map(() => '?').join(', ')}) group by endpoint_no`,
      [...nos],
    );
    const counts = new Map(rows.map(({ no, waiting }) => [no, waiting]));
    return nos.map((no) => counts.get(no) ?? 0);
  },
};

async function findEndpoint(id: string, context: GatewayContext): Promise<WebhookEndpoint | null> {
  authorize(context.principal, 'webhook.read', itself(context.principal));
  const row = await context.loader(ENDPOINT_BY_ID).load(id);
  return row === undefined ? null : WebhookEndpoint.of(row);
}

export const webhookNodes: NodeSource = { type: WebhookEndpoint, find: findEndpoint };

@Resolver(() => WebhookEndpoint)
export class WebhookResolver {
  constructor(private readonly webhooks: WebhookService) {}

  @Query(() => WebhookEndpointConnection, {
    nullable: true,
    description: 'Webhook endpoints, the oldest first. A partner sees its own.',
  })
  async webhookEndpoints(
    @Args(() => WebhookEndpointArguments) args: WebhookEndpointArguments,
    @Ctx() { principal, em }: GatewayContext,
  ): Promise<Connection<WebhookEndpoint>> {
    authorize(principal, 'webhook.read', itself(principal));
    const where = await ofPartner(args.partnerCode, em);
    return entityConnection(args, OLDEST_FIRST, { em, entity: WebhookEndpointEntity, where }, (rows) =>
      rows.map(WebhookEndpoint.of),
    );
  }

  @Query(() => WebhookEndpoint, {
    nullable: true,
    description: 'A webhook endpoint by its id; null when there is none.',
  })
  webhookEndpoint(
    @Arg('id', () => ID, { description: 'The id of the endpoint.' }) id: string,
    @Ctx() context: GatewayContext,
  ): Promise<WebhookEndpoint | null> {
    return findEndpoint(id, context);
  }

  @FieldResolver(() => Partner, { nullable: true, description: 'Whose it is; null for those who run the programmes.' })
  async partner(@Root() { partnerNo }: WebhookEndpoint, @Ctx() { loader }: GatewayContext): Promise<Partner | null> {
    return partnerNo === null ? null : ((await loader(PARTNER_BY_NO).load(partnerNo)) ?? null);
  }

  @FieldResolver(() => Int, { description: 'How many events wait to be sent, or to be sent again.' })
  waiting(@Root() { no }: WebhookEndpoint, @Ctx() { loader }: GatewayContext): Promise<number> {
    return loader(WAITING_OF).load(no);
  }

  @FieldResolver(() => WebhookAttemptConnection, { description: 'How sending went, the latest attempt first.' })
  attempts(
    @Root() { no }: WebhookEndpoint,
    @Args(() => WebhookAttemptArguments) args: WebhookAttemptArguments,
    @Ctx() { em }: GatewayContext,
  ): Promise<Connection<WebhookAttempt>> {
    const where = { endpointNo: no, ...(args.outcome && { outcome: args.outcome }) };
    return entityConnection(args, LATEST_FIRST, { em, entity: WebhookAttemptEntity, where }, (rows) =>
      rows.map(WebhookAttempt.of),
    );
  }

  @Mutation(() => WebhookSecretPayload, {
    nullable: true,
    description: 'Makes an endpoint that hears of what happens from now on. Its secret is told here, and never again.',
  })
  async webhookEndpointCreate(
    @Arg('input', () => WebhookEndpointCreateInput, { description: 'Where to send what.' })
    { partnerCode, url, description, eventTypes }: WebhookEndpointCreateInput,
    @Ctx() context: GatewayContext,
  ): Promise<WebhookSecretPayload> {
    const command = { partnerCode, url, description, eventTypes: (eventTypes ?? []).map(eventTypeOf) };
    return withSecret(await this.webhooks.create(context.principal, command), context);
  }

  @Mutation(() => WebhookEndpointPayload, { nullable: true, description: 'Changes where events are sent, or which.' })
  async webhookEndpointUpdate(
    @Arg('input', () => WebhookEndpointUpdateInput, { description: 'The endpoint, and what to change.' })
    { endpointId, url, description, eventTypes }: WebhookEndpointUpdateInput,
    @Ctx() context: GatewayContext,
  ): Promise<WebhookEndpointPayload> {
    const command = { endpointId, url, description, eventTypes: eventTypes?.map(eventTypeOf) };
    return payload(await this.webhooks.update(context.principal, command), context);
  }

  @Mutation(() => WebhookEndpointPayload, {
    nullable: true,
    description: 'Sends nothing to an endpoint until it is resumed. What happens meanwhile is kept for it.',
  })
  async webhookEndpointPause(
    @Arg('input', () => WebhookEndpointInput, { description: 'The endpoint.' }) { endpointId }: WebhookEndpointInput,
    @Ctx() context: GatewayContext,
  ): Promise<WebhookEndpointPayload> {
    return payload(await this.webhooks.pause(context.principal, endpointId), context);
  }

  @Mutation(() => WebhookEndpointPayload, {
    nullable: true,
    description: 'Goes on where an endpoint was left: what waits is sent at once, in order. Also after a 410.',
  })
  async webhookEndpointResume(
    @Arg('input', () => WebhookEndpointInput, { description: 'The endpoint.' }) { endpointId }: WebhookEndpointInput,
    @Ctx() context: GatewayContext,
  ): Promise<WebhookEndpointPayload> {
    return payload(await this.webhooks.resume(context.principal, endpointId), context);
  }

  @Mutation(() => WebhookEndpointRemovePayload, {
    nullable: true,
    description: 'Removes an endpoint with its secrets and what waits for it.',
  })
  async webhookEndpointRemove(
    @Arg('input', () => WebhookEndpointInput, { description: 'The endpoint.' }) { endpointId }: WebhookEndpointInput,
    @Ctx() { principal }: GatewayContext,
  ): Promise<WebhookEndpointRemovePayload> {
    const removed = await this.webhooks.remove(principal, endpointId);
    return removed.ok
      ? { removedId: removed.value.id, userErrors: [] }
      : { userErrors: WebhookUserError.from(removed.failure) };
  }

  @Mutation(() => WebhookSecretPayload, {
    nullable: true,
    description: 'Gives an endpoint a new secret, told here and never again. Those before it sign along for a while.',
  })
  async webhookSecretRotate(
    @Arg('input', () => WebhookSecretRotateInput, { description: 'The endpoint, and for how long both sign.' })
    { endpointId, overlapHours }: WebhookSecretRotateInput,
    @Ctx() context: GatewayContext,
  ): Promise<WebhookSecretPayload> {
    const rotated = await this.webhooks.rotateSecret(context.principal, endpointId, overlapHours ?? OVERLAP_HOURS);
    return withSecret(rotated, context);
  }

  @Mutation(() => WebhookEndpointPayload, {
    nullable: true,
    description: 'Sends everything after a cursor again, in order, as far as it is kept. Receivers know it by its ids.',
  })
  async webhookReplay(
    @Arg('input', () => WebhookReplayInput, { description: 'The endpoint, and after which event to begin.' })
    { endpointId, after }: WebhookReplayInput,
    @Ctx() context: GatewayContext,
  ): Promise<WebhookEndpointPayload> {
    const [number = '0'] = after == null ? [] : readCursor(BY_NUMBER, after, 'after');
    return payload(await this.webhooks.replay(context.principal, endpointId, BigInt(number)), context);
  }

  @Mutation(() => WebhookTestPayload, {
    nullable: true,
    description: 'Sends an event of the type `webhook.test` at once and tells what came of it.',
  })
  async webhookEndpointTest(
    @Arg('input', () => WebhookEndpointInput, { description: 'The endpoint.' }) { endpointId }: WebhookEndpointInput,
    @Ctx() { principal }: GatewayContext,
  ): Promise<WebhookTestPayload> {
    const tested = await this.webhooks.test(principal, endpointId);
    if (!tested.ok) return { userErrors: WebhookUserError.from(tested.failure) };
    const { status, latencyMs, fault = null } = tested.value.attempted;
    const delivered = verdictOf(status) === 'DELIVERED';
    return { result: { delivered, latencyMs, httpStatus: status ?? null, fault }, userErrors: [] };
  }
}

type Changed = Result<{ readonly id: string }, WebhookErrorCode>;

async function payload(result: Changed, context: GatewayContext): Promise<WebhookEndpointPayload> {
  if (!result.ok) return { userErrors: WebhookUserError.from(result.failure) };
  return { webhookEndpoint: await changed(result.value.id, context), userErrors: [] };
}

async function withSecret(
  result: Result<{ readonly id: string; readonly secret: string }, WebhookErrorCode>,
  context: GatewayContext,
): Promise<WebhookSecretPayload> {
  if (!result.ok) return { userErrors: WebhookUserError.from(result.failure) };
  const { id, secret } = result.value;
  return { webhookEndpoint: await changed(id, context), secret, userErrors: [] };
}

/** As it is after the change, read past what this request has read before; null for who may manage but not read. */
async function changed(id: string, { em }: GatewayContext): Promise<WebhookEndpoint | null> {
  const row = await em.findOne(WebhookEndpointEntity, { id }, { refresh: true });
  return row && WebhookEndpoint.of(row);
}
