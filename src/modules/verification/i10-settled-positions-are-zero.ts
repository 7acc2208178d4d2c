import { Account } from '../../domain/ledger/accounts.js';
import { statement } from '../../infrastructure/db/database.js';
import { type FoundRow, type InvariantCheck, MOST_FINDINGS } from './invariant-check.js';

const FIND = statement(
  'verify.i10-settled-positions-are-zero',
  `with settled as (
     select p.window_no, p.party_no from window_position p join settlement_window w on w.no = p.window_no
     where p.settlement_id is not null and ($1::integer is null or w.programme_no = $1)
   ), whole as (
     select no from settlement_window where settlement_id is not null and ($1::integer is null or programme_no = $1)
   )
   select 'posting' as table, format('account=${Account.POSITION} party=%s window_no=%s', party, window_no) as row,
          format('Window %s is settled and leaves partner %s at %s.', window_no, party, sum(amount)) as message
   from posting
   where account = ${Account.POSITION}
     and ((window_no, party) in (select window_no, party_no from settled) or window_no in (select no from whole))
   group by window_no, party having sum(amount) <> 0
   union all
   select 'account_balance', format('unit=%s account=%s party=%s window_no=%s', unit, account, party, window_no),
          format('Window %s is settled and the balance of partner %s stands at %s.', window_no, party, balance)
   from account_balance
   where account = ${Account.POSITION} and balance <> 0
     and ((window_no, party) in (select window_no, party_no from settled) or window_no in (select no from whole))
   order by 1, 2 limit ${MOST_FINDINGS}`,
);

export const settledPositionsAreZero: InvariantCheck = {
  invariant: 'I10',
  sentence: ({ settledWindows }) => `all partner positions of ${settledWindows} settled windows are zero`,
  find: (tx, { programmeNo }) => tx.run<FoundRow>(FIND, [programmeNo]),
};
