-- Members who give the spare change of their purchases away, in units: one rule each.

create table round_up (
  member_no integer primary key,
  programme_no integer not null,
  charity_no integer not null,
  -- Purchases are rounded up to multiples of it, money minor units.
  step_minor bigint not null check (step_minor > 0),
  set_at timestamptz not null,
  -- The newest purchase that has been looked at; those before the rule was made are older.
  seen_id uuid not null,
  -- Change that is less than a unit is worth.
  rest_minor bigint not null default 0 check (rest_minor >= 0)
) with (fillfactor = 70);
create index round_up_programme_no_idx on round_up (programme_no, member_no);

call hansa_protect('round_up', 'hansa_member_visible(member_no)');
