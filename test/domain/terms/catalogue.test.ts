import {
  availableLanguages,
  CATALOGUES,
  gapsIn,
  LANGUAGES,
  languagesOf,
  parsed,
} from '../../../src/domain/terms/catalogue.js';

test.each(LANGUAGES)('the catalogue of %s is complete', (language) => {
  expect(gapsIn(CATALOGUES[language], language)).toEqual([]);
});

test('all languages are offered', () => {
  expect(availableLanguages()).toEqual(['en', 'ru', 'pt']);
});

const { ru, pt, en } = CATALOGUES;
const without = (catalogue: Readonly<Record<string, string>>, key: string): Record<string, string> =>
  Object.fromEntries(Object.entries(catalogue).filter(([each]) => each !== key));

describe('a language is not offered', () => {
  test.each([
    ['when a message is missing', without(ru, 'hold.days'), 'hold.days: the message is missing.'],
    ['when a message is empty', { ...ru, 'hold.days': ' ' }, 'hold.days: the message is missing.'],
    [
      'when a message cannot be read',
      { ...ru, title: 'Условия {' },
      'title: not a message: EXPECT_ARGUMENT_CLOSING_BRACE',
    ],
    [
      'when a plural form of the language is missing',
      { ...ru, 'hold.days': 'через {count, plural, one {{n} день} many {{n} дней} other {{n} дня}}' },
      'hold.days: {count} lacks the form "few".',
    ],
    [
      'when a count has no plural forms at all',
      { ...ru, 'hold.days': 'дней: {n} {count}' },
      'hold.days: {count} has no plural forms.',
    ],
    [
      'when a message leaves an argument out',
      { ...ru, 'effect.rate': 'в {unit}.' },
      'effect.rate: it does not say {rate}.',
    ],
    [
      'when a message wants what nothing gives',
      { ...ru, title: '{programme} {year}' },
      'title: nothing gives it {year}.',
    ],
    [
      'when a choice of words is missing',
      { ...ru, 'tiers.period.calendar': '{unit, select, MONTH {месяц} other {год}}' },
      'tiers.period.calendar: {unit} lacks the form "QUARTER".',
    ],
    ['when it has a message of its own', { ...ru, greeting: 'Здравствуйте' }, 'greeting: English has no such message.'],
  ])('%s', (_, catalogue, gap) => {
    expect(gapsIn(catalogue, 'ru')).toEqual([gap]);
    expect(languagesOf({ en, ru: catalogue, pt })).toEqual(['en', 'pt']);
  });

  test('when there is no catalogue', () => {
    expect(languagesOf({ en })).toEqual(['en']);
  });
});

test.each(LANGUAGES)('no message of %s holds a number or a quote that would hide an argument', (language) => {
  const wrong = Object.entries(CATALOGUES[language]).filter(([, message]) => /[\d']/.test(message));
  expect(wrong).toEqual([]);
});

test('no two languages say the same', () => {
  const same = Object.keys(en).filter((key) => {
    const all = LANGUAGES.map((language) => CATALOGUES[language][key as keyof typeof en]);
    // Quotes and figures in brackets are the same wherever the language writes them the same.
    return /[a-z]{4}/i.test(all[0]?.replace(/\{\w+/g, '') ?? '') && new Set(all).size < all.length;
  });
  expect(same).toEqual([]);
});

test('names are data: nothing in them is read as a message', () => {
  expect(parsed(en.title, 'en').format({ programme: "{x} <b>it's</b> #" })).toBe("Terms of {x} <b>it's</b> #");
});
