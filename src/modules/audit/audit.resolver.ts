/** The audit log, for administrators. */
import { Args, Ctx, Query, Resolver } from 'type-graphql';
import type { Connection } from '../../graphql/connection.js';
import type { GatewayContext } from '../../graphql/context.js';
import { entityConnection } from '../../graphql/entity-connection.js';
import { byId } from '../../graphql/keyset.js';
import { authorize } from '../access/index.js';
import { AuditEntryEntity } from './audit.entity.js';
import { AuditEntry, AuditEntryConnection, AuditLogArguments } from './audit.graphql.js';

const NEWEST_FIRST = byId('audit-log', 'DESC');

@Resolver(() => AuditEntry)
export class AuditResolver {
  @Query(() => AuditEntryConnection, {
    nullable: true,
    description: 'What administrators and operators did and tried to do, the newest first.',
  })
  auditLog(
    @Args(() => AuditLogArguments) args: AuditLogArguments,
    @Ctx() { em, principal }: GatewayContext,
  ): Promise<Connection<AuditEntry>> {
    authorize(principal, 'audit.read');
    return entityConnection(args, NEWEST_FIRST, { em, entity: AuditEntryEntity, where: filterOf(args) }, (rows) =>
      rows.map(AuditEntry.of),
    );
  }
}

const filterOf = ({ actor, operation, outcome, subjectId, from, until }: AuditLogArguments): object => ({
  ...(actor && { actor }),
  ...(operation && { operation }),
  ...(outcome && { outcome }),
  ...(subjectId && { subjects: { $contains: [subjectId] } }),
  ...((from || until) && { recordedAt: { ...(from && { $gte: from }), ...(until && { $lt: until }) } }),
});
