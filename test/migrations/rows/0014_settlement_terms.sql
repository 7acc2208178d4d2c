update contract set acceptance_fee_rate = '1/50', exposure_cap_minor = 100000 where version = 1;
