/** Events by polling: everything that a webhook would have told, after any cursor. */
import { Args, Ctx, Query, Resolver } from 'type-graphql';
import { type Connection, connection } from '../../graphql/connection.js';
import type { GatewayContext } from '../../graphql/context.js';
import { sqlSlice } from '../../graphql/keyset.js';
import { authorize, itself } from '../access/index.js';
import { Event, EventArguments, EventConnection, eventTypeOf } from './event.graphql.js';
import { EVENT_COLUMNS, EVENT_TABLES, type EventRecord } from './event.sql.js';
import { BY_NUMBER } from './told-event.js';

/** As the ORM's connection answers raw SQL. */
type RawEvent = Omit<EventRecord, 'number' | 'recordedAt'> & { readonly number: string; readonly recordedAt: string };

@Resolver(() => Event)
export class EventResolver {
  @Query(() => EventConnection, {
    nullable: true,
    description:
      'What has happened, the oldest first, as far as the caller may hear of it. To follow, ask again after the last ' +
      'cursor: nothing ever appears before one that you have seen. Events are kept for some weeks.',
  })
  events(
    @Args(() => EventArguments) args: EventArguments,
    @Ctx() { principal, em }: GatewayContext,
  ): Promise<Connection<Event>> {
    authorize(principal, 'event.read', itself(principal));
    const types = args.types?.map(eventTypeOf) ?? [];
    return connection(
      args,
      BY_NUMBER,
      async (slice) => {
        const { condition, values, orderBy, limit } = sqlSlice(BY_NUMBER, slice);
        const ofTypes = types.length === 0 ? '' : `and e.type in (${types.map(() => '?').join(', ')})`;
        const rows = await em.execute<RawEvent[]>(
          `select ${EVENT_COLUMNS} from ${EVENT_TABLES} where e.number is not null ${ofTypes} and ${condition} order by ${orderBy} limit ${limit}`,
          [...types, ...values],
        );
        return rows.map((row) => ({ ...row, number: BigInt(row.number), recordedAt: new Date(row.recordedAt) }));
      },
      Event.of,
    );
  }
}
