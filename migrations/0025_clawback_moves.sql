-- A refund may give back commission that was charged with units that are gone, without any units; and commission of
-- units that are held before it has been charged, so that what was charged with a lot is below zero until they are
-- captured. What somebody bears belongs to a lot.
alter table lot_movement
  drop constraint lot_movement_units_check, drop constraint lot_movement_commission_minor_check,
  drop constraint lot_movement_tax_minor_check, add check (units >= 0);
alter table lot_pot drop constraint lot_pot_commission_minor_check, drop constraint lot_pot_tax_minor_check;
alter table borne_clawback add column lot_id uuid;
update borne_clawback b set lot_id = coalesce(
  (select l.id from lot l where l.member_no = b.member_no and l.origin_id = b.origin_id and l.funder_no = b.funder_no
   order by l.id limit 1), b.id);
alter table borne_clawback alter column lot_id set not null;
