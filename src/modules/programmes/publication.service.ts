/**
 * Versions and proposals of a programme. Every command holds the programme's lock, so that versions follow each
 * other without gaps and one proposal is decided once.
 */
import { createHash } from 'node:crypto';
import { LockMode } from '@mikro-orm/core';
import type { EntityManager, MikroORM } from '@mikro-orm/postgresql';
import type { Principal } from '../../domain/access/principal.js';
import { type BusinessDate, businessDateIn } from '../../domain/kernel/calendar.js';
import { invariant } from '../../domain/kernel/invariant.js';
import { fail, ok, type Result } from '../../domain/kernel/result.js';
import { isId } from '../../graphql/scalars.js';
import { databaseTime } from '../../infrastructure/db/clock.js';
import { newId } from '../../infrastructure/db/ids.js';
import { administer } from '../../infrastructure/db/orm.js';
import { authorize } from '../access/index.js';
import { ProgrammeEntity, ProgrammeProposalEntity, ProgrammeVersionEntity } from './programme.entity.js';
import type { ProposalErrorCode, PublicationErrorCode } from './programme.errors.js';
import { approvalsNeeded, decideApproval, decidePublication, decideRejection } from './publication.js';
import { publishedTerms } from './published-terms.js';

export interface PublicationRequest {
  readonly name: string;
  readonly source: string;
  readonly effectiveFrom: BusinessDate;
  /** What the text itself asks for. */
  readonly approvals: 1 | 2;
  readonly by: string;
}

/** PUBLISHED or UNCHANGED: the version is there. WAITING: it is there once a second person approves. */
export type Publication =
  | {
      readonly outcome: 'PUBLISHED' | 'UNCHANGED';
      readonly programme: ProgrammeEntity;
      readonly version: ProgrammeVersionEntity;
    }
  | { readonly outcome: 'WAITING'; readonly programme: ProgrammeEntity; readonly proposal: ProgrammeProposalEntity };

export interface Decided {
  readonly programme: ProgrammeEntity;
  readonly proposal: ProgrammeProposalEntity;
  /** The new version; absent when the proposal was rejected or withdrawn. */
  readonly version?: ProgrammeVersionEntity;
}

/** A programme as it stands under its lock. */
interface Standing {
  readonly em: EntityManager;
  readonly programme: ProgrammeEntity;
  /** Latest first day first, then highest version. */
  readonly versions: readonly ProgrammeVersionEntity[];
  readonly newest: ProgrammeVersionEntity | undefined;
  readonly now: Date;
  readonly today: BusinessDate;
}

export class PublicationService {
  /** @param orm connections of the writer role */
  constructor(private readonly orm: MikroORM) {}

  /** Publishes or proposes a text that was checked. The caller has asked for permission. */
  publish(programmeId: string, request: PublicationRequest): Promise<Result<Publication, PublicationErrorCode>> {
    const { name, source, effectiveFrom, by } = request;
    const digest = createHash('sha256').update(source).digest('hex');
    return administer(this.orm, async (em) => {
      const standing = await lock(em, programmeId);
      const { programme, newest, now, today } = standing;
      const pending = (await em.findOne(ProgrammeProposalEntity, { programmeId, state: 'PENDING' })) ?? undefined;
      const approvals = approvalsNeeded(demands(standing), today, request.approvals);
      const step = decidePublication({ wanted: { digest, effectiveFrom }, newest, pending, today, approvals });
      if (!step.ok) return step;
      switch (step.value) {
        case 'UNCHANGED':
          invariant(newest !== undefined, 'what is unchanged is there');
          return ok({ outcome: 'UNCHANGED', programme, version: newest });
        case 'WAITING':
          invariant(pending !== undefined, 'what waits is there');
          return ok({ outcome: 'WAITING', programme, proposal: pending });
        case 'PROPOSE': {
          const proposal = em.create(ProgrammeProposalEntity, {
            id: newId(),
            programmeId,
            source,
            digest,
            effectiveFrom,
            state: 'PENDING',
            proposedBy: by,
            proposedAt: now,
          });
          return ok({ outcome: 'WAITING', programme, proposal });
        }
        case 'PUBLISH':
          programme.name = name;
          return ok({
            outcome: 'PUBLISHED',
            programme,
            version: addVersion(standing, { source, digest, effectiveFrom, publishedBy: by }),
          });
      }
    });
  }

  /** Makes a version of a proposal; its publisher is the one who proposed it. */
  approve(principal: Principal, proposalId: string): Promise<Result<Decided, ProposalErrorCode>> {
    authorize(principal, 'programme.approve');
    return this.decide(proposalId, (standing, proposal) => {
      const { source, digest, effectiveFrom, proposedBy } = proposal;
      const hasVersions = standing.newest !== undefined;
      const { subject } = principal;
      const decision = decideApproval({ ...proposal, subject, today: standing.today, hasVersions });
      if (!decision.ok) return decision;
      settle(proposal, decision.value, principal, standing.now);
      const name = `${standing.programme.code}, proposed`;
      standing.programme.name = publishedTerms({ name, digest, effectiveFrom, source }).name;
      const version = addVersion(standing, {
        source,
        digest,
        effectiveFrom,
        publishedBy: proposedBy,
        approvedBy: subject,
      });
      return ok({ programme: standing.programme, proposal, version });
    });
  }

  /** Turns a proposal down, or takes one's own back. */
  reject(principal: Principal, proposalId: string): Promise<Result<Decided, ProposalErrorCode>> {
    authorize(principal, 'programme.approve');
    return this.decide(proposalId, ({ programme, now }, proposal) => {
      const decision = decideRejection({ ...proposal, subject: principal.subject });
      if (!decision.ok) return decision;
      settle(proposal, decision.value, principal, now);
      return ok({ programme, proposal });
    });
  }

  private decide(
    proposalId: string,
    work: (standing: Standing, proposal: ProgrammeProposalEntity) => Result<Decided, ProposalErrorCode>,
  ): Promise<Result<Decided, ProposalErrorCode>> {
    return administer(this.orm, async (em) => {
      const known = isId(proposalId) ? await em.findOne(ProgrammeProposalEntity, { id: proposalId }) : null;
      if (known === null) {
        return fail(
          'UNKNOWN_PROPOSAL',
          'There is no such proposal; read the proposals of the programme.',
          'proposalId',
        );
      }
      const standing = await lock(em, known.programmeId);
      // Somebody else may have decided while this one waited for the lock.
      return work(standing, await em.refreshOrFail(known));
    });
  }
}

async function lock(em: EntityManager, programmeId: string): Promise<Standing> {
  const programme = await em.findOneOrFail(
    ProgrammeEntity,
    { id: programmeId },
    { lockMode: LockMode.PESSIMISTIC_WRITE },
  );
  const versions = await em.find(
    ProgrammeVersionEntity,
    { programmeId },
    { orderBy: [{ effectiveFrom: 'desc' }, { version: 'desc' }] },
  );
  const newest = versions.toSorted((a, b) => b.version - a.version)[0];
  const now = await databaseTime(em);
  return { em, programme, versions, newest, now, today: businessDateIn(now, programme.timeZone) };
}

const demands = ({ programme, versions }: Standing) =>
  versions.map(({ version, digest, effectiveFrom, source }) => ({
    effectiveFrom,
    approvals: publishedTerms({ name: `${programme.code} version ${version}`, digest, effectiveFrom, source })
      .approvals,
  }));

function addVersion(
  { em, programme, newest, now }: Standing,
  version: Pick<ProgrammeVersionEntity, 'source' | 'digest' | 'effectiveFrom' | 'publishedBy'> & {
    readonly approvedBy?: string;
  },
): ProgrammeVersionEntity {
  return em.create(ProgrammeVersionEntity, {
    id: newId(),
    programmeId: programme.id,
    version: (newest?.version ?? 0) + 1,
    publishedAt: now,
    ...version,
  });
}

function settle(
  proposal: ProgrammeProposalEntity,
  state: ProgrammeProposalEntity['state'],
  { subject }: Principal,
  now: Date,
): void {
  proposal.state = state;
  proposal.decidedBy = subject;
  proposal.decidedAt = now;
}
