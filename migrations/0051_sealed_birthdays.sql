-- Birthdays are encrypted at rest (HANSA_SECRET_KEYS). What stood in the open before is sealed by the gateway's own job, or
-- by hansa keys rotate; the old column stays until no release writes it any more.
alter table member add column birthday_sealed bytea;

alter function hansa_erase(integer) rename to hansa_erase_all_but_birthdays;
revoke execute on function hansa_erase_all_but_birthdays(integer) from hansa_writer;
create function hansa_erase(whom integer) returns jsonb
  language plpgsql security definer set search_path = public as $$
begin
  update member set birthday_sealed = null where no = whom;
  return hansa_erase_all_but_birthdays(whom);
end $$;
revoke all on function hansa_erase(integer) from public;
grant execute on function hansa_erase(integer) to hansa_writer;
