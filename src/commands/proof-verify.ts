/**
 * hansa proof verify FILE: checks what a partner or a member has downloaded, with nothing but the file: no database, no
 * gateway, no settings. Read line by line, so that a long proof needs no more room than a short one.
 */
import { createReadStream, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { Account } from '../domain/ledger/accounts.js';
import { formatDecimal } from '../domain/money/decimal.js';
import { ProofCheck, type Verdict } from '../domain/proofs/check-proof.js';
import type { ProofHead } from '../domain/proofs/proof.js';
import { statementSha256 } from '../domain/settlement/statement.js';
import { OperatorError } from '../infrastructure/operator-error.js';
import { readHead, readLine, UnreadableProofError } from '../modules/proofs/proof-file.js';

export interface VerifyProofOptions {
  /** An older proof, whose head has to be a part of the chain of this one. */
  readonly extends?: string;
  /** A statement downloaded by itself, which has to be the one that is proved. */
  readonly statement?: string;
}

interface CheckedFile extends Verdict {
  /** Undefined when not even that could be read. */
  readonly head?: ProofHead;
  /** Hashes of blocks that the file proves to be in its chain, by sequence. */
  readonly known: ReadonlyMap<number, string>;
}

export async function verifyProof(path: string, options: VerifyProofOptions): Promise<void> {
  const { holds, lines } = await sayOfProof(path, options);
  for (const line of lines) console.log(line);
  if (!holds) process.exitCode = 1;
}

/** What is to be said of a file, line by line, and whether it holds. */
export async function sayOfProof(
  path: string,
  options: VerifyProofOptions = {},
): Promise<{ readonly holds: boolean; readonly lines: readonly string[] }> {
  const checked = await checkFile(path);
  const { head } = checked;
  const faults = [...checked.faults];
  if (head !== undefined && options.statement !== undefined) faults.push(...otherStatement(head, options.statement));
  if (head !== undefined && options.extends !== undefined) {
    faults.push(...(await notExtended(checked, head, options.extends)));
  }
  if (head === undefined || faults.length > 0) {
    return { holds: false, lines: [...faults.map((fault) => `BROKEN  ${fault}`), 'The proof does not hold.'] };
  }
  const said = whatHolds(checked, head, options).map((sentence) => `holds   ${sentence}`);
  return { holds: true, lines: [...said, 'The proof holds.'] };
}

async function checkFile(path: string): Promise<CheckedFile> {
  let check: ProofCheck | undefined;
  let head: ProofHead | undefined;
  let number = 0;
  try {
    for await (const text of createInterface({ input: createReadStream(path), crlfDelay: Number.POSITIVE_INFINITY })) {
      number += 1;
      if (check === undefined) {
        head = readHead(`Line ${number}`, text);
        check = new ProofCheck(head);
      } else check.add(`line ${number}`, readLine(`Line ${number}`, text));
    }
  } catch (error) {
    if (error instanceof UnreadableProofError) return broken(error.message);
    throw new OperatorError(`${path} cannot be read: ${(error as Error).message}.`);
  }
  if (check === undefined || head === undefined) return broken('The file is empty.');
  return { ...check.finish(), head, known: check.known };
}

const broken = (fault: string): CheckedFile => ({
  faults: [fault],
  known: new Map(),
  entries: 0,
  blocks: 0,
  netMinor: 0n,
  balances: new Map(),
});

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

function otherStatement({ subject }: ProofHead, path: string): string[] {
  if (subject.kind !== 'SETTLEMENT') return ['The file proves no statement.'];
  let csv: string;
  try {
    csv = readFileSync(path, 'utf8');
  } catch (error) {
    throw new OperatorError(`${path} cannot be read: ${(error as Error).message}.`);
  }
  return csv === subject.statement ? [] : [`The statement that is proved is another than ${path}.`];
}

async function notExtended({ known }: CheckedFile, head: ProofHead, path: string): Promise<string[]> {
  const older = await checkFile(path);
  if (older.head === undefined || older.faults.length > 0) {
    return older.faults.map((fault) => `In ${path}: ${fault}`);
  }
  const { sequence } = older.head.head;
  const before = hex(older.head.headHash);
  const now = sequence === head.head.sequence ? hex(head.headHash) : known.get(sequence);
  if (now === before) return [];
  if (now === undefined) {
    return [
      `The file says nothing of block ${sequence}, the head of ${path}: download chainProof(sequence: ${sequence}) and verify that with --extends.`,
    ];
  }
  return [`Block ${sequence} was ${before} in ${path} and is ${now} now: the chain was written anew.`];
}

function whatHolds(
  { entries, blocks, netMinor, balances }: CheckedFile,
  { subject, head, headHash }: ProofHead,
  options: VerifyProofOptions,
): string[] {
  const said: string[] = [];
  if (subject.kind === 'SETTLEMENT') {
    const net = formatDecimal(netMinor, subject.scale);
    said.push(
      `settlement ${subject.settlementNo} of ${subject.programmeCode} with ${subject.partnerCode}: ${entries} entries in ${blocks} blocks come to ${net}, as the statement says line by line`,
      `the statement has the SHA-256 ${statementSha256(subject.statement)}`,
    );
  }
  if (subject.kind === 'MEMBER') {
    const units = (account: number): string => formatDecimal(balances.get(account) ?? 0n, subject.unitScale);
    const owed = formatDecimal(-(balances.get(Account.MEMBER_RECEIVABLE) ?? 0n), subject.moneyScale);
    said.push(
      `member ${subject.memberCode} of ${subject.programmeCode}: ${entries} entries in ${blocks} blocks come to ${units(Account.MEMBER_AVAILABLE)} available, ${units(Account.MEMBER_PENDING)} pending, ${units(Account.MEMBER_HELD)} held, ${owed} owed`,
    );
  }
  if (entries > 0)
    said.push('every entry is in its block as it was sealed, and every block in the chain under the head');
  if (options.extends !== undefined) said.push(`the chain goes on from the head of ${options.extends}`);
  if (options.statement !== undefined) said.push(`the statement is ${options.statement}, byte by byte`);
  said.push(`the head is block ${head.sequence}, sealed at ${head.sealedAt}: ${hex(headHash)}`);
  return said;
}
