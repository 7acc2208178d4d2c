/**
 * Publishing programmes.
 */
import { UniqueConstraintViolationException } from '@mikro-orm/core';
import type { MikroORM } from '@mikro-orm/postgresql';
import type { Principal } from '../../domain/access/principal.js';
import type { ProgrammeTerms } from '../../domain/earning/model.js';
import type { BusinessDate } from '../../domain/kernel/calendar.js';
import { invariant } from '../../domain/kernel/invariant.js';
import { databaseTime } from '../../infrastructure/db/clock.js';
import type { Database, DbTransaction } from '../../infrastructure/db/database.js';
import { newId } from '../../infrastructure/db/ids.js';
import { administer } from '../../infrastructure/db/orm.js';
import type { YamlFault } from '../../infrastructure/yaml.js';
import { authorize } from '../access/index.js';
import { type CheckedProgramme, checkProgramme, type LocateFault } from '../programme-files/index.js';
import { ProgrammeEntity } from './programme.entity.js';
import type { ProgrammeErrorCode, ProgrammeFailure } from './programme.errors.js';
import { type Publication, PublicationService } from './publication.service.js';

/** What the ledger needs to know to open a programme's books. */
export interface ProgrammeBooks {
  readonly no: number;
  readonly currencyCode: string;
  readonly currencyScale: number;
  readonly unitCode: string;
  readonly unitScale: number;
}

/** Opens the books of a programme; does nothing when they are open. */
export type OpenBooks = (tx: DbTransaction, books: ProgrammeBooks) => Promise<void>;

export interface ApplyOptions {
  /** Names the file in messages. */
  readonly fileName?: string;
  /** Counts from this day instead of the file's. */
  readonly effectiveFrom?: BusinessDate;
}

export type Checked =
  | { readonly ok: true; readonly terms: ProgrammeTerms; readonly fault: LocateFault; readonly examples: number }
  | {
      readonly ok: false;
      readonly failures: readonly [ProgrammeFailure, ...ProgrammeFailure[]];
      readonly examples: number;
    };

/** UNCHANGED: the newest version has this very text and first day already. WAITING: it takes a second person. */
export type Applied = { readonly ok: true; readonly examples: number } & Publication;

type Refused = Extract<Checked, { ok: false }>;

export class ProgrammeService {
  /** Its versions, and the proposals that wait to become one. */
  readonly publication: PublicationService;

  /**
   * @param orm connections of the writer role
   * @param database the same pool, for opening the books
   */
  constructor(
    private readonly orm: MikroORM,
    private readonly database: Database,
    private readonly openBooks: OpenBooks,
  ) {
    this.publication = new PublicationService(orm);
  }

  /** Validates a programme and runs its examples; stores nothing. */
  check(principal: Principal, source: string, fileName = 'programme.yaml'): Checked {
    authorize(principal, 'programme.publish');
    return checked(checkProgramme(source, fileName));
  }

  /**
   * Publishes a programme as its next version, refusing anything `check` finds. The same text and first day as
   * the newest version changes nothing. Where the version in force asks for two people, it becomes a proposal.
   *
   * Three short transactions: the programme's row, its books, the version. Only the version makes a programme
   * usable, so no purchase ever meets a programme without books, and a crash in between is mended by applying
   * again.
   */
  async apply(principal: Principal, source: string, options: ApplyOptions = {}): Promise<Applied | Refused> {
    authorize(principal, 'programme.publish');
    const check = checked(checkProgramme(source, options.fileName ?? 'programme.yaml'));
    if (!check.ok) return check;
    const { terms, fault, examples } = check;
    const programme = await this.enter(terms);
    const fixed = whatIsFixed(programme, terms, fault);
    if (fixed !== undefined) return { ok: false, failures: [fixed], examples };
    await this.database.command((tx) => this.openBooks(tx, booksOf(programme.no, terms)));
    const publication = await this.publication.publish(programme.id, {
      name: terms.name,
      source,
      effectiveFrom: options.effectiveFrom ?? terms.effectiveFrom,
      approvals: terms.approvals,
      by: principal.subject,
    });
    if (publication.ok) return { ok: true, ...publication.value, examples };
    const { code, message } = publication.failure;
    const refusal = failure(code, fault(code === 'VERSION_IN_THE_PAST' ? ['effectiveFrom'] : [], message));
    const isOption = code === 'VERSION_IN_THE_PAST' && options.effectiveFrom !== undefined;
    return { ok: false, failures: [isOption ? { ...refusal, field: 'effectiveFrom' } : refusal], examples };
  }

  /** The programme's row, made when it is new. Two first applications at once make one row. */
  private async enter(terms: ProgrammeTerms): Promise<ProgrammeEntity> {
    const { code, name, currencyCode, unit, timeZone } = terms;
    const find = (): Promise<ProgrammeEntity | null> => this.orm.em.fork().findOne(ProgrammeEntity, { code });
    const known = await find();
    if (known !== null) return known;
    try {
      return await administer(this.orm, async (em) => {
        const createdAt = await databaseTime(em);
        const row = {
          id: newId(),
          code,
          name,
          currencyCode,
          unitCode: unit.code,
          unitScale: unit.scale,
          timeZone,
          createdAt,
        };
        return em.create(ProgrammeEntity, row);
      });
    } catch (error) {
      const winner = error instanceof UniqueConstraintViolationException ? await find() : null;
      if (winner === null) throw error;
      return winner;
    }
  }
}

function checked({ problems, examples, sound }: CheckedProgramme): Checked {
  const code = sound === undefined ? 'INVALID_PROGRAMME' : 'EXAMPLE_FAILED';
  const [first, ...others] = problems.map((problem) => failure(code, problem));
  if (first !== undefined) return { ok: false, failures: [first, ...others], examples };
  invariant(sound !== undefined, 'a programme without problems is sound');
  return { ok: true, ...sound, examples };
}

const failure = (code: ProgrammeErrorCode, { message, line, column, field }: YamlFault): ProgrammeFailure => ({
  code,
  message,
  field: 'source',
  line,
  column,
  path: field,
});

const booksOf = (no: number, { currencyCode, currencyScale, unit }: ProgrammeTerms): ProgrammeBooks => ({
  no,
  currencyCode,
  currencyScale,
  unitCode: unit.code,
  unitScale: unit.scale,
});

/** What the ledger already holds in one currency, unit and day cannot be reread in another. */
function whatIsFixed(
  programme: ProgrammeEntity,
  terms: ProgrammeTerms,
  fault: LocateFault,
): ProgrammeFailure | undefined {
  const refuse = (code: ProgrammeErrorCode, path: readonly string[], keeps: string): ProgrammeFailure =>
    failure(code, fault(path, `The programme "${terms.code}" keeps its ${keeps}; publish under another code instead.`));
  const { currencyCode, unitCode, unitScale, timeZone } = programme;
  if (currencyCode !== terms.currencyCode) return refuse('CURRENCY_FIXED', ['currency'], `currency ${currencyCode}`);
  if (unitCode !== terms.unit.code) return refuse('UNIT_FIXED', ['unit', 'code'], `unit ${unitCode}`);
  if (unitScale !== terms.unit.scale) return refuse('UNIT_FIXED', ['unit', 'scale'], `unit's ${unitScale} decimals`);
  return timeZone === terms.timeZone ? undefined : refuse('TIME_ZONE_FIXED', ['timeZone'], `time zone ${timeZone}`);
}
