/**
 * The one way out to servers that others name: webhook receivers and partners.
 *
 * A name is looked up by us and the connection goes to the very addresses that were checked, at every call, so that
 * a name which changes its mind in between gains nothing. No redirects, a deadline for the whole call, and an answer
 * that is read up to its bound only.
 */
import { lookup as systemLookup } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { Agent, type Dispatcher, request } from 'undici';
import { fail, ok, type Result } from '../../domain/kernel/result.js';
import { traceHeaders } from '../tracing.js';
import { type AddressFaultCode, checkUrl, hostOf, isCallable, refused } from './address.js';

export interface OutboundOptions {
  /** Development and tests only: http:// and loopback addresses. */
  readonly allowLoopback: boolean;
  /** All addresses of a name; the system's when absent. */
  readonly resolve?: (host: string) => Promise<readonly string[]>;
}

export interface OutboundCall {
  readonly url: string;
  readonly method: 'GET' | 'POST';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** For the whole call, looking the name up and reading the answer included. */
  readonly timeoutMs: number;
  /** Of the answer's body. */
  readonly maxBytes: number;
  readonly signal?: AbortSignal;
  /** What to do with a body beyond its bound: fail (the default), or keep its beginning. */
  readonly beyond?: 'FAIL' | 'CUT';
}

export interface OutboundAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
}

export type OutboundFaultCode = 'ADDRESS_REFUSED' | 'TIMED_OUT' | 'TOO_LARGE' | 'UNREACHABLE' | 'CANCELLED';

/** Why there is no answer. The message names no address: it may be shown to whoever owns the receiver. */
export class OutboundError extends Error {
  override readonly name = 'OutboundError';
  constructor(
    readonly code: OutboundFaultCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

export interface Outbound {
  /** Whether an address may be called, its name looked up: for when it is registered. */
  check(url: string): Promise<Result<URL, AddressFaultCode>>;
  /** Any status is an answer. Throws OutboundError. */
  call(call: OutboundCall): Promise<OutboundAnswer>;
  close(): Promise<void>;
}

class RefusedAddressError extends Error {}

const KEEP_ALIVE_MS = 10_000;

export function createOutbound({ allowLoopback, resolve = systemResolve }: OutboundOptions): Outbound {
  /** The addresses of a name, or nothing when one of them may not be called: such a name is up to something. */
  const callableAddresses = async (host: string): Promise<readonly string[]> => {
    const addresses = await resolve(host);
    if (addresses.length === 0 || !addresses.every((address) => isCallable(address, allowLoopback)))
      throw new RefusedAddressError();
    return addresses;
  };
  const lookup: LookupFunction = (host, options, done) => {
    callableAddresses(host).then(
      (addresses) => {
        const found = addresses.map((address) => ({ address, family: isIP(address) }));
        const [first] = found as [{ address: string; family: number }];
        if (options.all === true) done(null, found);
        else done(null, first.address, first.family);
      },
      (error: Error) => done(error, '', 0),
    );
  };
  const agent = new Agent({
    connect: { lookup },
    keepAliveTimeout: KEEP_ALIVE_MS,
    // The deadline of the call is the only one.
    headersTimeout: 0,
    bodyTimeout: 0,
  });
  return {
    async check(text) {
      const checked = checkUrl(text, allowLoopback);
      if (!checked.ok || isIP(hostOf(checked.value)) !== 0) return checked;
      try {
        await callableAddresses(hostOf(checked.value));
        return ok(checked.value);
      } catch (error) {
        if (error instanceof RefusedAddressError) return refused();
        return fail('HOST_UNKNOWN', 'The name in the address is not known; check it.', 'url');
      }
    },
    async call(call) {
      const checked = checkUrl(call.url, allowLoopback);
      if (!checked.ok) throw new OutboundError('ADDRESS_REFUSED', checked.failure.message);
      const deadline = AbortSignal.timeout(call.timeoutMs);
      const signal = call.signal === undefined ? deadline : AbortSignal.any([deadline, call.signal]);
      try {
        const answer = await request(checked.value, {
          dispatcher: agent,
          method: call.method,
          signal,
          headers: { ...traceHeaders(), ...call.headers },
          ...(call.body !== undefined && { body: call.body }),
        });
        const body = await readBounded(answer.body, call);
        return { status: answer.statusCode, headers: answer.headers, body };
      } catch (error) {
        throw faultOf(error, deadline, call);
      }
    },
    close: () => agent.destroy(),
  };
}

async function readBounded(
  body: Dispatcher.ResponseData['body'],
  { maxBytes, beyond = 'FAIL' }: OutboundCall,
): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  // Leaving the loop destroys the stream, and with it the connection on which the rest would come.
  for await (const chunk of body as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    length += chunk.length;
    if (length <= maxBytes) continue;
    if (beyond === 'FAIL') throw new OutboundError('TOO_LARGE', `The answer is larger than ${maxBytes} bytes.`);
    break;
  }
  return Buffer.concat(chunks).subarray(0, maxBytes);
}

function faultOf(error: unknown, deadline: AbortSignal, { timeoutMs, signal }: OutboundCall): OutboundError {
  if (error instanceof OutboundError) return error;
  if (error instanceof RefusedAddressError)
    return new OutboundError('ADDRESS_REFUSED', 'The address lies in a network that is not public.');
  if (deadline.aborted) return new OutboundError('TIMED_OUT', `There was no answer within ${timeoutMs} ms.`);
  if (signal?.aborted) return new OutboundError('CANCELLED', 'The call was given up.');
  return new OutboundError('UNREACHABLE', 'The connection could not be made, or broke.', { cause: error });
}

const systemResolve = (host: string): Promise<string[]> =>
  new Promise((done, failed) => {
    systemLookup(host, { all: true }, (error, found) =>
      error === null ? done(found.map(({ address }) => address)) : failed(error),
    );
  });
