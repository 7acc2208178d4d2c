/** What is sent in about connectors, and how it becomes commands: absent and null are the same. */
import { Field, ID, InputType, Int } from 'type-graphql';
import type {
  AuthKind,
  Capability,
  ConnectorAuth,
  ConnectorKind,
  DayFormat,
  Endpoint,
  FileFormat,
} from '../../domain/connectors/connector.js';
import type { ConnectorField, FieldMapping } from '../../domain/connectors/fields.js';
import {
  ConnectorAuthKindEnum,
  ConnectorCapabilityEnum,
  ConnectorFileFormatEnum,
  ConnectorKindEnum,
} from './connector.graphql.js';
import type { CreateConnector, UpdateConnector } from './connector.service.js';

@InputType({ description: 'A word of the partner for one of ours.' })
export class ConnectorWordInput {
  @Field(() => String, { description: 'As the partner writes it.' })
  from!: string;

  @Field(() => String, { description: 'As we write it.' })
  to!: string;
}

@InputType({ description: "Where one of our fields stands in a partner's items." })
export class ConnectorFieldInput {
  @Field(() => String, {
    description:
      'Our field. TRANSACTIONS: kind, reference, memberCode, memberId, cardToken, amount, currency, occurredAt, postedAt, mcc, ' +
      'category, merchantId, outlet, channel, descriptor, refundOf, authorisation. OFFERS: id, title, description, url, ' +
      'validFrom, validUntil. STOCK: item, available.',
  })
  field!: string;

  @Field(() => String, { nullable: true, description: 'Its place in the item, such as total.value, or the column.' })
  path?: string | null;

  @Field(() => String, { nullable: true, description: 'What holds for items that do not say it.' })
  constant?: string | null;

  @Field(() => [ConnectorWordInput], { nullable: true, description: 'Words to translate, at most 200.' })
  words?: ConnectorWordInput[] | null;
}

@InputType({ description: 'One thing that the partner can be asked, and how.' })
export class ConnectorEndpointInput {
  @Field(() => ConnectorCapabilityEnum, { description: 'What it can be asked.' })
  capability!: Capability;

  @Field(() => String, {
    nullable: true,
    description: 'HTTP_JSON: the path below the address. STOCK gets the parameter items, PAYOUT a POST with a key.',
  })
  path?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'GRAPHQL: the query. TRANSACTIONS gets the variables cursor and first, STOCK gets items.',
  })
  query?: string | null;

  @Field(() => ConnectorFileFormatEnum, { nullable: true, description: 'FOLDER: what its files hold.' })
  format?: FileFormat | null;

  @Field(() => String, {
    nullable: true,
    description: 'Where the list stands in the answer, such as data.items; the answer itself when absent.',
  })
  itemsAt?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Where the cursor of the next page stands; without it there is one page.',
  })
  nextCursorAt?: string | null;

  @Field(() => String, { nullable: true, description: 'HTTP_JSON: the parameter for the cursor.' })
  cursorParameter?: string | null;

  @Field(() => String, { nullable: true, description: 'HTTP_JSON: the parameter for the size of a page.' })
  sizeParameter?: string | null;

  @Field(() => Int, { nullable: true, description: 'Items of a page, 1 to 1,000; 500 when absent.' })
  pageSize?: number | null;

  @Field(() => String, {
    nullable: true,
    description: 'How days are written: RFC3339 (the default), YYYY-MM-DD, YYYYMMDD, DD/MM/YYYY or MM/DD/YYYY.',
  })
  dateFormat?: string | null;

  @Field(() => [ConnectorFieldInput], {
    defaultValue: [],
    description: 'Which of its fields mean what; those that are called as ours need not stand here.',
  })
  fields!: ConnectorFieldInput[];
}

@InputType({ description: 'How the partner knows that it is us.' })
export class ConnectorAuthInput {
  @Field(() => ConnectorAuthKindEnum, { description: 'How.' })
  kind!: AuthKind;

  @Field(() => String, { nullable: true, description: 'CLIENT_CREDENTIALS: the token endpoint.' })
  tokenUrl?: string | null;

  @Field(() => String, { nullable: true, description: 'CLIENT_CREDENTIALS: our client id there.' })
  clientId?: string | null;

  @Field(() => String, { nullable: true, description: 'CLIENT_CREDENTIALS: the scope to ask for.' })
  scope?: string | null;
}

@InputType({ description: 'A new connector.' })
export class ConnectorCreateInput {
  @Field(() => String, { description: 'Its code: 1 to 63 small letters, digits and dashes.' })
  code!: string;

  @Field(() => String, { description: 'The partner that it asks.' })
  partnerCode!: string;

  @Field(() => String, { description: 'The programme that the messages are for.' })
  programmeCode!: string;

  @Field(() => ConnectorKindEnum, { description: 'How the partner is reached.' })
  kind!: ConnectorKind;

  @Field(() => String, { description: 'The server, https://; or the name of the folder.' })
  address!: string;

  @Field(() => ConnectorAuthInput, {
    nullable: true,
    description: 'How the partner knows that it is us; NONE when absent.',
  })
  auth?: ConnectorAuthInput | null;

  @Field(() => String, { nullable: true, description: 'The secret of the authentication; it is kept encrypted.' })
  secret?: string | null;

  @Field(() => [ConnectorEndpointInput], { description: 'What the partner can be asked.' })
  endpoints!: ConnectorEndpointInput[];

  @Field(() => Int, { defaultValue: 60, description: 'Seconds between two fetches of its feed, 5 to 86,400.' })
  everySeconds!: number;
}

@InputType({ description: 'What is to be changed about a connector; what is absent stays.' })
export class ConnectorUpdateInput {
  @Field(() => ID, { description: 'The connector.' })
  connectorId!: string;

  @Field(() => String, {
    nullable: true,
    description: 'The server or the folder. Another server needs the secret again.',
  })
  address?: string | null;

  @Field(() => ConnectorAuthInput, { nullable: true, description: 'How the partner knows that it is us.' })
  auth?: ConnectorAuthInput | null;

  @Field(() => String, { nullable: true, description: 'The secret of the authentication.' })
  secret?: string | null;

  @Field(() => [ConnectorEndpointInput], { nullable: true, description: 'All that the partner can be asked.' })
  endpoints?: ConnectorEndpointInput[] | null;

  @Field(() => Int, { nullable: true, description: 'Seconds between two fetches of its feed.' })
  everySeconds?: number | null;
}

@InputType({ description: 'Names a connector.' })
export class ConnectorInput {
  @Field(() => ID, { description: 'The connector.' })
  connectorId!: string;
}

@InputType({ description: 'Names a connector whose feed is to be fetched now.' })
export class ConnectorRunNowInput extends ConnectorInput {
  @Field(() => Boolean, {
    defaultValue: false,
    description: 'From its beginning: what is known already is answered as a duplicate and changes nothing.',
  })
  fromStart!: boolean;
}

@InputType({ description: 'A new secret of a connector.' })
export class ConnectorSecretSetInput extends ConnectorInput {
  @Field(() => String, {
    description: 'The secret, 8 to 1,000 visible characters; it is kept encrypted and never shown.',
  })
  secret!: string;
}

/** Without what is absent or null. */
function given<T extends object>(input: T): { [K in keyof T]?: NonNullable<T[K]> } {
  return Object.fromEntries(Object.entries(input).filter(([, value]) => value !== null && value !== undefined)) as {
    [K in keyof T]?: NonNullable<T[K]>;
  };
}

const authOf = (auth: ConnectorAuthInput): ConnectorAuth => ({ ...given(auth), kind: auth.kind });

const fieldOf = ({ field, words, ...rest }: ConnectorFieldInput): FieldMapping => ({
  ...given(rest),
  // Whether there is such a field is checked with the rest of the connector.
  field: field as ConnectorField,
  ...(words != null && { words: words.map(({ from, to }) => ({ from, to })) }),
});

const endpointOf = ({ capability, fields, dateFormat, ...rest }: ConnectorEndpointInput): Endpoint => ({
  ...given(rest),
  capability,
  ...(dateFormat != null && { dateFormat: dateFormat as DayFormat }),
  fields: fields.map(fieldOf),
});

export function createCommandOf(input: ConnectorCreateInput): CreateConnector {
  const { code, partnerCode, programmeCode, kind, address, auth, endpoints, everySeconds, secret } = input;
  return {
    ...{ code, partnerCode, programmeCode, secret: secret ?? undefined },
    terms: {
      ...{ kind, address, everySeconds, endpoints: endpoints.map(endpointOf) },
      auth: auth == null ? { kind: 'NONE' } : authOf(auth),
    },
  };
}

export function updateCommandOf(input: ConnectorUpdateInput): UpdateConnector {
  const { address, auth, secret, endpoints, everySeconds } = input;
  return {
    ...given({ address, everySeconds }),
    ...(auth != null && { auth: authOf(auth) }),
    ...(endpoints != null && { endpoints: endpoints.map(endpointOf) }),
    secret: secret ?? undefined,
  };
}
