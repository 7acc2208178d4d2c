/**
 * How much of a merchant's name a card statement's text shows. Acquirers cut such texts off, put branches, towns and
 * numbers behind them, and write everything in capitals.
 */

/** Words that many merchants have and that tell none from another. */
const EMPTY = new Set([
  'ltd',
  'limited',
  'gmbh',
  'inc',
  'llc',
  'plc',
  'co',
  'the',
  'and',
  'www',
  'com',
  'shop',
  'store',
]);
/** A word that was cut off still has so many letters. */
const SHORTEST_CUT = 4;

function wordsOf(text: string): string[] {
  const plain = text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
  return plain.split(/[^\p{L}\p{N}]+/u).filter((word) => word.length > 1 && !/^\p{N}+$/u.test(word));
}

/** The words by which a name is known, or all of it when it has no other. */
function tellingWords(name: string): string[] {
  const words = wordsOf(name);
  const telling = words.filter((word) => !EMPTY.has(word));
  return telling.length > 0 ? telling : words;
}

/** Per cent of the letters of `name` whose words stand in `text`: whole, run together, or cut off at the end. */
export function nameLikeness(name: string, text: string): number {
  const words = tellingWords(name);
  const shown = wordsOf(text);
  const together = shown.join('');
  const letters = words.reduce((sum, word) => sum + word.length, 0);
  if (letters === 0) return 0;
  const found = words.filter(
    (word) =>
      shown.some(
        (other) =>
          other === word ||
          (other.length >= SHORTEST_CUT && word.startsWith(other)) ||
          (word.length >= SHORTEST_CUT && other.startsWith(word)),
      ) ||
      (word.length > SHORTEST_CUT && together.includes(word)),
  );
  return Math.floor((100 * found.reduce((sum, word) => sum + word.length, 0)) / letters);
}

/** The best of several names of one merchant. */
export const bestLikeness = (names: readonly string[], text: string): number =>
  names.reduce((best, name) => Math.max(best, nameLikeness(name, text)), 0);
