/** Calls to servers that others name: which addresses are refused, and that nothing of an answer is unbounded. */
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createOutbound, type Outbound, OutboundError } from '../../../src/infrastructure/outbound/index.js';

const NAMES: Readonly<Record<string, readonly string[]>> = {
  'inside.example': ['10.1.2.3'],
  'mixed.example': ['93.184.216.34', '127.0.0.1'],
  'mapped.example': ['::ffff:192.168.1.1'],
  'public.example': ['93.184.216.34'],
  'nothing.example': [],
};
const resolve = async (host: string): Promise<readonly string[]> => {
  const found = NAMES[host];
  if (found === undefined) throw new Error('ENOTFOUND');
  return found;
};
const strict = createOutbound({ allowLoopback: false, resolve });
const loose = createOutbound({ allowLoopback: true });
afterAll(() => Promise.all([strict.close(), loose.close()]));

const codeOf = async (outbound: Outbound, url: string): Promise<string> => {
  const checked = await outbound.check(url);
  return checked.ok ? 'OK' : checked.failure.code;
};
const faultOf = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'answered',
    (error) => (error instanceof OutboundError ? error.code : String(error)),
  );

it.each([
  ['ftp://public.example/', 'MALFORMED_URL'],
  ['http://public.example/', 'MALFORMED_URL'],
  ['not an address', 'MALFORMED_URL'],
  ['https://user:secret@public.example/', 'MALFORMED_URL'],
  ['https://public.example/#here', 'MALFORMED_URL'],
  [`https://public.example/${'x'.repeat(2_000)}`, 'MALFORMED_URL'],
  ['https://public.example:22/', 'ADDRESS_REFUSED'],
  ['https://127.0.0.1/', 'ADDRESS_REFUSED'],
  ['https://2130706433/', 'ADDRESS_REFUSED'],
  ['https://0x7f.1/', 'ADDRESS_REFUSED'],
  ['https://0.0.0.0/', 'ADDRESS_REFUSED'],
  ['https://10.0.0.1/', 'ADDRESS_REFUSED'],
  ['https://172.16.0.1/', 'ADDRESS_REFUSED'],
  ['https://192.168.0.1/', 'ADDRESS_REFUSED'],
  ['https://100.64.0.1/', 'ADDRESS_REFUSED'],
  ['https://169.254.169.254/', 'ADDRESS_REFUSED'],
  ['https://224.0.0.1/', 'ADDRESS_REFUSED'],
  ['https://255.255.255.255/', 'ADDRESS_REFUSED'],
  ['https://[::1]/', 'ADDRESS_REFUSED'],
  ['https://[::]/', 'ADDRESS_REFUSED'],
  ['https://[::ffff:127.0.0.1]/', 'ADDRESS_REFUSED'],
  ['https://[fe80::1]/', 'ADDRESS_REFUSED'],
  ['https://[fd00::1]/', 'ADDRESS_REFUSED'],
  ['https://[ff02::1]/', 'ADDRESS_REFUSED'],
  ['https://[64:ff9b::7f00:1]/', 'ADDRESS_REFUSED'],
  ['https://inside.example/', 'ADDRESS_REFUSED'],
  ['https://mixed.example/', 'ADDRESS_REFUSED'],
  ['https://mapped.example/', 'ADDRESS_REFUSED'],
  ['https://nothing.example/', 'ADDRESS_REFUSED'],
  ['https://unknown.example/', 'HOST_UNKNOWN'],
  ['https://public.example/hook', 'OK'],
  ['https://public.example:8443/hook', 'OK'],
  ['https://93.184.216.34/', 'OK'],
])('%.60s is %s', async (url, code) => {
  expect(await codeOf(strict, url)).toBe(code);
});

it.each(['https://inside.example/', 'https://mixed.example/', 'https://127.0.0.1/', 'http://localhost:8080/'])(
  'calling %s is refused, whatever was registered',
  async (url) => {
    expect(await faultOf(strict.call({ url, method: 'GET', timeoutMs: 1_000, maxBytes: 10 }))).toBe('ADDRESS_REFUSED');
  },
);

it('loopback is called only where it is allowed, and nothing else private is', async () => {
  expect(await codeOf(loose, 'http://127.0.0.1:8080/')).toBe('OK');
  expect(await codeOf(loose, 'http://localhost:8080/')).toBe('OK');
  expect(await codeOf(loose, 'http://10.0.0.1/')).toBe('MALFORMED_URL');
  expect(await codeOf(loose, 'https://10.0.0.1/')).toBe('ADDRESS_REFUSED');
});

describe('a server that answers in its own way', () => {
  const ways: Record<string, RequestListener> = {
    '/hello': (_request, response) => response.end('hello'),
    '/large': (_request, response) => response.end('x'.repeat(100_000)),
    '/endless': (_request, response) => void response.write('x'),
    '/hang': () => undefined,
    '/redirect': (_request, response) => response.writeHead(302, { location: '/hello' }).end(),
    '/break': (request) => request.socket.destroy(),
  };
  const server = createServer((request, response) => ways[request.url ?? '']?.(request, response));
  let base: string;
  beforeAll(async () => {
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });
  const call = (path: string, more: object = {}) =>
    loose.call({ url: base + path, method: 'GET', timeoutMs: 5_000, maxBytes: 1_000, ...more });

  it('is read to its bound and no further', async () => {
    expect((await call('/hello')).body.toString()).toBe('hello');
    expect(await faultOf(call('/large'))).toBe('TOO_LARGE');
    expect((await call('/large', { beyond: 'CUT' })).body).toHaveLength(1_000);
  });

  it('is given up at the deadline, before and within its answer, or when the caller gives up', async () => {
    expect(await faultOf(call('/hang', { timeoutMs: 50 }))).toBe('TIMED_OUT');
    expect(await faultOf(call('/endless', { timeoutMs: 50 }))).toBe('TIMED_OUT');
    expect(await faultOf(call('/hang', { signal: AbortSignal.timeout(50) }))).toBe('CANCELLED');
    expect(await faultOf(call('/break'))).toBe('UNREACHABLE');
  });

  it('is not followed elsewhere', async () => {
    expect((await call('/redirect')).status).toBe(302);
  });
});
