-- The chain of blocks over the journal (LEDGER 5): proof for those who do not run this database that no entry was
-- changed, taken out or slipped in after its block was sealed. docs/PROOFS.md describes what is hashed.

-- A block covers the entries with numbers above after_no up to upto_no. Nothing about it stands in the entries, so
-- that recording them costs nothing.
create table chain_block (
  sequence integer primary key check (sequence > 0),
  after_no bigint not null,
  upto_no bigint not null unique,
  entry_count integer not null check (entry_count > 0),
  root bytea not null check (length(root) = 32),
  previous bytea not null check (length(previous) = 32),
  history bytea not null check (length(history) = 32),
  hash bytea not null check (length(hash) = 32),
  sealed_at timestamptz not null,
  -- The roots that the next block's history is made of, 32 bytes each.
  peaks bytea not null,
  -- The leaf of every entry, 32 bytes each in order of entry number: what paths are read from, and what names the
  -- entry that was changed.
  leaves bytea not null check (length(leaves) = 32 * entry_count),
  check (upto_no > after_no)
);
-- Hashes do not compress.
alter table chain_block alter column leaves set storage external;
create trigger chain_block_append_only before update or delete on chain_block for each statement execute function hansa_never_changes();

-- The secret behind the blinds of postings, as HMAC-SHA-256 uses it: XORed with its two pads. Whoever has it can try
-- amounts against hashes, nothing else; nobody reads it but the gateway.
create table chain_secret (
  singleton boolean primary key default true check (singleton),
  secret bytea not null check (length(secret) = 32),
  inner_pad bytea not null check (length(inner_pad) = 64),
  outer_pad bytea not null check (length(outer_pad) = 64)
);
do $$
declare
  secret bytea := sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()));
  inner_pad bytea := decode(repeat('36', 64), 'hex');
  outer_pad bytea := decode(repeat('5c', 64), 'hex');
begin
  for place in 0..31 loop
    inner_pad := set_byte(inner_pad, place, get_byte(inner_pad, place) # get_byte(secret, place));
    outer_pad := set_byte(outer_pad, place, get_byte(outer_pad, place) # get_byte(secret, place));
  end loop;
  insert into chain_secret (secret, inner_pad, outer_pad) values (secret, inner_pad, outer_pad);
end $$;

-- Up to where an invariant was found to hold, for verifying only what came since.
create table verified_upto (
  invariant text primary key,
  upto bigint not null,
  verified_at timestamptz not null
);

-- The chain is everybody's, its secret is nobody's.
call hansa_protect('chain_block', 'hansa_sees_all() or hansa_partner_no() is not null or hansa_member_no() is not null');
call hansa_protect('chain_secret', 'false');
call hansa_protect('verified_upto', 'hansa_sees_all()');
revoke update, delete on chain_block from hansa_writer;
revoke insert, update, delete on chain_secret from hansa_writer;
-- Which numbers have been handed out: a block ends where no transaction can add to it any more.
grant select on sequence journal_entry_no to hansa_writer;
