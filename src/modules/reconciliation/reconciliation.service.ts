/**
 * Reconciling: read the partner's list whole, load our side, compare, keep the run. Nothing of the books is
 * touched, and a list that is refused leaves nothing behind.
 */
import { v7 } from 'uuid';
import type { Principal } from '../../domain/access/principal.js';
import { addDays, type BusinessDate } from '../../domain/kernel/calendar.js';
import { fail, ok, type Result } from '../../domain/kernel/result.js';
import { currencyScale } from '../../domain/money/currency.js';
import { type OwnRow, reconcile } from '../../domain/reconciliation/reconcile.js';
import { SOURCE_KIND_NO } from '../../domain/transactions/model.js';
import { answerOnce } from '../../infrastructure/db/command-key.js';
import type { Database, DbTransaction } from '../../infrastructure/db/database.js';
import { authorize } from '../access/index.js';
import type { PartnerRecord } from '../partners/index.js';
import type { ProgrammeRecord } from '../programmes/index.js';
import type { ReferenceCache } from '../transactions/index.js';
import { type PartnerList, type ReadList, readList } from './partner-list.js';
import type { ReconciliationErrorCode } from './reconciliation.errors.js';
import { countOfOthers, findMessages, insertReconciliation } from './reconciliation.sql.js';

/** The partner's own messages of some days. */
export interface Period {
  readonly from: BusinessDate;
  readonly until: BusinessDate;
}

export interface ReconcileCommand {
  readonly programmeCode: string;
  readonly partnerCode: string;
  readonly period: Period;
  /** Exactly one. */
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
    const { programmeCode, partnerCode, period, lists, idempotencyKey } = command;
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
    if (period.until < period.from || period.until >= addDays(period.from, LONGEST_PERIOD_DAYS)) {
      const message = `Give a period of 1 to ${LONGEST_PERIOD_DAYS} days, its first day first.`;
      return fail('MALFORMED_PERIOD', message, 'transactions');
    }
    const [list, ...others] = lists;
    if (list === undefined || others.length > 0)
      return fail('NOT_EXACTLY_ONE_LIST', 'Give either a file or rows.', 'rows');
    const reading = { partnerCode, scale: currencyScale(programme.currencyCode), messages: true };
    const read = readList(list, reading);
    if (!read.ok) return read;
    const body = { programmeCode, partnerCode, period, sha256: read.value.sha256 };
    const key = { client: principal.subject, key: idempotencyKey, operation: 'RECONCILE', body };
    return this.database.command((tx) =>
      answerOnce(tx, key, () => compare(tx, { principal, programme, partner, period, list: read.value })),
    );
  }
}

interface Comparison {
  readonly principal: Principal;
  readonly programme: ProgrammeRecord;
  readonly partner: PartnerRecord;
  readonly period: Period;
  readonly list: ReadList;
}

async function compare(
  tx: DbTransaction,
  { principal, programme, partner, period, list }: Comparison,
): Promise<Answered> {
  const kinds = list.kinds.map((kind) => SOURCE_KIND_NO[kind]);
  const whose = { programmeNo: programme.no, partnerNo: partner.no, ...period, kinds };
  const own = await findMessages(tx, whose, list.rows, MOST_HERE + 1);
  if (own.length > MOST_HERE)
    return fail(
      'TOO_MUCH_HERE',
      `There are more than ${MOST_HERE} messages; compare a shorter period.`,
      'transactions',
    );
  const reconciled = reconcile(list.rows, own);
  if (await isOfAnother(tx, partner, list, own)) {
    return fail(
      'FILE_OF_ANOTHER_PARTNER',
      `No row of the list is known of ${partner.code}, but rows of it are of another partner; give the right list.`,
      'file.text',
    );
  }
  const reconciliationId = v7();
  await insertReconciliation(tx, {
    id: reconciliationId,
    programmeNo: programme.no,
    partnerNo: partner.no,
    ...period,
    sha256: list.sha256,
    givenCount: list.rows.length,
    hereCount: own.length,
    reconciled,
    requestedBy: principal.subject,
  });
  return ok({ reconciliationId });
}

/** None of its rows is ours, and somebody else has some: the wrong file was taken, not everything was lost. */
async function isOfAnother(
  tx: DbTransaction,
  { no }: PartnerRecord,
  { rows }: ReadList,
  own: readonly OwnRow[],
): Promise<boolean> {
  const known = new Set(own.map(({ kind, reference }) => `${kind}/${reference}`));
  if (rows.length === 0 || rows.some(({ kind, reference }) => known.has(`${kind}/${reference}`))) return false;
  return (await countOfOthers(tx, no, rows)) > 0;
}
