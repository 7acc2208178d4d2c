/**
 * A feed into import_row: translated, numbered, sorted, in one transaction. A kill leaves nothing of it.
 *
 * COPY into a temporary table, then one sorted INSERT: PostgreSQL sorts on disk what does not fit in memory.
 * The cards that the rows name are staged beside the first row of each, enrolled and linked in the same transaction; so
 * what is kept in memory does not grow with the file.
 */
import { finished } from 'node:stream/promises';
import { from as copyFrom } from 'pg-copy-streams';
import type { DbTransaction } from '../../infrastructure/db/database.js';
import { newId } from '../../infrastructure/db/ids.js';
import { planForWholeTables } from '../../infrastructure/db/planning.js';
import { OperatorError } from '../../infrastructure/operator-error.js';
import { linkCards } from '../cards/index.js';
import { enrolMembers } from '../members/index.js';
import type { Feed, FeedRow } from './feed.js';
import { COPY_STAGE, type ImportRun, openStage, sortStage, stagedCards } from './import.sql.js';
import type { CardIdentity, Translator } from './translate.js';

/** Rows are handed to COPY in pieces of about this many characters. */
const COPY_PIECE = 256 * 1024;
/** Members and cards per statement. */
const BULK = 5_000;

export interface StagingOptions {
  readonly run: ImportRun;
  readonly programmeNo: number;
  readonly issuerNo: number;
  /** Equal rows of one delivery are told apart by counting them: the feed has no ids. */
  readonly numbered: boolean;
  readonly feed: Feed;
  readonly translator: Translator;
  onBytes(read: number, total: number): void;
}

/** Stages the whole feed and returns the run, ready to take rows in. */
export async function stage(tx: DbTransaction, options: StagingOptions): Promise<ImportRun> {
  await planForWholeTables(tx); // room to sort the feed in, and no time limit
  await openStage(tx);
  await copyRows(tx, options);
  const run = await sortStage(tx, options.run.id, options.numbered);
  await linkFeedCards(tx, options); // last, because others who enrol the same members wait for it
  return run;
}

async function copyRows(tx: DbTransaction, { feed, translator, onBytes }: StagingOptions): Promise<void> {
  const connection = await tx.connection();
  const copy = connection.query(copyFrom(COPY_STAGE));
  const done = finished(copy);
  done.catch(() => undefined);
  try {
    let piece = '';
    for await (const { line, cells } of feed.rows()) {
      piece += copyLine(line, cells, translator);
      if (piece.length < COPY_PIECE) continue;
      onBytes(feed.bytesRead(), feed.bytes);
      if (!copy.write(piece)) await Promise.race([new Promise((resume) => copy.once('drain', resume)), done]);
      piece = '';
    }
    copy.end(piece);
  } catch (error) {
    copy.destroy();
    throw error;
  }
  await done;
}

function copyLine(line: number, cells: FeedRow['cells'], translator: Translator): string {
  const row = 'code' in cells ? cells : translator.translate(cells);
  if ('code' in row) return `${line}\t\t\t\\N\t\\N\t\\N\t${row.code}\t${copyText(row.reason)}\t\\N\n`;
  const { sortKey, delivery, businessDate, command, newCard } = row;
  const card = newCard === undefined ? '\\N' : copyText(JSON.stringify(newCard));
  const [key, from, reference, json] = [sortKey, delivery, command.reference, JSON.stringify(command)].map(copyText);
  return `${line}\t${key}\t${from}\t${reference}\t${businessDate}\t${json}\t\\N\t\\N\t${card}\n`;
}

const SPECIAL = /[\\\t\n\r]/;
const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };

/** COPY's text format; most text needs no escape. */
const copyText = (text: string): string =>
  SPECIAL.test(text) ? text.replace(/[\\\t\n\r]/g, (character) => ESCAPES[character] as string) : text;

/** The cards of the feed become members of the programme, each with its card of the issuer. Known ones stay. */
async function linkFeedCards(tx: DbTransaction, { programmeNo, issuerNo }: StagingOptions): Promise<void> {
  for await (const staged of stagedCards(tx, BULK)) {
    const cards = [...new Set(staged)].map((text) => JSON.parse(text) as CardIdentity);
    const members = await enrolMembers(
      tx,
      programmeNo,
      cards.map(({ memberCode }) => ({ id: newId(), code: memberCode })),
    );
    const wanted = cards.map(({ token, lastFour, memberCode }) => ({
      id: newId(),
      memberNo: members.get(memberCode)?.no ?? 0,
      token,
      lastFour,
      issuerNo,
    }));
    const linked = await linkCards(tx, programmeNo, wanted);
    const taken = wanted.find(
      ({ token, memberNo }) => linked.get(token)?.memberNo !== memberNo || linked.get(token)?.issuerNo !== issuerNo,
    );
    if (taken !== undefined) {
      throw new OperatorError(
        `The card token "${taken.token}" belongs to another member or issuer of this programme already; change the token template of the mapping. Nothing was stored.`,
      );
    }
  }
}
