update payment set state = 'REJECTED', currency_code = 'GBP' where end_to_end_id = 'E2';
