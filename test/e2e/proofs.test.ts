/**
 * What a partner and a member download, and what they can tell from it without the gateway: the command is run without
 * database and settings, on files that were put together from parts.
 */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sayOfProof, type VerifyProofOptions } from '../../src/commands/proof-verify.js';
import { loadConfig } from '../../src/config.js';
import type { ClaimsRequest } from '../../src/modules/access/index.js';
import { ChainSealer, ProofService } from '../../src/modules/proofs/index.js';
import { resolverInstances } from '../../src/resolver-instances.js';
import { resolvers } from '../../src/resolvers.js';
import { type Edge, openEdge } from '../api/edge.js';
import { type Gateway, openGateway, setUp, takeIn } from './gateway.js';
import { expectSoundLedger } from './sound-ledger.js';

const PROGRAMME = 'proved';
const YAML = `
programme: ${PROGRAMME}
name: Proved
effectiveFrom: 2020-01-01
currency: EUR
timeZone: Europe/Berlin
unit: { code: PTS, scale: 0, worth: 0.01 }
holdDays: 0
rounding: FLOOR
tiers: { rollingDays: 365, levels: [{ code: all, name: All, from: 0 }] }
rules:
  - { code: m1-rate, name: M1 pays back, when: { partners: [m1] }, funding: MERCHANT, rate: 5% }
  - { code: card, name: Card cashback, when: { partners: [m1] }, funding: ISSUER, rate: 1% }
partners: { m1: }
`;
const M1: ClaimsRequest = { principal: 'PARTNER', partner: 'm1' };
const CLI = join(import.meta.dirname, '..', '..', 'src', 'cli.js');

let gateway: Gateway;
/** The same gateway with parts of at most three entries. */
let edge: Edge;
let folder: string;
let settlementId: string;
let m1: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hansa-proof-'));
  gateway = await openGateway();
  const proofs = new ProofService(gateway.db.database, 3);
  const container = resolverInstances(gateway.db, { ...gateway.services, proofs });
  edge = await openEdge({ db: gateway.db, resolvers, container });
  await setUp(gateway, YAML, PROGRAMME, [
    { code: 'm1', role: 'MERCHANT', merchantIds: ['MID-M1'] },
    { code: 'm2', role: 'MERCHANT' },
    { code: 'b', role: 'BANK' },
  ]);
  await takeIn(gateway, PROGRAMME, 'a', { token: 'token-of-a-1', issuerCode: 'b' });
  await takeIn(gateway, PROGRAMME, 'other', { token: 'token-of-o-1', issuerCode: 'b' });
  m1 = await gateway.edge.token(M1);
  for (let count = 1; count <= 4; count += 1) await buy(`a-${count}`, 'token-of-a-1', `${count}00.00`);
  await buy('o-1', 'token-of-o-1', '40.00');
  await seal();
  await mutate('accrualsConfirm', { programmeCode: PROGRAMME });
  await submit({
    kind: 'REFUND',
    reference: 'r-1',
    refundOf: 'a-4',
    payer: { cardToken: 'token-of-a-1' },
    amount: { amount: '100.00', currencyCode: 'EUR' },
    occurredAt: '2026-03-05T12:00:00Z',
    merchantId: 'MID-M1',
  });
  await mutate('settlementWindowClose', { programmeCode: PROGRAMME, idempotencyKey: 'close' });
  const { settlementIssue } = await gateway.ask(
    gateway.admin,
    'mutation ($input: SettlementIssueInput!) { settlementIssue(input: $input) { settlement { id } userErrors { message } } }',
    { input: { programmeCode: PROGRAMME, idempotencyKey: 'settle' } },
  );
  settlementId = settlementIssue.settlement.id;
});
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await edge?.stop();
  await gateway?.close();
});

const seal = () => new ChainSealer(gateway.db.database).seal({ patienceMs: 20_000 });

async function mutate(name: string, input: object): Promise<void> {
  const type = `${name[0]?.toUpperCase()}${name.slice(1)}Input`;
  const data = await gateway.ask(
    gateway.admin,
    `mutation ($input: ${type}!) { ${name}(input: $input) { userErrors { message } } }`,
    { input },
  );
  expect(data[name].userErrors).toEqual([]);
}
const submit = (transaction: object) =>
  mutate('transactionSubmit', { programmeCode: PROGRAMME, partnerCode: 'b', transaction });
const buy = (reference: string, cardToken: string, amount: string) =>
  submit({
    kind: 'PURCHASE',
    reference,
    payer: { cardToken },
    amount: { amount, currencyCode: 'EUR' },
    occurredAt: '2026-03-01T12:00:00Z',
    merchantId: 'MID-M1',
  });

const SETTLEMENT_PROOF = `query ($settlementId: ID!, $partnerCode: String!, $after: String) {
  part: settlementProof(settlementId: $settlementId, partnerCode: $partnerCode, after: $after) { state text hasNextPart endCursor } }`;
const MEMBER_PROOF = `query ($memberId: ID!, $after: String) {
  part: memberProof(memberId: $memberId, after: $after) { state text hasNextPart endCursor } }`;

/** All parts, one behind the other, and how many they were. */
async function download(
  claims: ClaimsRequest,
  query: string,
  variables: object,
): Promise<{ text: string; parts: number }> {
  const token = await edge.token(claims);
  let text = '';
  for (let [after, parts] = [null as string | null, 1]; ; parts += 1) {
    const answer = await edge.ask(query, { token, variables: { ...variables, after } });
    expect(answer.errors).toBeUndefined();
    const { part } = answer.data as { part: { state: string; text: string; hasNextPart: boolean; endCursor: string } };
    expect(part.state).toBe('READY');
    text += part.text;
    if (!part.hasNextPart) return { text, parts };
    after = part.endCursor;
  }
}

function fileOf(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

/** As the command does, in this process. */
async function verify(path: string, options: VerifyProofOptions = {}): Promise<{ holds: boolean; out: string }> {
  const { holds, lines } = await sayOfProof(path, options);
  return { holds, out: lines.join('\n') };
}

/** The command itself, without database, settings or anything else in the environment. */
const run = (...args: string[]): Promise<{ code: number; out: string }> =>
  new Promise((resolve) => {
    execFile(
      process.execPath,
      [CLI, 'proof', 'verify', ...args],
      { cwd: loadConfig().projectFolder, env: {} },
      (error, stdout, stderr) => resolve({ code: error === null ? 0 : Number(error.code), out: stdout + stderr }),
    );
  });

const own = () => ({ settlementId, partnerCode: 'm1' });

test('while the newest entries are not sealed the proof is pending, and then it is there', async () => {
  const before = await gateway.ask(m1, SETTLEMENT_PROOF, own());
  expect(before.part).toEqual({ state: 'PENDING', text: '', hasNextPart: false, endCursor: null });
  const SEALED_BY =
    'query ($settlementId: ID!) { settlement(id: $settlementId) { sealedBy { sequence } } chainHead { sequence } }';
  expect((await gateway.ask(m1, SEALED_BY, own())).settlement).toEqual({ sealedBy: null });
  await seal();
  const { settlement, chainHead } = await gateway.ask(m1, SEALED_BY, own());
  expect(settlement.sealedBy).toEqual(chainHead);
  const after = await gateway.ask(m1, SETTLEMENT_PROOF, own());
  expect(after.part).toMatchObject({ state: 'READY', hasNextPart: false });
});

test("a partner's parts make one file that holds offline, with its statement", async () => {
  const { text, parts } = await download(M1, SETTLEMENT_PROOF, own());
  expect(parts).toBeGreaterThan(2);
  const path = fileOf('m1.proof', text);
  const { settlementStatement } = await gateway.ask(
    m1,
    'query ($id: ID!) { settlementStatement(settlementId: $id, partnerCode: "m1") { csv sha256 } }',
    { id: settlementId },
  );
  const csv = fileOf('m1.csv', settlementStatement.csv);
  const { code, out } = await run(path, '--statement', csv);
  // 52.00 of rewards less 5.00 returned, 10 % commission, 20 % tax on it.
  expect(out).toMatch(
    /settlement 1 of proved with m1: \d+ entries in 2 blocks come to 52\.64, as the statement says line by line/,
  );
  expect(out).toContain(settlementStatement.sha256);
  expect(out).toContain('The proof holds.');
  expect(code).toBe(0);
  const other = fileOf('other.csv', settlementStatement.csv.replace('0', '1'));
  expect(await verify(path, { statement: other })).toMatchObject({ holds: false });
  expect(await run(other)).toMatchObject({ code: 1, out: expect.stringContaining('Line 1 is no line of a proof') });
});

test('nothing of anybody else is in it', async () => {
  const { text } = await download(M1, SETTLEMENT_PROOF, own());
  const { rows } = await gateway.db.superuser.query(`select no from partner where code = 'b'`);
  const holders = text
    .trimEnd()
    .split('\n')
    .slice(1)
    .flatMap((line) =>
      JSON.parse(line).line.entries.flatMap((entry: { postings: [number, number, number][] }) =>
        entry.postings.map(([, account, party]) => `${account}/${party}`),
      ),
    );
  expect(
    new Set(
      holders.filter((holder) => holder.endsWith(`/${rows[0].no}`) || /^(100|110|120|1300|2000|2010)\//.test(holder)),
    ),
  ).toEqual(new Set());
  expect(text).not.toMatch(/token|"other"/);
});

test('a changed digit is found and its line named; a missing line too', async () => {
  const { text } = await download(M1, SETTLEMENT_PROOF, own());
  const lines = text.split('\n');
  const digit = (lines[2] as string).search(/(?<="postings":\[\[\d+,\d+,\d+,\d+,\d+,")\d/);
  expect(digit).toBeGreaterThan(0);
  lines[2] = (lines[2] as string).replace(/(?<="postings":\[\[\d+,\d+,\d+,\d+,\d+,"-?)\d/, (old) =>
    String((Number(old) + 1) % 10),
  );
  const { holds, out } = await verify(fileOf('changed.proof', lines.join('\n')));
  expect(out).toContain('Line 3 was changed');
  expect(holds).toBe(false);
  const short = await verify(fileOf('short.proof', text.split('\n').slice(0, -2).join('\n')));
  expect(short.out).toMatch(/The file says \d+ entries and holds \d+/);
  expect(short.holds).toBe(false);
});

test("partners and members get their own proofs and nobody else's", async () => {
  const m2 = await gateway.edge.token({ principal: 'PARTNER', partner: 'm2' });
  const foreign = await gateway.edge.ask(SETTLEMENT_PROOF, { token: m2, variables: own() });
  expect(foreign.errors?.[0]?.extensions?.code).toBe('FORBIDDEN');
  expect((await gateway.ask(m2, SETTLEMENT_PROOF, { settlementId, partnerCode: 'm2' })).part).toBeNull();
  const { rows } = await gateway.db.superuser.query('select id, code from member');
  const idOf = (code: string) => rows.find((row) => row.code === code).id;
  const a = await gateway.edge.token({ principal: 'MEMBER', member: 'a' });
  const stranger = await gateway.edge.ask(MEMBER_PROOF, { token: a, variables: { memberId: idOf('other') } });
  expect(stranger.errors?.[0]?.extensions?.code).toBe('FORBIDDEN');
  const { text, parts } = await download({ principal: 'MEMBER', member: 'a' }, MEMBER_PROOF, { memberId: idOf('a') });
  expect(parts).toBeGreaterThan(1);
  const { holds, out } = await verify(fileOf('a.proof', text));
  // 6 % of 1,000.00, less 6 % of the 100.00 returned.
  expect(out).toContain('come to 5400 available, 0 pending, 0 held, 0.00 owed');
  expect(holds).toBe(true);
});

test('a cursor of something else is refused', async () => {
  const answer = await gateway.edge.ask(SETTLEMENT_PROOF, { token: m1, variables: { ...own(), after: 'bm9uc2Vuc2U' } });
  expect(answer.errors?.[0]?.extensions?.code).toBe('BAD_USER_INPUT');
});

test('a later head is proved to go on from an earlier one; a chain written anew is found', async () => {
  const old = fileOf('old.proof', (await download(M1, SETTLEMENT_PROOF, own())).text);
  const { chainHead: before } = await gateway.ask(m1, '{ chainHead { sequence hash } }');
  await buy('a-9', 'token-of-a-1', '900.00');
  await seal();
  const { chainHead: after, chainProof } = await gateway.ask(
    m1,
    'query ($sequence: Int!) { chainHead { sequence hash } chainProof(sequence: $sequence) { text } }',
    { sequence: before.sequence },
  );
  expect(after.sequence).toBe(before.sequence + 1);
  const chain = fileOf('chain.proof', chainProof.text);
  const { holds, out } = await verify(chain, { extends: old });
  expect(out).toContain('the chain goes on from the head of');
  expect(holds).toBe(true);
  // A superuser changes an amount and has the whole chain made anew, so that everything fits again.
  const { superuser } = gateway.db;
  await superuser.query('set session_replication_role = replica');
  await superuser.query('create table kept as select * from chain_block');
  await superuser.query('truncate chain_block');
  await changeAnAmount(1);
  await new ChainSealer(gateway.db.database).seal({ patienceMs: 20_000, largestBlock: 2 });
  const anew = await gateway.ask(m1, `{ chainProof(sequence: ${before.sequence}) { text } }`);
  const found = await verify(fileOf('anew.proof', anew.chainProof.text), { extends: old });
  expect(found.out).toMatch(/was [0-9a-f]{64} in .* the chain was written anew/);
  expect(found.holds).toBe(false);
  await changeAnAmount(-1);
  await superuser.query('set session_replication_role = replica');
  await superuser.query('truncate chain_block');
  await superuser.query('insert into chain_block select * from kept');
  await superuser.query('drop table kept');
  await superuser.query('set session_replication_role = origin');
});

async function changeAnAmount(by: number): Promise<void> {
  const { superuser } = gateway.db;
  await superuser.query('set session_replication_role = replica');
  await superuser.query(
    `update posting set amount = amount + $1
     where account = 1100 and entry_no = (select min(entry_no) from posting where account = 1100)`,
    [by],
  );
  await superuser.query('set session_replication_role = origin');
}

test('an amount changed behind the gateway is found by what the partner downloads', async () => {
  await changeAnAmount(1);
  const { holds, out } = await verify(fileOf('tampered.proof', (await download(M1, SETTLEMENT_PROOF, own())).text));
  expect(out).toMatch(/Block \d+ \(line \d+\) does not hold .* as written here/);
  expect(out).toContain('The statement says');
  expect(holds).toBe(false);
  await changeAnAmount(-1);
  await expectSoundLedger(gateway.db);
});
