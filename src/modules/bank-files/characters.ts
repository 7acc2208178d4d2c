/**
 * The characters that every bank of the single euro payments area takes (EPC217-08): Latin letters, digits and a few
 * signs. Letters with marks lose them, a few are written out; what has no such form is refused, never left out,
 * because a name that lost its letters is another name.
 */
const WRITTEN_OUT: Readonly<Record<string, string>> = {
  Ä: 'Ae',
  Ö: 'Oe',
  Ü: 'Ue',
  ä: 'ae',
  ö: 'oe',
  ü: 'ue',
  ß: 'ss',
  ẞ: 'SS',
  Æ: 'Ae',
  æ: 'ae',
  Œ: 'Oe',
  œ: 'oe',
  Ø: 'O',
  ø: 'o',
  Å: 'A',
  å: 'a',
  Ł: 'L',
  ł: 'l',
  Đ: 'D',
  đ: 'd',
  Ð: 'D',
  ð: 'd',
  Þ: 'Th',
  þ: 'th',
  ı: 'i',
  Ħ: 'H',
  ħ: 'h',
  '&': '+',
  _: '-',
  '–': '-',
  '—': '-',
  '‘': "'",
  '’': "'",
  '`': "'",
  '´': "'",
  '“': "'",
  '”': "'",
  '„': "'",
  '"': "'",
  '*': '.',
  '!': '.',
  ';': ',',
  '%': '.',
  '=': '.',
  '@': '(at)',
  '€': 'EUR',
  '£': 'GBP',
  $: 'USD',
  '\u00a0': ' ',
  '№': 'No',
};
const ALLOWED = /^[A-Za-z0-9/\-?:().,'+ ]$/;

/** The text in these characters, or those that have no form in them. Runs of spaces become one. */
export function inSepaCharacters(
  text: string,
): { readonly ok: true; readonly text: string } | { readonly ok: false; readonly unknown: string } {
  let written = '';
  const unknown = new Set<string>();
  for (const character of text.normalize('NFC')) {
    const form = WRITTEN_OUT[character] ?? character.normalize('NFD').replace(/\p{M}/gu, '');
    if ([...form].every((letter) => ALLOWED.test(letter))) written += form;
    else unknown.add(character);
  }
  if (unknown.size > 0) return { ok: false, unknown: [...unknown].join('') };
  return { ok: true, text: written.replace(/ +/g, ' ').trim() };
}

/** References may besides neither begin nor end with a slash nor have two in a row. */
export const isSepaReference = (text: string): boolean =>
  text.length > 0 &&
  text.length <= 35 &&
  [...text].every((letter) => ALLOWED.test(letter)) &&
  !/^\/|\/$|\/\//.test(text);
