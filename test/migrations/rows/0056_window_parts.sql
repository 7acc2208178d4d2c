insert into window_part (window_no, part_no, upto_no, entry_count, posting_count, debit_sum, digest, party_nos, net_minors, gross_minors)
values (1, 1, 1000, 1, 2, 100, sha256('part'), '{1}', '{100}', '{100}');
