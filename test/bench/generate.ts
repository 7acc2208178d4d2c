/**
 * Members by the million, set-based: what enrolling and linking a card writes, as one statement per table.
 * `ledger verify` at the end of every run is the proof that nothing is missing.
 */
import type pg from 'pg';
import { BANK, PROGRAMME } from '../../src/demo/cast.js';

/** Ids in order of creation, as UUIDv7 are; `space` keeps those of several calls apart. */
const idOf = (space: string, number: string): string =>
  `('019a${space}-0000-7000-8000-' || lpad(to_hex(${number}), 12, '0'))::uuid`;

/** Enrols the members numbered from `from` up to `below` with a card each (requests.ts tells their names). */
export async function generateMembers(owner: pg.Client, from: number, below: number): Promise<void> {
  const values = [PROGRAMME, from, below - 1];
  await owner.query(
    `with enrolled as (
       insert into member (id, programme_no, code, enrolled_at)
       select ${idOf('0001', 'n')}, p.no, 'bench-' || lpad(n::text, 8, '0'), hansa_now()
       from programme p, generate_series($2::bigint, $3::bigint) n where p.code = $1
       returning no
     )
     insert into member_balance (member_no) select no from enrolled`,
    values,
  );
  await owner.query(
    `insert into card (id, member_no, programme_no, token, last_four, issuer_no, linked_at)
     select ${idOf('0002', 'n')}, m.no, m.programme_no, 'bench-card-' || lpad(n::text, 8, '0'),
            right(lpad(n::text, 8, '0'), 4), i.no, hansa_now()
     from generate_series($2::bigint, $3::bigint) n
     join programme p on p.code = $1
     join member m on m.programme_no = p.no and m.code = 'bench-' || lpad(n::text, 8, '0')
     join partner i on i.code = '${BANK}'`,
    values,
  );
}

/** As the database is after a night: statistics are right, and nothing that was written waits to be written out. */
export async function settle(owner: pg.Client): Promise<void> {
  await owner.query('vacuum analyze');
  await owner.query('checkpoint');
}
