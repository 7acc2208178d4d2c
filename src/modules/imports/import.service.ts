/**
 * Importing a feed: plan, make what the mapping declares, stage and sort, then take the rows in through the
 * same pipeline as the API.
 *
 * The cursor of the run commits with the money of each page, so a kill at any point loses nothing and repeats
 * nothing: started again, the import finds its run and goes on. What happens between pages (month ends,
 * writing the rejects) may be repeated without effect.
 */
import { basename } from 'node:path';
import type { Principal } from '../../domain/access/principal.js';
import type { Database } from '../../infrastructure/db/database.js';
import { newId } from '../../infrastructure/db/ids.js';
import { authorize } from '../access/index.js';
import type { PartnerService } from '../partners/index.js';
import { loadProgrammes, type ProgrammeService } from '../programmes/index.js';
import type { SettlementService } from '../settlement/index.js';
import type { ReferenceCache } from '../transactions/index.js';
import { type Bootstrapped, bootstrap } from './bootstrap.js';
import { dryRun } from './dry-run.js';
import { fileDigest } from './feed.js';
import {
  beginRun,
  type ClosePolicy,
  finishRun,
  type ImportRun,
  lastDayTaken,
  loadRejects,
  readRun,
  todayIn,
} from './import.sql.js';
import { type ImportPlan, type ImportRequest, planImport } from './import-plan.js';
import { type ImportListener, type ImportSummary, summaryOf } from './import-summary.js';
import { monthOf, pagesOf, takePage } from './lanes.js';
import { MonthEnds } from './month-ends.js';
import { defaultRejectsFile, type RejectedLine, writeRejects } from './rejects.js';
import { alone, awaitWriters } from './run-lock.js';
import { stage } from './staging.js';

export interface ImportCommand extends ImportRequest {
  readonly closePolicy: ClosePolicy;
  /** Default: "<feed>.rejects.ndjson" in the working directory. */
  readonly rejectsFile?: string;
}

export interface ImportServices {
  readonly database: Database;
  readonly references: ReferenceCache;
  readonly programmes: ProgrammeService;
  readonly partners: PartnerService;
  readonly settlement: SettlementService;
}

/** What one import has at hand while it runs. */
interface Running extends Bootstrapped {
  readonly principal: Principal;
  readonly plan: ImportPlan;
  readonly listener: ImportListener;
  readonly closesMonths: boolean;
  /** Goes on with a run that was killed. */
  readonly resumed: boolean;
}

const REJECTS_PAGE = 5_000;

export class ImportService {
  constructor(private readonly services: ImportServices) {}

  /** Imports the file, or goes on with an import of it that was killed. Throws OperatorError for what can be mended. */
  async run(principal: Principal, command: ImportCommand, listener: ImportListener): Promise<ImportSummary> {
    authorize(principal, 'transaction.submit');
    const startedMs = performance.now();
    const plan = await planImport(command, (code) => publishedTerms(this.services.database, code));
    try {
      const fileSha256 = await fileDigest(plan.file);
      return await alone(this.services.database, `${plan.terms.code}/${fileSha256}`, () =>
        this.runAlone(principal, command, plan, fileSha256, startedMs, listener),
      );
    } finally {
      await plan.feed.close();
    }
  }

  private async runAlone(
    principal: Principal,
    command: ImportCommand,
    plan: ImportPlan,
    fileSha256: string,
    startedMs: number,
    listener: ImportListener,
  ): Promise<ImportSummary> {
    const { database } = this.services;
    const made = await bootstrap(this.services, principal, plan);
    const { closePolicy } = command;
    const key = { programmeNo: made.programme.no, fileSha256, mappingSha256: plan.mappingSha256, closePolicy };
    const found = await database.command((tx) => beginRun(tx, newId(), basename(plan.file), key));
    const resumed = found.state === 'RUNNING';
    if (resumed) await awaitWriters(database, made.programme.no);
    const running = { ...made, principal, plan, listener, closesMonths: closePolicy === 'MONTHLY', resumed };
    const begun = resumed ? await database.command((tx) => readRun(tx, found.id)) : await this.stage(running, found);
    listener.phase(resumed ? `Going on after row ${begun.nextOrdinal}` : 'Taking in', 'rows');
    listener.progress(begun.nextOrdinal, begun.totalRows);
    const { run, settlements } = await this.takeIn(running, begun);
    const rejectsFile = command.rejectsFile ?? defaultRejectsFile(plan.file);
    const rejects = await writeRejects(rejectsFile, this.rejectsOf(run));
    await database.command((tx) => finishRun(tx, run.id));
    return summaryOf(plan, {
      ...run,
      rows: run.totalRows,
      rowsHere: run.totalRows - begun.nextOrdinal,
      settlements,
      resumed,
      dryRun: false,
      startedMs,
      ...(rejects > 0 && { rejectsFile }),
    });
  }

  private stage({ plan, programme, issuerNo, listener }: Running, run: ImportRun): Promise<ImportRun> {
    const { feed, translator, mapping } = plan;
    listener.phase('Staging', 'bytes');
    return this.services.database.command((tx) =>
      stage(tx, {
        run,
        programmeNo: programme.no,
        issuerNo,
        numbered: mapping.key !== undefined,
        feed,
        translator,
        onBytes: (read, total) => listener.progress(read, total),
      }),
    );
  }

  /** Takes all rows in, in order, and ends every month on the way. */
  private async takeIn(running: Running, begun: ImportRun): Promise<{ run: ImportRun; settlements: number }> {
    const { database, references } = this.services;
    const { programme, plan, listener, closesMonths, resumed } = running;
    const feed = { programmeNo: programme.no, issuer: plan.mapping.issuer, currencyCode: programme.currencyCode };
    const last = await database.command((tx) => lastDayTaken(tx, begun.id, begun.nextOrdinal));
    // Within a page the month before it has been ended already.
    let month = last === undefined || begun.lanesDone !== 0 ? undefined : monthOf(last);
    let run = begun;
    const months = closesMonths ? await this.monthEnds(running) : undefined;
    if (resumed) await months?.resume(begun);
    for await (const page of pagesOf(database, begun)) {
      if (page.month !== undefined && month !== undefined && page.month !== month) await months?.end(run, month);
      month = page.month ?? month;
      run = await takePage(database, references, run, page, feed);
      listener.progress(run.nextOrdinal, run.totalRows);
    }
    if (month !== undefined) await months?.end(run, month);
    return { run, settlements: (await months?.finished()) ?? 0 };
  }

  private async monthEnds({ principal, programme }: Running): Promise<MonthEnds> {
    const { database, settlement } = this.services;
    const today = await database.command((tx) => todayIn(tx, programme.timeZone));
    return new MonthEnds({ database, settlement, principal, programme, today });
  }

  private async *rejectsOf(run: ImportRun): AsyncGenerator<RejectedLine> {
    for (let after = -1; run.rejected > 0; ) {
      const page = await this.services.database.command((tx) => loadRejects(tx, run.id, after, REJECTS_PAGE));
      for (const { lineNo, code, reason } of page) yield { line: lineNo, code, reason };
      if (page.length < REJECTS_PAGE) return;
      after = page.at(-1)?.ordinal ?? after;
    }
  }
}

/** What an import would do, as far as its files tell; `findTerms` is asked only when the mapping names no programme file. */
export async function dryImport(
  command: ImportRequest & { readonly rejectsFile?: string },
  findTerms: Parameters<typeof planImport>[1],
  listener: ImportListener,
): Promise<ImportSummary> {
  return dryRun(await planImport(command, findTerms), command.rejectsFile, listener);
}

/** The terms of the programme's newest version. */
export async function publishedTerms(database: Database, programmeCode: string) {
  const programmes = await database.command(loadProgrammes);
  const programme = programmes.byCode(programmeCode);
  return programme && programmes.inForce(programme.no, '9999-12-31')?.terms;
}
