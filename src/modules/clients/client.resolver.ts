/** Clients: input -> command, result -> payload, and the lists. */
import { Arg, Args, Ctx, FieldResolver, ID, Mutation, Query, Resolver, Root } from 'type-graphql';
import type { Result } from '../../domain/kernel/result.js';
import type { Connection } from '../../graphql/connection.js';
import type { GatewayContext } from '../../graphql/context.js';
import { entityConnection } from '../../graphql/entity-connection.js';
import { byId } from '../../graphql/keyset.js';
import { rowsById } from '../../graphql/loaders.js';
import type { NodeSource } from '../../graphql/node.js';
import { authorize, itself } from '../access/index.js';
import { ofPartner, PARTNER_BY_NO, Partner } from '../partners/index.js';
import { ApiClientEntity } from './client.entity.js';
import type { ClientErrorCode } from './client.errors.js';
import {
  Client,
  ClientArguments,
  ClientConnection,
  ClientKey,
  ClientKeyAddInput,
  ClientKeyRemoveInput,
  ClientPayload,
  ClientRegisterInput,
  ClientRevokeInput,
  ClientSecret,
  ClientSecretEndInput,
  ClientSecretRotateInput,
  ClientUserError,
} from './client.graphql.js';
import { KEYS_OF_CLIENT, SECRETS_OF_CLIENT } from './client.loaders.js';
import type { Changed, ClientService } from './client.service.js';

/** Ids are UUIDv7: the order of their ids is the order in which they were registered. */
const NEWEST_FIRST = byId('clients', 'DESC');

const CLIENT_BY_ID = rowsById('clients.by-id', ApiClientEntity);

async function findClient(id: string, { loader, principal }: GatewayContext): Promise<Client | null> {
  authorize(principal, 'client.read', itself(principal));
  const row = await loader(CLIENT_BY_ID).load(id);
  return row === undefined ? null : Client.of(row);
}

export const clientNodes: NodeSource = { type: Client, find: findClient };

@Resolver(() => Client)
export class ClientResolver {
  constructor(private readonly clients: ClientService) {}

  @Query(() => ClientConnection, {
    nullable: true,
    name: 'clients',
    description: 'Programs that may sign in, the latest first, revoked ones too. A partner sees its own.',
  })
  async list(
    @Args(() => ClientArguments) args: ClientArguments,
    @Ctx() { em, principal }: GatewayContext,
  ): Promise<Connection<Client>> {
    authorize(principal, 'client.read', itself(principal));
    const where = await ofPartner(args.partnerCode, em);
    return entityConnection(args, NEWEST_FIRST, { em, entity: ApiClientEntity, where }, (rows) => rows.map(Client.of));
  }

  @Query(() => Client, { nullable: true, description: 'A client by its id; null when there is none.' })
  client(
    @Arg('id', () => ID, { description: 'The id of the client, which is its client_id.' }) id: string,
    @Ctx() context: GatewayContext,
  ): Promise<Client | null> {
    return findClient(id, context);
  }

  @FieldResolver(() => Partner, {
    nullable: true,
    description: 'The partner whose client it is; null for other kinds.',
  })
  async partner(@Root() { partnerNo }: Client, @Ctx() context: GatewayContext): Promise<Partner | null> {
    return partnerNo === null ? null : ((await context.loader(PARTNER_BY_NO).load(partnerNo)) ?? null);
  }

  @FieldResolver(() => [ClientSecret], {
    description: 'Its secrets, the latest first, ended ones too. Never their text.',
  })
  secrets(@Root() { id }: Client, @Ctx() context: GatewayContext): Promise<readonly ClientSecret[]> {
    return context.loader(SECRETS_OF_CLIENT).load(id);
  }

  @FieldResolver(() => [ClientKey], { description: 'The keys that it signs with and that are registered here.' })
  keys(@Root() { id }: Client, @Ctx() context: GatewayContext): Promise<readonly ClientKey[]> {
    return context.loader(KEYS_OF_CLIENT).load(id);
  }

  @Mutation(() => ClientPayload, {
    nullable: true,
    description: 'Registers a client. Its secret is told this one time. Nobody grants what its own token lacks.',
  })
  async clientRegister(
    @Arg('input', () => ClientRegisterInput, { description: 'The client.' })
    { partnerCode, jwksUri, ...input }: ClientRegisterInput,
    @Ctx() context: GatewayContext,
  ): Promise<ClientPayload> {
    const command = { ...input, ...(partnerCode && { partnerCode }), ...(jwksUri && { jwksUri }) };
    return payload(await this.clients.register(context.principal, command), context);
  }

  @Mutation(() => ClientPayload, {
    nullable: true,
    description: 'Gives a client a new secret, told this one time; those of before stay good for a while.',
  })
  async clientSecretRotate(
    @Arg('input', () => ClientSecretRotateInput, { description: 'The client, and for how long.' })
    input: ClientSecretRotateInput,
    @Ctx() context: GatewayContext,
  ): Promise<ClientPayload> {
    return payload(await this.clients.rotateSecret(context.principal, { ...input }), context);
  }

  @Mutation(() => ClientPayload, { nullable: true, description: 'Ends one secret at once.' })
  async clientSecretEnd(
    @Arg('input', () => ClientSecretEndInput, { description: 'The client and the secret.' })
    { clientId, secretId }: ClientSecretEndInput,
    @Ctx() context: GatewayContext,
  ): Promise<ClientPayload> {
    return payload(await this.clients.endSecret(context.principal, clientId, secretId), context);
  }

  @Mutation(() => ClientPayload, {
    nullable: true,
    description: 'Registers a public key with which the client signs its assertions (private_key_jwt).',
  })
  async clientKeyAdd(
    @Arg('input', () => ClientKeyAddInput, { description: 'The client and the key.' })
    { clientId, publicKey }: ClientKeyAddInput,
    @Ctx() context: GatewayContext,
  ): Promise<ClientPayload> {
    return payload(await this.clients.addKey(context.principal, clientId, publicKey), context);
  }

  @Mutation(() => ClientPayload, { nullable: true, description: 'Lets a key be believed no more.' })
  async clientKeyRemove(
    @Arg('input', () => ClientKeyRemoveInput, { description: 'The client and the key.' })
    { clientId, keyId }: ClientKeyRemoveInput,
    @Ctx() context: GatewayContext,
  ): Promise<ClientPayload> {
    return payload(await this.clients.removeKey(context.principal, clientId, keyId), context);
  }

  @Mutation(() => ClientPayload, {
    nullable: true,
    description: 'Revokes a client for good: no new tokens, and those it has are refused within a minute.',
  })
  async clientRevoke(
    @Arg('input', () => ClientRevokeInput, { description: 'The client.' }) { clientId }: ClientRevokeInput,
    @Ctx() context: GatewayContext,
  ): Promise<ClientPayload> {
    return payload(await this.clients.revoke(context.principal, clientId), context);
  }
}

async function payload(result: Result<Changed, ClientErrorCode>, { em }: GatewayContext): Promise<ClientPayload> {
  if (!result.ok) return { userErrors: ClientUserError.from(result.failure) };
  const { clientId, secret = null } = result.value;
  // Who may change a client sees it, whether or not its token can list them.
  const row = await em.findOneOrFail(ApiClientEntity, { id: clientId });
  return { client: Client.of(row), secret, userErrors: [] };
}
