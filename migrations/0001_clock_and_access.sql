-- The ground everything stands on: the deployment's nature, the database's clock, the commands' keys
-- and the visibility functions that every row-level policy calls.
--
-- Three roles (created by src/infrastructure/db/roles.ts, none a superuser): hansa_owner runs these
-- migrations, hansa_writer runs commands and jobs, hansa_reader serves every GraphQL read and sees only
-- what the policies let through.

grant usage on schema public to hansa_writer, hansa_reader;

-- One row says whether this database is production; it is written once and never loosened.
create table deployment (
  singleton boolean primary key default true check (singleton),
  environment text not null check (environment in ('development', 'test', 'production')),
  created_at timestamptz not null default now()
);

-- Holds, expiry and month ends are tested through the API by moving this offset instead of sleeping.
create table clock_offset (
  singleton boolean primary key default true check (singleton),
  shift interval not null default interval '0'
);
insert into clock_offset default values;

create function hansa_now() returns timestamptz
  language sql stable parallel safe
  return now() + (select shift from clock_offset);

-- Refused in production by the database itself, whatever the application thinks it is.
create function hansa_set_clock(new_shift interval) returns void
  language plpgsql security definer set search_path = public as $$
begin
  if coalesce((select environment from deployment), 'production') = 'production' then
    raise exception 'the clock of a production database cannot be moved' using errcode = 'HA001';
  end if;
  update clock_offset set shift = new_shift where singleton;
end $$;
revoke all on function hansa_set_clock(interval) from public;
grant execute on function hansa_set_clock(interval) to hansa_writer;

-- Idempotency keys of money-moving commands other than transactions; they commit with the money.
create table command_key (
  client text not null,
  key text not null check (length(key) between 1 and 200),
  operation text not null,
  body_hash bytea not null,
  answer jsonb not null,
  recorded_at timestamptz not null default hansa_now(),
  primary key (client, key)
);

-- Bumped by every change of reference data, so that caches know when they are stale.
create table reference_epoch (
  singleton boolean primary key default true check (singleton),
  epoch bigint not null default 1
);
insert into reference_epoch default values;

create function hansa_bump_reference_epoch() returns trigger
  language plpgsql security definer set search_path = public as $$
begin
  update reference_epoch set epoch = epoch + 1 where singleton;
  return null;
end $$;

-- What the reader may see. A missing setting is null, null is never equal, so nothing is seen.
create function hansa_sees_all() returns boolean language sql stable parallel safe
  return coalesce(nullif(current_setting('hansa.sees_all', true), '') = 'true', false);
create function hansa_partner_no() returns integer language sql stable parallel safe
  return nullif(current_setting('hansa.partner_no', true), '')::integer;
create function hansa_member_no() returns integer language sql stable parallel safe
  return nullif(current_setting('hansa.member_no', true), '')::integer;

-- Opens a table to its roles: owner and writer see every row, the reader what `visible` says.
-- Forced, so that not even the owner passes the policies by accident.
create procedure hansa_protect(target regclass, visible text)
  language plpgsql as $$
begin
  execute format('alter table %s enable row level security', target);
  execute format('alter table %s force row level security', target);
  execute format('create policy owner_all on %s to hansa_owner using (true) with check (true)', target);
  execute format('create policy writer_all on %s to hansa_writer using (true) with check (true)', target);
  execute format('create policy reader_visible on %s for select to hansa_reader using (%s)', target, visible);
  execute format('grant select, insert, update, delete on %s to hansa_writer', target);
  execute format('grant select on %s to hansa_reader', target);
end $$;

call hansa_protect('deployment', 'true');
call hansa_protect('clock_offset', 'true');
call hansa_protect('command_key', 'hansa_sees_all()');
call hansa_protect('reference_epoch', 'true');
revoke insert, update, delete on deployment, clock_offset, reference_epoch from hansa_writer;
