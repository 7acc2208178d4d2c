/** Reads members' lots as the kernel knows them. The members must be locked. */
import type { BusinessDate } from '../../domain/kernel/calendar.js';
import type { Bearer } from '../../domain/redemption/events.js';
import type { Funding, Lot } from '../../domain/redemption/lot.js';
import type { Borne, Debt } from '../../domain/redemption/member-lots.js';
import { addParts, NO_PART, type Part, plainPart } from '../../domain/redemption/part.js';
import { type DbTransaction, statement } from '../../infrastructure/db/database.js';
import { STORED_POTS, type StoredPot } from './stored-pot.js';

/** Of a lot `l`, for `exists`: what is still due is not the member's to use: it is pending, whatever its day. */
export const IS_DUE = `select from due d where d.programme_no = l.programme_no and d.due_on = l.available_on
                  and d.member_no = l.member_no and d.lot_id = l.id`;

// Bigints travel in JSON as text.
const lotsWith = (further: string): string => `
   select ${further}l.member_no as "memberNo", l.id, l.origin_id as origin, coalesce(l.root_id, l.id) as root,
          l.funder_no as "funderNo", l.contract_no as "contractNo", c.model, c.breakage_owner as "breakageOwner",
          l.accrued_on as "accruedOn", l.available_on as "availableOn", l.expires_on as "expiresOn",
          l.units, l.value_minor as "valueMinor", l.commission_minor as "commissionMinor", l.tax_minor as "taxMinor",
          (select jsonb_object_agg(p.pot, jsonb_build_array(p.units::text, p.value_minor::text, p.commission_minor::text, p.tax_minor::text))
           from lot_pot p where p.member_no = l.member_no and p.lot_id = l.id) as pots
   from wanted l
   left join contract c on c.no = l.contract_no
   where not exists (${IS_DUE})
   order by l.member_no, l.id`;

const LOAD_LOTS = statement(
  'lots.load',
  `with named as (
     select l.id, l.member_no from unnest($2::uuid[], $3::int[]) as n (id, member_no) join lot l using (id, member_no)
     union
     select l.id, l.member_no from unnest($2::uuid[], $3::int[]) as n (id, member_no)
     join lot l on l.root_id = n.id and l.member_no = n.member_no
   ), wanted as not materialized (
     select * from lot where member_no = any ($1::int[]) and units > 0
     union all
     select l.* from named join lot l using (id, member_no) where not (l.units > 0 and l.member_no = any ($1::int[]))
   )${lotsWith('')}`,
);

// Lot after lot along lot_spending_idx, until there is enough: a member may have thousands.
const LOAD_LOTS_TO_SPEND = statement(
  'lots.load-to-spend',
  `with recursive spent as (
     select g.member_no, g.units as wanted, 0::bigint as reached, '-infinity'::date as available_on, '-infinity'::date as accrued_on,
            '00000000-0000-0000-0000-000000000000'::uuid as id
     from unnest($1::int[], $2::bigint[]) as g (member_no, units)
     union all
     select s.member_no, s.wanted, s.reached + next.units, next.available_on, next.accrued_on, next.id
     from spent s cross join lateral (
       select l.id, l.available_on, l.accrued_on, l.units from lot l
       where l.member_no = s.member_no and l.units > 0 and l.available_on <= $5
         and (l.available_on, l.accrued_on, l.id) > (s.available_on, s.accrued_on, s.id) and not exists (${IS_DUE})
       order by l.available_on, l.accrued_on, l.id limit 1
     ) next
     where s.reached < s.wanted
   ), keys as (
     select id, member_no, bool_or(in_turn) as in_turn from (
       select id, member_no, true as in_turn from spent where reached > 0
       union all
       select n.*, false from unnest($3::uuid[], $4::int[]) as n (id, member_no)
     ) as k group by id, member_no
   ), wanted as not materialized (
     select l.*, k.in_turn from keys k join lot l using (id, member_no)
   )${lotsWith('l.in_turn as "inTurn", ')}`,
);

interface LotRow extends Part {
  readonly memberNo: number;
  readonly id: string;
  readonly origin: string;
  readonly root: string;
  readonly funderNo: number;
  readonly contractNo: number | null;
  readonly model: Funding['model'] | null;
  readonly breakageOwner: Funding['breakageOwner'] | null;
  readonly accruedOn: BusinessDate;
  readonly availableOn: BusinessDate;
  readonly expiresOn: BusinessDate | null;
  /** Units, value, commission, tax. */
  readonly pots: Readonly<Partial<Record<StoredPot, readonly [string, string, string, string]>>> | null;
}

/** A lot that a redemption or a refund is about, live or not. */
export interface NamedLot {
  readonly id: string;
  readonly memberNo: number;
}

/** Live lots of the members, and of anybody those that are named and what lives on of them, in the order they were credited. */
export async function loadLots(
  tx: DbTransaction,
  memberNos: readonly number[],
  named: readonly NamedLot[],
): Promise<Map<number, Lot[]>> {
  if (memberNos.length + named.length === 0) return new Map();
  const rows = await tx.run<LotRow>(LOAD_LOTS, [
    memberNos,
    named.map(({ id }) => id),
    named.map(({ memberNo }) => memberNo),
  ]);
  const ofMembers = Map.groupBy(rows, ({ memberNo }) => memberNo);
  return new Map(Array.from(ofMembers, ([memberNo, ofMember]) => [memberNo, ofMember.map(lotOf)]));
}

/** More than anybody has, and a sum of units still fits. */
const MOST = 1n << 62n;

export interface Spending {
  readonly memberNo: number;
  readonly units: bigint;
}

/** Where units are used in the order in which they became available. */
export interface LotsToSpend {
  readonly lots: readonly Lot[];
  /** What the first lots in that order hold, up to the last of them that is here: less than asked for when these are all. */
  readonly inTurn: bigint;
}

/** The first lots in the order of spending that hold so many units together, and those that are named. */
export async function loadLotsToSpend(
  tx: DbTransaction,
  spendings: readonly Spending[],
  named: readonly NamedLot[],
  today: BusinessDate,
): Promise<Map<number, LotsToSpend>> {
  const spent = spendings.filter(({ units }) => units > 0n);
  if (spent.length + named.length === 0) return new Map();
  const rows = await tx.run<LotRow & { readonly inTurn: boolean }>(LOAD_LOTS_TO_SPEND, [
    spent.map(({ memberNo }) => memberNo),
    spent.map(({ units }) => (units < MOST ? units : MOST)),
    named.map(({ id }) => id),
    named.map(({ memberNo }) => memberNo),
    today,
  ]);
  return new Map(
    Array.from(
      Map.groupBy(rows, ({ memberNo }) => memberNo),
      ([memberNo, ofMember]) => {
        const inTurn = ofMember.reduce((sum, row) => (row.inTurn ? sum + row.units : sum), 0n);
        return [memberNo, { lots: ofMember.map(lotOf), inTurn }];
      },
    ),
  );
}

function lotOf(row: LotRow): Lot {
  const { id, origin, root, accruedOn, availableOn, expiresOn, units, valueMinor, commissionMinor, taxMinor } = row;
  const left: Part = { units, valueMinor, commissionMinor, taxMinor };
  const potOf = (pot: Exclude<keyof typeof STORED_POTS, 'left'>): Part => partOfText(row.pots?.[STORED_POTS[pot]]);
  const pots = {
    reserved: potOf('reserved'),
    spent: potOf('spent'),
    expired: potOf('expired'),
    writtenOff: potOf('writtenOff'),
    clawedBack: potOf('clawedBack'),
    movedOn: potOf('movedOn'),
  };
  return {
    ...{ id, origin, root, funding: fundingOf(row), accruedOn, availableOn },
    ...(expiresOn === null ? {} : { expiresOn }),
    ...{ issued: Object.values(pots).reduce(addParts, left), left },
    ...pots,
  };
}

function partOfText(amounts: readonly [string, string, string, string] | undefined): Part {
  if (amounts === undefined) return NO_PART;
  const [units, valueMinor, commissionMinor, taxMinor] = amounts;
  return {
    units: BigInt(units),
    valueMinor: BigInt(valueMinor),
    commissionMinor: BigInt(commissionMinor),
    taxMinor: BigInt(taxMinor),
  };
}

/** The programme settles with nobody, and what expires of its own units is its own. */
const fundingOf = ({
  funderNo,
  contractNo,
  model,
  breakageOwner,
}: Pick<LotRow, 'funderNo' | 'contractNo' | 'model' | 'breakageOwner'>): Funding => ({
  funderNo,
  ...(contractNo === null ? {} : { contractNo }),
  model: model ?? 'SETTLE_AT_ISSUANCE',
  breakageOwner: breakageOwner ?? 'PROGRAMME',
});

// Debts are few and most members have none: read with the member, not by a statement of their own. So is who has lots
// whose day has come: there are none but in the minutes before the job takes them, and then they may be anybody's.
const LOAD_STANDINGS = statement(
  'lots.load-standings',
  `with gone as materialized (
     select l.member_no from lot l where l.programme_no = $2 and l.units > 0 and l.expires_on <= $3 order by l.expires_on limit 1000
   )
   select b.member_no as "memberNo", b.available_units as "availableUnits",
          (select count(*) from gone) = 1000 or b.member_no in (select member_no from gone) as "mayHaveGone", b.last_activity_on as "lastActivityOn", b.fees_taken_to as "feesTakenTo",
          (select jsonb_agg(jsonb_build_object('id', d.id, 'since', d.since, 'issuedUnits', d.issued_units::text,
                    'issuedValueMinor', d.issued_value_minor::text, 'units', d.units::text, 'valueMinor', d.value_minor::text)
                  order by d.since, d.id)
           from member_debt d where d.member_no = b.member_no and d.units > 0) as debts,
          (select jsonb_agg(jsonb_build_object('id', d.id, 'since', d.since, 'issuedUnits', d.issued_units::text,
                    'issuedValueMinor', d.issued_value_minor::text, 'units', d.units::text, 'valueMinor', d.value_minor::text,
                    'by', d.borne_by, 'lotId', d.lot_id, 'origin', d.origin_id, 'funderNo', d.funder_no, 'contractNo', d.contract_no,
                    'model', c.model, 'breakageOwner', c.breakage_owner)
                  order by d.since, d.id)
           from borne_clawback d left join contract c on c.no = d.contract_no
           where d.member_no = b.member_no) as borne
   from member_balance b where b.member_no = any ($1::int[])`,
);

interface DebtJson {
  readonly id: string;
  readonly since: BusinessDate;
  readonly issuedUnits: string;
  readonly issuedValueMinor: string;
  readonly units: string;
  readonly valueMinor: string;
}

interface BorneJson extends DebtJson, Pick<LotRow, 'origin' | 'funderNo' | 'contractNo' | 'model' | 'breakageOwner'> {
  readonly by: Bearer;
  readonly lotId: string;
}

/** What stands of a member beside its lots. */
export interface MemberStanding {
  readonly memberNo: number;
  /** What is usable less what is owed, before what happens today. */
  readonly availableUnits: bigint;
  /** Whether the last day of some lot may have passed. */
  readonly mayHaveGone: boolean;
  readonly lastActivityOn: BusinessDate | null;
  readonly feesTakenTo: BusinessDate | null;
  readonly debts: readonly Debt[];
  readonly borne: readonly Borne[];
}

export async function loadStandings(
  tx: DbTransaction,
  programmeNo: number,
  memberNos: readonly number[],
  today: BusinessDate,
): Promise<MemberStanding[]> {
  const rows = await tx.run<
    Omit<MemberStanding, 'debts' | 'borne'> & {
      readonly debts: readonly DebtJson[] | null;
      readonly borne: readonly BorneJson[] | null;
    }
  >(LOAD_STANDINGS, [memberNos, programmeNo, today]);
  return rows.map((row) => ({
    ...row,
    debts: (row.debts ?? []).map(debtOf),
    borne: (row.borne ?? []).map((borne) => ({
      ...debtOf(borne),
      by: borne.by,
      lotId: borne.lotId,
      origin: borne.origin,
      funding: fundingOf(borne),
    })),
  }));
}

const debtOf = ({ id, since, issuedUnits, issuedValueMinor, units, valueMinor }: DebtJson): Debt => ({
  id,
  since,
  issued: plainPart(BigInt(issuedUnits), BigInt(issuedValueMinor)),
  left: plainPart(BigInt(units), BigInt(valueMinor)),
});
