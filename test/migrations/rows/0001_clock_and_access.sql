insert into command_key (client, key, operation, body_hash, answer) values ('somebody', 'key-1', 'something', '\x00', '{}');
