insert into chain_block (sequence, after_no, upto_no, entry_count, root, previous, history, hash, sealed_at, peaks, leaves)
select 1, 0, 1000, 1, h, h, h, h, now(), h, h from (select sha256('') as h) hashed;
insert into verified_upto (invariant, upto, verified_at) values ('I18', 1, now());
