/**
 * Members, and their purchases with all that belongs to them, by the million: set-based, one statement per table.
 * `ledger verify` at the end of every run is the proof that every invariant holds for them.
 */
import type pg from 'pg';
import { BANK, PROGRAMME } from '../../src/demo/cast.js';
import { Account, MEMBER_ACCOUNTS } from '../../src/domain/ledger/accounts.js';
import { type Column, PAYER_MARKS, type Template, type TemplateTable } from './template.js';

/** Ids in order of creation, as UUIDv7 are; `space` keeps those of several calls apart. */
const idOf = (space: string, number: string): string =>
  `('019a${space}-0000-7000-8000-' || lpad(to_hex(${number}), 12, '0'))::uuid`;

const codeOf = (number: string): string => `'bench-' || lpad((${number})::text, 8, '0')`;
const tokenOf = (number: string): string => `'bench-card-' || lpad((${number})::text, 8, '0')`;

/** Enrols the members numbered from `from` up to `below` with a card each (requests.ts tells their names). */
export async function generateMembers(owner: pg.Client, from: number, below: number): Promise<void> {
  if (below <= from) return;
  const values = [PROGRAMME, from, below - 1];
  await owner.query(
    `with enrolled as (
       insert into member (id, programme_no, code, enrolled_at)
       select ${idOf('0001', 'n')}, p.no, ${codeOf('n')}, hansa_now()
       from programme p, generate_series($2::bigint, $3::bigint) n where p.code = $1
       returning no
     )
     insert into member_balance (member_no) select no from enrolled`,
    values,
  );
  await owner.query(
    `insert into card (id, member_no, programme_no, token, last_four, issuer_no, linked_at)
     select ${idOf('0002', 'n')}, m.no, m.programme_no, ${tokenOf('n')}, right(lpad(n::text, 8, '0'), 4), i.no, hansa_now()
     from generate_series($2::bigint, $3::bigint) n
     join programme p on p.code = $1
     join member m on m.programme_no = p.no and m.code = ${codeOf('n')}
     join partner i on i.code = '${BANK}'`,
    values,
  );
}

export interface Copies {
  /** How often the template's members are copied. */
  readonly times: number;
  /** The number of the first of them (requests.ts): they follow each other. */
  readonly firstNumber: number;
  /** SQL of columns that are to be otherwise than in the template, by "table.column". */
  readonly instead?: Readonly<Record<string, string>>;
}

/** Copies a template's members with all their rows, in one transaction. Returns how many members there are more. */
export async function copyTemplate(owner: pg.Client, template: Template, copies: Copies): Promise<number> {
  const { times } = copies;
  await owner.query('begin');
  try {
    // What triggers would hold is held by the template, of which each of these is a copy.
    await owner.query('set local session_replication_role = replica');
    const { rows } = await owner.query<Bases>(TAKE_NUMBERS, [template.entries * times, template.members * times]);
    const bases = rows[0] as Bases;
    for (const table of template.tables) await owner.query(copySql(table, template, copies, bases));
    await owner.query(balancesSql(template, times, bases.window));
    await owner.query('update event_head set complete_since = clock_timestamp()');
    await owner.query('commit');
  } catch (error) {
    await owner.query('rollback');
    throw error;
  }
  return template.members * times;
}

/** What numbers of this call are counted from. */
interface Bases {
  /** The last entry number that somebody else has. */
  readonly entry: string;
  readonly member: number;
  /** The open window of the programme. */
  readonly window: number;
}

// A transaction number first, then entry numbers: what is sealed relies on that (modules/proofs/chain.ts).
const TAKE_NUMBERS = `
  with own as materialized (select pg_current_xact_id() as xid),
       step as (select increment_by as by from pg_sequences where sequencename = 'journal_entry_no'),
       entry as (select nextval('journal_entry_no') as last from own where own.xid is not null),
       member as (select nextval(pg_get_serial_sequence('member', 'no')) as last)
  select entry.last as entry, member.last::integer as member, w.no as window,
         setval('journal_entry_no', entry.last + ceil($1::numeric / step.by)::bigint * step.by),
         setval(pg_get_serial_sequence('member', 'no'), member.last + $2)
  from entry, step, member, settlement_window w join programme p on p.no = w.programme_no
  where p.code = '${PROGRAMME}' and w.state = 'OPEN'`;

function copySql(table: TemplateTable, template: Template, copies: Copies, bases: Bases): string {
  const columns = table.columns.map(({ name }) => `"${name}"`);
  const values = table.columns.map(
    (column) => copies.instead?.[`${table.name}.${column.name}`] ?? columnSql(table, column, template, copies, bases),
  );
  return `insert into ${table.name} (${columns.join(', ')}) overriding system value
    select ${values.join(', ')} from generate_series(0, ${copies.times - 1}) copy cross join ${table.copy} t`;
}

function columnSql(
  table: TemplateTable,
  { name, isUuid }: Column,
  { members, entries, ids }: Template,
  { firstNumber }: Copies,
  { entry, member, window }: Bases,
): string {
  const memberNo = `${member}::integer + copy * ${members} + t."member#"`;
  const number = `${firstNumber}::bigint + copy * ${members} + t."member#"`;
  const body = `replace(replace(t."body#", '${PAYER_MARKS.card}', ${tokenOf(number)}), '${PAYER_MARKS.member}', ${codeOf(number)})`;
  if (isUuid) {
    return `coalesce(${idOf('1000', `${firstNumber}::bigint * 1000 + copy * ${ids}::bigint + t."${name}#"`)}, t."${name}")`;
  }
  if (name === 'member_no' || (table.name === 'member' && name === 'no')) return `(${memberNo})::integer`;
  if (name === 'entry_no' || (table.name === 'journal_entry' && name === 'no')) {
    return `${entry}::bigint + 1 + copy::bigint * ${entries} + t."entry#"`;
  }
  switch (`${table.name}.${name}`) {
    case 'member.code':
      return codeOf(number);
    case 'card.token':
      return tokenOf(number);
    case 'posting.party':
      return `case when t.account in (${[...MEMBER_ACCOUNTS].join(', ')}) then ${memberNo} else t.party end`;
    case 'posting.window_no':
    case 'journal_entry.window_no':
      return String(window);
    case 'transaction_source.reference':
    case 'business_key.reference':
      return `'copy-' || ${firstNumber} || '-' || copy || '-' || t.reference`;
    case 'transaction_source.body_hash':
    case 'business_key.body_hash':
      return `sha256(convert_to(${body}, 'UTF8'))`;
    case 'transaction_source.payload':
      return `(${body})::jsonb`;
    default:
      return `t."${name}"`;
  }
}

/** What the copies add to every balance that is no member's: those are rows of their own. */
const balancesSql = ({ tables }: Template, times: number, window: number): string => {
  const postings = tables.find(({ name }) => name === 'posting')?.copy;
  return `insert into account_balance as b (unit, account, party, window_no, balance)
    select unit, account, party, case when account = ${Account.POSITION} then ${window} else 0 end, sum(amount) * ${times}
    from ${postings} where account not in (${[...MEMBER_ACCOUNTS].join(', ')}) group by 1, 2, 3, 4
    on conflict (unit, account, party, window_no) do update set balance = b.balance + excluded.balance`;
};

/** As the database is after a night: statistics are right, and nothing that was written waits to be written out. */
export async function settle(owner: pg.Client): Promise<void> {
  await owner.query('vacuum analyze');
  await owner.query('checkpoint');
}
