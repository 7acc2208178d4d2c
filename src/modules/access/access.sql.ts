/** Names in tokens -> the ledger's numbers. Reads only; partners and members are written by their modules. */
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

  /** The member with this id, or those with this code: at most two. */
  async members(idOrCode: string): Promise<MemberName[]> {
    const what = isId(idOrCode) ? FIND_MEMBER : FIND_MEMBERS_BY_CODE;
    return this.database.command((tx) => tx.run<MemberName>(what, [idOrCode]));
  }
}
