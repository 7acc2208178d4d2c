/** What is in the audit log, who reads it, and its export. */
import { csvOfEntries, readEntries } from '../../../src/modules/audit/index.js';
import { type Gateway, openGateway } from '../../e2e/gateway.js';

let gateway: Gateway;
beforeAll(async () => {
  gateway = await openGateway();
});
afterAll(() => gateway.close());

const LOG = `query ($operation: String, $subjectId: ID, $outcome: AuditOutcome, $from: DateTime, $until: DateTime) {
  auditLog(operation: $operation, subjectId: $subjectId, outcome: $outcome, from: $from, until: $until) {
    nodes { actor actorKind operation outcome code subjects input requestId } } }`;

test('names ids, codes and amounts, and no texts', async () => {
  const memberId = '01890000-0000-7000-8000-000000000001';
  await gateway.ask(
    gateway.admin,
    `mutation { memberUpdate(input: { memberId: "${memberId}", birthday: "02-29", withdrawReferral: true }) { userErrors { code } } }`,
  );
  await gateway.ask(
    gateway.admin,
    'mutation { memberEnrol(input: { programmeCode: "none", code: "secret-name" }) { userErrors { code } } }',
  );
  const { auditLog } = await gateway.ask(gateway.admin, LOG, { subjectId: memberId });
  expect(auditLog.nodes).toEqual([
    {
      actor: 'development:admin',
      actorKind: 'ADMIN',
      operation: 'memberUpdate',
      outcome: 'REFUSED',
      code: 'UNKNOWN_MEMBER',
      subjects: [memberId],
      input: JSON.stringify({ input: { birthday: '…', memberId, withdrawReferral: true } }),
      requestId: expect.any(String),
    },
  ]);
  const enrolled = await gateway.ask(gateway.admin, LOG, { operation: 'memberEnrol' });
  expect(enrolled.auditLog.nodes).toMatchObject([
    { code: 'UNKNOWN_PROGRAMME', input: JSON.stringify({ input: { code: '…', programmeCode: 'none' } }) },
  ]);
});

test.each([
  [{ outcome: 'DONE' }, 0],
  [{ outcome: 'REFUSED' }, 2],
  [{ from: '2000-01-01T00:00:00Z' }, 2],
  [{ until: '2000-01-01T00:00:00Z' }, 0],
  [{ operation: 'cardLink' }, 0],
])('is filtered by %j', async (filter, count) => {
  const { auditLog } = await gateway.ask(gateway.admin, LOG, filter);
  expect(auditLog.nodes).toHaveLength(count);
});

test('an identifier that is none is no identifier', async () => {
  await gateway.ask(
    gateway.admin,
    'mutation { cardUnlink(input: { cardId: "anna@example.com" }) { userErrors { code } } }',
  );
  const { auditLog } = await gateway.ask(gateway.admin, LOG, { operation: 'cardUnlink' });
  expect(auditLog.nodes).toMatchObject([{ subjects: [], input: '{"input":{"cardId":"…"}}' }]);
});

test('goes out as CSV in its order, and no cell is a formula', async () => {
  const pages = [];
  for await (const page of readEntries((work) => gateway.db.database.command(work), '2000-01-01', undefined))
    pages.push(...page);
  expect(pages.map(({ operation }) => operation)).toEqual(['memberUpdate', 'memberEnrol', 'cardUnlink']);
  const [first] = pages;
  if (first === undefined) throw new Error('There is an entry.');
  const line = csvOfEntries([{ ...first, actor: '=1+1,"x"' }]);
  expect(line).toContain(`,"'=1+1,""x""",ADMIN,memberUpdate,`);
  expect(line.endsWith('\n')).toBe(true);
  for await (const page of readEntries((work) => gateway.db.database.command(work), '2999-01-01', undefined))
    expect(page).toEqual([]);
});

test('what administration has refused after it took its locks is refused, not done', async () => {
  await gateway.ask(
    gateway.admin,
    'mutation { partnerOnboard(input: { code: "kiosk", name: "Kiosk", roles: [MERCHANT] }) { userErrors { code message } } }',
  );
  await gateway.ask(
    gateway.admin,
    'mutation { merchantIdApprove(input: { merchantId: "M-1", partnerCode: "kiosk", outletCode: "none" }) { userErrors { code } } }',
  );
  const { auditLog } = await gateway.ask(gateway.admin, LOG, { operation: 'merchantIdApprove' });
  expect(auditLog.nodes).toMatchObject([{ outcome: 'REFUSED', code: 'UNKNOWN_OUTLET' }]);
  const onboarded = await gateway.ask(gateway.admin, LOG, { operation: 'partnerOnboard' });
  expect(onboarded.auditLog.nodes).toMatchObject([{ outcome: 'DONE' }]);
});
