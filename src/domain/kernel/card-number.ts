/**
 * Card numbers (PANs) must never be stored, logged or echoed: a caller that sends one gets a refusal that
 * does not repeat it. This finds them, also where they hide in a reference or a descriptor.
 *
 * What counts (ISO/IEC 7812): 13 to 19 digits, not starting with 0, with a right Luhn check digit.
 *  - The whole text is such a number once what people write between digits is taken out; or
 *  - somewhere in the text stands such a number, solid or in printed groups of three and more digits.
 * One in ten numbers of that length passes Luhn by chance, so UUIDs and long hexadecimal identifiers (which
 * tokens and references often are) are left out of the search.
 */

/** Spaces, dashes, dots, slashes and invisible characters: what people and tools put between groups. */
const BETWEEN = String.raw`[\s\p{Pd}._/,\u00ad\u200b-\u200d\u2060\ufeff]`;
const SEPARATORS = new RegExp(BETWEEN, 'gu');
const DIGIT_GROUPS = new RegExp(String.raw`\d+(?:${BETWEEN}{1,3}\d+)*`, 'gu');
const SPLIT = new RegExp(`${BETWEEN}+`, 'u');
const IDENTIFIER =
  /(?<![0-9a-z])(?=[\d-]*[a-f])(?:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{32,})(?![0-9a-z])/giu;

const SHORTEST = 13;
const LONGEST = 19;
const SHORTEST_GROUP = 3;

/** Whether the text is, or contains, what looks like a card number. Total; never keeps what it saw. */
export function looksLikeCardNumber(text: string): boolean {
  if (text.length < SHORTEST) return false;
  const plain = text.normalize('NFKC').replace(IDENTIFIER, 'id');
  if (isCardNumber(plain.replace(SEPARATORS, ''))) return true;
  return (plain.match(DIGIT_GROUPS) ?? []).some((groups) => hidesCardNumber(groups.split(SPLIT)));
}

/** Every run of neighbouring groups is tried, so that an expiry date or a house number beside it hides nothing. */
function hidesCardNumber(groups: readonly string[]): boolean {
  return groups.some((_, start) => {
    let digits = '';
    for (const group of groups.slice(start)) {
      digits += group;
      if (digits.length > LONGEST) return false;
      if (isCardNumber(digits)) return true;
      if (group.length < SHORTEST_GROUP) return false;
    }
    return false;
  });
}

const isCardNumber = (digits: string): boolean =>
  digits.length >= SHORTEST && digits.length <= LONGEST && /^[1-9]\d+$/.test(digits) && passesLuhn(digits);

function passesLuhn(digits: string): boolean {
  let sum = 0;
  for (let index = 0; index < digits.length; index += 1) {
    const digit = digits.charCodeAt(digits.length - 1 - index) - 48;
    const doubled = index % 2 === 0 ? digit : digit * 2;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}
