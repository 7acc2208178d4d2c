-- Policies asked this of a purchase's accruals until 0055; no release says it in a statement of its own.
drop function hansa_transaction_visible(uuid);
