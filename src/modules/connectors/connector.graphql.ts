/** Connectors as the schema shows them, and what is sent in. Secrets go in and never come out. */
import { ArgsType, Field, ID, Int, ObjectType } from 'type-graphql';
import type {
  AuthKind,
  Capability,
  ConnectorKind,
  ConnectorStatus,
  FileFormat,
} from '../../domain/connectors/connector.js';
import { ConnectionArguments, connectionOf } from '../../graphql/connection.js';
import { enumType } from '../../graphql/enums.js';
import { NodeInterface } from '../../graphql/node.js';
import { DateTimeScalar } from '../../graphql/scalars.js';
import { userErrorType } from '../../graphql/user-error.js';
import type { ConnectorEntity, ConnectorRejectEntity, ConnectorRunEntity } from './connector.entity.js';
import { CONNECTOR_ERRORS, type ConnectorErrorCode } from './connector.errors.js';

export const ConnectorKindEnum = enumType<ConnectorKind>('ConnectorKind', 'How a partner is reached.', {
  HTTP_JSON: 'A server that answers with JSON.',
  GRAPHQL: 'A GraphQL server.',
  FOLDER: 'A folder into which the partner puts files.',
});

export const ConnectorCapabilityEnum = enumType<Capability>('ConnectorCapability', 'What a partner can be asked.', {
  TRANSACTIONS: 'The messages about purchases that it reports, page by page.',
  OFFERS: 'What it offers its customers now.',
  STOCK: 'How many it has of the gifts it supplies.',
  PAYOUT: 'To pay cash out to a card.',
});

export const ConnectorAuthKindEnum = enumType<AuthKind>('ConnectorAuthKind', 'How the partner knows that it is us.', {
  NONE: 'It does not ask.',
  BEARER: 'The secret stands in the Authorization header.',
  HMAC: 'The secret signs "timestamp.METHOD.path?query.body" with HMAC-SHA256: hansa-timestamp and hansa-signature.',
  CLIENT_CREDENTIALS: 'The secret is that of an OAuth 2 client, for which its token endpoint gives tokens.',
});

export const ConnectorStatusEnum = enumType<ConnectorStatus>('ConnectorStatus', 'Whether a partner is asked.', {
  ACTIVE: 'It is asked.',
  PAUSED: 'It is not asked until the connector is resumed.',
  REMOVED: 'It is asked never again.',
});

export const ConnectorFileFormatEnum = enumType<FileFormat>('ConnectorFileFormat', 'What the files of a folder hold.', {
  CSV: 'Comma-separated values with a header line, plain or gzip.',
  NDJSON: 'One JSON object a line, plain or gzip.',
});

@ObjectType({ description: 'A word of the partner for one of ours.', simpleResolvers: true })
export class ConnectorWord {
  @Field(() => String, { description: 'As the partner writes it.' })
  readonly from!: string;

  @Field(() => String, { description: 'As we write it.' })
  readonly to!: string;
}

@ObjectType({ description: "Where one of our fields stands in a partner's items.", simpleResolvers: true })
export class ConnectorFieldMapping {
  @Field(() => String, { description: 'Our field.' })
  readonly field!: string;

  @Field(() => String, { nullable: true, description: 'Its place in the item; its own name when null.' })
  readonly path?: string;

  @Field(() => String, { nullable: true, description: 'What holds for items that do not say it.' })
  readonly constant?: string;

  @Field(() => [ConnectorWord], { nullable: true, description: 'Words that are translated.' })
  readonly words?: readonly ConnectorWord[];
}

@ObjectType({ description: 'One thing that a partner can be asked, and how.', simpleResolvers: true })
export class ConnectorEndpoint {
  @Field(() => ConnectorCapabilityEnum, { description: 'What it can be asked.' })
  readonly capability!: Capability;

  @Field(() => String, { nullable: true, description: 'HTTP_JSON: the path below the address.' })
  readonly path?: string;

  @Field(() => String, { nullable: true, description: 'GRAPHQL: the query.' })
  readonly query?: string;

  @Field(() => ConnectorFileFormatEnum, { nullable: true, description: 'FOLDER: what its files hold.' })
  readonly format?: FileFormat;

  @Field(() => String, { nullable: true, description: 'Where the list stands in the answer.' })
  readonly itemsAt?: string;

  @Field(() => String, { nullable: true, description: 'Where the cursor of the next page stands in the answer.' })
  readonly nextCursorAt?: string;

  @Field(() => String, { nullable: true, description: 'HTTP_JSON: the parameter for the cursor.' })
  readonly cursorParameter?: string;

  @Field(() => String, { nullable: true, description: 'HTTP_JSON: the parameter for the size of a page.' })
  readonly sizeParameter?: string;

  @Field(() => Int, { nullable: true, description: 'Items of a page; 500 when null.' })
  readonly pageSize?: number;

  @Field(() => String, { nullable: true, description: 'How days are written; RFC3339 when null.' })
  readonly dateFormat?: string;

  @Field(() => [ConnectorFieldMapping], { description: 'Which of its fields mean what.' })
  readonly fields!: readonly ConnectorFieldMapping[];
}

@ObjectType({
  implements: NodeInterface,
  description: 'How the gateway asks a partner, and how far it has come with what the partner reports.',
  simpleResolvers: true,
})
export class Connector extends NodeInterface {
  /** Not published. */
  readonly partnerNo!: number;

  @Field(() => String, { description: 'Its code.' })
  readonly code!: string;

  @Field(() => ConnectorKindEnum, { description: 'How the partner is reached.' })
  readonly kind!: ConnectorKind;

  @Field(() => String, { description: 'Where.' })
  readonly address!: string;

  @Field(() => ConnectorAuthKindEnum, { description: 'How the partner knows that it is us.' })
  readonly authKind!: AuthKind;

  @Field(() => [ConnectorEndpoint], { description: 'What the partner can be asked.' })
  readonly endpoints!: readonly ConnectorEndpoint[];

  @Field(() => Int, { description: 'Seconds between two fetches of its feed; more while it fails.' })
  readonly everySeconds!: number;

  @Field(() => ConnectorStatusEnum, { description: 'Whether it is asked.' })
  readonly status!: ConnectorStatus;

  @Field(() => String, {
    nullable: true,
    description: 'Where the next page of its feed begins; null at the beginning.',
  })
  readonly cursor!: string | null;

  @Field(() => DateTimeScalar, { description: 'When its feed is fetched next.' })
  readonly nextRunAt!: Date;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When its feed was fetched last; null when never.' })
  readonly lastRunAt!: Date | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When that went well last.' })
  readonly lastSuccessAt!: Date | null;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'When the newest message that was taken in took place: how far behind the feed is.',
  })
  readonly newestAt!: Date | null;

  @Field(() => Int, { description: 'Fetches that have failed one after another.' })
  readonly failures!: number;

  @Field(() => String, {
    nullable: true,
    description: 'What kind of failure the last one was; null when it went well.',
  })
  readonly lastFaultCode!: string | null;

  @Field(() => String, { nullable: true, description: 'What it was, as a sentence.' })
  readonly lastFaultDetail!: string | null;

  static of(row: ConnectorEntity): Connector {
    const { id, code, partnerNo, kind, address, auth, endpoints, everySeconds, status, nextRunAt, failures } = row;
    return Object.assign(new Connector(), {
      ...{
        id,
        code,
        partnerNo,
        kind,
        address,
        authKind: auth.kind,
        endpoints,
        everySeconds,
        status,
        nextRunAt,
        failures,
      },
      ...{ cursor: row.cursor ?? null, lastRunAt: row.lastRunAt ?? null, lastSuccessAt: row.lastSuccessAt ?? null },
      newestAt: row.newestAt ?? null,
      lastFaultCode: row.lastFaultCode ?? null,
      lastFaultDetail: row.lastFaultDetail ?? null,
    });
  }
}

export const ConnectorConnection = connectionOf('Connector', () => Connector);

@ObjectType({ description: "A fetch of a partner's feed that brought something or failed.", simpleResolvers: true })
export class ConnectorRun {
  @Field(() => ID, { description: 'The id, a UUID made by the gateway.' })
  readonly id!: string;

  @Field(() => DateTimeScalar, { description: 'When it took its first page in.' })
  readonly startedAt!: Date;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'When it ended; null while it runs, or when it was cut off.',
  })
  readonly endedAt!: Date | null;

  @Field(() => Int, { description: 'Pages that brought something.' })
  readonly pages!: number;

  @Field(() => Int, { description: 'Messages that were taken in.' })
  readonly accepted!: number;

  @Field(() => Int, { description: 'Messages on those pages that had been taken in before.' })
  readonly duplicates!: number;

  @Field(() => Int, { description: 'Messages that were refused for the first time.' })
  readonly rejected!: number;

  @Field(() => String, { nullable: true, description: 'What kind of failure ended it; null when none did.' })
  readonly faultCode!: string | null;

  @Field(() => String, { nullable: true, description: 'What it was, as a sentence.' })
  readonly faultDetail!: string | null;

  static of(row: ConnectorRunEntity): ConnectorRun {
    const { id, startedAt, endedAt = null, pages, accepted, duplicates, rejected } = row;
    const fault = { faultCode: row.faultCode ?? null, faultDetail: row.faultDetail ?? null };
    return Object.assign(new ConnectorRun(), {
      id,
      startedAt,
      endedAt,
      pages,
      accepted,
      duplicates,
      rejected,
      ...fault,
    });
  }
}

export const ConnectorRunConnection = connectionOf('ConnectorRun', () => ConnectorRun);

@ObjectType({ description: "A message of a partner's feed that was not taken in.", simpleResolvers: true })
export class ConnectorReject {
  @Field(() => ID, { description: 'The id, a UUID made by the gateway.' })
  readonly id!: string;

  @Field(() => String, { nullable: true, description: "The partner's own reference, when the message has one." })
  readonly reference!: string | null;

  @Field(() => String, { nullable: true, description: 'The file it is from, when it is from one.' })
  readonly fileName!: string | null;

  @Field(() => Int, { nullable: true, description: 'The line of the file on which it begins.' })
  readonly line!: number | null;

  @Field(() => String, { description: 'Why: a code of TransactionErrorCode, or MALFORMED_ITEM.' })
  readonly code!: string;

  @Field(() => String, { description: 'A full sentence that says what is wrong.' })
  readonly reason!: string;

  @Field(() => DateTimeScalar, { description: 'When it came first.' })
  readonly rejectedAt!: Date;

  static of(row: ConnectorRejectEntity): ConnectorReject {
    const { id, reference = null, fileName = null, line = null, code, reason, rejectedAt } = row;
    return Object.assign(new ConnectorReject(), { id, reference, fileName, line, code, reason, rejectedAt });
  }
}

export const ConnectorRejectConnection = connectionOf('ConnectorReject', () => ConnectorReject);

@ArgsType()
export class ConnectorArguments extends ConnectionArguments {
  @Field(() => String, { nullable: true, description: 'Only those of this partner.' })
  partnerCode?: string | null;

  @Field(() => ConnectorStatusEnum, { nullable: true, description: 'Only those in this state.' })
  status?: ConnectorStatus | null;
}

export const ConnectorUserError = userErrorType<ConnectorErrorCode>('Connector', CONNECTOR_ERRORS);

@ObjectType({ description: 'The connector, or why the command was refused.', simpleResolvers: true })
export class ConnectorPayload {
  @Field(() => Connector, { nullable: true, description: 'The connector as it is now; null when it was refused.' })
  readonly connector?: Connector | null;

  @Field(() => [ConnectorUserError], { description: 'Why nothing was done; empty when it was.' })
  readonly userErrors!: InstanceType<typeof ConnectorUserError>[];
}
