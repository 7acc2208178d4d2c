/** Clients as the schema shows them. */
import { ArgsType, Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import type { ClientKind } from '../../domain/access/client.js';
import type { KeyAlgorithm } from '../../domain/access/public-key.js';
import { ConnectionArguments, connectionOf } from '../../graphql/connection.js';
import { enumType } from '../../graphql/enums.js';
import { IdempotentInput } from '../../graphql/idempotent-input.js';
import { NodeInterface } from '../../graphql/node.js';
import { DateTimeScalar } from '../../graphql/scalars.js';
import { userErrorType } from '../../graphql/user-error.js';
import type { ApiClientEntity, ClientKeyEntity, ClientSecretEntity } from './client.entity.js';
import { CLIENT_ERRORS, type ClientErrorCode } from './client.errors.js';

export const ClientKindEnum = enumType<ClientKind>('ClientKind', 'As what a client signs in.', {
  ADMIN: 'Runs the gateway and its programmes.',
  OPERATOR: 'Works in the programmes day by day.',
  SERVICE: 'A program of whoever runs the programmes.',
  PARTNER: 'A program of a partner.',
});

@ObjectType({
  implements: NodeInterface,
  description: 'A program that gets tokens at /oauth/token. Its id is its client_id.',
  simpleResolvers: true,
})
export class Client extends NodeInterface {
  /** Not published. */
  readonly partnerNo!: number | null;

  @Field(() => String, { description: 'What it is called.' })
  readonly name!: string;

  @Field(() => ClientKindEnum, { description: 'As what it signs in.' })
  readonly kind!: ClientKind;

  @Field(() => [String], { description: 'What its tokens may carry at most.' })
  readonly scopes!: readonly string[];

  @Field(() => String, {
    nullable: true,
    description: 'Where it publishes its keys; null when they are registered here.',
  })
  readonly jwksUri!: string | null;

  @Field(() => DateTimeScalar, { description: 'When it was registered.' })
  readonly registeredAt!: Date;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When it was revoked; null while it may sign in.' })
  readonly revokedAt!: Date | null;

  static of({ id, partnerNo, name, kind, scopes, jwksUri, registeredAt, revokedAt }: ApiClientEntity): Client {
    return Object.assign(new Client(), {
      id,
      partnerNo: partnerNo ?? null,
      name,
      kind,
      scopes,
      jwksUri: jwksUri ?? null,
      registeredAt,
      revokedAt: revokedAt ?? null,
    });
  }
}

@ObjectType({ description: 'A secret of a client. Its text is told once, when it is made.', simpleResolvers: true })
export class ClientSecret {
  @Field(() => ID, { description: 'Names it when it is to be ended.' })
  readonly id!: string;

  @Field(() => DateTimeScalar, { description: 'When it was made.' })
  readonly createdAt!: Date;

  @Field(() => DateTimeScalar, { nullable: true, description: 'From when on it is not good any more; null when open.' })
  readonly endsAt!: Date | null;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'When it was last used, to the minute; null when never.',
  })
  readonly lastUsedAt!: Date | null;

  static of({ id, createdAt, endsAt, lastUsedAt }: ClientSecretEntity): ClientSecret {
    return Object.assign(new ClientSecret(), {
      id,
      createdAt,
      endsAt: endsAt ?? null,
      lastUsedAt: lastUsedAt ?? null,
    });
  }
}

@ObjectType({ description: 'A public key of a client.', simpleResolvers: true })
export class ClientKey {
  @Field(() => ID, { description: 'Names it when it is to be removed.' })
  readonly id!: string;

  @Field(() => String, { description: 'The "kid" by which assertions name it.' })
  readonly kid!: string;

  @Field(() => String, { description: 'How it signs, by its name in JOSE: ES256, RS256 or EdDSA.' })
  readonly algorithm!: KeyAlgorithm;

  @Field(() => DateTimeScalar, { description: 'When it was added.' })
  readonly addedAt!: Date;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'When it was last used, to the minute; null when never.',
  })
  readonly lastUsedAt!: Date | null;

  static of({ id, kid, algorithm, addedAt, lastUsedAt }: ClientKeyEntity): ClientKey {
    return Object.assign(new ClientKey(), { id, kid, algorithm, addedAt, lastUsedAt: lastUsedAt ?? null });
  }
}

export const ClientConnection = connectionOf('Client', () => Client);
export const ClientUserError = userErrorType<ClientErrorCode>('Client', CLIENT_ERRORS);
export type ClientUserError = InstanceType<typeof ClientUserError>;

@ArgsType()
export class ClientArguments extends ConnectionArguments {
  @Field(() => String, { nullable: true, description: 'Only those of this partner.' })
  partnerCode?: string | null;
}

@InputType({ description: 'A client to register.' })
export class ClientRegisterInput extends IdempotentInput {
  @Field(() => String, { description: 'What it is called, in 1 to 100 characters.' })
  name!: string;

  @Field(() => ClientKindEnum, { description: 'As what it signs in.' })
  kind!: ClientKind;

  @Field(() => String, { nullable: true, description: 'The partner whose client it is; for the kind PARTNER alone.' })
  partnerCode?: string | null;

  @Field(() => [String], { description: 'What its tokens may carry at most, such as "transactions:write".' })
  scopes!: string[];

  @Field(() => String, {
    nullable: true,
    description:
      'Where it publishes its keys, https://; leave it out to register keys by clientKeyAdd or to use a secret.',
  })
  jwksUri?: string | null;

  @Field(() => Boolean, { defaultValue: true, description: 'Whether it gets a secret; one that signs needs none.' })
  withSecret!: boolean;
}

@InputType({ description: 'A client that is to get a new secret.' })
export class ClientSecretRotateInput extends IdempotentInput {
  @Field(() => ID, { description: 'The client.' })
  clientId!: string;

  @Field(() => Int, {
    defaultValue: 1_440,
    description: 'For how many minutes its secrets of before stay good, 0 to 43,200; 0 when one has leaked.',
  })
  overlapMinutes!: number;
}

@InputType({ description: 'A secret to end at once.' })
export class ClientSecretEndInput {
  @Field(() => ID, { description: 'The client.' })
  clientId!: string;

  @Field(() => ID, { description: 'The secret.' })
  secretId!: string;
}

@InputType({ description: 'A public key with which a client will sign.' })
export class ClientKeyAddInput {
  @Field(() => ID, { description: 'The client.' })
  clientId!: string;

  @Field(() => String, { description: 'The public key as the text of a JSON Web Key: EC P-256, Ed25519 or RSA.' })
  publicKey!: string;
}

@InputType({ description: 'A key that is to be believed no more.' })
export class ClientKeyRemoveInput {
  @Field(() => ID, { description: 'The client.' })
  clientId!: string;

  @Field(() => ID, { description: 'The key.' })
  keyId!: string;
}

@InputType({ description: 'A client to revoke for good.' })
export class ClientRevokeInput {
  @Field(() => ID, { description: 'The client.' })
  clientId!: string;
}

@ObjectType({ description: 'A client as it stands now, or why the command was refused.', simpleResolvers: true })
export class ClientPayload {
  @Field(() => Client, { nullable: true, description: 'The client; null when the command was refused.' })
  readonly client?: Client | null;

  @Field(() => String, {
    nullable: true,
    description: 'Its new secret, this one time: nobody can read it again. Null when none was made, or it was told.',
  })
  readonly secret?: string | null;

  @Field(() => [ClientUserError], { description: 'Why nothing was done; empty when it was.' })
  readonly userErrors!: readonly ClientUserError[];
}
