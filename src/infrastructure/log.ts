/**
 * One JSON line per event on standard error, so that standard output stays free for answers.
 *
 * Credentials are cut out by name and every run of 13 to 19 digits by form: a card number that somebody put
 * where it does not belong (a descriptor, an error's text) must not be kept in a log either.
 */
import { type DestinationStream, destination, type Logger, pino } from 'pino';

export type { Logger };

const SECRETS = [
  'authorization',
  'cookie',
  'password',
  'token',
  'cardToken',
  'cardNumber',
  'databaseUrl',
  'clientSecret',
];
const CARD_NUMBER = /(?<![\w.-])\d{13,19}(?![\w-])/g;

/** @param stream where the lines go; standard error unless told otherwise */
export function createLogger(level: string, stream: DestinationStream = destination({ dest: 2, sync: true })): Logger {
  return pino(
    {
      level,
      base: null,
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      formatters: { level: (label) => ({ level: label }) },
      redact: { paths: SECRETS.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]), censor: '[secret]' },
      hooks: { streamWrite: (line) => line.replace(CARD_NUMBER, '0') },
    },
    stream,
  );
}
