/** Partners that the gateway asks: their feeds page by page through the pipeline, whatever the partner does. */
import { mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Mood, PartnerServer } from '../support/partners/partner-server.js';
import { GRAPHQL_FEED, JSON_FEED, openShop, SALE_FIELDS, type Sale } from '../support/partners/shop.js';
import { expectSoundLedger } from './sound-ledger.js';
import { openSpending, PROGRAMME, type Spending } from './spending.js';

let world: Spending;
let shop: PartnerServer;
let sales: Sale[];
const folders = mkdtempSync(join(tmpdir(), 'hansa-folders-'));
let no = 0;

const sale = (more: Partial<Sale> = {}): Sale => {
  no += 1;
  return {
    no: `sale-${no}`,
    type: 'sale',
    customer: 'ada',
    total: { value: 12.5 },
    at: '2026-02-27T10:00:00Z',
    ...more,
  };
};

const SELECTION = 'connector { id code status cursor failures lastFaultCode } userErrors { code field }';
const create = (code: string, more: object = {}, token = world.admin) =>
  world.change(
    token,
    'connectorCreate',
    {
      ...{ code, partnerCode: 'm1', programmeCode: PROGRAMME, kind: 'HTTP_JSON', address: shop.url },
      ...{ endpoints: [JSON_FEED], everySeconds: 5 },
      ...more,
    },
    SELECTION,
  );

async function run(code: string) {
  const principal = { kind: 'ADMIN', subject: 'test', scopes: new Set(['partners:write']) } as never;
  const fetched = await world.services.feeds.runNow(principal, code, new AbortController().signal);
  if (!fetched.ok) throw new Error(fetched.failure.code);
  return fetched.value;
}

async function connector(code: string) {
  const { connectors } = await world.ask(world.admin, '{ connectors(first: 250) { nodes { id code } } }');
  const { id } = connectors.nodes.find((each: { code: string }) => each.code === code);
  const { connector: found } = await world.ask(
    world.admin,
    `{ connector(id: "${id}") { id code status cursor failures lastFaultCode lastFaultDetail newestAt
       runs { nodes { pages accepted duplicates rejected faultCode endedAt } }
       rejects { nodes { reference code line fileName } } } }`,
  );
  return found;
}

/** Pauses, resumes or removes. */
async function turn(name: string, connectorId: string) {
  const data = await world.ask(
    world.admin,
    `mutation ($input: ConnectorInput!) { ${name}(input: $input) { ${SELECTION} } }`,
    { input: { connectorId } },
  );
  return data[name];
}

async function transactionsOf(code: string): Promise<number> {
  const { rows } = await world.db.superuser.query(
    'select count(*)::int as n from transaction t join member m on m.no = t.member_no where m.code = $1',
    [code],
  );
  return rows[0].n;
}

const pending = async (code: string): Promise<string> =>
  (
    await world.ask(
      world.admin,
      `{ member(code: "${code}", programmeCode: "${PROGRAMME}") { balance { pending available } } }`,
    )
  ).member.balance.pending;

beforeAll(async () => {
  world = await openSpending({}, { root: folders, settleMs: 20 });
  await world.member('ada');
});
beforeEach(async () => {
  sales = [];
  shop = await openShop(sales);
});
afterEach(() => shop.close());
afterAll(async () => {
  await expectSoundLedger(world.db);
  await world.close();
  rmSync(folders, { recursive: true });
});

describe('what is refused', () => {
  it.each([
    ['a code that is none', { code: 'Not A Code' }, 'MALFORMED_CODE', 'code'],
    ['an unknown partner', { partnerCode: 'nobody' }, 'UNKNOWN_PARTNER', 'partnerCode'],
    ['an unknown programme', { programmeCode: 'none' }, 'UNKNOWN_PROGRAMME', 'programmeCode'],
    ['an address inside', { address: 'https://10.0.0.1/' }, 'ADDRESS_REFUSED', 'address'],
    ['an address that is none', { address: 'shop' }, 'MALFORMED_URL', 'address'],
    ['nothing to ask', { endpoints: [] }, 'MALFORMED_ENDPOINT', 'endpoints'],
    ['the same twice', { endpoints: [JSON_FEED, JSON_FEED] }, 'CAPABILITY_TWICE', 'endpoints.1'],
    ['a query without GraphQL', { endpoints: [GRAPHQL_FEED] }, 'MALFORMED_ENDPOINT', 'endpoints.0'],
    [
      'a path that leaves',
      { endpoints: [{ ...JSON_FEED, path: '//elsewhere.example' }] },
      'MALFORMED_ENDPOINT',
      'endpoints.0',
    ],
    ['a way out of the folder', { kind: 'FOLDER', address: '../etc' }, 'MALFORMED_ADDRESS', 'address'],
    [
      'a field that is none',
      { endpoints: [{ ...JSON_FEED, fields: [{ field: 'colour' }] }] },
      'MALFORMED_FIELD',
      'endpoints.0.fields',
    ],
    ['a secret for nothing', { secret: 'long enough' }, 'MALFORMED_SECRET', 'secret'],
    ['no secret', { auth: { kind: 'BEARER' } }, 'MALFORMED_SECRET', 'secret'],
    [
      'a header within a secret',
      { auth: { kind: 'BEARER' }, secret: 'secret\r\nx-more: 1' },
      'MALFORMED_SECRET',
      'secret',
    ],
    [
      'a token endpoint inside',
      {
        auth: { kind: 'CLIENT_CREDENTIALS', tokenUrl: 'https://[::ffff:10.0.0.1]/', clientId: 'us' },
        secret: 'long-enough',
      },
      'ADDRESS_REFUSED',
      'auth.tokenUrl',
    ],
    ['no interval', { everySeconds: 1 }, 'INTERVAL_OUT_OF_RANGE', 'everySeconds'],
  ])('%s', async (_what, more, code, field) => {
    expect((await create('refused', more)).userErrors).toEqual([{ code, field }]);
  });

  it('a code twice, and anything about a removed one', async () => {
    const { connector: made } = await create('twice');
    expect((await create('twice')).userErrors).toEqual([{ code: 'CONNECTOR_EXISTS', field: 'code' }]);
    const removed = await turn('connectorRemove', made.id);
    expect(removed.connector.status).toBe('REMOVED');
    const late = await turn('connectorResume', made.id);
    expect(late.userErrors).toEqual([{ code: 'CONNECTOR_REMOVED', field: 'connectorId' }]);
  });
});

describe('a feed', () => {
  it.each([
    ['HTTP_JSON', () => ({})],
    ['GRAPHQL', () => ({ kind: 'GRAPHQL', address: `${shop.url}/graphql`, endpoints: [GRAPHQL_FEED] })],
  ])('of %s is taken in page by page, once, and goes on where it was', async (kind, more) => {
    const code = `feed-${kind.toLowerCase().replace('_', '-')}`;
    const before = await transactionsOf('ada');
    sales.push(sale(), sale(), sale());
    await create(code, more());
    expect(await run(code)).toMatchObject({ accepted: 3, duplicates: 0, rejected: 0, fault: undefined });
    expect(await connector(code)).toMatchObject({ cursor: '3', newestAt: '2026-02-27T10:00:00.000Z' });
    expect(await run(code)).toMatchObject({ accepted: 0, duplicates: 0 });
    sales.push(sale());
    expect(await run(code)).toMatchObject({ accepted: 1, duplicates: 0 });
    expect(await transactionsOf('ada')).toBe(before + 4);
    const { runs } = await connector(code);
    expect(runs.nodes).toMatchObject([{ accepted: 1 }, { accepted: 3, pages: 2, faultCode: null }]);
  });

  it('gives the answers of the API: what was submitted before is a duplicate, exactly', async () => {
    const known = sale({ total: { value: '99.95' } });
    const transaction = {
      ...{ kind: 'PURCHASE', reference: known.no, payer: { memberCode: 'ada' }, merchantId: 'MID-M1' },
      ...{ amount: { amount: '99.95', currencyCode: 'EUR' }, occurredAt: known.at },
    };
    const submitted = await world.change(
      world.admin,
      'transactionSubmit',
      { programmeCode: PROGRAMME, partnerCode: 'm1', transaction },
      'userErrors { code }',
    );
    expect(submitted.userErrors).toEqual([]);
    const balance = await pending('ada');
    sales.push(known);
    await create('as-the-api');
    expect(await run('as-the-api')).toMatchObject({ accepted: 0, duplicates: 1, rejected: 0 });
    expect(await pending('ada')).toBe(balance);
  });

  it('may be read from its beginning again: nothing is counted twice', async () => {
    sales.push(sale(), sale(), sale());
    const { connector: made } = await create('again');
    await run('again');
    const count = await transactionsOf('ada');
    await world.change(world.admin, 'connectorRunNow', { connectorId: made.id, fromStart: true }, SELECTION);
    expect(await run('again')).toMatchObject({ accepted: 0, duplicates: 3 });
    expect(await transactionsOf('ada')).toBe(count);
  });

  it('keeps what it refuses with the reason, once, and goes on', async () => {
    const twice = sale({ customer: 'nobody' });
    sales.push(
      twice,
      sale({ total: { value: 1.234 } }),
      sale({ at: 'yesterday' }),
      sale({ type: 'gift' as never }),
      sale(),
      sale({ customer: 'a\u0000b' }),
    );
    sales.push({ ...sale(), total: undefined } as never, null as never);
    const { connector: made } = await create('refuses');
    expect(await run('refuses')).toMatchObject({ accepted: 1, rejected: 7 });
    await world.change(world.admin, 'connectorRunNow', { connectorId: made.id, fromStart: true }, SELECTION);
    expect(await run('refuses')).toMatchObject({ accepted: 0, duplicates: 1, rejected: 7 });
    const { rejects } = await connector('refuses');
    expect(rejects.nodes.map((each: { code: string }) => each.code).sort()).toEqual([
      ...['MALFORMED_ITEM', 'MALFORMED_ITEM', 'MALFORMED_ITEM', 'MALFORMED_ITEM', 'MALFORMED_ITEM'],
      ...['TOO_MANY_DECIMALS', 'UNKNOWN_PAYER'],
    ]);
    expect(rejects.nodes.find((each: { code: string }) => each.code === 'UNKNOWN_PAYER').reference).toBe(twice.no);
  });

  it('of returns takes back', async () => {
    const bought = sale({ total: { value: 40 } });
    sales.push(bought);
    await create('returns');
    await run('returns');
    const before = Number(await pending('ada'));
    sales.push(sale({ type: 'return', total: { value: 40 }, returnOf: bought.no }));
    expect(await run('returns')).toMatchObject({ accepted: 1 });
    expect(Number(await pending('ada'))).toBe(before - 200);
  });

  it('undoes a page whose connector was removed meanwhile', async () => {
    sales.push(sale());
    const { connector: made } = await create('removed-within');
    shop.mood = { slowMs: 300 };
    const running = run('removed-within');
    while (shop.asked.length === 0) await new Promise((rested) => setTimeout(rested, 5));
    await turn('connectorRemove', made.id);
    const count = await transactionsOf('ada');
    expect(await running).toMatchObject({ accepted: 0, fault: { code: 'CANCELLED' } });
    expect(await transactionsOf('ada')).toBe(count);
  });

  it('that two processes fetch at once is fetched by one of them', async () => {
    sales.push(sale());
    await create('alone');
    shop.mood = { slowMs: 200 };
    const [one, two] = await Promise.allSettled([run('alone'), run('alone')]);
    expect([one.status, two.status].sort()).toEqual(['fulfilled', 'rejected']);
  });
});

describe('a partner that is ill', () => {
  it.each<[Mood, string]>([
    ['FAILING', 'FAILED'],
    ['REFUSING', 'REJECTED'],
    ['GARBAGE', 'MALFORMED'],
    ['HUGE', 'TOO_LARGE'],
    ['BREAKING', 'UNREACHABLE'],
  ])('%s: the run says %s, nothing is lost, and it goes on when it is well', async (mood, faultCode) => {
    const code = `ill-${String(mood).toLowerCase()}`;
    sales.push(sale(), sale(), sale());
    await create(code);
    shop.mood = mood;
    expect(await run(code)).toMatchObject({ accepted: 0, fault: { code: faultCode } });
    expect(await connector(code)).toMatchObject({
      ...{ failures: 1, lastFaultCode: faultCode, cursor: null },
      runs: { nodes: [{ faultCode, accepted: 0 }] },
    });
    shop.mood = 'WELL';
    expect(await run(code)).toMatchObject({ accepted: 3, fault: undefined });
    expect(await connector(code)).toMatchObject({ failures: 0, lastFaultCode: null });
  });

  it('is asked less and less, an hour apart at most, and at once when somebody says so', async () => {
    const { connector: made } = await create('waiting');
    shop.mood = 'REFUSING';
    const rests: number[] = [];
    for (let failure = 0; failure < 4; failure += 1) {
      await run('waiting');
      const { rows } = await world.db.superuser.query(
        'select extract(epoch from next_run_at - hansa_now())::float8 as rest from connector where code = $1',
        ['waiting'],
      );
      rests.push(Math.round(rows[0].rest));
    }
    expect(rests).toEqual([10, 20, 40, 80]);
    await world.change(world.admin, 'connectorRunNow', { connectorId: made.id }, SELECTION);
    const { rows } = await world.db.superuser.query(
      "select next_run_at <= hansa_now() as due from connector where code = 'waiting'",
    );
    expect(rows[0].due).toBe(true);
  });

  it('and one that is suspended: its messages wait there', async () => {
    sales.push(sale());
    await create('suspended');
    const partner = (mutation: string) =>
      world.ask(world.admin, `mutation { ${mutation}(input: { partnerCode: "m1" }) { userErrors { code } } }`);
    await partner('partnerSuspend');
    expect(await run('suspended')).toMatchObject({ accepted: 0, rejected: 0, fault: { code: 'REJECTED' } });
    await partner('partnerReactivate');
    expect(await run('suspended')).toMatchObject({ accepted: 1 });
  });
});

it('the job fetches what is due side by side: one that hangs holds up nobody, and is let go at the end', async () => {
  await world.db.superuser.query("update connector set status = 'PAUSED' where status = 'ACTIVE'");
  const hanging = await openShop([]);
  hanging.mood = 'HANGING';
  sales.push(sale(), sale());
  await create('hangs', { address: hanging.url });
  await create('runs');
  const ending = new AbortController();
  const job = world.services.feeds.fetchDue(ending.signal);
  const until = performance.now() + 20_000;
  while ((await connector('runs')).cursor !== '2' && performance.now() < until)
    await new Promise((rested) => setTimeout(rested, 20));
  sales.push(sale());
  const { id } = await connector('runs');
  await world.change(world.admin, 'connectorRunNow', { connectorId: id }, SELECTION);
  while ((await connector('runs')).cursor !== '3' && performance.now() < until)
    await new Promise((rested) => setTimeout(rested, 20));
  expect(await connector('runs')).toMatchObject({ cursor: '3', failures: 0 });
  expect(hanging.asked).toHaveLength(1);
  ending.abort();
  await job;
  expect(await connector('hangs')).toMatchObject({ failures: 0, cursor: null });
  const { rows } = await world.db.superuser.query("select run_id from connector where code = 'hangs'");
  expect(rows).toEqual([{ run_id: null }]);
  await hanging.close();
}, 60_000);

describe('who we are', () => {
  it('is shown by a token, a signature, or client credentials; secrets lie sealed and are never shown', async () => {
    const secret = 'a-very-secret-word';
    await create('bearer', { auth: { kind: 'BEARER' }, secret });
    await run('bearer');
    expect(shop.asked.at(-1)?.headers.authorization).toBe(`Bearer ${secret}`);
    const { rows } = await world.db.superuser.query("select secret from connector where code = 'bearer'");
    expect(rows[0].secret.includes(secret)).toBe(false);

    await create('hmac', { auth: { kind: 'HMAC' }, secret });
    await run('hmac');
    const { headers, method } = shop.asked.at(-1) as (typeof shop.asked)[number];
    const { createHmac } = await import('node:crypto');
    const signed = `${headers['hansa-timestamp']}.${method}./sales?limit=2.`;
    expect(headers['hansa-signature']).toBe(createHmac('sha256', secret).update(signed).digest('base64'));
  });

  it('client credentials: the token is fetched once, and anew when it is refused', async () => {
    let given = 0;
    const guarded = await openShop(sales, ({ path, headers, text }) => {
      if (path === '/token') {
        given += 1;
        expect(text).toBe('grant_type=client_credentials&scope=sales');
        expect(headers.authorization).toBe(`Basic ${Buffer.from('us:long-enough').toString('base64')}`);
        return { access_token: `token-${given}`, expires_in: 3600 };
      }
      return undefined;
    });
    const auth = { kind: 'CLIENT_CREDENTIALS', tokenUrl: `${guarded.url}/token`, clientId: 'us', scope: 'sales' };
    await create('credentials', { address: guarded.url, auth, secret: 'long-enough' });
    await run('credentials');
    await run('credentials');
    expect(given).toBe(1);
    expect(guarded.asked.at(-1)?.headers.authorization).toBe('Bearer token-1');
    await guarded.close();
  });

  it('is not told to another server: whoever changes the address gives the secret again', async () => {
    const { connector: made } = await create('moved', { auth: { kind: 'BEARER' }, secret: 'a-very-secret-word' });
    const other = await openShop(sales);
    const move = (more: object) =>
      world.change(world.admin, 'connectorUpdate', { connectorId: made.id, address: other.url, ...more }, SELECTION);
    expect((await move({})).userErrors).toEqual([{ code: 'MALFORMED_SECRET', field: 'secret' }]);
    expect((await move({ secret: 'another-secret' })).userErrors).toEqual([]);
    await run('moved');
    expect(other.asked.at(-1)?.headers.authorization).toBe('Bearer another-secret');
    await other.close();
  });

  it('the partner itself may change the secret and sees its own connectors, and nobody else', async () => {
    const { connector: made } = await create('own', { auth: { kind: 'BEARER' }, secret: 'a-very-secret-word' });
    const set = (token: string) =>
      world.change(token, 'connectorSecretSet', { connectorId: made.id, secret: 'our-own-secret' }, SELECTION);
    expect((await set(world.tokens.m1 as string)).userErrors).toEqual([]);
    await expect(set(world.tokens.m2 as string)).rejects.toThrow('FORBIDDEN');
    const see = async (token: string) =>
      (await world.ask(token, '{ connectors { nodes { partner { code } } } }')).connectors.nodes;
    expect(new Set((await see(world.tokens.m1 as string)).map((each: never) => JSON.stringify(each)))).toEqual(
      new Set(['{"partner":{"code":"m1"}}']),
    );
    expect(await see(world.tokens.m2 as string)).toEqual([]);
    await expect(create('not-mine', {}, world.tokens.m1)).rejects.toThrow('FORBIDDEN');
  });
});

describe('a folder', () => {
  const FOLDER_FEED = {
    capability: 'TRANSACTIONS',
    format: 'CSV',
    dateFormat: 'YYYY-MM-DD',
    fields: SALE_FIELDS.map((field) => (field.field === 'amount' ? { ...field, path: 'total' } : field)).filter(
      ({ field }) => field !== 'refundOf',
    ),
  };
  const csv = (...rows: Sale[]): string =>
    [
      'no,type,customer,total,at',
      ...rows.map((row) => `${row.no},${row.type},${row.customer},${row.total.value},2026-02-27`),
      '',
    ].join('\n');
  const open = async (name: string, more: object = {}): Promise<string> => {
    await create(name, { kind: 'FOLDER', address: name, endpoints: [{ ...FOLDER_FEED, ...more }] });
    mkdirSync(join(folders, name));
    return join(folders, name);
  };

  it('takes each file once, by its bytes, plain or packed, and puts it away', async () => {
    const folder = await open('inbox');
    const rows = [sale(), sale(), sale({ customer: 'nobody' })];
    writeFileSync(join(folder, 'b.csv.gz'), gzipSync(csv(sale())));
    writeFileSync(join(folder, 'a.csv'), csv(...rows));
    writeFileSync(join(folder, 'notes.txt'), 'not for you');
    expect(await run('inbox')).toMatchObject({ accepted: 3, rejected: 1 });
    expect(readdirSync(folder).sort()).toEqual(['done', 'notes.txt']);
    expect((await connector('inbox')).rejects.nodes).toEqual([
      { reference: rows[2]?.no, code: 'UNKNOWN_PAYER', line: 4, fileName: 'a.csv' },
    ]);
    writeFileSync(join(folder, 'renamed.csv'), csv(...rows));
    expect(await run('inbox')).toMatchObject({ pages: 0, accepted: 0 });
    expect(readdirSync(join(folder, 'done'))).toHaveLength(3);
  });

  it('reads no file that is still written', async () => {
    const folder = await open('growing');
    writeFileSync(join(folder, 'a.csv.part'), csv(sale()));
    writeFileSync(join(folder, '.hidden.csv'), csv(sale()));
    writeFileSync(join(folder, 'b.csv'), csv(sale()));
    const running = run('growing');
    const writing = setInterval(() => writeFileSync(join(folder, 'b.csv'), csv(sale()), { flag: 'a' }), 3);
    expect(await running).toMatchObject({ pages: 0 });
    clearInterval(writing);
    renameSync(join(folder, 'a.csv.part'), join(folder, 'a.csv'));
    rmSync(join(folder, 'b.csv'));
    expect(await run('growing')).toMatchObject({ accepted: 1 });
  });

  it('takes nothing of a file that is damaged, says so, and goes on with the next', async () => {
    const folder = await open('damaged');
    const packed = gzipSync(csv(...Array.from({ length: 50 }, () => sale())));
    writeFileSync(join(folder, 'a.csv.gz'), packed.subarray(0, packed.length - 20));
    writeFileSync(join(folder, 'b.csv'), 'wrong,header\n1,2\n');
    writeFileSync(join(folder, 'c.csv'), csv(sale()));
    expect(await run('damaged')).toMatchObject({ accepted: 1 });
    expect(readdirSync(join(folder, 'failed'))).toHaveLength(2);
    const { rows } = await world.db.superuser.query(
      'select name, fault from connector_file where fault is not null order by name',
    );
    expect(rows).toEqual([
      { name: 'a.csv.gz', fault: expect.stringContaining('damaged or cut short') },
      { name: 'b.csv', fault: 'The file has no column no.' },
    ]);
  });

  it('goes on within a file after a death', async () => {
    const folder = await open('long');
    const rows = Array.from({ length: 1_500 }, () => sale({ total: { value: 1 } }));
    writeFileSync(join(folder, 'long.csv'), csv(...rows));
    const dying = new AbortController();
    const principal = { kind: 'ADMIN', subject: 'test', scopes: new Set(['partners:write']) } as never;
    dying.abort();
    const first = await world.services.feeds.runNow(principal, 'long', dying.signal);
    expect(first).toMatchObject({ value: { accepted: 1_000, fault: { code: 'CANCELLED' } } });
    expect((await connector('long')).cursor).toMatch(/^[0-9a-f]{64}:1000$/);
    expect(await run('long')).toMatchObject({ accepted: 500, duplicates: 0 });
  }, 60_000);

  it('follows no link out of the folder', async () => {
    const folder = await open('linked');
    const outside = join(folders, 'outside.csv');
    writeFileSync(outside, csv(sale()));
    const { symlinkSync } = await import('node:fs');
    symlinkSync(outside, join(folder, 'a.csv'));
    expect(await run('linked')).toMatchObject({ pages: 0 });
  });
});
