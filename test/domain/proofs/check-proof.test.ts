/** Proofs that hold hold; whatever is changed in one, it does not, and the place is named. */
import fc from 'fast-check';
import { ProofCheck, type Verdict } from '../../../src/domain/proofs/check-proof.js';
import type { ProofHead, ProofLine } from '../../../src/domain/proofs/proof.js';
import {
  readHead,
  readLine,
  UnreadableProofError,
  writeHead,
  writeLine,
} from '../../../src/modules/proofs/proof-file.js';
import { type Made, makeProof } from './made-proof.js';

function check({ head, lines }: Made): Verdict {
  const proof = new ProofCheck(head);
  lines.forEach((line, at) => {
    proof.add(`line ${at + 2}`, line);
  });
  return proof.finish();
}

const textOf = ({ head, lines }: Made): string => writeHead(head) + lines.map(writeLine).join('');

/** As the command line does: the first sentence that says what is wrong. */
function faultOf(text: string): string | undefined {
  try {
    const [first = '', ...rest] = text.trimEnd().split('\n');
    return check({ head: readHead('Line 1', first), lines: rest.map((line, at) => readLine(`Line ${at + 2}`, line)) })
      .faults[0];
  } catch (error) {
    if (error instanceof UnreadableProofError) return error.message;
    throw error;
  }
}

const rewards = fc.array(fc.bigInt(1n, 10_000n), { minLength: 1, maxLength: 24 });
const made = fc
  .record({ rewards, perBlock: fc.integer({ min: 1, max: 9 }) })
  .map((wanted) => makeProof(wanted.rewards, wanted.perBlock));
const EXAMPLE = makeProof([100n, 250n, 30n, 5_000n, 77n, 1n, 9_999n], 3);

test('a proof holds, also when it was written and read back', () => {
  fc.assert(
    fc.property(made, (proof) => {
      expect(check(proof).faults).toEqual([]);
      expect(check(proof).entries).toBe(proof.head.entryCount);
      expect(faultOf(textOf(proof))).toBeUndefined();
    }),
  );
});

test('any character changed: it does not hold, and the line is named', () => {
  const text = textOf(EXAMPLE);
  fc.assert(
    fc.property(fc.nat({ max: text.length - 2 }), fc.constantFrom(...'0123456789abcdef"x'), (at, other) => {
      fc.pre(text[at] !== other && text[at] !== '\n');
      const line = text.slice(0, at).split('\n').length;
      expect(faultOf(text.slice(0, at) + other + text.slice(at + 1))).toContain(`Line ${line} `);
    }),
    { numRuns: 1_000 },
  );
});

/** Paths to every value of a proof, for forging them one at a time. */
function* pathsOf(value: unknown, path: readonly (string | number)[] = []): Generator<readonly (string | number)[]> {
  if (value instanceof Uint8Array || typeof value !== 'object' || value === null) yield path;
  else for (const [key, inner] of Object.entries(value)) yield* pathsOf(inner, [...path, key]);
}

function changed(
  value: unknown,
  [key, ...rest]: readonly (string | number)[],
  change: (old: unknown) => unknown,
): unknown {
  if (key === undefined) return change(value);
  const copy: Record<string, unknown> | unknown[] = Array.isArray(value) ? [...value] : { ...(value as object) };
  (copy as Record<string, unknown>)[key] = changed((value as Record<string, unknown>)[key], rest, change);
  return copy;
}

function forged(value: unknown): unknown {
  if (typeof value === 'bigint') return value + 1n;
  if (typeof value === 'number') return value + 1;
  if (typeof value === 'string') return value.replace(/\d/, (digit) => String((Number(digit) + 1) % 10));
  const bytes = Buffer.from(value as Uint8Array);
  bytes[7] = (bytes[7] as number) ^ 1;
  return bytes;
}

test('any value of any entry, block or path forged, digests made anew: it does not hold', () => {
  for (const path of pathsOf(EXAMPLE.lines)) {
    const lines = changed(EXAMPLE.lines, path, (old) => (old === '' ? 'x' : forged(old))) as ProofLine[];
    expect([path, check({ ...EXAMPLE, lines }).faults.length > 0]).toEqual([path, true]);
  }
});

/** Labels that no hash covers; the statement repeats the number and the codes for its reader to compare. */
const LABELS = ['settlementNo', 'programmeCode', 'partnerCode', 'kind', 'statement', 'windows'];

test('any value of the head forged: it does not hold', () => {
  for (const path of pathsOf(EXAMPLE.head)) {
    if (path[0] === 'subject' && LABELS.includes(String(path[1]))) continue;
    const head = changed(EXAMPLE.head, path, forged) as ProofHead;
    expect([path, check({ ...EXAMPLE, head }).faults.length > 0]).toEqual([path, true]);
  }
});

test.each([
  ['another amount of an event', /(CONFIRMED,.*,)[\d.]+\r/, '$10.01\r', 'as amount of CONFIRMED'],
  ['another net', /(,NET,NET,.*,)[\d.]+\r/, '$10.01\r', 'as amount of NET'],
  ['another closing', /(CLOSING,.*,)[\d.]+\r/, '$10.01\r', 'as closing'],
  ['an event that no entry is behind', /CONFIRMED/, 'REFUNDED', 'of REFUNDED'],
  ['another tax of a rate', /(,TAX,.*,)([\d.]+),([\d.]+)\r/, '$10.01,$3\r', 'as tax of TAX'],
  ['no column of amounts', /amount/, 'sum', 'cannot be read'],
  ['a line cut off', /,[\d.]+\r\n$/, '', 'cannot be read'],
])('a statement with %s', (_, old, other, fault) => {
  const { subject } = EXAMPLE.head;
  if (subject.kind !== 'SETTLEMENT') throw new Error('the example is of a settlement');
  const statement = subject.statement.replace(old, other);
  expect(statement).not.toBe(subject.statement);
  const verdict = check({ ...EXAMPLE, head: { ...EXAMPLE.head, subject: { ...subject, statement } } });
  expect(verdict.faults[0]).toContain(fault);
});

describe('lines', () => {
  const [first, second, third] = EXAMPLE.lines as [ProofLine, ProofLine, ProofLine];
  test.each([
    ['one is missing', [first, third]],
    ['one stands twice', [first, second, second, third]],
    ['two have changed places', [second, first, third]],
    ['an entry is left out', [first, { ...second, entries: second.entries.slice(1) }, third]],
    ['the entries of a block are left out', [first, { ...second, entries: [], neighbours: [] }, third]],
  ])('%s', (_, lines) => {
    expect(check({ ...EXAMPLE, lines }).faults.length).toBeGreaterThan(0);
  });
});

test('a block that no chain holds is named with its line and its entries', () => {
  const [first, ...rest] = EXAMPLE.lines as [ProofLine, ...ProofLine[]];
  const entries = first.entries.map((entry, at) =>
    at === 0 ? { ...entry, postings: entry.postings.map((p) => ({ ...p, amount: p.amount * 2n })) } : entry,
  );
  expect(check({ ...EXAMPLE, lines: [{ ...first, entries }, ...rest] }).faults[0]).toBe(
    'Block 1 (line 2) does not hold the 2 entries 1001 to 1002 as written here: one of them, or its path, was changed.',
  );
});

test.each([
  ['nothing', ''],
  ['a text', 'hello'],
  ['an object of something else', '{"digest":"00","line":{}}'],
  ['a list', '[]'],
])('%s is no proof', (_, text) => {
  expect(faultOf(text)).toBe('Line 1 is no line of a proof of this gateway.');
});
