import { Account } from '../../domain/ledger/accounts.js';
import { EntryKind } from '../../domain/ledger/entry.js';
import { statement } from '../../infrastructure/db/database.js';
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
   ), line as materialized (
     select w.settlement_id, p.entry_no, p.account, p.party, p.amount
     from posting p join settlement_window w on w.no = p.window_no and w.settlement_id in (select id from issued)
     where p.account >= ${FIRST_MONEY_ACCOUNT}
   ), settling as (
     select distinct l.entry_no from line l join journal_entry e on e.no = l.entry_no and e.kind = ${EntryKind.SETTLEMENT}
   ), payment as (
     select distinct entry_no from line where account in (${PAYMENTS})
   ), partner as (
     select settlement_id, party as party_no, sum(amount) as net, sum(abs(amount)) as gross from line
     where account = ${Account.POSITION} and entry_no not in (select entry_no from settling)
     group by settlement_id, party
   ), own as (
     select settlement_id, sum(amount) as net from line
     where account <> ${Account.POSITION} and entry_no not in (select entry_no from payment)
     group by settlement_id
   ), party as (
     select settlement_id, party_no, net from partner
     union all
     select s.id, 0, coalesce(o.net, 0) from issued s left join own o on o.settlement_id = s.id
   ), item as (
     select settlement_id, party_no, sum(amount_minor) as net from settlement_item group by settlement_id, party_no
   )
   select * from (
     select 'settlement' as table, format('id=%s', s.id) as row,
            format('Settlement %s: the programme''s own accounts say %s, its partners say %s, stored is %s; gross %s, stored %s.',
                   s.no, coalesce(o.net, 0), -coalesce(p.net, 0), s.programme_net_minor, coalesce(p.gross, 0), s.gross_minor) as message
     from issued s
     left join own o on o.settlement_id = s.id
     left join (select settlement_id, sum(net) as net, sum(gross) as gross from partner group by settlement_id) p on p.settlement_id = s.id
     where coalesce(o.net, 0) <> -coalesce(p.net, 0) or s.programme_net_minor <> coalesce(o.net, 0) or s.gross_minor <> coalesce(p.gross, 0)
     union all
     select 'settlement_line', format('settlement_id=%s party_no=%s', coalesce(l.settlement_id, p.settlement_id), coalesce(l.party_no, p.party_no)),
            case when l.id is null then format('Party %s has a position of %s and no line.', p.party_no, p.net)
                 else format('The line of party %s says %s, the postings %s, its items %s, and its statement %s its hash.', l.party_no, l.net_minor,
                             coalesce(p.net, 0), coalesce(i.net, 0), case when l.statement_sha256 = h.sha256 then 'has' else 'does not have' end) end
     from party p
     full join (select * from settlement_line where settlement_id in (select id from issued)) l
       on l.settlement_id = p.settlement_id and l.party_no = p.party_no
     left join item i on i.settlement_id = l.settlement_id and i.party_no = l.party_no
     left join lateral (select encode(sha256(convert_to(l.statement_csv, 'UTF8')), 'hex') as sha256) h on true
     where l.id is null or l.net_minor <> coalesce(p.net, 0) or l.net_minor <> coalesce(i.net, 0) or l.statement_sha256 <> h.sha256
   ) found
   order by 1, 2 limit ${MOST_FINDINGS}`,
);

export const programmeAgainstPartners: InvariantCheck = {
  invariant: 'I9',
  sentence: ({ settlements, settlementLines }) =>
    `in each of ${settlements} settlements the programme's own accounts are the opposite of its partners, over ${settlementLines} lines`,
  find: (tx, { programmeNo }) => tx.run<FoundRow>(FIND, [programmeNo]),
};
