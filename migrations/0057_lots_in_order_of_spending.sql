-- A member's live lots in the order in which they are spent, so that paying reads no more of them than it uses.

create index lot_spending_idx on lot (member_no, available_on, accrued_on, id) where units > 0;
drop index lot_live_idx;
