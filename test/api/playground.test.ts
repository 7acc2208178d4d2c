/** The playground as an administrator uses it, in a browser that can reach nothing but the gateway. */
import { existsSync } from 'node:fs';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { resolverInstances } from '../../src/resolver-instances.js';
import { resolvers } from '../../src/resolvers.js';
import { createServices, type Services } from '../../src/services.js';
import { type Coalition, makeCoalition, purchase } from '../support/coalition.js';
import { openTestDatabase, type TestDatabase } from '../support/database.js';
import { type Edge, openEdge } from './edge.js';

const CHROMIUM = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium';
const isHere = existsSync(CHROMIUM);
if (!isHere && !process.env.CI) {
  process.stderr.write(
    `The playground is NOT tested: there is no Chromium at ${CHROMIUM} (apt-get install chromium).\n`,
  );
}

/** Without a sandbox because tests may run as root; without background networking so that it calls nobody at home. */
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
];

/** The editor is nine megabytes that a busy machine takes long to compile. */
const PATIENCE_MS = 120_000;

(isHere || process.env.CI ? describe : describe.skip)('the playground', () => {
  let db: TestDatabase;
  let edge: Edge;
  let browser: Browser;
  /** One for all pages, so that the editor is compiled once; what a page knows of who signed in is its own. */
  let context: BrowserContext;
  let page: Page;
  let coalition: Coalition;
  let services: Services;
  const outside: string[] = [];
  const complaints: string[] = [];

  beforeAll(async () => {
    db = await openTestDatabase();
    coalition = await makeCoalition(db);
    await coalition.submit(purchase({ reference: 'bread' }));
    services = createServices(db);
    edge = await openEdge({ db, resolvers, news: services.news, container: resolverInstances(db, services) });
    browser = await chromium.launch({ executablePath: CHROMIUM, args: FLAGS });
    context = await browser.newContext();
    await context.addInitScript(() => localStorage.clear()); // where the editor keeps its tabs
    context.setDefaultTimeout(PATIENCE_MS);
    context.setDefaultNavigationTimeout(PATIENCE_MS);
  }, PATIENCE_MS);

  beforeEach(async () => {
    outside.length = 0;
    complaints.length = 0;
    page = await context.newPage();
    page.on('request', (request) => {
      const address = request.url();
      if (!address.startsWith(`${edge.url}/`) && !address.startsWith('data:')) outside.push(address);
    });
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text());
    });
    await page.goto(`${edge.url}/playground`);
    await page.waitForSelector('.graphiql-execute-button');
  }, PATIENCE_MS);

  afterEach(async () => {
    await page.close();
    expect(outside).toEqual([]);
  });

  afterAll(async () => {
    await browser?.close();
    await edge?.stop();
    await db?.close();
  });

  const signIn = async (principal: string, fields: Record<string, string> = {}): Promise<void> => {
    await page.selectOption('#sign-in [name=principal]', principal);
    for (const [name, value] of Object.entries(fields)) await page.fill(`#sign-in [name=${name}]`, value);
    await page.click('#sign-in button');
    await page.waitForSelector('#who:not([data-state="out"])');
  };

  /** Writes into a pane of the editor the way the page itself does. */
  const setPane = (name: string, text: string): Promise<void> =>
    page.evaluate(
      ([pane, value]) => {
        const models = globalThis.monaco.editor.getModels();
        models.find(({ uri }) => uri.path.endsWith(pane as string))?.setValue(value as string);
      },
      [name, text],
    );

  const paneText = (name: string): Promise<string> =>
    page.evaluate(
      (pane) =>
        globalThis.monaco.editor
          .getModels()
          .find(({ uri }) => uri.path.endsWith(pane))
          ?.getValue() ?? '',
      name,
    );

  /** The editor fills its panes a moment after its tab is there. */
  const paneShows = async (name: string, part: string): Promise<void> => {
    await page.waitForFunction(
      ([pane, wanted]) =>
        globalThis.monaco.editor
          .getModels()
          .find(({ uri }) => uri.path.endsWith(pane as string))
          ?.getValue()
          .includes(wanted as string),
      [name, part],
    );
  };

  /** Runs what is in the editor and returns the answer it shows. */
  const run = async (): Promise<{ data?: Record<string, unknown>; errors?: { message: string }[] }> => {
    await setPane('response.json', '');
    await page.click('.graphiql-execute-button');
    await page.waitForFunction(() => {
      const shown = globalThis.monaco.editor
        .getModels()
        .find(({ uri }) => uri.path.endsWith('response.json'))
        ?.getValue();
      return shown?.trim().endsWith('}');
    });
    return JSON.parse(await paneText('response.json'));
  };

  test(
    'signs in, opens a saved operation with its variables, runs it and shows the result',
    async () => {
      await signIn('ADMIN');
      expect(await page.textContent('#who')).toBe('Signed in as ADMIN');
      await page.click('nav button:has-text("Explain an accrual")');
      await page.waitForFunction(() =>
        document.querySelector('.graphiql-tab-button')?.textContent?.includes('ExplainAnAccrual'),
      );
      await paneShows('variables.json', 'programme');
      expect(JSON.parse(await paneText('variables.json'))).toEqual({
        programme: 'coalition-demo',
        code: 'anna',
        latest: 3,
      });
      await setPane('variables.json', '{"programme": "coalition-test", "code": "a", "latest": 1}');
      const { data, errors } = await run();
      expect(errors).toBeUndefined();
      expect(data).toMatchObject({
        member: {
          transactions: {
            nodes: [{ amount: { amount: '100.00', currencyCode: 'GBP' }, explanation: { verified: true } }],
          },
        },
      });
      expect(complaints).toEqual([]);
    },
    PATIENCE_MS,
  );

  test(
    'follows a subscription until it is stopped',
    async () => {
      const { rows } = await db.superuser.query<{ id: string }>(`select id from member where code = 'a'`);
      await signIn('ADMIN');
      await setPane(
        'operation.graphql',
        `subscription { balanceChanged(memberId: "${rows[0]?.id}") { cursor member { balance { pending } } } }`,
      );
      const pending = (await run()).data;
      await coalition.submit(purchase({ reference: 'butter' }));
      await services.relay.run();
      await page.waitForFunction((before) => {
        const shown = globalThis.monaco.editor.getModels().find(({ uri }) => uri.path.endsWith('response.json'));
        const text = shown?.getValue() ?? '';
        return text.trim().endsWith('}') && JSON.stringify(JSON.parse(text).data) !== before;
      }, JSON.stringify(pending));
      await page.click('.graphiql-execute-button');
      while (services.news.hearers > 0) await page.waitForTimeout(20);
      expect(complaints).toEqual([]);
    },
    PATIENCE_MS,
  );

  test(
    'opens a second saved operation in a tab of its own',
    async () => {
      await page.click('nav button:has-text("Explain an accrual")');
      await page.click('nav button:has-text("List partners")');
      await page.waitForFunction(() => document.querySelectorAll('.graphiql-tab-button').length === 2);
      await paneShows('operation.graphql', 'query ListPartners');
    },
    PATIENCE_MS,
  );

  test(
    'without a sign-in says so instead of answering',
    async () => {
      await page.click('nav button:has-text("List partners")');
      expect(await run()).toMatchObject({ errors: [{ message: expect.stringContaining('Send a token') }] });
      expect(await page.getAttribute('#who', 'data-state')).toBe('failed');
    },
    PATIENCE_MS,
  );

  test(
    'a partner signs in by its code, and a wrong code is explained',
    async () => {
      await signIn('PARTNER', { partner: 'nobody' });
      expect(await page.textContent('#who')).toBe('There is no active partner with the code nobody.');
      await page.fill('#sign-in [name=partner]', 'shop');
      await page.click('#sign-in button');
      await page.waitForSelector('#who[data-state="in"]');
      expect(await page.textContent('#who')).toBe('Signed in as PARTNER shop');
    },
    PATIENCE_MS,
  );
});
