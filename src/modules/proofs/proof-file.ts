/**
 * Proofs as text: one JSON object per line, each with the SHA-256 of its own text, so that damage is told from forgery
 * and a long proof is written, sent and checked piece by piece.
 */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Block } from '../../domain/proofs/block.js';
import type { Holder } from '../../domain/proofs/entry-leaf.js';
import type { ProofEntry, ProofHead, ProofLine, Subject } from '../../domain/proofs/proof.js';

const FORMAT = 'hansa-proof/1';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** bigint as a decimal text, bytes as hexadecimal. */
const plain = (_key: string, value: unknown): unknown => {
  if (typeof value === 'bigint') return String(value);
  return value;
};
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

function lineOf(content: object): string {
  const text = JSON.stringify(content, plain);
  return `{"digest":"${sha256(text)}","line":${text}}\n`;
}

const blockJson = ({ root, previous, history, ...rest }: Block): object => ({
  ...rest,
  root: hex(root),
  previous: hex(previous),
  history: hex(history),
});

export const writeHead = ({ subject, entryCount, head, headHash }: ProofHead): string =>
  lineOf({ format: FORMAT, subject, entryCount, head: blockJson(head), headHash: hex(headHash) });

const entryJson = ({ blind, others, postings, ...rest }: ProofEntry): object => ({
  ...rest,
  blind: hex(blind),
  others: others.map(hex),
  postings: postings.map(({ line, account, party, unit, windowNo, amount }) => [
    ...[line, account, party, unit, windowNo],
    amount,
  ]),
});

export const writeLine = ({ block, toHead, entries, neighbours }: ProofLine): string =>
  lineOf({
    block: blockJson(block),
    toHead: toHead.map(hex),
    entries: entries.map(entryJson),
    neighbours: neighbours.map(hex),
  });

const hash = z
  .string()
  .regex(/^[0-9a-f]{64}$/)
  .transform((text) => Buffer.from(text, 'hex'));
const whole = z.number().int().nonnegative();
const big = z
  .string()
  .regex(/^(0|-?[1-9]\d{0,18})$/)
  .transform(BigInt);
const instant = z.string().regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{6}Z$/);
const code = z.string().max(200);
const holder = z
  .string()
  .regex(/^(member|partner)\|[1-9]\d*$/)
  .transform((text) => text as Holder);

const block = z.strictObject({
  sequence: z.number().int().positive(),
  afterNo: big,
  uptoNo: big,
  entryCount: z.number().int().positive(),
  root: hash,
  previous: hash,
  history: hash,
  sealedAt: instant,
});

const subject = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('SETTLEMENT'),
    settlementNo: whole,
    programmeCode: code,
    partnerCode: code,
    programmeNo: whole,
    holder,
    unit: whole,
    scale: whole.max(18),
    windows: z.array(whole),
    statement: z.string(),
  }),
  z.strictObject({
    kind: z.literal('MEMBER'),
    memberCode: code,
    programmeCode: code,
    programmeNo: whole,
    holder,
    unitScale: whole.max(18),
    moneyScale: whole.max(18),
    balances: z.record(z.string().regex(/^\d{1,5}$/), big),
  }),
  z.strictObject({ kind: z.literal('CHAIN') }),
]) satisfies z.ZodType<Subject>;

const headLine = z.strictObject({
  format: z.literal(FORMAT),
  subject,
  entryCount: whole,
  head: block,
  headHash: hash,
}) satisfies z.ZodType<ProofHead>;

const posting = z
  .tuple([whole, whole, whole, whole, whole, big])
  .transform(([line, account, party, unit, windowNo, amount]) => ({ line, account, party, unit, windowNo, amount }));

const entry = z.strictObject({
  index: whole,
  no: big,
  programmeNo: whole,
  windowNo: whole,
  kind: whole,
  sourceId: z.string().regex(/^([0-9a-f-]{36})?$/),
  businessDate: z.string().regex(/^\d{4}-\d{2}-\d{2}$/),
  recordedAt: instant,
  blind: hash,
  others: z.array(hash),
  postings: z.array(posting),
}) satisfies z.ZodType<ProofEntry>;

const proofLine = z.strictObject({
  block,
  toHead: z.array(hash),
  entries: z.array(entry),
  neighbours: z.array(hash),
}) satisfies z.ZodType<ProofLine>;

const LINE = /^\{"digest":"([0-9a-f]{64})","line":(\{.*\})\}$/;

/** A sentence on why a line cannot be used. */
export class UnreadableProofError extends Error {}

/** @param place how messages name the line: "Line 3" */
function read<T>(place: string, text: string, shape: z.ZodType<T>): T {
  const [, digest, content] = LINE.exec(text) ?? [];
  if (content === undefined) throw new UnreadableProofError(`${place} is no line of a proof of this gateway.`);
  if (sha256(content) !== digest) {
    throw new UnreadableProofError(`${place} was changed after it was written: its digest is another.`);
  }
  let parsed: unknown;
  try {
    parsed = JSON.parse(content);
  } catch {
    throw new UnreadableProofError(`${place} is no JSON.`);
  }
  const result = shape.safeParse(parsed);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new UnreadableProofError(`${place} does not have the form of a proof at "${issue?.path.join('.')}".`);
}

export const readHead = (place: string, text: string): ProofHead => read<ProofHead>(place, text, headLine);
export const readLine = (place: string, text: string): ProofLine => read<ProofLine>(place, text, proofLine);
