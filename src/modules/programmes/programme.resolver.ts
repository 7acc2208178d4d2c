/** Programmes: input -> command, result -> payload, and the versions of each. */
import { Arg, Args, Ctx, FieldResolver, Mutation, Query, Resolver, Root } from 'type-graphql';
import type { BusinessDate } from '../../domain/kernel/calendar.js';
import { type Connection, ConnectionArguments } from '../../graphql/connection.js';
import type { GatewayContext } from '../../graphql/context.js';
import { entityConnection } from '../../graphql/entity-connection.js';
import type { Keyset } from '../../graphql/keyset.js';
import { rowsById } from '../../graphql/loaders.js';
import type { NodeSource } from '../../graphql/node.js';
import { BusinessDateScalar, DateTimeScalar } from '../../graphql/scalars.js';
import { authorize, may } from '../access/index.js';
import { ProgrammeEntity } from './programme.entity.js';
import {
  Programme,
  ProgrammeApplyInput,
  ProgrammeApplyPayload,
  ProgrammeCheckInput,
  ProgrammeCheckPayload,
  ProgrammeConnection,
  ProgrammeUserError,
  ProgrammeVersion,
} from './programme.graphql.js';
import { VERSIONS_OF_PROGRAMME } from './programme.loaders.js';
import type { ProgrammeService } from './programme.service.js';
import { ProgrammeProposal } from './publication.graphql.js';

const PROGRAMMES: Keyset = { name: 'programmes', columns: [{ property: 'code', kind: 'text' }], direction: 'ASC' };

const PROGRAMME_BY_ID = rowsById('programmes.by-id', ProgrammeEntity);

export const programmeNodes: NodeSource = {
  type: Programme,
  async find(id, { loader, principal }) {
    authorize(principal, 'programme.read');
    const found = await loader(PROGRAMME_BY_ID).load(id);
    return found && Programme.of(found);
  },
};

@Resolver(() => Programme)
export class ProgrammeResolver {
  constructor(private readonly programmes: ProgrammeService) {}

  @Query(() => Programme, { nullable: true, description: 'A programme by its code; null when there is none.' })
  async programme(
    @Arg('code', () => String, { description: 'The code of the programme.' }) code: string,
    @Ctx() { em, principal }: GatewayContext,
  ): Promise<Programme | null> {
    authorize(principal, 'programme.read');
    const found = await em.findOne(ProgrammeEntity, { code });
    return found && Programme.of(found);
  }

  @Query(() => ProgrammeConnection, { nullable: true, name: 'programmes', description: 'All programmes, by code.' })
  async list(
    @Args(() => ConnectionArguments) args: ConnectionArguments,
    @Ctx() { em, principal }: GatewayContext,
  ): Promise<Connection<Programme>> {
    authorize(principal, 'programme.read');
    return entityConnection(args, PROGRAMMES, { em, entity: ProgrammeEntity, where: {} }, (rows) =>
      rows.map(Programme.of),
    );
  }

  @FieldResolver(() => [ProgrammeVersion], { description: 'Everything published, the latest first day first.' })
  async versions(@Root() programme: Programme, @Ctx() context: GatewayContext): Promise<readonly ProgrammeVersion[]> {
    return (await context.loader(VERSIONS_OF_PROGRAMME).load(programme.id)).map(ProgrammeVersion.of);
  }

  @FieldResolver(() => ProgrammeVersion, {
    nullable: true,
    description:
      'The archive: the version that decides purchases of a day, as it is known now or as it was known at an instant; ' +
      'null before the first.',
  })
  async versionOn(
    @Root() programme: Programme,
    @Arg('date', () => BusinessDateScalar, { description: 'The day of the purchase.' }) date: BusinessDate,
    @Ctx() context: GatewayContext,
    @Arg('asKnownAt', () => DateTimeScalar, {
      nullable: true,
      description: 'Only what was published by then; everything when absent.',
    })
    asKnownAt?: Date | null,
  ): Promise<ProgrammeVersion | null> {
    const versions = await context.loader(VERSIONS_OF_PROGRAMME).load(programme.id);
    const found = versions.find(
      ({ effectiveFrom, publishedAt }) => effectiveFrom <= date && (!asKnownAt || publishedAt <= asKnownAt),
    );
    return found === undefined ? null : ProgrammeVersion.of(found);
  }

  @Mutation(() => ProgrammeCheckPayload, {
    nullable: true,
    description: 'Validates a programme file and runs the examples in it. Stores nothing.',
  })
  programmeCheck(
    @Arg('input', () => ProgrammeCheckInput, { description: 'The programme.' }) input: ProgrammeCheckInput,
    @Ctx() { principal }: GatewayContext,
  ): ProgrammeCheckPayload {
    const result = this.programmes.check(principal, input.source);
    return { examplesRun: result.examples, userErrors: result.ok ? [] : ProgrammeUserError.from(result.failures) };
  }

  @Mutation(() => ProgrammeApplyPayload, {
    nullable: true,
    description:
      'Publishes a programme file as the next version of its programme, or proposes it where that takes two people. ' +
      'Refuses everything that programmeCheck finds, and a later version that would begin in the past.',
  })
  async programmeApply(
    @Arg('input', () => ProgrammeApplyInput, { description: 'The programme.' }) input: ProgrammeApplyInput,
    @Ctx() { principal }: GatewayContext,
  ): Promise<ProgrammeApplyPayload> {
    const { source, effectiveFrom } = input;
    const result = await this.programmes.apply(principal, source, effectiveFrom ? { effectiveFrom } : {});
    if (!result.ok) return { examplesRun: result.examples, userErrors: ProgrammeUserError.from(result.failures) };
    const { outcome, programme, examples } = result;
    return {
      outcome,
      programme: Programme.of(programme),
      ...(result.outcome === 'WAITING'
        ? { proposal: ProgrammeProposal.of(result.proposal) }
        : { version: ProgrammeVersion.of(result.version) }),
      examplesRun: examples,
      userErrors: [],
    };
  }
}

@Resolver(() => ProgrammeVersion)
export class ProgrammeVersionResolver {
  @FieldResolver(() => String, {
    nullable: true,
    description:
      'The YAML file as published; null for those who may not read every contract, because its examples say who pays what.',
  })
  source(@Root() version: ProgrammeVersion, @Ctx() { principal }: GatewayContext): string | null {
    return may(principal, 'contract.read') ? version.text : null;
  }

  @FieldResolver(() => String, {
    nullable: true,
    description: 'Who published or proposed it; null for those who may not read every contract.',
  })
  publishedBy(@Root() version: ProgrammeVersion, @Ctx() { principal }: GatewayContext): string | null {
    return may(principal, 'contract.read') ? version.publisher : null;
  }

  @FieldResolver(() => String, {
    nullable: true,
    description: 'Who approved it; null where one person was enough, and for those who may not read every contract.',
  })
  approvedBy(@Root() version: ProgrammeVersion, @Ctx() { principal }: GatewayContext): string | null {
    return may(principal, 'contract.read') ? version.approver : null;
  }
}
