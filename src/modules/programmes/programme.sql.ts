/**
 * Reading all published programmes. The tables are written through the ORM.
 */
import type { ProgrammeTerms } from '../../domain/earning/model.js';
import type { BusinessDate } from '../../domain/kernel/calendar.js';
import { type DbTransaction, statement } from '../../infrastructure/db/database.js';
import { type ProgrammeRecord, Programmes, type PublishedTerms } from './programmes.js';
import { compiledTexts, publishedTerms } from './published-terms.js';

const LOAD_PROGRAMMES = statement(
  'programmes.load-programmes',
  `select id, no, code, name, currency_code as "currencyCode", unit_code as "unitCode", unit_scale as "unitScale", time_zone as "timeZone"
   from programme order by no`,
);

const LOAD_VERSIONS = statement(
  'programmes.load-versions',
  `select v.id, p.no as "programmeNo", p.code, v.version, v.effective_from as "effectiveFrom", v.digest,
          case when v.digest || ' ' || v.effective_from = any ($1::text[]) then null else v.source end as source
   from programme_version v join programme p on p.id = v.programme_id order by p.no, v.version`,
);

/** Names that members know partners by; the outlets' come with their partner's. */
const LOAD_PARTNER_NAMES = statement(
  'programmes.load-partner-names',
  `select code, name from partner where code = any ($1::text[])
   union all
   select p.code || '/' || o.code, p.name || ', ' || o.name
   from outlet o join partner p on p.id = o.partner_id where p.code = any ($1::text[])`,
);

interface VersionRow {
  readonly id: string;
  readonly programmeNo: number;
  readonly code: string;
  readonly version: number;
  readonly effectiveFrom: BusinessDate;
  readonly digest: string;
  /** Null when its terms are known already. */
  readonly source: string | null;
}

/** Everything published, compiled once, immutable. */
export async function loadProgrammes(tx: DbTransaction): Promise<Programmes> {
  const records = await tx.run<ProgrammeRecord>(LOAD_PROGRAMMES);
  const versions = await tx.run<VersionRow>(LOAD_VERSIONS, [compiledTexts()]);
  const published = new Map<number, PublishedTerms[]>();
  for (const row of versions) {
    const list = published.get(row.programmeNo) ?? [];
    list.push({ versionId: row.id, version: row.version, terms: termsFrom(row) });
    published.set(row.programmeNo, list);
  }
  return new Programmes(records, published);
}

const termsFrom = ({ code, version, ...text }: VersionRow): ProgrammeTerms =>
  publishedTerms({ ...text, name: `${code} version ${version}` });

/** By partner code and "partner-code/outlet-code". */
export async function loadPartnerNames(tx: DbTransaction, codes: readonly string[]): Promise<Map<string, string>> {
  const rows = await tx.run<{ code: string; name: string }>(LOAD_PARTNER_NAMES, [codes]);
  return new Map(rows.map(({ code, name }) => [code, name]));
}
