/**
 * Choices, activations and segments: loaded for whole batches of purchases, written one by one under the
 * member's lock.
 */
import type { MadeChoice, MemberTraits } from '../../domain/earning/traits.js';
import type { BusinessDate } from '../../domain/kernel/calendar.js';
import { type DbTransaction, statement } from '../../infrastructure/db/database.js';
import { birthdayOf } from '../members/index.js';

interface TraitsRow {
  no: number;
  id: string;
  birthday: string | null;
  birthdaySealed: Buffer | null;
  timeZone: string | null;
  enrolledOn: BusinessDate;
}

const MEMBERS = statement(
  'offers.members',
  `select m.no, m.id, m.birthday, m.birthday_sealed as "birthdaySealed", m.time_zone as "timeZone", (m.enrolled_at at time zone p.time_zone)::date as "enrolledOn"
   from member m join programme p on p.no = m.programme_no where m.no = any ($1::int[])`,
);

// One statement for three small tables; choices in the order in which they were made. Segments are only for members who
// want to be picked by them.
const TRAITS = statement(
  'offers.traits',
  `select member_no as "memberNo", 'SEGMENT' as kind, segment as code, from_day as first, until_day as last,
          null::text[] as categories, 0 as version
   from member_segment where member_no = any ($1::int[]) and hansa_consents(member_no, 'PERSONALISED_OFFERS')
   union all
   select member_no, 'ACTIVATION', rule_code, period, activated_on, null, 0
   from member_activation where member_no = any ($1::int[])
   union all
   select member_no, 'CHOICE', choice_code, period, chosen_on, categories, version
   from member_choice where member_no = any ($1::int[])
   order by version`,
);

interface TraitRow {
  memberNo: number;
  kind: 'SEGMENT' | 'ACTIVATION' | 'CHOICE';
  code: string;
  first: BusinessDate;
  last: BusinessDate | null;
  categories: string[] | null;
}

/** What decisions may know about these members, by their numbers; those that do not exist are not there. */
export async function loadTraits(
  tx: DbTransaction,
  memberNos: readonly number[],
): Promise<ReadonlyMap<number, MemberTraits>> {
  if (memberNos.length === 0) return new Map();
  const [found, traits] = await Promise.all([
    tx.run<TraitsRow>(MEMBERS, [memberNos]),
    tx.run<TraitRow>(TRAITS, [memberNos]),
  ]);
  const members = found.map(
    ({ birthdaySealed, ...member }): Omit<TraitsRow, 'birthdaySealed'> =>
      birthdaySealed === null
        ? member
        : { ...member, birthday: tx.secrets.open(birthdaySealed, birthdayOf(member.id)) },
  );
  const rows = Map.groupBy(traits, ({ memberNo }) => memberNo);
  return new Map(members.map((member) => [member.no, traitsOf(member, rows.get(member.no) ?? [])]));
}

function traitsOf(
  { id, birthday, timeZone, enrolledOn }: Omit<TraitsRow, 'birthdaySealed'>,
  rows: readonly TraitRow[],
): MemberTraits {
  const of = (kind: TraitRow['kind']): TraitRow[] => rows.filter((row) => row.kind === kind);
  return {
    id,
    enrolledOn,
    ...(birthday !== null && { birthday }),
    ...(timeZone !== null && { timeZone }),
    segments: of('SEGMENT').map(({ code, first, last }) => ({ code, from: first, until: last ?? undefined })),
    activations: of('ACTIVATION').map(({ code, first, last }) => ({
      rule: code,
      period: first,
      activatedOn: last ?? undefined,
    })),
    choices: of('CHOICE').map(({ code, first, last, categories }) => ({
      choice: code,
      period: first,
      chosenOn: last ?? undefined,
      categories: categories ?? [],
    })),
  };
}

const TODAY = statement('offers.today', `select (hansa_now() at time zone $1)::date as today, hansa_now() as now`);

/** The day in a zone, and the moment. */
export async function today(tx: DbTransaction, timeZone: string): Promise<{ today: BusinessDate; now: Date }> {
  const [row] = await tx.run<{ today: BusinessDate; now: Date }>(TODAY, [timeZone]);
  return row as { today: BusinessDate; now: Date };
}

const MEMBER_OF_CARD = statement(
  'offers.member-of-card',
  `select m.id from card c join member m on m.no = c.member_no
   where c.programme_no = $1 and c.token = $2 and c.unlinked_at is null`,
);

/** Id of the member who has linked this card. */
export async function findMemberOfCard(
  tx: DbTransaction,
  programmeNo: number,
  token: string,
): Promise<string | undefined> {
  const [row] = await tx.run<{ id: string }>(MEMBER_OF_CARD, [programmeNo, token]);
  return row?.id;
}

const LATEST_CHOICE = statement(
  'offers.latest-choice',
  `select choice_code as choice, period, version, categories, locked from member_choice
   where member_no = $1 and choice_code = $2 and period = $3 order by version desc limit 1`,
);

const INSERT_CHOICE = statement(
  'offers.insert-choice',
  `insert into member_choice (member_no, choice_code, period, version, categories, locked, chosen_at, chosen_on)
   values ($1, $2, $3, $4, $5, $6, hansa_now(), $7)`,
);

export interface StandingChoice extends MadeChoice {
  readonly version: number;
  readonly locked: boolean;
}

/** What counts of the member's choices for a period; it must be locked when something is decided by it. */
export async function findChoice(
  tx: DbTransaction,
  memberNo: number,
  choice: string,
  period: BusinessDate,
): Promise<StandingChoice | undefined> {
  const [row] = await tx.run<StandingChoice>(LATEST_CHOICE, [memberNo, choice, period]);
  return row;
}

export async function insertChoice(
  tx: DbTransaction,
  memberNo: number,
  choice: StandingChoice & { readonly chosenOn: BusinessDate },
): Promise<void> {
  const { choice: code, period, version, categories, locked, chosenOn } = choice;
  await tx.run(INSERT_CHOICE, [memberNo, code, period, version, categories, locked, chosenOn]);
}

const INSERT_ACTIVATION = statement(
  'offers.insert-activation',
  `insert into member_activation (member_no, rule_code, period, activated_at, activated_on)
   values ($1, $2, $3, hansa_now(), $4) on conflict do nothing`,
);

/** Activates a rule for a period; again it stays as it was. */
export async function insertActivation(
  tx: DbTransaction,
  memberNo: number,
  ruleCode: string,
  period: BusinessDate,
  activatedOn: BusinessDate,
): Promise<void> {
  await tx.run(INSERT_ACTIVATION, [memberNo, ruleCode, period, activatedOn]);
}

const WANTS_OFFERS = statement('offers.wants-offers', `select hansa_consents($1, 'PERSONALISED_OFFERS') as wants`);

/** Whether the member consents to offers that are picked for it. */
export async function wantsOffers(tx: DbTransaction, memberNo: number): Promise<boolean> {
  const [row] = await tx.run<{ wants: boolean }>(WANTS_OFFERS, [memberNo]);
  return row?.wants ?? false;
}

const FORGET_FUTURE_SEGMENT = statement(
  'offers.forget-future-segment',
  'delete from member_segment where member_no = $1 and segment = $2 and from_day >= $3',
);
const END_SEGMENT = statement(
  'offers.end-segment',
  `update member_segment set until_day = $3::date - 1
   where member_no = $1 and segment = $2 and from_day < $3 and (until_day is null or until_day >= $3)`,
);
const INSERT_SEGMENT = statement(
  'offers.insert-segment',
  'insert into member_segment (member_no, segment, from_day, until_day) values ($1, $2, $3, $4)',
);

/** From that day on the member is not in the segment; the days before stay as they were. */
export async function endSegment(
  tx: DbTransaction,
  memberNo: number,
  segment: string,
  from: BusinessDate,
): Promise<void> {
  await tx.run(FORGET_FUTURE_SEGMENT, [memberNo, segment, from]);
  await tx.run(END_SEGMENT, [memberNo, segment, from]);
}

/** The member is in the segment on these days; whatever it had from then on must have been ended. */
export async function insertSegment(
  tx: DbTransaction,
  memberNo: number,
  segment: string,
  from: BusinessDate,
  until: BusinessDate | undefined,
): Promise<void> {
  await tx.run(INSERT_SEGMENT, [memberNo, segment, from, until ?? null]);
}
