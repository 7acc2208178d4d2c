-- What a partner owes in another currency counts against its exposure cap too.
create index settlement_line_converted_idx on settlement_line (party_no) where converted_minor <> 0;
