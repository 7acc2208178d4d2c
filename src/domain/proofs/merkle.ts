/**
 * Merkle trees as RFC 6962 makes them (Certificate Transparency, section 2.1), over leaves that are hashes already.
 *
 * A node is SHA-256 of one byte 1 and its two children; a tree of n leaves has as its left part the largest power of
 * two below n. What is hashed into a leaf begins with another byte (see entry-leaf.ts), so that no node can be passed
 * off as a leaf. All hashes are 32 bytes.
 */
import { hash } from 'node:crypto';

export const HASH_BYTES = 32;

/** What stands before the bytes that are hashed, so that a hash of one thing is never the hash of another. */
export const Domain = { ENTRY: 0, NODE: 1, HOLDER: 2, BLOCK: 3 } as const;

/** SHA-256 over one byte that says what it is, then the parts. */
export const domainHash = (domain: number, ...parts: readonly Uint8Array[]): Buffer =>
  hash('sha256', Buffer.concat([Buffer.of(domain), ...parts]), 'buffer');

/** The root of no leaves: SHA-256 of nothing. */
const EMPTY = hash('sha256', '', 'buffer');

const nodeOf = (left: Uint8Array, right: Uint8Array): Buffer => domainHash(Domain.NODE, left, right);

/** The level above: pairs become nodes, an odd one at the end goes up as it is. */
function levelAbove(level: readonly Uint8Array[]): Uint8Array[] {
  const above: Uint8Array[] = [];
  for (let at = 0; at < level.length; at += 2) {
    const [left, right] = [level[at] as Uint8Array, level[at + 1]];
    above.push(right === undefined ? left : nodeOf(left, right));
  }
  return above;
}

/** The levels of a tree, from its leaves up to its root: made once where many paths of one tree are wanted. */
export type MerkleTree = readonly (readonly Uint8Array[])[];

export function merkleTree(leaves: readonly Uint8Array[]): MerkleTree {
  const levels = [leaves];
  for (let level = leaves; level.length > 1; ) {
    level = levelAbove(level);
    levels.push(level);
  }
  return levels;
}

/** The root of a tree over these leaves, in order. */
export const merkleRoot = (leaves: readonly Uint8Array[]): Buffer =>
  Buffer.from(merkleTree(leaves).at(-1)?.[0] ?? EMPTY);

/**
 * What it takes beside some leaves to compute the root: the neighbours that are not computed from them, level by
 * level from the leaves up, each level from left to right. `indexes` rise, each within the tree.
 */
export function merkleProof(tree: MerkleTree, indexes: readonly number[]): Buffer[] {
  const neighbours: Buffer[] = [];
  let known = indexes;
  for (const level of tree.slice(0, -1)) {
    for (const at of missingBeside(known, level.length)) neighbours.push(Buffer.from(level[at] as Uint8Array));
    known = parentsOf(known);
  }
  return neighbours;
}

/** The root that leaves at these places give together with their neighbours; undefined when the neighbours do not fit. */
export function rootFromProof(
  size: number,
  leaves: readonly { readonly index: number; readonly hash: Uint8Array }[],
  neighbours: readonly Uint8Array[],
): Buffer | undefined {
  const indexes = leaves.map(({ index }) => index);
  if (leaves.length === 0 || !rise(indexes, size)) return undefined;
  let known = new Map(leaves.map(({ index, hash: own }) => [index, own]));
  let used = 0;
  for (let width = size; width > 1; width = Math.ceil(width / 2)) {
    for (const at of missingBeside([...known.keys()], width)) {
      const neighbour = neighbours[used];
      if (neighbour === undefined) return undefined;
      known.set(at, neighbour);
      used += 1;
    }
    const above = new Map<number, Uint8Array>();
    for (const parent of parentsOf([...known.keys()].sort((a, b) => a - b))) {
      const [left, right] = [known.get(parent * 2) as Uint8Array, known.get(parent * 2 + 1)];
      above.set(parent, right === undefined ? left : nodeOf(left, right));
    }
    known = above;
  }
  return used === neighbours.length ? Buffer.from(known.get(0) as Uint8Array) : undefined;
}

/** Places beside the known ones that are not known themselves, rising; the last of an odd level has none beside it. */
function missingBeside(known: readonly number[], width: number): number[] {
  const there = new Set(known);
  return known.map((at) => at ^ 1).filter((at) => at < width && !there.has(at));
}

const parentsOf = (known: readonly number[]): number[] => [...new Set(known.map((at) => at >> 1))];

const rise = (indexes: readonly number[], size: number): boolean =>
  indexes.every((index, at) => Number.isSafeInteger(index) && index > (indexes[at - 1] ?? -1) && index < size);

/**
 * The roots of the perfect trees that a growing tree of `size` leaves is made of, the largest first: all that has to
 * be kept to add a leaf. There is one for every bit that is set in `size`.
 */
export type Peaks = readonly Uint8Array[];

/** The peaks after one more leaf on a tree of `size` leaves. */
export function grow(peaks: Peaks, size: number, leaf: Uint8Array): Peaks {
  const grown = [...peaks];
  let carried = leaf;
  for (let rest = size; rest % 2 === 1; rest = Math.floor(rest / 2)) {
    carried = nodeOf(grown.pop() as Uint8Array, carried);
  }
  return [...grown, carried];
}

/** The root of the tree that these peaks make up. */
export const rootOfPeaks = (peaks: Peaks): Buffer =>
  Buffer.from(peaks.length === 0 ? EMPTY : peaks.reduceRight((right, left) => nodeOf(left, right)));
