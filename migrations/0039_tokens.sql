-- The gateway as issuer of tokens: the keys it signs with, and what must be remembered of tokens until they are over.
-- None of it is for those who read. Times here are the process's own, not hansa_now(): tokens are checked by whoever
-- gets them, with a clock that no test of ours moves.

create table signing_key (
  kid text primary key,
  public_jwk jsonb not null check (not public_jwk ? 'd'),
  -- Encrypted with HANSA_SECRET_KEYS.
  private_sealed bytea not null,
  created_at timestamptz not null,
  -- It is published before it signs, so that nobody meets a signature by a key that was never seen.
  signs_from timestamptz not null,
  -- Set when it has leaked: nothing signed with it is believed any more.
  revoked_at timestamptz
);
call hansa_protect('signing_key', 'false');

-- Assertions by which clients signed in: each is good once.
create table used_assertion (
  client_id uuid not null,
  jti_hash bytea not null check (octet_length(jti_hash) = 32),
  expires_at timestamptz not null,
  primary key (client_id, jti_hash)
);
call hansa_protect('used_assertion', 'false');

create table revoked_token (
  jti uuid primary key,
  expires_at timestamptz not null
);
call hansa_protect('revoked_token', 'false');
