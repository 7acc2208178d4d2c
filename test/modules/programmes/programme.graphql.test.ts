import { v7 } from 'uuid';
import { nodeResolverOf } from '../../../src/graphql/node.js';
import { databaseTime } from '../../../src/infrastructure/db/clock.js';
import { openProgrammeBooks } from '../../../src/modules/ledger/index.js';
import { enrolMembers } from '../../../src/modules/members/index.js';
import { PartnerService } from '../../../src/modules/partners/index.js';
import {
  ProgrammeResolver,
  ProgrammeService,
  ProgrammeVersionResolver,
  programmeNodes,
} from '../../../src/modules/programmes/index.js';
import { type Edge, openEdge } from '../../api/edge.js';
import { openTestDatabase, type TestDatabase } from '../../support/database.js';
import { countReads, onboard } from '../../support/module-fixture.js';
import { admin as administrator } from '../../support/principals.js';
import { programmeYaml } from '../programme-files/programme-yaml.js';

let db: TestDatabase;
let edge: Edge;
let admin: string;
/** Between the publications of alpha's versions. */
let secondOfAlphaAt: Date;

const ERRORS = 'userErrors { code message field line column path }';
const CHECK = `mutation ($source: String!) { programmeCheck(input: { source: $source }) { examplesRun ${ERRORS} } }`;
const APPLY = `mutation ($source: String!, $from: BusinessDate) { programmeApply(input: { source: $source, effectiveFrom: $from }) {
  outcome examplesRun programme { id code name currencyCode unitCode unitScale timeZone }
  version { version effectiveFrom digest source publishedAt } ${ERRORS} } }`;

beforeAll(async () => {
  db = await openTestDatabase();
  const service = new ProgrammeService(db.writer, db.database, openProgrammeBooks);
  const resolver = new ProgrammeResolver(service);
  edge = await openEdge({
    db,
    resolvers: [nodeResolverOf([programmeNodes]), ProgrammeResolver, ProgrammeVersionResolver],
    container: {
      get: (asked: new () => object) => ((asked as unknown) === ProgrammeResolver ? resolver : new asked()),
    },
  });
  admin = await edge.token({ principal: 'ADMIN' });
  for (const code of ['alpha', 'beta', 'gamma']) {
    await service.apply(administrator(), programmeYaml(code));
    if (code === 'alpha') secondOfAlphaAt = await databaseTime(db.writer.em.fork());
    await service.apply(administrator(), programmeYaml(code), { effectiveFrom: '2040-07-01' });
  }
  await onboard(new PartnerService(db.writer), { shop: ['MERCHANT'] });
  await db.database.command((tx) => enrolMembers(tx, 1, [{ id: v7(), code: 'someone' }]));
});
afterAll(async () => {
  await edge.stop();
  await db.close();
});

test('a check names the line and the field and stores nothing', async () => {
  const before = await db.superuser.query('select count(*) from programme_version');
  const source = programmeYaml('checked').replace('rate: 2%', 'rate: 5 %%');
  const { data } = await edge.ask(CHECK, { token: admin, variables: { source } });
  expect(data.programmeCheck).toEqual({
    examplesRun: 0,
    userErrors: [
      {
        code: 'INVALID_PROGRAMME',
        message: '"5 %%" is not a rate; write 5%, 0.05 or 1/20.',
        field: 'source',
        line: 18,
        column: 11,
        path: 'rules[0].rate',
      },
    ],
  });
  expect(
    (await edge.ask(CHECK, { token: admin, variables: { source: programmeYaml('checked') } })).data.programmeCheck,
  ).toEqual({
    examplesRun: 1,
    userErrors: [],
  });
  expect((await db.superuser.query('select count(*) from programme_version')).rows).toEqual(before.rows);
});

test('applying publishes, applying again changes nothing, a failing example is refused', async () => {
  const apply = async (source: string) =>
    (await edge.ask(APPLY, { token: admin, variables: { source } })).data.programmeApply;
  expect(await apply(programmeYaml('delta'))).toMatchObject({
    outcome: 'PUBLISHED',
    examplesRun: 1,
    programme: { code: 'delta', currencyCode: 'EUR', unitCode: 'PTS', unitScale: 2, timeZone: 'Europe/Lisbon' },
    version: { version: 1, effectiveFrom: '2026-01-01', source: programmeYaml('delta') },
    userErrors: [],
  });
  expect(await apply(programmeYaml('delta'))).toMatchObject({ outcome: 'UNCHANGED', version: { version: 1 } });
  expect(await apply(programmeYaml('delta').replace('units: 2 }', 'units: 3 }'))).toMatchObject({
    outcome: null,
    programme: null,
    version: null,
    userErrors: [{ code: 'EXAMPLE_FAILED', path: 'examples[0].steps[0].expect.units' }],
  });
});

test.each(['PARTNER', 'MEMBER', 'OPERATOR', 'SERVICE'] as const)('a %s may not publish', async (principal) => {
  const token = await edge.token(principals[principal]);
  for (const [query, variables] of [
    [CHECK, { source: programmeYaml() }],
    [APPLY, { source: programmeYaml() }],
  ] as const) {
    const { errors } = await edge.ask(query, { token, variables });
    expect(errors?.[0]?.extensions.code).toBe('FORBIDDEN');
  }
});

const principals = {
  PARTNER: { principal: 'PARTNER', partner: 'shop' },
  MEMBER: { principal: 'MEMBER', member: 'someone' },
  OPERATOR: { principal: 'OPERATOR' },
  SERVICE: { principal: 'SERVICE' },
} as const;

test('the archive finds the version in force on a day, and what was known at an instant', async () => {
  const { data } = await edge.ask(
    `query ($before: DateTime!) { programme(code: "alpha") { versions { version effectiveFrom }
       before: versionOn(date: "2025-12-31") { version } first: versionOn(date: "2040-06-30") { version publishedBy approvedBy }
       second: versionOn(date: "2040-07-01") { version }
       known: versionOn(date: "2040-07-01", asKnownAt: $before) { version } } none: programme(code: "omega") { id } }`,
    { token: admin, variables: { before: secondOfAlphaAt.toISOString() } },
  );
  expect(data).toEqual({
    programme: {
      versions: [
        { version: 2, effectiveFrom: '2040-07-01' },
        { version: 1, effectiveFrom: '2026-01-01' },
      ],
      before: null,
      first: { version: 1, publishedBy: 'test-admin', approvedBy: null },
      second: { version: 2 },
      known: { version: 1 },
    },
    none: null,
  });
});

test('the list pages by code, and the versions of a page cost one read', async () => {
  const page = `query ($after: String) { programmes(first: 2, after: $after) { nodes { code versions { version source } } pageInfo { hasNextPage endCursor } } }`;
  let first: Awaited<ReturnType<Edge['ask']>> | undefined;
  const reads = await countReads(db, async () => {
    first = await edge.ask(page, { token: admin });
  });
  expect(first?.data.programmes.nodes.map(({ code }: { code: string }) => code)).toEqual(['alpha', 'beta']);
  expect(reads).toBe(2);
  const { data } = await edge.ask(page, {
    token: admin,
    variables: { after: first?.data.programmes.pageInfo.endCursor },
  });
  expect(data.programmes.nodes[0].code).toBe(data.programmes.nodes.length === 1 ? 'gamma' : 'delta');
});

test('a programme is a Node; its text is for those who may read every contract', async () => {
  const { data } = await edge.ask(`{ programme(code: "alpha") { id } }`, { token: admin });
  const query = `query ($id: ID!) { node(id: $id) { ... on Programme { code versions { source digest } } } }`;
  const read = async (token: string) =>
    (await edge.ask(query, { token, variables: { id: data.programme.id } })).data.node;
  expect((await read(admin)).versions[0].source).toBe(programmeYaml('alpha'));
  const asPartner = await read(await edge.token(principals.PARTNER));
  expect(asPartner).toMatchObject({ code: 'alpha', versions: [{ source: null }, { source: null }] });
});
