/** Names in tokens -> the ledger's numbers. Reads only; all of it is written by modules of its own. */
import { isId } from '../../graphql/scalars.js';
import { type Database, statement } from '../../infrastructure/db/database.js';

const FIND_PARTNER = statement('access.find-partner', `select no from partner where code = $1 and status = 'ACTIVE'`);

const FIND_MEMBER = statement(
  'access.find-member',
  `select id, no, code from member where id = $1 and status = 'ACTIVE'`,
);

/** A code is unique only within its programme; two rows are enough to see that it is ambiguous. */
const FIND_MEMBERS_BY_CODE = statement(
  'access.find-members-by-code',
  `select id, no, code from member where code = $1 and status = 'ACTIVE' order by id limit 2`,
);

/** A token is good while its client, and the partner whose client it is, may sign in, and it was not revoked itself. */
const FIND_IN_FORCE = statement(
  'access.find-token-in-force',
  `select c.id from api_client c left join partner p on p.no = c.partner_no
   where c.id = $1 and c.revoked_at is null and (c.partner_no is null or p.status = 'ACTIVE')
     and not exists (select from revoked_token r where r.jti = $2)`,
);

export interface MemberName {
  readonly id: string;
  readonly no: number;
  readonly code: string;
}

/** Who may sign in: active partners and members. */
export class PrincipalDirectory {
  constructor(private readonly database: Database) {}

  async partnerNo(code: string): Promise<number | undefined> {
    const rows = await this.database.command((tx) => tx.run<{ no: number }>(FIND_PARTNER, [code]));
    return rows[0]?.no;
  }

  async memberNo(id: string): Promise<number | undefined> {
    if (!isId(id)) return undefined;
    const rows = await this.database.command((tx) => tx.run<MemberName>(FIND_MEMBER, [id]));
    return rows[0]?.no;
  }

  async isInForce({ clientId, tokenId }: { clientId: string; tokenId: string }): Promise<boolean> {
    if (!isId(clientId) || !isId(tokenId)) return false;
    return (await this.database.command((tx) => tx.run(FIND_IN_FORCE, [clientId, tokenId]))).length > 0;
  }

  /** The member with this id, or those with this code: at most two. */
  async members(idOrCode: string): Promise<MemberName[]> {
    const what = isId(idOrCode) ? FIND_MEMBER : FIND_MEMBERS_BY_CODE;
    return this.database.command((tx) => tx.run<MemberName>(what, [idOrCode]));
  }
}
