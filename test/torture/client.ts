/**
 * A client as the API wants it: it keeps what it asks until it is answered, and asks again, with the same key, when it
 * does not know what became of it.
 */
import { request } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import type { Random } from '../model/random.js';
import type { GatewayProcess } from './gateway-process.js';

/** Then it is sent again, to whoever answers; each time it waits for longer, lest it adds to what keeps it waiting. */
const ATTEMPT_TIMEOUTS_MS: readonly number[] = [3_000, 6_000, 12_000];
const LONGEST_TIMEOUT_MS = 30_000;
const PATIENCE_MS = 300_000;
/** In which everything is asked again. */
const LANES = 8;

interface Answer {
  readonly data?: object;
  readonly errors?: readonly { readonly message: string; readonly extensions?: { readonly code?: string } }[];
}

type Attempt =
  | { readonly answer: Answer & { readonly data: NonNullable<Answer['data']> } }
  /** Resolves when nothing can come of it any more. */
  | { readonly why: string; readonly ended: Promise<void> };

export interface Request {
  readonly token: string;
  readonly query: string;
  readonly variables: object;
}

/** What was accepted, and by which names. */
export interface Acknowledged {
  readonly request: Request;
  readonly ids: readonly string[];
}

/** Breaks a promise that the API makes. */
export class Violation extends Error {
  override readonly name = 'Violation';
}

export class PatientClient {
  readonly acknowledged: Acknowledged[] = [];
  /** How many of the same are sent at once. */
  copies = 1;
  /** Most that a message waits before it is sent at all. */
  delayMs = 0;
  /** For how long an attempt waits; what has no key is asked once, however long it takes. */
  timeoutsMs: readonly number[] = [PATIENCE_MS];
  asked = 0;
  answered = 0;
  resent = 0;
  /** Why attempts had no answer, and how often. */
  readonly lost = new Map<string, number>();

  /** From now on what is asked has a key, or is the same when it is done twice. */
  begin(): void {
    this.acknowledged.length = 0;
    this.timeoutsMs = ATTEMPT_TIMEOUTS_MS;
  }

  constructor(
    private readonly gateways: readonly GatewayProcess[],
    private readonly random: Random,
  ) {}

  // biome-ignore lint/suspicious/noExplicitAny: answers have whatever shape was asked for
  readonly ask = async (token: string, query: string, variables: object = {}): Promise<any> => {
    const wanted = { token, query, variables };
    const { data, ids, accepted } = await this.untilAnswered(wanted);
    this.answered += 1;
    if (accepted) this.acknowledged.push({ request: wanted, ids });
    return data;
  };

  /** Asks everything again that was accepted: the answers are the same, whatever has happened since. */
  async expectAllStored(): Promise<number> {
    const waiting = [...this.acknowledged];
    const lane = async (): Promise<void> => {
      for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) await this.expectStored(next);
    };
    await Promise.all(Array.from({ length: LANES }, lane));
    return this.acknowledged.length;
  }

  private async expectStored({ request: wanted, ids }: Acknowledged): Promise<void> {
    const again = await this.untilAnswered(wanted);
    if (again.accepted && isDeepStrictEqual(again.ids, ids)) return;
    const now = JSON.stringify(again.data);
    throw new Violation(`What was answered is not there as it was: ${said(wanted)} got ${ids}, and now ${now}`);
  }

  private async untilAnswered(wanted: Request) {
    if (this.delayMs > 0) await delay(this.random.below(this.delayMs));
    this.asked += 1;
    const deadline = performance.now() + PATIENCE_MS;
    let unknown: Promise<void>[] = [];
    for (let wave = 0; ; wave += 1) {
      const first = this.random.below(this.gateways.length);
      const copies = Array.from({ length: wave === 0 ? this.copies : 1 }, (_, copy) => first + wave + copy);
      this.resent += copies.length - (wave === 0 ? 1 : 0);
      const attempts = await Promise.all(copies.map((nth) => this.attempt(nth % this.gateways.length, wanted, wave)));
      const answers = attempts.flatMap((each) => ('answer' in each ? [each.answer.data] : []));
      const accepted = answers.filter(isAccepted);
      const [granted] = accepted;
      if (granted !== undefined) {
        const ids = idsIn(granted);
        for (const other of accepted)
          if (!isDeepStrictEqual(idsIn(other), ids))
            throw new Violation(`One key, two answers: ${said(wanted)} got ${ids} and ${idsIn(other)}`);
        return { data: granted, ids, accepted: true };
      }
      const lost = attempts.flatMap((each) => ('why' in each ? [each] : []));
      for (const { why } of lost) this.lost.set(why, (this.lost.get(why) ?? 0) + 1);
      const [refused] = answers;
      // A refusal counts when none of the attempts can be accepted after it.
      if (refused !== undefined && lost.length === 0 && unknown.length === 0)
        return { data: refused, ids: [], accepted: false };
      if (performance.now() > deadline)
        throw new Violation(`Nobody answers ${said(wanted)}: ${lost.map(({ why }) => why)}`);
      unknown.push(...lost.map(({ ended }) => ended));
      if (refused !== undefined) {
        await Promise.all(unknown);
        unknown = [];
      } else await delay(20 + this.random.below(100 * (wave + 1)));
    }
  }

  private attempt(nth: number, { token, query, variables }: Request, wave: number): Promise<Attempt> {
    const { proxy } = this.gateways[nth] as GatewayProcess;
    const body = JSON.stringify({ query, variables });
    return new Promise((resolve) => {
      // A connection each, so that it is known which of them was broken.
      const sent = request({
        ...{ host: '127.0.0.1', port: proxy.port, path: '/graphql', method: 'POST', agent: false },
        headers: {
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(body),
          authorization: `Bearer ${token}`,
        },
      });
      let port = 0;
      const lost = (why: string): void => {
        sent.destroy();
        resolve({ why, ended: proxy.ended(port) });
      };
      sent.on('socket', (socket) => socket.on('connect', () => (port = socket.localPort ?? 0)));
      const timer = setTimeout(() => lost('no answer in time'), this.timeoutsMs[wave] ?? LONGEST_TIMEOUT_MS);
      sent.on('close', () => clearTimeout(timer));
      sent.on('error', ({ message }) => lost(message));
      sent.on('response', (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (piece: string) => (text += piece));
        response.on('error', ({ message }) => lost(message));
        response.on('close', () => lost('the answer broke off'));
        response.on('end', () => {
          const answer = parsed(text);
          const { data, errors } = answer;
          if (data && errors === undefined) {
            if (isBusy(data)) lost('busy');
            else resolve({ answer: { ...answer, data } });
          } else lost(`${response.statusCode} ${errors?.map(({ message }) => message) ?? text.slice(0, 200)}`);
        });
      });
      sent.end(body);
    });
  }
}

function parsed(text: string): Answer {
  try {
    return JSON.parse(text) as Answer;
  } catch {
    return {};
  }
}

/** Why anything was refused, in a list too. */
const refusalsIn = (value: unknown): readonly { readonly code: string }[] =>
  typeof value !== 'object' || value === null
    ? []
    : Object.entries(value).flatMap(([key, each]) => (key === 'userErrors' ? each : refusalsIn(each)));

/** Nothing has happened: it asks to be asked again. */
const isBusy = (data: object): boolean => refusalsIn(data).some(({ code }) => code === 'BUSY');

const isAccepted = (data: object): boolean => refusalsIn(data).length === 0;

/** Every name that an answer gives, in order. */
function idsIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, each]) =>
    typeof each === 'string' && /(^i|I)d$/.test(key) ? [each] : idsIn(each),
  );
}

const said = ({ query, variables }: Request): string => `${/\{ (\w+)\(/.exec(query)?.[1]} ${JSON.stringify(variables)}`;
