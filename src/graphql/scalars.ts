/**
 * The schema's scalars. Each is exact both ways: nothing that passes through here is ever rounded, and
 * a value that cannot be taken exactly is refused with a sentence that shows how to write it.
 */
import { GraphQLError, GraphQLScalarType, Kind, type ValueNode } from 'graphql';
import { isBusinessDate } from '../domain/kernel/calendar.js';
import { isCurrencyCode } from '../domain/money/currency.js';
import { describeRate, formatRate, parseRate, type Rate } from '../domain/money/rate.js';

function refuse(message: string, node?: ValueNode): GraphQLError {
  return new GraphQLError(message, { ...(node && { nodes: node }), extensions: { code: 'BAD_USER_INPUT' } });
}

/** The value as a client wrote it, for messages; cut so that an answer never echoes a whole payload. */
function quoted(value: unknown): string {
  const text = typeof value === 'string' ? JSON.stringify(value) : String(value);
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

interface TextScalar<Internal> {
  readonly name: string;
  readonly description: string;
  /** Undefined when the text is not one; `expected` is then said to the client. */
  read(text: string): Internal | undefined;
  /** Undefined when the value is none: a bug of ours. */
  write(value: unknown): string | undefined;
  readonly expected: string;
  /** Whether an integer literal (or a JSON integer) is as exact as its text. */
  readonly integers?: boolean;
  readonly specifiedByURL?: string;
}

/** A scalar that travels as a JSON string. Literals and variables obey the same rule. */
function textScalar<Internal>(spec: TextScalar<Internal>): GraphQLScalarType<Internal, string> {
  const read = (text: string, node?: ValueNode): Internal => {
    const value = spec.read(text);
    if (value === undefined) throw refuse(`${quoted(text)} is not a ${spec.name}: ${spec.expected}`, node);
    return value;
  };
  return new GraphQLScalarType<Internal, string>({
    name: spec.name,
    description: spec.description,
    ...(spec.specifiedByURL !== undefined && { specifiedByURL: spec.specifiedByURL }),
    serialize(value) {
      const text = spec.write(value);
      if (text === undefined) throw new Error(`${quoted(value)} cannot be written as ${spec.name}`);
      return text;
    },
    parseValue(value) {
      if (typeof value === 'string') return read(value);
      if (spec.integers === true && Number.isSafeInteger(value)) return read(String(value));
      throw refuse(`${quoted(value)} is not a ${spec.name}: ${spec.expected}`);
    },
    parseLiteral(node) {
      if (node.kind === Kind.STRING || (spec.integers === true && node.kind === Kind.INT))
        return read(node.value, node);
      throw refuse(`This is not a ${spec.name}: ${spec.expected}`, node);
    },
  });
}

const DECIMAL = /^-?\d{1,30}(\.\d{1,18})?$/;

/** Internally the exact text; `parseMoney` and `parseDecimal` turn it into minor units of a known scale. */
export const DecimalScalar = textScalar<string>({
  name: 'Decimal',
  description:
    'An exact decimal number written as a string, such as "12.30". Never a JSON number with a fraction, which ' +
    'binary floating point cannot carry exactly; whole numbers may be given without quotes.',
  expected: 'write digits with at most one point, in quotes, such as "12.30".',
  integers: true,
  read: (text) => (DECIMAL.test(text) ? text : undefined),
  write: (value) => (typeof value === 'string' && DECIMAL.test(value) ? value : undefined),
});

export const CurrencyCodeScalar = textScalar<string>({
  name: 'CurrencyCode',
  description: 'A currency as three capital letters of ISO 4217, such as "GBP".',
  expected: 'write the three capital letters of ISO 4217, such as "GBP".',
  specifiedByURL: 'https://www.iso.org/iso-4217-currency-codes.html',
  read: (text) => (/^[A-Z]{3}$/.test(text) && isCurrencyCode(text) ? text : undefined),
  write: (value) => (typeof value === 'string' && /^[A-Z]{3}$/.test(value) ? value : undefined),
});

export const BusinessDateScalar = textScalar<string>({
  name: 'BusinessDate',
  description: 'A calendar day YYYY-MM-DD in the time zone of the programme, without a time of day.',
  expected: 'write a real calendar day as YYYY-MM-DD, such as "2026-02-28".',
  read: (text) => (isBusinessDate(text) ? text : undefined),
  write: (value) => (typeof value === 'string' && isBusinessDate(value) ? value : undefined),
});

const INSTANT = /^(\d{4}-\d{2}-\d{2})T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,9})?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)$/;

function readInstant(text: string): Date | undefined {
  const match = INSTANT.exec(text);
  return match && isBusinessDate(match[1] as string) ? new Date(text) : undefined;
}

export const DateTimeScalar = textScalar<Date>({
  name: 'DateTime',
  description:
    'An instant in ISO 8601 with its offset, such as "2026-02-28T13:45:00+01:00". Answers are in UTC with milliseconds.',
  expected: 'write ISO 8601 with seconds and an offset, such as "2026-02-28T13:45:00Z".',
  specifiedByURL: 'https://www.rfc-editor.org/rfc/rfc3339',
  read: readInstant,
  write: (value) => (value instanceof Date && !Number.isNaN(value.getTime()) ? value.toISOString() : undefined),
});

const isRate = (value: unknown): value is Rate =>
  typeof value === 'object' &&
  value !== null &&
  'numerator' in value &&
  'denominator' in value &&
  typeof value.numerator === 'bigint' &&
  typeof value.denominator === 'bigint';

/** Percentages read back as percentages; what no percentage writes exactly stays n/d. Both parse again. */
export const RateScalar = textScalar<Rate>({
  name: 'Rate',
  description:
    'An exact rate. Given as "5%", "0.05" or "1/3"; answered as a percentage where one is exact ("5%"), ' +
    'else as a fraction in lowest terms ("1/3").',
  expected: 'write a percentage "5%", a decimal "0.05" or a fraction "1/3".',
  read: parseRate,
  write: (value) => {
    if (!isRate(value)) return undefined;
    const percentage = describeRate(value).replace(' ', '');
    return percentage.endsWith('%') ? percentage : formatRate(value);
  },
});

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** Whether a client's ID can be one of ours. Ask before a query: PostgreSQL refuses other text as a uuid. */
export const isId = (text: string): boolean => UUID.test(text);
