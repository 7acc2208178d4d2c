/** Far more at once than is let in: every request is answered, what was accepted is there once, and then all is well. */
import { LIMITS } from '../../src/api/admission.js';
import { expectSoundLedger } from './sound-ledger.js';
import { euros, openSpending, PROGRAMME, type Spending } from './spending.js';

const MEMBERS = ['ann', 'bea', 'cyn', 'dot'];
const BURST = 60;
/** So many are worked on at once. */
const MOST = 6;

let shop: Spending;
beforeAll(async () => {
  shop = await openSpending({}, undefined, {
    admission: { least: 2, calm: MOST, most: MOST, answerMs: 200, bytes: LIMITS.bytes },
  });
  for (const member of MEMBERS) {
    await shop.member(member);
    await shop.earn(member, 1_000);
  }
});
afterAll(async () => {
  await expectSoundLedger(shop.db);
  await shop.close();
});

const AUTHORISE =
  'mutation ($input: RedemptionAuthoriseInput!) { redemptionAuthorise(input: $input) { redemption { id } userErrors { code } } }';
const inputOf = (reference: string, index: number) => ({
  ...{ programmeCode: PROGRAMME, partnerCode: 'm2', payer: { memberCode: MEMBERS[index % MEMBERS.length] }, reference },
  ...{ purchase: euros('100.00'), units: '10', channel: 'IN_STORE' },
});
const askFor = (reference: string, index: number) =>
  shop.edge.ask(AUTHORISE, { token: shop.tokens.m2 as string, variables: { input: inputOf(reference, index) } });
const together = <T>(work: (index: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: BURST }, (_, index) => work(index)));
/** Asks for all of them, no more at once than are let in, each until it is served; how many were. */
async function inTurn(ask: (index: number) => Promise<boolean>): Promise<number> {
  const open = Array.from({ length: BURST }, (_, index) => index);
  let served = 0;
  let turns = 0;
  const client = async (): Promise<void> => {
    for (let index = open.shift(); index !== undefined; index = open.shift()) {
      turns += 1;
      if (turns > 100 * BURST) throw new Error('The gateway does not recover.');
      if (await ask(index)) served += 1;
      else open.push(index);
    }
  };
  await Promise.all([client(), client()]);
  return served;
}
const stored = async (prefix: string): Promise<string[]> => {
  const { rows } = await shop.db.superuser.query('select reference from redemption where reference like $1', [
    `${prefix}-%`,
  ]);
  return rows.map(({ reference }: { reference: string }) => reference);
};

it('every request is answered, with the answer or with "busy"; those that ask again are all served, once', async () => {
  const first = await together((index) => askFor(`burst-${index}`, index));
  const busy = first.filter(({ status }) => status === 503);
  const served = first.filter(({ status }) => status === 200);
  expect(busy.length + served.length).toBe(BURST);
  expect(busy.length).toBeGreaterThan(0);
  expect(served.length).toBeGreaterThan(0);
  for (const { headers, errors } of busy) {
    expect(headers.get('retry-after')).toBe('1');
    expect(errors?.[0]?.extensions).toEqual({ code: 'SERVICE_UNAVAILABLE' });
  }
  for (const { data } of served) expect(data.redemptionAuthorise.userErrors).toEqual([]);
  // Refused means: nothing was done.
  expect(await stored('burst')).toHaveLength(served.length);

  const ids = new Set<string>();
  await inTurn(async (index) => {
    const { data, status } = await askFor(`burst-${index}`, index);
    if (status === 503) return false;
    expect(data.redemptionAuthorise.userErrors).toEqual([]);
    ids.add(data.redemptionAuthorise.redemption.id);
    return true;
  });
  expect(ids.size).toBe(BURST);
  expect(new Set(await stored('burst')).size).toBe(BURST);
  for (const member of MEMBERS)
    expect(await shop.balance(member)).toEqual({
      available: String(1_000 - (BURST / MEMBERS.length) * 10),
      held: String((BURST / MEMBERS.length) * 10),
    });
});

it('asked by four times as many as are let in, it refuses before it serves those who came earlier, and serves those soon', async () => {
  const REQUESTS = 8 * MOST;
  const open = Array.from({ length: REQUESTS }, (_, index) => index);
  let served = 0;
  let somebodyServed = Promise.withResolvers<void>();
  /** For each answer how many others were served between the question and it. */
  const meanwhile = { busy: [] as number[], served: [] as number[] };
  const client = async (): Promise<void> => {
    for (let index = open.shift(); index !== undefined; index = open.shift()) {
      const [before, next] = [served, somebodyServed.promise];
      const { status, data } = await askFor(`four-${index}`, index);
      meanwhile[status === 503 ? 'busy' : 'served'].push(served - before);
      if (status === 503) {
        open.push(index);
        await next;
        continue;
      }
      expect(data.redemptionAuthorise.userErrors).toEqual([]);
      served += 1;
      somebodyServed.resolve();
      somebodyServed = Promise.withResolvers();
    }
  };
  await Promise.all(Array.from({ length: 4 * MOST }, client));
  expect(served).toBe(REQUESTS);
  expect(new Set(await stored('four')).size).toBe(REQUESTS);
  expect(meanwhile.busy.length).toBeGreaterThan(0);
  const p99 = (counts: number[]): number => counts.toSorted((a, b) => a - b)[Math.ceil(0.99 * counts.length) - 1] ?? 0;
  expect(p99(meanwhile.busy)).toBeLessThanOrEqual(MOST);
  expect(p99(meanwhile.served)).toBeLessThanOrEqual(3 * MOST);
});

it('whoever hangs up leaves its place, and what it asked for is there once when it asks again', async () => {
  await together(async (index) => {
    const gone = new AbortController();
    const asked = fetch(`${shop.edge.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${shop.tokens.m2}` },
      body: JSON.stringify({ query: AUTHORISE, variables: { input: inputOf(`gone-${index}`, index) } }),
      signal: gone.signal,
    }).catch(() => undefined);
    if (index % 3 !== 0) await new Promise((resolve) => setImmediate(resolve));
    gone.abort();
    await asked;
  });
  const again = await inTurn(async (index) => {
    const { data, status } = await askFor(`gone-${index}`, index);
    if (status === 200) expect(data.redemptionAuthorise.userErrors).toEqual([]);
    return status === 200;
  });
  expect(again).toBe(BURST);
  const names = await stored('gone');
  expect(names).toHaveLength(BURST);
  expect(new Set(names).size).toBe(BURST);
});
