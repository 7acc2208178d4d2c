import fc from 'fast-check';
import { winAnsi } from '../../../src/domain/settlement/win-ansi.js';

test.each([
  ['Café Zürich €5 – “ok”', 'Café Zürich €5 – “ok”'],
  ['Łódź Őr Şişli', 'Lódz Or Sisli'],
  ['Пятёрочка Щука', 'Pyaterochka Shchuka'],
  ['Αθήνα', 'Athina'],
  ['日本 🙂', '?? ?'],
  ['two\nlines\u0007', 'two?lines?'],
])('%s is written %s', (text, expected) => {
  expect(winAnsi(text)).toBe(expected);
});

test('whatever comes in, only letters of the code page come out', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      expect(winAnsi(text)).toMatch(/^[\x20-\x7e\xa0-\xff€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]*$/);
    }),
  );
});
