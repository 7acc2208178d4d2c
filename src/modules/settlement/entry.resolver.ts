/** The entries behind a line: a line that the caller may see shows all that is behind it. */
import { Args, FieldResolver, Resolver, Root } from 'type-graphql';
import { type Connection, ConnectionArguments, connection } from '../../graphql/connection.js';
import type { Keyset } from '../../graphql/keyset.js';
import type { Database } from '../../infrastructure/db/database.js';
import { SettlementEntry, SettlementEntryConnection } from './entry.graphql.js';
import { pageEntries } from './entry.sql.js';
import { SettlementLine } from './line.graphql.js';

const BY_NUMBER: Keyset = {
  name: 'entries-of-line',
  columns: [
    { property: 'no', kind: 'bigint' },
    { property: 'memberNo', kind: 'integer' },
    { property: 'side', kind: 'text' },
  ],
  direction: 'ASC',
};

@Resolver(() => SettlementLine)
export class EntriesOfLineResolver {
  /**
   * @param database connections of the writer role: entries name members, whom a partner may not look up, and only what
   *   is the line's own leaves here. The line itself was read as the caller.
   */
  constructor(private readonly database: Database) {}

  @FieldResolver(() => SettlementEntryConnection, {
    description: "What its items sum up, entry by entry, the oldest first; empty on the programme's own line.",
  })
  entries(
    @Root() line: SettlementLine,
    @Args(() => ConnectionArguments) args: ConnectionArguments,
  ): Promise<Connection<SettlementEntry>> {
    const { settlementId, partyNo, side, notation } = line;
    return connection(
      args,
      BY_NUMBER,
      (slice) => this.database.command((tx) => pageEntries(tx, { settlementId, partyNo, side, ...slice })),
      (row) => SettlementEntry.of(row, notation),
    );
  }
}
