/** Merkle trees: the shape of RFC 6962, and that paths prove what they say and nothing else. */
import fc from 'fast-check';
import {
  domainHash,
  grow,
  merkleProof,
  merkleRoot,
  merkleTree,
  type Peaks,
  rootFromProof,
  rootOfPeaks,
} from '../../../src/domain/proofs/merkle.js';

const leaf = (n: number): Buffer => domainHash(0, Buffer.from(`leaf ${n}`));
const leavesOf = (count: number): Buffer[] => Array.from({ length: count }, (_, n) => leaf(n));
const node = (left: Uint8Array, right: Uint8Array): Buffer => domainHash(1, left, right);

test('the root of nothing is the hash of nothing, the root of one leaf is the leaf', () => {
  expect(merkleRoot([]).toString('hex')).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
  expect(merkleRoot([leaf(0)])).toEqual(leaf(0));
});

test('seven leaves make the tree of RFC 6962, section 2.1.3', () => {
  const [a, b, c, d, e, f, g] = leavesOf(7) as [Buffer, Buffer, Buffer, Buffer, Buffer, Buffer, Buffer];
  expect(merkleRoot(leavesOf(7))).toEqual(node(node(node(a, b), node(c, d)), node(node(e, f), g)));
});

/** The definition of the RFC word for word: the left part is the largest power of two below n. */
function rootOfTheRfc(leaves: readonly Buffer[]): Buffer {
  if (leaves.length === 1) return leaves[0] as Buffer;
  let left = 1;
  while (left * 2 < leaves.length) left *= 2;
  return node(rootOfTheRfc(leaves.slice(0, left)), rootOfTheRfc(leaves.slice(left)));
}

test('any number of leaves: the root is that of the RFC, also when it is grown leaf by leaf', () => {
  let peaks: Peaks = [];
  for (let count = 1; count <= 130; count += 1) {
    peaks = grow(peaks, count - 1, leaf(count - 1));
    expect(merkleRoot(leavesOf(count))).toEqual(rootOfTheRfc(leavesOf(count)));
    expect(rootOfPeaks(peaks)).toEqual(merkleRoot(leavesOf(count)));
  }
  expect(rootOfPeaks([])).toEqual(merkleRoot([]));
});

const chosen = fc
  .integer({ min: 1, max: 70 })
  .chain((size) =>
    fc.record({ size: fc.constant(size), indexes: fc.subarray([...Array(size).keys()], { minLength: 1 }) }),
  );
const picked = (size: number, indexes: readonly number[]) =>
  indexes.map((index) => ({ index, hash: leavesOf(size)[index] as Buffer }));

test('some leaves and their neighbours give the root', () => {
  fc.assert(
    fc.property(chosen, ({ size, indexes }) => {
      const neighbours = merkleProof(merkleTree(leavesOf(size)), indexes);
      expect(rootFromProof(size, picked(size, indexes), neighbours)).toEqual(merkleRoot(leavesOf(size)));
      expect(neighbours.length).toBeLessThanOrEqual(indexes.length * Math.ceil(Math.log2(size + 1)));
    }),
  );
});

test('another leaf, another place, another size or another neighbour does not', () => {
  fc.assert(
    fc.property(chosen, fc.nat(), fc.nat({ max: 255 }), ({ size, indexes }, where, byte) => {
      const root = merkleRoot(leavesOf(size));
      const neighbours = merkleProof(merkleTree(leavesOf(size)), indexes);
      const own = picked(size, indexes);
      const flipped = own.map(({ index, hash }, at) => ({
        index,
        hash: at === where % own.length ? leaf(1_000) : hash,
      }));
      expect(rootFromProof(size, flipped, neighbours)).not.toEqual(root);
      expect(rootFromProof(size, own, [...neighbours, leaf(0)])).toBeUndefined();
      if (neighbours.length > 0) {
        expect(rootFromProof(size, own, neighbours.slice(1))).toBeUndefined();
        const bent = neighbours.map((hash) => Buffer.from(hash));
        const victim = bent[where % bent.length] as Buffer;
        victim[where % 32] = (victim[where % 32] as number) ^ ((byte % 255) + 1);
        expect(rootFromProof(size, own, bent)).not.toEqual(root);
      }
    }),
  );
});

test.each([
  ['no leaf', 4, []],
  ['a place beyond the tree', 4, [4]],
  ['places that do not rise', 4, [1, 1]],
  ['a place below the tree', 4, [-1]],
  ['a place that is no whole number', 4, [0.5]],
])('%s: no root', (_, size, indexes) => {
  expect(
    rootFromProof(
      size,
      indexes.map((index) => ({ index, hash: leaf(0) })),
      [leaf(1), leaf(2)],
    ),
  ).toBeUndefined();
});
