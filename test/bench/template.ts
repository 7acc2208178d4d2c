/**
 * A few members whose purchases went through the pipeline, remembered row by row: what generate.ts copies by the million.
 * So the copies are what the product writes, whatever that is, and no rule of it is written down a second time.
 */
import type pg from 'pg';
import { v7 } from 'uuid';
import { BANK, PARTNERS, PROGRAMME } from '../../src/demo/cast.js';
import { addDays } from '../../src/domain/kernel/calendar.js';
import { canonicalJson } from '../../src/domain/kernel/canonical.js';
import type { SubmitCommand } from '../../src/domain/transactions/model.js';
import { linkCards } from '../../src/modules/cards/index.js';
import { enrolMembers } from '../../src/modules/members/index.js';
import { processBatch } from '../../src/modules/transactions/index.js';
import { admin } from '../support/principals.js';
import type { Stage } from './stage.js';

export interface Shape {
  readonly members: number;
  /** How many days ago each purchase of a member was made; the hold of the programme is 14. */
  readonly daysAgo: readonly number[];
  /** Takes what is over out of its hold before it is remembered. */
  readonly confirmed: boolean;
  /** Without a card and at no partner: each purchase is one accrual, of the programme. */
  readonly atNoPartner?: boolean;
}

/** Where it is made. */
export type Place = Pick<Stage, 'databases' | 'services' | 'owner'>;

export interface Column {
  readonly name: string;
  readonly isUuid: boolean;
}

export interface TemplateTable {
  readonly name: string;
  /** Where its rows are remembered. */
  readonly copy: string;
  readonly columns: readonly Column[];
}

export interface Template {
  readonly name: string;
  readonly members: number;
  /** Accruals of all of its members. */
  readonly accruals: number;
  readonly entries: number;
  readonly ids: number;
  readonly tables: readonly TemplateTable[];
}

export const SCHEMA = 'bench_template';
/** What stands in a remembered message for who paid: a card's token, or a member's code. */
export const PAYER_MARKS = { card: '#cardToken#', member: '#memberCode#' };
const MERCHANT_IDS = PARTNERS.flatMap(({ outlets }) => outlets.map(({ merchantId }) => merchantId));

/** Told of things, not kept as the rows of a member: generated rows are as old as events that were forgotten. */
const WITHOUT = ['event', 'event_head', 'audit_entry', 'erasure'];

export async function makeTemplate(stage: Place, name: string, shape: Shape): Promise<Template> {
  for (let attempt = 1; ; attempt += 1) {
    const nos = await liveThem(stage, `${name}-${attempt}`, shape);
    const pending = await stage.owner.query('select from due where member_no = any ($1)', [nos]);
    // The gateway's own job may have been faster.
    const ripe = shape.confirmed || pending.rowCount === (await count(stage.owner, 'lot', nos));
    if (ripe) return remember(stage.owner, `${name}_${attempt}`, nos);
    if (attempt === 5) throw new Error(`what ${name} bought was confirmed before it could be remembered`);
  }
}

async function liveThem(
  stage: Place,
  name: string,
  { members, daysAgo, confirmed, atNoPartner = false }: Shape,
): Promise<number[]> {
  const { references, earning } = stage.services;
  const tokens = Array.from({ length: members }, (_, index) => `template-${name}-${index}`);
  const today = new Date().toISOString().slice(0, 10);
  const nos = await stage.databases.database.command(async (tx) => {
    const { programmes, partners } = await references.current(tx);
    const programmeNo = programmes.byCode(PROGRAMME)?.no ?? 0;
    const issuerNo = partners.byCode(BANK)?.no ?? 0;
    const enrolled = await enrolMembers(
      tx,
      programmeNo,
      tokens.map((code) => ({ id: v7(), code })),
    );
    const noOf = (token: string): number => enrolled.get(token)?.no ?? 0;
    const card = (token: string) => ({ id: v7(), memberNo: noOf(token), token, lastFour: '0000', issuerNo });
    await linkCards(tx, programmeNo, tokens.map(card));
    const commands = tokens.flatMap((token, member) =>
      daysAgo.map((days, index) => {
        const at = member * daysAgo.length + index;
        const command = purchase(token, at, addDays(today, -days));
        return atNoPartner ? elsewhere(command, token) : command;
      }),
    );
    for (let from = 0; from < commands.length; from += 1_000) {
      const answers = await processBatch(tx, references, programmeNo, commands.slice(from, from + 1_000));
      const refused = answers.find(({ status }) => status !== 'ACCEPTED');
      if (refused !== undefined) throw new Error(`a purchase was refused: ${JSON.stringify(refused)}`);
    }
    return tokens.map(noOf);
  });
  if (confirmed) await earning.confirm(admin('hansa-bench'), PROGRAMME, undefined);
  return nos;
}

function purchase(token: string, index: number, businessDate: string): SubmitCommand {
  return {
    ...{ partnerCode: BANK, kind: 'PURCHASE', reference: `${token}-${index}`, payer: { cardToken: token } },
    ...{ amountMinor: BigInt(1_000 + ((index * 6_947) % 9_000)), currencyCode: 'EUR', businessDate },
    occurredAt: new Date(`${businessDate}T00:00:${String(index % 60).padStart(2, '0')}Z`),
    merchantId: MERCHANT_IDS[index % MERCHANT_IDS.length] as string,
  };
}

/** By the member's code, so that no bank is charged. */
function elsewhere({ merchantId: _, ...command }: SubmitCommand, code: string): SubmitCommand {
  return { ...command, payer: { memberCode: code }, mcc: '5651' };
}

const count = async (owner: pg.Client, table: string, nos: readonly number[]): Promise<number> => {
  const { rows } = await owner.query<{ count: string }>(`select count(*) from ${table} where member_no = any ($1)`, [
    nos,
  ]);
  return Number(rows[0]?.count);
};

/** Copies of their rows, with the place of every id, entry and member among those of the template beside it. */
async function remember(owner: pg.Client, name: string, nos: readonly number[]): Promise<Template> {
  const own = `member_no = any ('{${nos.join(',')}}')`;
  await owner.query(`create schema if not exists ${SCHEMA}`);
  const at = (what: string): string => `${SCHEMA}."${name}_${what}"`;
  const tables: TemplateTable[] = [];
  for (const table of await tablesOfMembers(owner, WITHOUT)) {
    if (table.name === 'member' || (await count(owner, table.name, nos)) > 0) {
      tables.push({ ...table, copy: at(`copy_${table.name}`) });
    }
  }
  const withIds = tables.filter(({ columns }) => columns.some((column) => column.name === 'id' && column.isUuid));
  const ids = withIds.map((table) => `select id from ${table.name} where ${whose(table.name, own)}`).join(' union ');
  await owner.query(`
    create table ${at('ids')} as select id, row_number() over (order by id) - 1 as place from (${ids}) each;
    create unique index on ${at('ids')} (id);
    create table ${at('entries')} as
      select no, row_number() over (order by no) - 1 as place from journal_entry where ${own};
    create unique index on ${at('entries')} (no);
    create table ${at('members')} as select no, row_number() over (order by no) - 1 as place
      from member where ${whose('member', own)};
    create table ${at('bodies')} (source_id uuid primary key, body text not null)`);
  await rememberBodies(owner, at('bodies'), own);
  for (const { name: table, copy, columns } of tables) {
    const extra = columns.flatMap(({ name: column, isUuid }) => {
      if (isUuid) return [`(select place from ${at('ids')} i where i.id = t."${column}") as "${column}#"`];
      if (column === 'entry_no') return [`(select place from ${at('entries')} e where e.no = t.entry_no) as "entry#"`];
      return [];
    });
    if (table === 'journal_entry') extra.push(`(select place from ${at('entries')} e where e.no = t.no) as "entry#"`);
    const member = table === 'member' ? 't.no' : 't.member_no';
    extra.push(`(select place from ${at('members')} m where m.no = ${member}) as "member#"`);
    if (table === 'transaction_source')
      extra.push(`(select body from ${at('bodies')} b where b.source_id = t.id) as "body#"`);
    if (table === 'business_key')
      extra.push(`(select body from ${at('bodies')} b where b.source_id = t.source_id) as "body#"`);
    await owner.query(
      `create table ${copy} as select t.*, ${extra.join(', ')} from ${table} t where ${whose(table, own)}`,
    );
  }
  const sizes = await owner.query<{ ids: string; entries: string; accruals: string }>(
    `select (select count(*) from ${at('ids')}) as ids, (select count(*) from ${at('entries')}) as entries,
            (select count(*) from accrual where ${own}) as accruals`,
  );
  const { ids: idCount, entries, accruals } = sizes.rows[0] as { ids: string; entries: string; accruals: string };
  return {
    ...{ name, members: nos.length, tables },
    ...{ ids: Number(idCount), entries: Number(entries), accruals: Number(accruals) },
  };
}

const whose = (table: string, own: string): string => (table === 'member' ? own.replace('member_no', 'no') : own);

/** Messages as they were hashed, with a mark where the card's token stands. */
async function rememberBodies(owner: pg.Client, bodies: string, own: string): Promise<void> {
  const { rows } = await owner.query<{ id: string; payload: { payer: object } }>(
    `select id, payload from transaction_source where ${own}`,
  );
  await owner.query(`insert into ${bodies} select * from unnest($1::uuid[], $2::text[])`, [
    rows.map(({ id }) => id),
    rows.map(({ payload }) =>
      canonicalJson({
        ...payload,
        payer: Object.fromEntries(Object.keys(payload.payer).map((key) => [key, `#${key}#`])),
      }),
    ),
  ]);
}

/**
 * Every table whose rows belong to a member, and its columns, from the catalogue: a new migration is no reason to
 * change this.
 */
export async function tablesOfMembers(
  owner: pg.Client,
  without: readonly string[],
): Promise<Omit<TemplateTable, 'copy'>[]> {
  const { rows } = await owner.query<{ table: string; column: string; type: string }>(
    `select c.table_name as table, c.column_name as column, c.data_type as type
     from information_schema.columns c
     where c.table_schema = 'public' and c.is_generated = 'NEVER'
       and (c.is_identity = 'NO' or c.table_name = 'member') and not c.table_name = any ($1)
       and exists (select from information_schema.columns o where o.table_schema = 'public' and o.table_name = c.table_name
                   and (o.column_name = 'member_no' or o.table_name = 'member'))
       and exists (select from information_schema.tables t where t.table_schema = 'public' and t.table_name = c.table_name
                   and t.table_type = 'BASE TABLE')
     order by c.table_name, c.ordinal_position`,
    [without],
  );
  return [...Map.groupBy(rows, ({ table }) => table)].map(([name, columns]) => ({
    name,
    columns: columns.map(({ column, type }) => ({ name: column, isUuid: type === 'uuid' })),
  }));
}
