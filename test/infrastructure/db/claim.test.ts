import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { claim, enrol, enrolled, isClaim } from '../../../src/infrastructure/db/claim.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hansa-claim-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const lock = () => join(folder, 'a.lock');

/** The number of a process that has just ended. */
const deadPid = (): number => spawnSync(process.execPath, ['-e', '']).pid;

describe('a claim', () => {
  it('is had by one at a time', async () => {
    const first = await claim(lock(), 'first');
    expect(await claim(lock(), 'second')).toMatchObject({ pid: process.pid, purpose: 'first' });
    if (isClaim(first)) first.release();
    expect(existsSync(lock())).toBe(false);
    expect(isClaim(await claim(lock(), 'second'))).toBe(true);
  });

  it.each([
    ['a process that is gone', () => JSON.stringify({ pid: deadPid(), startedAt: '', purpose: 'dead' })],
    [
      'a process whose number another one has now',
      () => JSON.stringify({ pid: process.pid, startedAt: '1', purpose: 'dead' }),
    ],
    ['nobody, being half written', () => '{"pid":'],
  ])('is taken over from %s', async (_whom, content) => {
    writeFileSync(lock(), content());
    expect(isClaim(await claim(lock(), 'next'))).toBe(true);
    expect(await claim(lock(), 'one more')).toMatchObject({ purpose: 'next' });
  });

  it('goes to one of many who find a dead one', async () => {
    writeFileSync(lock(), JSON.stringify({ pid: deadPid(), startedAt: '', purpose: 'dead' }));
    const answers = await Promise.all(Array.from({ length: 10 }, (_, index) => claim(lock(), `number ${index}`)));
    expect(answers.filter(isClaim)).toHaveLength(1);
  });
});

describe('those enrolled', () => {
  it('are the living', () => {
    expect(enrolled(join(folder, 'none'))).toEqual([]);
    const mine = enrol(folder, 'a test');
    writeFileSync(join(folder, 'dead'), JSON.stringify({ pid: deadPid(), startedAt: '', purpose: 'dead' }));
    expect(enrolled(folder).map(({ purpose }) => purpose)).toEqual(['a test']);
    expect(existsSync(join(folder, 'dead'))).toBe(false);
    mine.release();
    expect(enrolled(folder)).toEqual([]);
  });
});
