/** Members: input -> command, result -> payload, and the fields that need a read of their own. */
import type { EntityManager } from '@mikro-orm/postgresql';
import { Arg, Args, Ctx, FieldResolver, Mutation, Query, Resolver, Root } from 'type-graphql';
import { invariant } from '../../domain/kernel/invariant.js';
import { formatDecimal } from '../../domain/money/decimal.js';
import { badUserInput } from '../../graphql/bad-user-input.js';
import type { Connection } from '../../graphql/connection.js';
import type { GatewayContext, LoaderDefinition } from '../../graphql/context.js';
import { entityConnection } from '../../graphql/entity-connection.js';
import { byId } from '../../graphql/keyset.js';
import { inOrderOf } from '../../graphql/loaders.js';
import type { NodeSource } from '../../graphql/node.js';
import { isId } from '../../graphql/scalars.js';
import { rowsOf } from '../../infrastructure/db/entity-rows.js';
import { askingFor } from '../../infrastructure/db/reads.js';
import { authorize, itself } from '../access/index.js';
import { ProgrammeEntity, type ProgrammeRecord, type PublishedTo } from '../programmes/index.js';
import { MemberEntity } from './member.entity.js';
import {
  Member,
  MemberArguments,
  MemberBalance,
  MemberConnection,
  MemberEnrolInput,
  MemberEnrolPayload,
  MembersArguments,
  MemberUpdateInput,
  MemberUpdatePayload,
  MemberUserError,
} from './member.graphql.js';
import { BALANCE_OF_MEMBER, MEMBER_BY_NO } from './member.loaders.js';
import type { MemberService } from './member.service.js';

const MEMBERS = byId('members', 'ASC');

const MEMBER_BY_ID: LoaderDefinition<string, MemberEntity | undefined> = {
  name: 'members.by-id',
  async load(ids, { em }) {
    const found = await rowsOf(em, MemberEntity, 'where id = any($1::uuid[])', [ids.filter(isId)]);
    return inOrderOf(ids, found, ({ id }) => id);
  },
};

export const memberNodes: NodeSource = {
  type: Member,
  async find(id, { loader, principal }) {
    authorize(principal, 'member.read', itself(principal));
    const found = await loader(MEMBER_BY_ID).load(id);
    return found && Member.of(found);
  },
};

@Resolver(() => Member)
export class MemberResolver {
  constructor(
    private readonly members: MemberService,
    private readonly published: PublishedTo,
  ) {}

  @Query(() => Member, {
    nullable: true,
    description:
      'A member by id, or by code and programme; the caller itself when it is a member and names nobody. Null when there ' +
      'is none that the caller may see: a bank sees the members whose cards it has issued.',
  })
  async member(
    @Args(() => MemberArguments) { id, code, programmeCode }: MemberArguments,
    @Ctx() context: GatewayContext,
  ): Promise<Member | null> {
    const { em, loader, principal } = context;
    authorize(principal, 'member.read', itself(principal));
    if (id && !code && !programmeCode) {
      return shown(await loader(MEMBER_BY_ID).load(id), em);
    }
    if (code && programmeCode && !id) {
      const tail = 'where code = $1 and programme_no = (select no from programme where code = $2)';
      // Nearly everything of a member goes by its programme: asked here, it waits for no statement of its own.
      const [[found]] = await Promise.all([
        rowsOf(em, MemberEntity, tail, [code, programmeCode]),
        this.published(context),
      ]);
      return shown(found, em);
    }
    if (principal.kind === 'MEMBER' && !id && !code && !programmeCode) {
      return (await loader(MEMBER_BY_NO).load(principal.memberNo)) ?? null;
    }
    throw badUserInput('Give either the id of the member, or its code and programmeCode.');
  }

  @Query(() => MemberConnection, {
    nullable: true,
    name: 'members',
    description: 'All members in the order of their enrolment, for those who run the programme.',
  })
  async list(
    @Args(() => MembersArguments) args: MembersArguments,
    @Ctx() { em, principal }: GatewayContext,
  ): Promise<Connection<Member>> {
    authorize(principal, 'member.list');
    const programme = args.programmeCode ? await em.findOne(ProgrammeEntity, { code: args.programmeCode }) : undefined;
    if (programme === null) throw badUserInput('There is no programme of the code given as programmeCode.');
    const ofProgramme = programme ? { programmeNo: programme.no } : {};
    return entityConnection(args, MEMBERS, { em, entity: MemberEntity, where: ofProgramme }, (rows) =>
      rows.map(Member.of),
    );
  }

  @FieldResolver(() => String, { description: 'The programme that the member is in.' })
  async programmeCode(@Root() member: Member, @Ctx() context: GatewayContext): Promise<string> {
    return (await this.programmeOf(member, context)).code;
  }

  @FieldResolver(() => MemberBalance, {
    nullable: true,
    description: 'What the member has now; null when the caller may not see it.',
  })
  async balance(@Root() member: Member, @Ctx() context: GatewayContext): Promise<MemberBalance | null> {
    const [balance, programme] = await Promise.all([
      context.loader(BALANCE_OF_MEMBER).load(member.no),
      this.programmeOf(member, context),
    ]);
    if (balance === undefined) return null;
    return {
      pending: formatDecimal(balance.pendingUnits, programme.unitScale),
      available: formatDecimal(balance.availableUnits, programme.unitScale),
      held: formatDecimal(balance.heldUnits, programme.unitScale),
      unitCode: programme.unitCode,
    };
  }

  private async programmeOf({ programmeNo }: Member, context: GatewayContext): Promise<ProgrammeRecord> {
    const programme = (await this.published(context)).programmes.byNo(programmeNo);
    invariant(programme !== undefined, `programme ${programmeNo} of a member is there`);
    return programme;
  }

  @FieldResolver(() => Member, {
    nullable: true,
    description: 'Who brought this member; null when nobody did, or when the caller may not see that member.',
  })
  async referredBy(@Root() { referredByNo }: Member, @Ctx() { loader }: GatewayContext): Promise<Member | null> {
    return referredByNo === null ? null : ((await loader(MEMBER_BY_NO).load(referredByNo)) ?? null);
  }

  @Mutation(() => MemberEnrolPayload, {
    nullable: true,
    description:
      'Enrols a member. The same code again gives the same member, so that a repeated request is harmless; a partner ' +
      'that has not enrolled the member and may not see it is told ENROLLED_BEFORE instead.',
  })
  async memberEnrol(
    @Arg('input', () => MemberEnrolInput, { description: 'The new member.' }) input: MemberEnrolInput,
    @Ctx() { principal }: GatewayContext,
  ): Promise<MemberEnrolPayload> {
    const { programmeCode, code, birthday, timeZone, referrerCode } = input;
    const result = await this.members.enrol(principal, {
      programmeCode,
      code,
      birthday: birthday ?? undefined,
      timeZone: timeZone ?? undefined,
      referrerCode: referrerCode ?? undefined,
    });
    if (!result.ok) return { userErrors: MemberUserError.from(result.failure) };
    return { member: Member.of(result.value), userErrors: [] };
  }

  @Mutation(() => MemberUpdatePayload, {
    nullable: true,
    description:
      'Changes what is known about a member: for the member itself, for the bank of a card it has linked, and for those ' +
      'who run the programme. The same request again changes nothing.',
  })
  async memberUpdate(
    @Arg('input', () => MemberUpdateInput, { description: 'The member, and what changes.' }) input: MemberUpdateInput,
    @Ctx() { principal }: GatewayContext,
  ): Promise<MemberUpdatePayload> {
    const { memberId, birthday, timeZone, withdrawReferral } = input;
    const command = { memberId, birthday, timeZone, withdrawReferral: withdrawReferral ?? undefined };
    const result = await this.members.update(principal, command);
    if (!result.ok) return { userErrors: MemberUserError.from(result.failure) };
    return { member: Member.of(result.value), userErrors: [] };
  }
}

/** What else is asked of this member is asked for it. */
function shown(found: MemberEntity | undefined, em: EntityManager): Member | null {
  if (found === undefined) return null;
  askingFor(em, found.no);
  return Member.of(found);
}
