/** Subscriptions as server-sent events, in the protocol of graphql-sse, one stream for each: POST /graphql. */
import { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ExecutionResult } from 'graphql';
import { SIGN_IN } from '../anonymous.js';
import { bearerToken } from '../context.js';
import { refuse } from '../failures.js';
import { type Answers, type Asked, ENDINGS, type SubscriptionDesk, SubscriptionEndedError } from './desk.js';

const EVENT_STREAM = 'text/event-stream';
/** A line that says nothing, so that everybody between us knows that the stream lives. */
const BEAT = ':\n\n';
const BEAT_MS = 12_000;

export const wantsEventStream = ({ method, headers }: FastifyRequest): boolean =>
  method === 'POST' && headers.accept?.split(/[,;]/)[0]?.trim() === EVENT_STREAM;

/** Throws InvalidTokenError. */
export async function sendEventStream(
  request: FastifyRequest,
  reply: FastifyReply,
  desk: SubscriptionDesk,
): Promise<FastifyReply> {
  const token = bearerToken(request.raw);
  if (token === undefined) return refuse(reply, SIGN_IN);
  const prepared = await desk.prepare(token, (request.body ?? {}) as Asked, request.id);
  const answers = 'schema' in prepared ? await desk.subscribe(prepared) : { errors: prepared };
  if (Symbol.asyncIterator in answers) reply.raw.once('close', () => void answers.return());
  return reply
    .type(`${EVENT_STREAM}; charset=utf-8`)
    .header('cache-control', 'no-store')
    .header('x-accel-buffering', 'no')
    .header('connection', 'close') // it ends with its stream, also when the gateway stops meanwhile
    .send(Readable.from(textOf(answers), { objectMode: false, highWaterMark: 1 }));
}

async function* textOf(answers: Answers | ExecutionResult): AsyncGenerator<string> {
  yield BEAT; // some browsers wait for the first byte before they say that the stream is open
  if (Symbol.asyncIterator in answers) yield* followed(answers);
  else yield toldAs('next', answers);
  yield toldAs('complete');
}

async function* followed(answers: Answers): AsyncGenerator<string> {
  try {
    for (;;) {
      const next = answers.next();
      let answer = await orBeat(next);
      while (answer === BEAT) {
        yield BEAT;
        answer = await orBeat(next);
      }
      if (answer.done) return;
      yield toldAs('next', answer.value);
    }
  } catch (error) {
    if (!(error instanceof SubscriptionEndedError)) throw error;
    const { code, message } = ENDINGS[error.ending];
    yield toldAs('next', { errors: [{ message, extensions: { code } }] });
  } finally {
    await answers.return();
  }
}

/** What comes next, or a sign of life when that takes long. */
async function orBeat<T>(next: Promise<T>): Promise<T | typeof BEAT> {
  let timer: NodeJS.Timeout | undefined;
  const beat = new Promise<typeof BEAT>((resolve) => {
    timer = setTimeout(resolve, BEAT_MS, BEAT);
  });
  try {
    return await Promise.race([next, beat]);
  } finally {
    clearTimeout(timer);
  }
}

const toldAs = (event: 'next' | 'complete', data?: object): string =>
  `event: ${event}\ndata:${data === undefined ? '' : ` ${JSON.stringify(data)}`}\n\n`;
