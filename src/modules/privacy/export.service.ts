/** Everything about one member, for itself (GDPR art. 15 and 20): NDJSON in parts, nothing of it kept. */
import type { Principal } from '../../domain/access/principal.js';
import { fail, ok, type Result } from '../../domain/kernel/result.js';
import { isId } from '../../graphql/scalars.js';
import type { Database } from '../../infrastructure/db/database.js';
import { authorize } from '../access/index.js';
import { findMemberNos } from './erasure.sql.js';
import { EXPORTED, readRows } from './export.sql.js';
import type { PrivacyErrorCode } from './privacy.errors.js';

export type ExportGround = 'MEMBER_ASKED' | 'AUTHORITY_ASKED' | 'COMPLAINT';

export interface ExportData {
  readonly memberId: string;
  /** Why, when it is not the member itself. */
  readonly ground?: ExportGround | undefined;
  readonly after?: string | undefined;
}

export interface DataPart {
  /** Whole lines. */
  readonly text: string;
  /** Where the next part begins; none when this was the last. */
  readonly next?: string | undefined;
}

const ROWS = 500;
const LARGEST_PART = 256 * 1024;
export const EXPORT_FORMAT = 'hansa-member-data/1';

/** The next table, and the last key of it that was given. */
interface Place {
  readonly table: number;
  readonly after: string | null;
}

export class ExportService {
  constructor(private readonly database: Database) {}

  /** One part of the export: at most 500 rows or about 256 KB. */
  part(principal: Principal, { memberId, ground, after }: ExportData): Promise<Result<DataPart, PrivacyErrorCode>> {
    return this.database.command(async (tx) => {
      const member = isId(memberId) ? await findMemberNos(tx, memberId) : undefined;
      authorize(principal, 'member.export', member ? { memberNo: member.memberNo } : {});
      if (member === undefined) return fail('UNKNOWN_MEMBER', 'There is no member of this id; correct it.', 'memberId');
      if (principal.kind !== 'MEMBER' && ground === undefined)
        return fail('GROUND_REQUIRED', 'Say on what ground the data of this member is taken out.', 'ground');
      const start = after === undefined ? { table: 0, after: null } : readPlace(after);
      if (start === undefined)
        return fail('MALFORMED_CURSOR', 'Give the value of "next" of the part before, or nothing to begin.', 'after');
      const lines =
        after === undefined
          ? [JSON.stringify({ of: 'export', row: { format: EXPORT_FORMAT, memberId, birthday: member.birthday } })]
          : [];
      let [size, left]: [number, number] = [0, ROWS];
      for (let place: Place | undefined = start; place !== undefined; ) {
        const table = EXPORTED[place.table];
        if (table === undefined) break;
        if (left === 0 || size > LARGEST_PART) return ok({ text: textOf(lines), next: writePlace(place) });
        const rows = await readRows(tx, table, member.memberNo, place.after, left);
        for (const { row } of rows) {
          lines.push(`{"of":"${table.table}","row":${row}}`);
          size += row.length;
        }
        const last: string | undefined = rows.at(-1)?.key;
        place =
          rows.length < left || last === undefined
            ? { table: place.table + 1, after: null }
            : { ...place, after: last };
        left -= rows.length;
      }
      return ok({ text: textOf(lines) });
    });
  }
}

const textOf = (lines: readonly string[]): string => lines.map((line) => `${line}\n`).join('');

const writePlace = ({ table, after }: Place): string =>
  Buffer.from(JSON.stringify([EXPORTED[table]?.table, after])).toString('base64url');

function readPlace(text: string): Place | undefined {
  try {
    const [name, after] = JSON.parse(Buffer.from(text, 'base64url').toString()) as [unknown, unknown];
    const table = EXPORTED.findIndex((each) => each.table === name);
    if (table < 0 || (after !== null && (typeof after !== 'string' || after.includes('\u0000')))) return undefined;
    return { table, after };
  } catch {
    return undefined;
  }
}
