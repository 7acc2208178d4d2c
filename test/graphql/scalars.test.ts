import { GraphQLError, type GraphQLScalarType, parseValue } from 'graphql';
import { rate } from '../../src/domain/money/rate.js';
import {
  BusinessDateScalar,
  CurrencyCodeScalar,
  DateTimeScalar,
  DecimalScalar,
  isId,
  RateScalar,
} from '../../src/graphql/scalars.js';

const refused = (work: () => unknown): string => {
  try {
    return `taken as ${String(work())}`;
  } catch (error) {
    expect(error).toBeInstanceOf(GraphQLError);
    expect((error as GraphQLError).extensions.code).toBe('BAD_USER_INPUT');
    return (error as Error).message;
  }
};

describe('what cannot be taken exactly is refused, as a literal and as a variable', () => {
  test.each<[GraphQLScalarType, string, unknown]>([
    [DecimalScalar, '0.1', 0.1],
    [DecimalScalar, '"1e3"', '1e3'],
    [DecimalScalar, '"1,5"', '1,5'],
    [DecimalScalar, '" 1"', ' 1'],
    [DecimalScalar, '""', ''],
    [DecimalScalar, '"+1"', '+1'],
    [DecimalScalar, '".5"', '.5'],
    [DecimalScalar, '"Infinity"', Number.POSITIVE_INFINITY],
    [DecimalScalar, 'true', true],
    [DecimalScalar, 'null', 2 ** 53],
    [CurrencyCodeScalar, '"gbp"', 'gbp'],
    [CurrencyCodeScalar, '"ZZZ"', 'ZZZ'],
    [CurrencyCodeScalar, '826', 826],
    [BusinessDateScalar, '"2015-02-29"', '2015-02-29'],
    [BusinessDateScalar, '"2026-2-3"', '2026-2-3'],
    [BusinessDateScalar, '20260203', 20260203],
    [DateTimeScalar, '"2026-02-28T13:45:00"', '2026-02-28T13:45:00'],
    [DateTimeScalar, '"2026-02-30T13:45:00Z"', '2026-02-30T13:45:00Z'],
    [DateTimeScalar, '"2026-02-28"', '2026-02-28'],
    [DateTimeScalar, '"2026-02-28T24:00:00Z"', '2026-02-28T24:00:00Z'],
    [DateTimeScalar, '1772286300', 1772286300],
    [RateScalar, '"1/0"', '1/0'],
    [RateScalar, '"-5%"', '-5%'],
    [RateScalar, '0.05', 0.05],
  ])('%s %s', (scalar, literal, variable) => {
    expect(refused(() => scalar.parseLiteral(parseValue(literal)))).toMatch(`not a ${scalar.name}`);
    expect(refused(() => scalar.parseValue(variable))).toMatch(`not a ${scalar.name}: write`);
  });
});

describe('what is exact is taken', () => {
  test.each<[GraphQLScalarType, string, unknown, unknown]>([
    [DecimalScalar, '"12.30"', '12.30', '12.30'],
    [DecimalScalar, '"-0.000000000000000001"', '-0.000000000000000001', '-0.000000000000000001'],
    [DecimalScalar, '12', 12, '12'],
    [
      DecimalScalar,
      '123456789012345678901234567890',
      '123456789012345678901234567890',
      '123456789012345678901234567890',
    ],
    [CurrencyCodeScalar, '"JPY"', 'JPY', 'JPY'],
    [BusinessDateScalar, '"2024-02-29"', '2024-02-29', '2024-02-29'],
    [
      DateTimeScalar,
      '"2026-02-28T13:45:00.5+01:00"',
      '2026-02-28T13:45:00.5+01:00',
      new Date('2026-02-28T12:45:00.500Z'),
    ],
    [RateScalar, '"5%"', '5 %', rate(1n, 20n)],
    [RateScalar, '"1/3"', '2/6', rate(1n, 3n)],
  ])('%s %s', (scalar, literal, variable, value) => {
    expect(scalar.parseLiteral(parseValue(literal))).toEqual(value);
    expect(scalar.parseValue(variable)).toEqual(value);
  });
});

describe('answers', () => {
  test.each<[GraphQLScalarType, unknown, string]>([
    [DecimalScalar, '12.30', '12.30'],
    [DateTimeScalar, new Date(0), '1970-01-01T00:00:00.000Z'],
    [RateScalar, rate(1n, 20n), '5%'],
    [RateScalar, rate(1n, 3n), '1/3'],
    [RateScalar, rate(1n, 2_000n), '0.05%'],
  ])('%s %s', (scalar, value, text) => {
    expect(scalar.serialize(value)).toBe(text);
  });

  test.each<[GraphQLScalarType, unknown]>([
    [DecimalScalar, 12.3],
    [DecimalScalar, 12n],
    [DateTimeScalar, '2026-02-28T13:45:00Z'],
    [DateTimeScalar, new Date(Number.NaN)],
    [BusinessDateScalar, new Date(0)],
    [RateScalar, 0.05],
  ])('%s refuses to write %s: a bug of ours', (scalar, value) => {
    expect(() => scalar.serialize(value)).toThrow(`cannot be written as ${scalar.name}`);
  });

  test('a message never echoes a whole payload', () => {
    expect(refused(() => DecimalScalar.parseValue('9'.repeat(10_000))).length).toBeLessThan(200);
  });
});

test.each([
  ['018f3f3e-0000-7000-8000-000000000000', true],
  ['018F3F3E-0000-7000-8000-000000000000', false],
  ['not-an-id', false],
])('isId %s', (text, expected) => {
  expect(isId(text)).toBe(expected);
});
