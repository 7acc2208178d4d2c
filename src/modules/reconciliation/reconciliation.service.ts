/**
 * Reconciling: read the partner's list whole, load our side, compare, keep the run. Nothing of the books is
 * touched, and a list that is refused leaves nothing behind.
 */
import type { Principal } from '../../domain/access/principal.js';
import { addDays, type BusinessDate } from '../../domain/kernel/calendar.js';
import { fail, ok, type Result } from '../../domain/kernel/result.js';
import { currencyScale } from '../../domain/money/currency.js';
import { type OwnRow, reconcile } from '../../domain/reconciliation/reconcile.js';
import { SOURCE_KIND_NO } from '../../domain/transactions/model.js';
import { isId } from '../../graphql/scalars.js';
import { answerOnce } from '../../infrastructure/db/command-key.js';
import type { Database, DbTransaction } from '../../infrastructure/db/database.js';
import { newId } from '../../infrastructure/db/ids.js';
import { authorize } from '../access/index.js';
import { readByWindow } from '../ledger/index.js';
import type { PartnerRecord } from '../partners/index.js';
import type { ProgrammeRecord } from '../programmes/index.js';
import type { ReferenceCache } from '../transactions/index.js';
import { type PartnerList, type ReadList, readList } from './partner-list.js';
import type { ReconciliationErrorCode } from './reconciliation.errors.js';
import {
  countEntriesOfOthers,
  countOfOthers,
  findEntries,
  findMessages,
  findWindows,
  insertReconciliation,
} from './reconciliation.sql.js';

/** What of ours a list is compared with: messages of some days, or the entries behind a statement. */
export type Subject = { readonly from: BusinessDate; readonly until: BusinessDate } | { readonly settlementId: string };

export interface ReconcileCommand {
  readonly programmeCode: string;
  readonly partnerCode: string;
  /** Exactly one of each. */
  readonly subjects: readonly Subject[];
  readonly lists: readonly PartnerList[];
  readonly idempotencyKey: string;
}

type Answered = Result<{ readonly reconciliationId: string }, ReconciliationErrorCode>;

const LONGEST_PERIOD_DAYS = 366;
const MOST_HERE = 100_000;

export class ReconciliationService {
  constructor(
    private readonly database: Database,
    private readonly references: ReferenceCache,
  ) {}

  async reconcile(principal: Principal, command: ReconcileCommand): Promise<Answered> {
    const { programmeCode, partnerCode, subjects, lists, idempotencyKey } = command;
    const { programmes, partners } = await this.references.fresh(this.database);
    const partner = partners.byCode(partnerCode);
    authorize(principal, 'reconciliation.run', partner && { partnerNos: [partner.no] });
    const programme = programmes.byCode(programmeCode);
    if (programme === undefined)
      return fail('UNKNOWN_PROGRAMME', `There is no programme "${programmeCode}"; check the code.`, 'programmeCode');
    if (partner === undefined || !partners.hasContractIn(partner.no, programme.no)) {
      const message = `No partner "${partnerCode}" has a contract in ${programmeCode}; check the code.`;
      return fail('UNKNOWN_PARTNER', message, 'partnerCode');
    }
    const subject = theOne(subjects);
    if (!subject.ok) return subject;
    const [list, ...others] = lists;
    if (list === undefined || others.length > 0)
      return fail('NOT_EXACTLY_ONE_LIST', 'Give either a file or rows.', 'rows');
    const messages = 'from' in subject.value;
    const read = readList(list, { partnerCode, scale: currencyScale(programme.currencyCode), messages });
    if (!read.ok) return read;
    const body = { programmeCode, partnerCode, subject: subject.value, sha256: read.value.sha256 };
    const key = { client: principal.subject, key: idempotencyKey, operation: 'RECONCILE', body };
    const comparison = { principal, programme, partner, subject: subject.value, list: read.value };
    return this.database.command((tx) => answerOnce(tx, key, () => compare(tx, comparison)));
  }
}

function theOne([subject, ...others]: readonly Subject[]): Result<Subject, ReconciliationErrorCode> {
  if (subject === undefined || others.length > 0)
    return fail('NOT_EXACTLY_ONE_SUBJECT', 'Compare either with transactions or with a settlement.', 'transactions');
  if ('settlementId' in subject) {
    return isId(subject.settlementId) ? ok(subject) : unknownSettlement();
  }
  const { from, until } = subject;
  if (until >= from && until < addDays(from, LONGEST_PERIOD_DAYS)) return ok(subject);
  const message = `Give a period of 1 to ${LONGEST_PERIOD_DAYS} days, its first day first.`;
  return fail('MALFORMED_PERIOD', message, 'transactions');
}

interface Comparison {
  readonly principal: Principal;
  readonly programme: ProgrammeRecord;
  readonly partner: PartnerRecord;
  readonly subject: Subject;
  readonly list: ReadList;
}

/** Our side, and how many rows of the list are somebody else's. */
interface OurSide {
  readonly own: readonly OwnRow[];
  countOfOthers(): Promise<number>;
}

async function compare(tx: DbTransaction, comparison: Comparison): Promise<Answered> {
  const { principal, programme, partner, subject, list } = comparison;
  const side = await ourSide(tx, comparison);
  if (!side.ok) return side;
  const { own } = side.value;
  if (own.length > MOST_HERE)
    return fail('TOO_MUCH_HERE', `There are more than ${MOST_HERE} rows on our side; compare less.`, 'transactions');
  if (list.rows.length > 0 && !knowsAny(list, own) && (await side.value.countOfOthers()) > 0) {
    // The wrong file was taken; not everything was lost.
    return fail(
      'FILE_OF_ANOTHER_PARTNER',
      `No row of the list is known of ${partner.code}, but rows of it are of another partner; give the right list.`,
      'file.text',
    );
  }
  const reconciliationId = newId();
  await insertReconciliation(tx, {
    id: reconciliationId,
    programmeNo: programme.no,
    partnerNo: partner.no,
    ...subject,
    sha256: list.sha256,
    givenCount: list.rows.length,
    hereCount: own.length,
    reconciled: reconcile(list.rows, own),
    requestedBy: principal.subject,
  });
  return ok({ reconciliationId });
}

async function ourSide(
  tx: DbTransaction,
  { programme, partner, subject, list }: Comparison,
): Promise<Result<OurSide, ReconciliationErrorCode>> {
  const { rows } = list;
  if ('from' in subject) {
    const kinds = list.kinds.map((kind) => SOURCE_KIND_NO[kind]);
    const whose = { programmeNo: programme.no, partnerNo: partner.no, ...subject, kinds };
    const own = await findMessages(tx, whose, rows, MOST_HERE + 1);
    return ok({ own, countOfOthers: () => countOfOthers(tx, partner.no, rows) });
  }
  const windows = await findWindows(tx, subject.settlementId, partner.no, programme.no);
  if (windows.length === 0) return unknownSettlement();
  await readByWindow(tx);
  const own = await findEntries(tx, windows, partner.no, MOST_HERE + 1);
  return ok({ own, countOfOthers: () => countEntriesOfOthers(tx, windows, partner.no, rows) });
}

function knowsAny({ rows }: ReadList, own: readonly OwnRow[]): boolean {
  const known = new Set(own.map(({ kind, reference }) => `${kind}/${reference}`));
  return rows.some(({ kind, reference }) => known.has(`${kind}/${reference}`));
}

const unknownSettlement = () =>
  fail('UNKNOWN_SETTLEMENT', 'There is no such settlement with a statement of the partner.', 'settlementId');
