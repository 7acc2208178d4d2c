import fc from 'fast-check';
import { FIELDS_OF, FieldReader, faultOfFields, placeIn, textOf } from '../../../src/domain/connectors/fields.js';

describe('faultOfFields', () => {
  it.each([
    [[{ field: 'colour' }], 'TRANSACTIONS has no field colour.'],
    [[{ field: 'title' }], 'TRANSACTIONS has no field title.'],
    [[{ field: 'amount' }, { field: 'amount' }], 'amount stands here twice.'],
    [[{ field: 'amount', path: 'total..value' }], 'The place of amount'],
    [[{ field: 'amount', path: '' }], 'The place of amount'],
    [[{ field: 'amount', path: 'a'.repeat(101) }], 'The place of amount'],
    [[{ field: 'currency', constant: '' }], 'The constant of currency'],
    [[{ field: 'kind', words: Array.from({ length: 201 }, () => ({ from: 'a', to: 'b' })) }], 'kind translates more'],
    [[{ field: 'kind', words: [{ from: 'a'.repeat(201), to: 'b' }] }], 'The words of kind'],
  ])('%j', (fields, message) => {
    expect(faultOfFields('TRANSACTIONS', fields as never)).toContain(message);
  });

  it('finds nothing wrong with any field of its capability that is called as ours', () => {
    for (const [capability, fields] of Object.entries(FIELDS_OF))
      expect(
        faultOfFields(
          capability as never,
          fields.map((field) => ({ field })),
        ),
      ).toBeUndefined();
  });
});

describe('placeIn', () => {
  it.each([
    [{ a: { b: 1 } }, 'a.b', 1],
    [{ 'a.b': 2, a: { b: 1 } }, 'a.b', 2],
    [{ a: [{ b: 3 }] }, 'a.0.b', 3],
    [{ a: null }, 'a.b', undefined],
    [{}, 'constructor', undefined],
    [{ a: {} }, 'a.__proto__.polluted', undefined],
    [[1], undefined, [1]],
    ['text', 'length', undefined],
  ])('%j at %s', (value, place, found) => {
    expect(placeIn(value, place)).toEqual(found);
  });

  it('takes whatever JSON there is and whatever place', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.string(), (value, place) => {
        placeIn(value, place);
      }),
    );
  });
});

it.each([
  [' a ', 'a'],
  ['', undefined],
  [' ', undefined],
  [12, '12'],
  [true, 'true'],
  [null, undefined],
  [{}, undefined],
  [['a'], undefined],
])('the text of %j is %s', (value, text) => {
  expect(textOf(value)).toBe(text);
});

it('a field is what stands at its place, else what holds for all, in our words', () => {
  const reader = new FieldReader('TRANSACTIONS', [
    { field: 'kind', path: 'type', constant: 'sale', words: [{ from: 'sale', to: 'PURCHASE' }] },
    { field: 'currency', constant: 'EUR' },
  ]);
  expect(reader.read({ type: 'sale' }, 'kind')).toBe('PURCHASE');
  expect(reader.read({ type: 'gift' }, 'kind')).toBe('gift');
  expect(reader.read({}, 'kind')).toBe('PURCHASE');
  expect(reader.read({}, 'currency')).toBe('EUR');
  expect(reader.read({ currency: 'CHF' }, 'currency')).toBe('CHF');
  expect(reader.read({ reference: 7 }, 'reference')).toBe('7');
  expect(reader.read(null, 'reference')).toBeUndefined();
});
