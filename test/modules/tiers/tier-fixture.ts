/** A published programme with a ladder, members in it, and days of theirs, without any purchase. */
import { createHash } from 'node:crypto';
import { v7 } from 'uuid';
import type { ProgrammeTerms } from '../../../src/domain/earning/model.js';
import { changeDays, type MemberDay } from '../../../src/modules/earning/index.js';
import { enrolMembers } from '../../../src/modules/members/index.js';
import { loadProgrammes, type Programmes } from '../../../src/modules/programmes/index.js';
import type { TestDatabase } from '../../support/database.js';
import { addProgramme } from '../../support/module-fixture.js';

/** basic, silver from 300, gold from 1,000; `window` is the rest of the ladder in YAML. */
const yamlOf = (code: string, window: string): string => `
programme: ${code}
name: ${code}
effectiveFrom: 2020-01-01
currency: GBP
timeZone: Europe/London
unit: { code: PTS, scale: 2, worth: 0.01 }
holdDays: 0
rounding: FLOOR
tiers:
  ${window}
  levels:
    - { code: basic, name: Basic, from: 0 }
    - { code: silver, name: Silver, from: 300, benefits: [{ code: free-delivery, name: Free delivery }] }
    - { code: gold, name: Gold, from: 1000, benefits: [{ code: free-delivery, name: Free delivery }, { code: lounge, name: Lounge }] }
rules:
  - { code: base, name: Base, funding: PROGRAMME, rate: 1% }
`;

export interface TieredProgramme {
  readonly no: number;
  readonly code: string;
  readonly terms: ProgrammeTerms;
}

export async function publish(db: TestDatabase, code: string, window: string): Promise<TieredProgramme> {
  const no = await addProgramme(db, code);
  const yaml = yamlOf(code, window);
  await db.superuser.query(
    `insert into programme_version (id, programme_id, version, effective_from, source, digest, published_by, published_at)
     select $1, id, 1, '2020-01-01', $2, $3, 'test', now() from programme where no = $4`,
    [v7(), yaml, createHash('sha256').update(yaml).digest('hex'), no],
  );
  const terms = (await programmesOf(db)).inForce(no, '2026-01-01')?.terms;
  if (terms === undefined) throw new Error(`${code} is not in force`);
  return { no, code, terms };
}

export const programmesOf = (db: TestDatabase): Promise<Programmes> => db.database.command(loadProgrammes);

/** Member numbers in the order of the codes. */
export async function enrol(db: TestDatabase, programmeNo: number, codes: readonly string[]): Promise<number[]> {
  const enrolled = await db.database.command((tx) =>
    enrolMembers(
      tx,
      programmeNo,
      codes.map((code) => ({ id: v7(), code })),
    ),
  );
  return codes.map((code) => (enrolled.get(code) as { no: number }).no);
}

/** Kept spend in whole pounds, nothing else. */
export const spend = (memberNo: number, day: string, pounds: number): MemberDay => ({
  memberNo,
  day,
  keptMinor: BigInt(pounds) * 100n,
  accruedUnits: 0n,
  purchases: 0,
});

export const change = (db: TestDatabase, ...days: readonly MemberDay[]): Promise<void> =>
  db.database.command(async (tx) => changeDays(tx, days));

/** Makes it noon of this day. */
export async function setToday(db: TestDatabase, day: string): Promise<void> {
  await db.superuser.query('select hansa_set_clock($1::timestamptz - now())', [`${day}T12:00:00Z`]);
}
