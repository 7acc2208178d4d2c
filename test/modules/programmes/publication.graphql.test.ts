import { openProgrammeBooks } from '../../../src/modules/ledger/index.js';
import { PartnerService } from '../../../src/modules/partners/index.js';
import {
  ProgrammeResolver,
  ProgrammeService,
  ProgrammeVersionResolver,
  PublicationResolver,
  TermsResolver,
  TermsService,
} from '../../../src/modules/programmes/index.js';
import { type Edge, openEdge } from '../../api/edge.js';
import { openTestDatabase, type TestDatabase } from '../../support/database.js';
import { partnerOf } from '../../support/module-fixture.js';
import { admin } from '../../support/principals.js';
import { programmeYaml } from '../programme-files/programme-yaml.js';

let db: TestDatabase;
let edge: Edge;
let token: string;

const two = (source: string): string => source.replace('holdDays', 'approvals: 2\nholdDays');

beforeAll(async () => {
  db = await openTestDatabase();
  const service = new ProgrammeService(db.writer, db.database, openProgrammeBooks);
  const instances = new Map<unknown, object>([
    [ProgrammeResolver, new ProgrammeResolver(service)],
    [PublicationResolver, new PublicationResolver(service.publication)],
    [TermsResolver, new TermsResolver(new TermsService(db.database))],
  ]);
  edge = await openEdge({
    db,
    resolvers: [ProgrammeResolver, ProgrammeVersionResolver, PublicationResolver, TermsResolver],
    container: { get: (asked: new () => object) => instances.get(asked) ?? new asked() },
  });
  token = await edge.token({ principal: 'ADMIN' });
  const onboarded = await new PartnerService(db.writer).onboard(
    admin(),
    partnerOf('bank', { name: 'Hanse Bank', roles: ['BANK'] }),
  );
  if (!onboarded.ok) throw new Error(onboarded.failure.message);
  await service.apply(
    admin('alice'),
    programmeYaml('spoken').replace('funding: ISSUER', 'funding: ISSUER\n    when: { issuers: [bank] }'),
  );
  await service.apply(
    admin('alice'),
    programmeYaml('spoken').replace('rate: 2%', 'rate: 3%').split('examples:')[0] ?? '',
    { effectiveFrom: '2040-01-01' },
  );
});
afterAll(async () => {
  await edge.stop();
  await db.close();
});

describe('two people', () => {
  const APPLY = `mutation ($source: String!) { programmeApply(input: { source: $source }) { outcome programme { code }
    version { version } proposal { id state effectiveFrom proposedBy decidedBy decidedAt } userErrors { code message } } }`;
  const decide = (what: string) => `mutation ($id: ID!) { ${what}(input: { proposalId: $id }) { programme { code }
    proposal { state decidedBy } version { version publishedBy approvedBy } userErrors { code message field } } }`;

  test('apply proposes, the same person is refused, the list shows it, another token approves', async () => {
    const { data } = await edge.ask(APPLY, { token, variables: { source: two(programmeYaml('pair')) } });
    expect(data.programmeApply).toMatchObject({
      outcome: 'WAITING',
      programme: { code: 'pair' },
      version: null,
      proposal: { state: 'PENDING', effectiveFrom: '2026-01-01', decidedBy: null, decidedAt: null },
      userErrors: [],
    });
    const { id, proposedBy } = data.programmeApply.proposal;
    const refused = await edge.ask(decide('programmeApprove'), { token, variables: { id } });
    expect(refused.data.programmeApprove).toEqual({
      programme: null,
      proposal: null,
      version: null,
      userErrors: [
        {
          code: 'SAME_PERSON',
          message: `${proposedBy} proposed this version; somebody else has to approve it.`,
          field: 'proposalId',
        },
      ],
    });
    const list = await edge.ask('{ programme(code: "pair") { versions { version } proposals { id state source } } }', {
      token,
    });
    expect(list.data.programme).toEqual({
      versions: [],
      proposals: [{ id, state: 'PENDING', source: two(programmeYaml('pair')) }],
    });
    // The second person: another subject, by the service that the API stands on.
    const service = new ProgrammeService(db.writer, db.database, openProgrammeBooks);
    expect(await service.publication.approve(admin('bob'), id)).toMatchObject({ ok: true });
    const shown = await edge.ask(
      '{ programme(code: "pair") { versionOn(date: "2026-02-01") { publishedBy approvedBy } } }',
      {
        token,
      },
    );
    expect(shown.data.programme.versionOn).toEqual({ publishedBy: proposedBy, approvedBy: 'bob' });
  });

  test('a proposal of somebody else is approved and rejected over the API', async () => {
    const service = new ProgrammeService(db.writer, db.database, openProgrammeBooks);
    const propose = async (code: string): Promise<string> => {
      const applied = await service.apply(admin('alice'), two(programmeYaml(code)));
      if (!applied.ok || applied.outcome !== 'WAITING') throw new Error('nothing waits');
      return applied.proposal.id;
    };
    const answer = async (what: string, id: string) =>
      (await edge.ask(decide(what), { token, variables: { id } })).data[what];
    expect(await answer('programmeApprove', await propose('yes'))).toMatchObject({
      programme: { code: 'yes' },
      proposal: { state: 'APPROVED' },
      version: { version: 1, publishedBy: 'alice' },
      userErrors: [],
    });
    expect(await answer('programmeReject', await propose('no'))).toMatchObject({
      programme: { code: 'no' },
      proposal: { state: 'REJECTED' },
      version: null,
      userErrors: [],
    });
    expect(await answer('programmeReject', 'nowhere')).toMatchObject({
      proposal: null,
      userErrors: [{ code: 'UNKNOWN_PROPOSAL', field: 'proposalId' }],
    });
  });
});

describe('terms in words', () => {
  const TERMS = `query ($code: String!, $language: String, $on: BusinessDate) {
    programmeTerms(programmeCode: $code, language: $language, on: $on) { languages version effectiveFrom title plain markdown
      sections { key title items { text details } } userErrors { code message field } } }`;
  const terms = async (variables: Record<string, string>) =>
    (await edge.ask(TERMS, { token, variables: { code: 'spoken', ...variables } })).data.programmeTerms;

  test('today, in English, with the names that partners go by', async () => {
    const found = await terms({});
    expect(found).toMatchObject({
      languages: ['en', 'ru', 'pt'],
      version: 1,
      effectiveFrom: '2026-01-01',
      userErrors: [],
    });
    expect(found.title).toBe('Terms of Test programme');
    expect(found.sections[0]).toMatchObject({
      key: 'earn',
      items: [
        { text: '“Base”: You earn 2% of the amount, paid in PTS.', details: ['Cards issued by: “Hanse Bank”.'] },
        {},
      ],
    });
    expect(found.plain).toContain('Units can be used 14 days after the purchase is cleared.');
    expect(found.markdown).toContain('# Terms of Test programme');
  });

  test.each([
    ['ru', 'Начисляется 3\u00a0% от суммы'],
    ['pt', 'Você ganha 3% do valor'],
    ['RU', 'Условия программы'],
  ])('of a later day in %s', async (language, text) => {
    const found = await terms({ language, on: '2040-01-01' });
    expect(found).toMatchObject({ version: 2, userErrors: [] });
    expect(found.plain).toContain(text);
  });

  test.each([
    [
      { language: 'de' },
      {
        code: 'LANGUAGE_NOT_OFFERED',
        message: 'Terms are not offered in "de"; ask for en, ru, pt.',
        field: 'language',
      },
    ],
    [
      { on: '2025-12-31' },
      {
        code: 'NOT_IN_FORCE',
        message: 'No version of "spoken" counts on 2025-12-31; ask for a later day.',
        field: 'on',
      },
    ],
    [
      { code: 'nowhere' },
      {
        code: 'UNKNOWN_PROGRAMME',
        message: 'There is no programme "nowhere"; read the programmes there are.',
        field: 'programmeCode',
      },
    ],
  ])('%j is refused by name', async (variables, error) => {
    expect(await terms(variables)).toMatchObject({ version: null, plain: null, sections: [], userErrors: [error] });
  });

  test('every version of the archive has its own', async () => {
    const { data } = await edge.ask(
      `{ programme(code: "spoken") { first: versionOn(date: "2039-12-31") { digest publishedAt termsText { plain } }
         versions { version termsText(language: "pt") { sections { items { text } } } } } }`,
      { token },
    );
    expect(data.programme.first.termsText.plain).toContain('You earn 2% of the amount');
    expect(
      data.programme.versions.map(
        (each: { termsText: { sections: { items: { text: string }[] }[] } }) =>
          each.termsText.sections[0]?.items[0]?.text,
      ),
    ).toEqual(['“Base”: Você ganha 3% do valor, em PTS.', '“Base”: Você ganha 2% do valor, em PTS.']);
  });
});
