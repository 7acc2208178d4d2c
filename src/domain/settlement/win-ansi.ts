/**
 * Text in the letters that the standard fonts of PDF have (Windows code page 1252). Accents they lack are taken off,
 * Cyrillic and Greek are written in Latin letters, and what is left becomes "?".
 */
const BEYOND_LATIN_1 = new Set('€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ');

const LETTERS: Readonly<Record<string, string>> = Object.fromEntries(
  [
    'а a б b в v г g д d е e ё e ж zh з z и i й y к k л l м m н n о o п p р r с s т t у u ф f х kh ц ts ч ch ш sh щ shch ъ _ ы y ь _ э e ю yu я ya і i ї yi є ye ґ g ђ dj ј j љ lj њ nj ћ c џ dz',
    'α a β v γ g δ d ε e ζ z η i θ th ι i κ k λ l μ m ν n ξ x ο o π p ρ r σ s ς s τ t υ y φ f χ ch ψ ps ω o',
    'ł l đ d ħ h ı i ĸ k ŋ n ŧ t',
  ]
    .flatMap((line) => line.split(' '))
    .reduce<[string, string][]>((pairs, word, index, words) => {
      if (index % 2 === 0) pairs.push([word, words[index + 1] === '_' ? '' : (words[index + 1] as string)]);
      return pairs;
    }, []),
);

const isThere = (char: string): boolean => {
  const code = char.codePointAt(0) as number;
  return (code >= 0x20 && code <= 0x7e) || (code >= 0xa0 && code <= 0xff) || BEYOND_LATIN_1.has(char);
};

function letterOf(char: string): string {
  if (isThere(char)) return char;
  const bare = char.normalize('NFD').replace(/\p{M}/gu, '');
  const lower = bare.toLowerCase();
  const latin = LETTERS[lower];
  if (latin === undefined) return bare !== '' && [...bare].every(isThere) ? bare : '?';
  return lower === bare ? latin : latin.charAt(0).toUpperCase() + latin.slice(1);
}

/** The text as these fonts can write it. */
export const winAnsi = (text: string): string => [...text.normalize('NFC')].map(letterOf).join('');
