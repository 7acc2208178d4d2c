-- Whose units were used up at whom in each closed window: row = funder of the lots, column = who captured them (0 where
-- nobody did) and what for. In units and lot value; a return takes away. Written with the window's first settlement.
create table window_matrix (
  window_no integer not null,
  funder_no integer not null,
  redeemer_no integer not null,
  purpose text not null
    check (purpose in ('CAPTURED', 'CASHED_OUT', 'DONATED', 'EXPIRED', 'WOUND_DOWN', 'FEES', 'REPAID', 'CLAWED_BACK')),
  units bigint not null,
  value_minor bigint not null,
  primary key (window_no, funder_no, redeemer_no, purpose)
);
call hansa_protect('window_matrix', 'hansa_sees_all() or hansa_partner_no() in (funder_no, redeemer_no)');

insert into window_matrix (window_no, funder_no, redeemer_no, purpose, units, value_minor)
select e.window_no, l.funder_no, coalesce(r.party, 0),
       case e.kind when 10 then 'CAPTURED' when 35 then 'CAPTURED' when 12 then 'CAPTURED' when 13 then 'CASHED_OUT' when 14 then 'DONATED' when 15 then 'EXPIRED' when 31 then 'WOUND_DOWN' when 30 then 'FEES' when 8 then 'REPAID' when 7 then 'CLAWED_BACK' end,
       sum(u.sign * m.units), sum(u.sign * m.value_minor)
from journal_entry e
join settlement_window w on w.no = e.window_no and exists (select from window_position p where p.window_no = w.no and p.settlement_id is not null)
join lot_movement m on m.entry_no = e.no and m.member_no = e.member_no
join lot l on l.id = m.lot_id and l.member_no = m.member_no
left join posting r on r.entry_no = e.no and r.member_no = e.member_no and r.account = 910
cross join lateral (
  select (m.to_pot in ('SPENT', 'EXPIRED', 'WRITTEN_OFF'))::integer - (m.from_pot in ('SPENT', 'EXPIRED', 'WRITTEN_OFF'))::integer as sign
) u
where e.kind in (10, 35, 12, 13, 14, 15, 31, 30, 8, 7) and u.sign <> 0
group by 1, 2, 3, 4;
