import { GUARDED_SIDE, MEMBER_ACCOUNTS } from '../../domain/ledger/accounts.js';
import { statement } from '../../infrastructure/db/database.js';
import { type FoundRow, type InvariantCheck, MOST_FINDINGS, UNITS_IN_SCOPE } from './invariant-check.js';

const accountsGuardedOn = (side: 'DEBIT' | 'CREDIT'): string =>
  [...GUARDED_SIDE]
    .flatMap(([account, guarded]) => (guarded === side && !MEMBER_ACCOUNTS.has(account) ? [account] : []))
    .join(', ');

const FIND = statement(
  'verify.i03-guarded-sides',
  `select 'account_balance' as table, format('unit=%s account=%s party=%s window_no=%s', unit, account, party, window_no) as row,
          format('Account %s of party %s stands at %s, on the wrong side.', account, party, balance) as message
   from account_balance
   where unit in ${UNITS_IN_SCOPE}
     and (account in (${accountsGuardedOn('DEBIT')}) and balance < 0 or account in (${accountsGuardedOn('CREDIT')}) and balance > 0)
   union all
   select 'member_balance', format('member_no=%s', b.member_no),
          format('Member %s has pending %s, held %s, receivable %s; none of them may be below zero.',
                 b.member_no, b.pending_units, b.held_units, b.receivable_minor)
   from member_balance b
   where (b.pending_units < 0 or b.held_units < 0 or b.receivable_minor < 0)
     and ($1::integer is null or exists (select from member m where m.no = b.member_no and m.programme_no = $1))
   order by 1, 2 limit ${MOST_FINDINGS}`,
);

export const guardedSides: InvariantCheck = {
  invariant: 'I3',
  sentence: ({ accountBalances, memberBalances }) =>
    `no guarded balance among ${accountBalances} accounts and ${memberBalances} members is on the wrong side`,
  find: (tx, { programmeNo }) => tx.run<FoundRow>(FIND, [programmeNo]),
};
