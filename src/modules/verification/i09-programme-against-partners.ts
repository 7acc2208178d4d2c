import { Account } from '../../domain/ledger/accounts.js';
import { EntryKind } from '../../domain/ledger/entry.js';
import { statement } from '../../infrastructure/db/database.js';
import { FIND_MATRIX_FAULTS } from './i09-matrix.js';
import { type FoundRow, type InvariantCheck, MOST_FINDINGS } from './invariant-check.js';

/** Entries that touch one of these move money that was settled before (LEDGER 6). */
const PAYMENTS = [Account.BANK, Account.PAYMENTS_IN_TRANSIT, Account.UNALLOCATED_RECEIPTS, Account.SETTLED_UNPAID].join(
  ', ',
);
const FIRST_MONEY_ACCOUNT = 1000;

const FIND = statement(
  'verify.i09-programme-against-partners',
  `with issued as (
     select * from settlement where $1::integer is null or programme_no = $1
   ), settled as (
     select no from settlement_window where settlement_id in (select id from issued)
     union select window_no from window_position where settlement_id in (select id from issued)
   ), line as materialized (
     select p.window_no, p.entry_no, p.account, p.party, p.amount from posting p
     where p.window_no in (select no from settled) and p.account >= ${FIRST_MONEY_ACCOUNT}
   ), settling as (
     select distinct l.entry_no from line l join journal_entry e on e.no = l.entry_no and e.kind = ${EntryKind.SETTLEMENT}
   ), payment as (
     select distinct entry_no from line where account in (${PAYMENTS})
   ), position as (
     select window_no, party as party_no, sum(amount) as net, sum(abs(amount)) as gross from line
     where account = ${Account.POSITION} and entry_no not in (select entry_no from settling)
     group by window_no, party
   ), own as (
     select window_no, sum(amount) as net from line
     where account <> ${Account.POSITION} and entry_no not in (select entry_no from payment)
     group by window_no
   ), taken as (
     select w.settlement_id, w.party_no, w.window_no, coalesce(p.net, 0) as net, coalesce(p.gross, 0) as gross
     from window_position w left join position p using (window_no, party_no)
     where w.settlement_id in (select id from issued)
   ), covered as (
     select settlement_id, window_no from taken
     union
     select w.settlement_id, w.no from settlement_window w
     where w.settlement_id in (select id from issued) and not exists (select from window_position p where p.window_no = w.no)
   ), partner as (
     select settlement_id, party_no, sum(net) as net, sum(gross) as gross from taken group by settlement_id, party_no
   ), programme as (
     select settlement_id, sum(net) as net from (
       select c.settlement_id, o.net from covered c join own o using (window_no)
       union all
       select c.settlement_id, p.net from covered c join position p using (window_no)
       where not exists (select from taken t where t.settlement_id = c.settlement_id and t.window_no = p.window_no and t.party_no = p.party_no)
     ) parts group by settlement_id
   ), party as (
     select settlement_id, party_no, net from partner
     union all
     select s.id, 0, coalesce(g.net, 0) from issued s left join programme g on g.settlement_id = s.id where s.state <> 'ABORTED'
   ), item as (
     select settlement_id, party_no, sum(amount_minor) as net from settlement_item group by settlement_id, party_no
   ), stored as (
     select l.settlement_id, l.party_no, s.state, sum(l.net_minor) as net
     from settlement_line l join issued s on s.id = l.settlement_id group by l.settlement_id, l.party_no, s.state
   )
   select * from (
     select 'settlement' as table, format('id=%s', s.id) as row,
            format('Settlement %s: the programme''s own accounts say %s, its partners say %s, stored is %s; gross %s, stored %s.',
                   s.no, coalesce(o.net, 0), -coalesce(p.net, 0), s.programme_net_minor, coalesce(p.gross, 0), s.gross_minor) as message
     from issued s
     left join programme o on o.settlement_id = s.id
     left join (select settlement_id, sum(net) as net, sum(gross) as gross from partner group by settlement_id) p on p.settlement_id = s.id
     where s.state <> 'ABORTED'
       and (coalesce(o.net, 0) <> -coalesce(p.net, 0) or s.programme_net_minor <> coalesce(o.net, 0) or s.gross_minor <> coalesce(p.gross, 0))
     union all
     select 'settlement_line', format('settlement_id=%s party_no=%s', coalesce(l.settlement_id, p.settlement_id), coalesce(l.party_no, p.party_no)),
            case when l.settlement_id is null then format('Party %s has a position of %s and no line.', p.party_no, p.net)
                 else format('The line of party %s says %s, the postings %s, its items %s, and its statement %s its hash.', l.party_no, l.net,
                             case l.state when 'ABORTED' then l.net else coalesce(p.net, 0) end, coalesce(i.net, 0),
                             case when t.csv_sha256 = h.sha256 then 'has' else 'does not have' end) end
     from party p
     full join stored l on l.settlement_id = p.settlement_id and l.party_no = p.party_no
     left join item i on i.settlement_id = l.settlement_id and i.party_no = l.party_no
     left join settlement_statement t on t.settlement_id = l.settlement_id and t.party_no = l.party_no
     left join lateral (select encode(sha256(convert_to(t.csv, 'UTF8')), 'hex') as sha256) h on true
     where l.settlement_id is null or (l.state <> 'ABORTED' and l.net <> coalesce(p.net, 0)) or l.net <> coalesce(i.net, 0)
        or t.csv_sha256 is distinct from h.sha256 or t.csv is null
     union all
     select 'window_position', format('window_no=%s party_no=%s', w.window_no, w.party_no),
            format('The position of partner %s in window %s is kept as %s, the postings say %s.', w.party_no, w.window_no, w.net_minor, coalesce(p.net, 0))
     from window_position w left join position p using (window_no, party_no)
     where w.window_no in (select no from settled) and (w.net_minor <> coalesce(p.net, 0) or w.gross_minor <> coalesce(p.gross, 0))
     union all
     select 'window_position', format('window_no=%s party_no=%s', p.window_no, p.party_no),
            format('Partner %s came to %s in window %s and has no position there.', p.party_no, p.net, p.window_no)
     from position p where not exists (select from window_position w where w.window_no = p.window_no and w.party_no = p.party_no)
   ) found
   order by 1, 2 limit ${MOST_FINDINGS}`,
);

export const programmeAgainstPartners: InvariantCheck = {
  invariant: 'I9',
  sentence: ({ settlements, settlementLines }) =>
    `in each of ${settlements} settlements the programme's own accounts are the opposite of its partners, over ${settlementLines} lines`,
  find: async (tx, { programmeNo }) => [
    ...(await tx.run<FoundRow>(FIND, [programmeNo])),
    ...(await tx.run<FoundRow>(FIND_MATRIX_FAULTS, [programmeNo])),
  ],
};
