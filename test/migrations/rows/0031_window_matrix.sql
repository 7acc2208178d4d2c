insert into window_matrix (window_no, funder_no, redeemer_no, purpose, units, value_minor) values (999, 1, 0, 'EXPIRED', 100, 100);
