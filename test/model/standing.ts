/** Everything that the model and the product must agree on at rest, in one notation. */
import type { TestDatabase } from '../support/database.js';
import { accountName } from './chart.js';
import { dateOf } from './kernel.js';
import type { Life } from './life.js';
import { OWN, PRG } from './terms.js';

export interface Standing {
  /** "account amount", none that stands at zero. */
  readonly accounts: readonly string[];
  /** "member state purchase funder available-on expires-on units value [commission tax]" */
  readonly lots: readonly string[];
  /** "member units value" */
  readonly debts: readonly string[];
  /** "redemption purchase funder units value", what each that is authorised holds of a lot. */
  readonly holds: readonly string[];
}

export function standingOfModel({ books, world, redemptionsOf }: Life): Standing {
  const lots = [...books.lots.values()].flat().filter(({ left }) => left.units > 0n);
  return {
    accounts: [...books.journal.balances()].map(([account, sum]) => `${account} ${sum}`).sort(),
    lots: lots
      .map(({ member, pending, purchase, funder, availableOn, expiresOn, left, contract }) =>
        [
          ...[member, pending ? 'pending' : 'available', purchase ?? '-', funder, dateOf(availableOn)],
          ...[expiresOn === undefined ? '-' : dateOf(expiresOn), left.units, left.value],
          ...(contract?.settles === 'AT_REDEMPTION' ? [left.commission, left.tax] : []),
        ].join(' '),
      )
      .sort(),
    debts: world.members.flatMap((member) => {
      const { units, value } = books.owed(member);
      return units === 0n ? [] : [`${member} ${units} ${value}`];
    }),
    holds: world.members
      .flatMap((member) => redemptionsOf(member, 'AUTHORISED'))
      .flatMap(({ id, takes }) =>
        takes.map(
          ({ lot: { purchase, funder }, part }) => `${id} ${purchase ?? '-'} ${funder} ${part.units} ${part.value}`,
        ),
      )
      .sort(),
  };
}

/** @param purchaseOf the model's name of a transaction */
export async function standingOfProduct(
  { superuser }: TestDatabase,
  purchaseOf: (transactionId: string) => string | undefined,
): Promise<Standing> {
  const [members, partners] = await Promise.all(
    ['member', 'partner'].map(async (table) => {
      const { rows } = await superuser.query<{ no: number; code: string }>(`select no, code from ${table}`);
      return new Map(rows.map(({ no, code }) => [no, code]));
    }),
  );
  const names = {
    member: (no: number) => members?.get(no) ?? `${no}`,
    partner: (no: number) => partners?.get(no) ?? `${no}`,
  };
  const balances = await superuser.query<{ account: number; party: number; currency: string; sum: string }>(
    `select b.account, b.party, case when u.kind = 'MONEY' then u.code else $1 end as currency, sum(b.balance)::text as sum
     from account_balance b join unit u on u.no = b.unit group by 1, 2, 3 having sum(b.balance) <> 0
     union all
     select account, member_no, $1, sum::text from member_balance, lateral (
       values (100, -pending_units), (110, -available_units), (120, -held_units), (1300, receivable_minor)
     ) as each (account, sum) where sum <> 0`,
    [OWN],
  );
  const lots = await superuser.query(
    `select m.code as member, case when d.lot_id is null then 'available' else 'pending' end as state, l.origin_id as origin,
            l.funder_no as funder, l.available_on::text as "availableOn", coalesce(l.expires_on::text, '-') as "expiresOn",
            l.units::text, l.value_minor::text as value, l.commission_minor::text as commission, l.tax_minor::text as tax,
            coalesce(c.model, '') = 'SETTLE_AT_REDEMPTION' as "whenUsed"
     from lot l join member m on m.no = l.member_no
     left join due d on d.lot_id = l.id and d.member_no = l.member_no
     left join contract c on c.no = l.contract_no
     where l.units > 0`,
  );
  const debts = await superuser.query(
    `select m.code, sum(d.units)::text as units, sum(d.value_minor)::text as value
     from member_debt d join member m on m.no = d.member_no where d.units > 0 group by m.code order by m.code`,
  );
  const holds = await superuser.query(
    `select r.reference, l.origin_id as origin, l.funder_no as funder, t.units::text, t.value_minor::text as value
     from redemption r join redemption_take t on t.redemption_id = r.id and t.member_no = r.member_no
     join lot l on l.id = t.lot_id and l.member_no = t.member_no where r.state = 'AUTHORISED'`,
  );
  const purchaseIn = (origin: string): string => purchaseOf(origin) ?? '-';
  const funderOf = (no: number): string => (no === 0 ? PRG : names.partner(no));
  return {
    accounts: balances.rows
      .map(({ account, party, currency, sum }) => {
        const own = accountName(account, party, names);
        return `${own}${currency === OWN ? '' : `@${currency}`} ${sum}`;
      })
      .sort(),
    lots: lots.rows
      .map((lot) =>
        [
          ...[lot.member, lot.state, purchaseIn(lot.origin), funderOf(lot.funder)],
          ...[lot.availableOn, lot.expiresOn, lot.units, lot.value],
          ...(lot.whenUsed ? [lot.commission, lot.tax] : []),
        ].join(' '),
      )
      .sort(),
    debts: debts.rows.map(({ code, units, value }) => `${code} ${units} ${value}`),
    holds: holds.rows
      .map(({ reference, origin, funder, units, value }) =>
        [reference, purchaseIn(origin), funderOf(funder), units, value].join(' '),
      )
      .sort(),
  };
}
