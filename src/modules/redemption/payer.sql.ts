/** Members as payers: who they are, and which banks may act for them. */
import { type DbTransaction, statement } from '../../infrastructure/db/database.js';

// By three indexes; the banks only where somebody asks as one.
const FIND_PAYERS = statement(
  'redemption.find-payers',
  `select n.way, n.name, m.no, m.id, m.status,
          case when $5 then array(select distinct c.issuer_no from card c
                where c.member_no = m.no and c.unlinked_at is null and hansa_shared_with(m.no, c.issuer_no)) else '{}' end as issuers
   from (
     select 'ID' as way, m.id::text as name, m.no from member m where m.programme_no = $1 and m.id = any ($2::uuid[])
     union all
     select 'CODE', m.code, m.no from member m where m.programme_no = $1 and m.code = any ($3::text[])
     union all
     select 'TOKEN', c.token, c.member_no from card c
     where c.programme_no = $1 and c.token = any ($4::text[]) and c.unlinked_at is null
   ) as n join member m on m.no = n.no`,
);

/** One way of naming a member, and the name: an id, a code, or the token of a linked card. */
export interface PayerName {
  readonly way: 'ID' | 'CODE' | 'TOKEN';
  readonly name: string;
}

/** A member with the banks whose cards it has linked and which may act on its behalf: what it shares with them. */
export interface PayerRecord {
  readonly no: number;
  readonly id: string;
  readonly status: 'ACTIVE' | 'CLOSED';
  readonly issuers: readonly number[];
}

const textOf = ({ way, name }: PayerName): string => `${way}/${name}`;

/** Members of a programme by their names. */
export class Payers {
  private constructor(private readonly byName: ReadonlyMap<string, PayerRecord>) {}

  /** @param withIssuers whether anybody asks as a bank; otherwise the banks are left out */
  static async load(
    tx: DbTransaction,
    programmeNo: number,
    names: readonly PayerName[],
    withIssuers: boolean,
  ): Promise<Payers> {
    if (names.length === 0) return new Payers(new Map());
    const of = (wanted: PayerName['way']): string[] => [
      ...new Set(names.flatMap(({ way, name }) => (way === wanted ? [name] : []))),
    ];
    const values = [programmeNo, of('ID'), of('CODE'), of('TOKEN'), withIssuers];
    const rows = await tx.run<PayerRecord & PayerName>(FIND_PAYERS, values);
    return new Payers(new Map(rows.map((row) => [textOf(row), row])));
  }

  named(name: PayerName): PayerRecord | undefined {
    return this.byName.get(textOf(name));
  }
}

/** One member, with its banks. */
export const findPayer = async (
  tx: DbTransaction,
  programmeNo: number,
  name: PayerName,
): Promise<PayerRecord | undefined> => (await Payers.load(tx, programmeNo, [name], true)).named(name);

const FIND_ISSUER = statement(
  'redemption.find-issuer',
  `select issuer_no as "issuerNo" from card
   where member_no = $1 and unlinked_at is null and (id = $2::uuid or token = $3)`,
);

/** The bank of a linked card of the member. */
export async function findIssuer(
  tx: DbTransaction,
  memberNo: number,
  by: { readonly cardId?: string; readonly cardToken?: string },
): Promise<number | undefined> {
  const [card] = await tx.run<{ issuerNo: number }>(FIND_ISSUER, [memberNo, by.cardId ?? null, by.cardToken ?? null]);
  return card?.issuerNo;
}
