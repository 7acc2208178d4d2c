/** Connectors: input -> command, result -> payload, and what became of their feeds. */
import { Arg, Args, Ctx, FieldResolver, ID, Mutation, Query, Resolver, Root } from 'type-graphql';
import type { Result } from '../../domain/kernel/result.js';
import { type Connection, ConnectionArguments, connection } from '../../graphql/connection.js';
import type { GatewayContext } from '../../graphql/context.js';
import { entityConnection } from '../../graphql/entity-connection.js';
import { byId } from '../../graphql/keyset.js';
import type { NodeSource } from '../../graphql/node.js';
import { authorize, itself } from '../access/index.js';
import { ofPartner, PARTNER_BY_NO, Partner } from '../partners/index.js';
import { ConnectorEntity } from './connector.entity.js';
import type { ConnectorErrorCode } from './connector.errors.js';
import {
  Connector,
  ConnectorArguments,
  ConnectorConnection,
  ConnectorPayload,
  ConnectorReject,
  ConnectorRejectConnection,
  ConnectorRun,
  ConnectorRunConnection,
  ConnectorUserError,
} from './connector.graphql.js';
import {
  ConnectorCreateInput,
  ConnectorInput,
  ConnectorRunNowInput,
  ConnectorSecretSetInput,
  ConnectorUpdateInput,
  createCommandOf,
  updateCommandOf,
} from './connector.inputs.js';
import { CONNECTOR_ROW, REJECTS, REJECTS_OF_CONNECTOR, RUNS, RUNS_OF_CONNECTOR } from './connector.loaders.js';
import type { ConnectorService } from './connector.service.js';

const OLDEST_FIRST = byId('connectors', 'ASC');

async function findShown(id: string, { loader, principal }: GatewayContext): Promise<Connector | null> {
  authorize(principal, 'connector.read', itself(principal));
  const row = await loader(CONNECTOR_ROW).load(id);
  return row === undefined ? null : Connector.of(row);
}

export const connectorNodes: NodeSource = { type: Connector, find: findShown };

@Resolver(() => Connector)
export class ConnectorResolver {
  constructor(private readonly connectors: ConnectorService) {}

  @Query(() => ConnectorConnection, {
    nullable: true,
    name: 'connectors',
    description: 'How partners are asked, the oldest first. A partner sees its own connectors.',
  })
  async list(
    @Args(() => ConnectorArguments) args: ConnectorArguments,
    @Ctx() { em, principal }: GatewayContext,
  ): Promise<Connection<Connector>> {
    authorize(principal, 'connector.read', itself(principal));
    const where = { ...(await ofPartner(args.partnerCode, em)), ...(args.status && { status: args.status }) };
    return entityConnection(args, OLDEST_FIRST, { em, entity: ConnectorEntity, where }, (rows) =>
      rows.map(Connector.of),
    );
  }

  @Query(() => Connector, { nullable: true, description: 'A connector by its id; null when there is none.' })
  connector(
    @Arg('id', () => ID, { description: 'The id of the connector.' }) id: string,
    @Ctx() context: GatewayContext,
  ): Promise<Connector | null> {
    return findShown(id, context);
  }

  @FieldResolver(() => Partner, { nullable: true, description: 'The partner that it asks.' })
  partner(@Root() { partnerNo }: Connector, @Ctx() { loader }: GatewayContext): Promise<Partner | undefined> {
    return loader(PARTNER_BY_NO).load(partnerNo);
  }

  @FieldResolver(() => ConnectorRunConnection, {
    nullable: true,
    description: 'Fetches that brought something or failed, the newest first; those of the last 90 days.',
  })
  runs(
    @Root() { id }: Connector,
    @Args(() => ConnectionArguments) args: ConnectionArguments,
    @Ctx() { loader }: GatewayContext,
  ): Promise<Connection<ConnectorRun>> {
    const read = (slice: Parameters<Parameters<typeof connection>[2]>[0]) =>
      loader(RUNS_OF_CONNECTOR).load({ parent: id, slice });
    return connection(args, RUNS, read, ConnectorRun.of);
  }

  @FieldResolver(() => ConnectorRejectConnection, {
    nullable: true,
    description: 'Messages that were not taken in, and why, the newest first; those of the last 90 days.',
  })
  rejects(
    @Root() { id }: Connector,
    @Args(() => ConnectionArguments) args: ConnectionArguments,
    @Ctx() { loader }: GatewayContext,
  ): Promise<Connection<ConnectorReject>> {
    const read = (slice: Parameters<Parameters<typeof connection>[2]>[0]) =>
      loader(REJECTS_OF_CONNECTOR).load({ parent: id, slice });
    return connection(args, REJECTS, read, ConnectorReject.of);
  }

  @Mutation(() => ConnectorPayload, { nullable: true, description: 'Begins to ask a partner.' })
  async connectorCreate(
    @Arg('input', () => ConnectorCreateInput, { description: 'The connector.' }) input: ConnectorCreateInput,
    @Ctx() context: GatewayContext,
  ): Promise<ConnectorPayload> {
    return payload(await this.connectors.create(context.principal, createCommandOf(input)), context);
  }

  @Mutation(() => ConnectorPayload, {
    nullable: true,
    description: 'Changes how a partner is reached and asked, from the next call on.',
  })
  async connectorUpdate(
    @Arg('input', () => ConnectorUpdateInput, { description: 'The changes.' }) input: ConnectorUpdateInput,
    @Ctx() context: GatewayContext,
  ): Promise<ConnectorPayload> {
    return payload(await this.connectors.update(context.principal, input.connectorId, updateCommandOf(input)), context);
  }

  @Mutation(() => ConnectorPayload, {
    nullable: true,
    description: 'Sets the secret by which the partner knows us; the partner may do so itself.',
  })
  async connectorSecretSet(
    @Arg('input', () => ConnectorSecretSetInput, { description: 'The connector and the secret.' })
    { connectorId, secret }: ConnectorSecretSetInput,
    @Ctx() context: GatewayContext,
  ): Promise<ConnectorPayload> {
    return payload(await this.connectors.setSecret(context.principal, connectorId, secret), context);
  }

  @Mutation(() => ConnectorPayload, { nullable: true, description: 'Asks a partner no more until it is resumed.' })
  async connectorPause(
    @Arg('input', () => ConnectorInput, { description: 'The connector.' }) { connectorId }: ConnectorInput,
    @Ctx() context: GatewayContext,
  ): Promise<ConnectorPayload> {
    return payload(await this.connectors.setStatus(context.principal, connectorId, 'PAUSED'), context);
  }

  @Mutation(() => ConnectorPayload, { nullable: true, description: 'Asks a partner again, from where it stopped.' })
  async connectorResume(
    @Arg('input', () => ConnectorInput, { description: 'The connector.' }) { connectorId }: ConnectorInput,
    @Ctx() context: GatewayContext,
  ): Promise<ConnectorPayload> {
    return payload(await this.connectors.setStatus(context.principal, connectorId, 'ACTIVE'), context);
  }

  @Mutation(() => ConnectorPayload, {
    nullable: true,
    description: "Has a partner's feed fetched within seconds, whatever its interval; its failures are forgotten.",
  })
  async connectorRunNow(
    @Arg('input', () => ConnectorRunNowInput, { description: 'The connector, and from where.' })
    { connectorId, fromStart }: ConnectorRunNowInput,
    @Ctx() context: GatewayContext,
  ): Promise<ConnectorPayload> {
    return payload(await this.connectors.runSoon(context.principal, connectorId, fromStart), context);
  }

  @Mutation(() => ConnectorPayload, {
    nullable: true,
    description: 'Asks a partner never again by this connector and forgets its secret; what was taken in stays.',
  })
  async connectorRemove(
    @Arg('input', () => ConnectorInput, { description: 'The connector.' }) { connectorId }: ConnectorInput,
    @Ctx() context: GatewayContext,
  ): Promise<ConnectorPayload> {
    return payload(await this.connectors.setStatus(context.principal, connectorId, 'REMOVED'), context);
  }
}

const payload = async (
  result: Result<{ readonly id: string }, ConnectorErrorCode>,
  context: GatewayContext,
): Promise<ConnectorPayload> => {
  if (!result.ok) return { userErrors: ConnectorUserError.from(result.failure) };
  // As it is after this command, whatever an earlier one of the request has read.
  context.loader(CONNECTOR_ROW).clear(result.value.id);
  return { connector: await findShown(result.value.id, context), userErrors: [] };
};
