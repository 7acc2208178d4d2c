insert into settlement_seal (settlement_id, sequence) select id, 1 from settlement;
