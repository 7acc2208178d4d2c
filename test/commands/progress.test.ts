import { duration, openProgress } from '../../src/commands/progress.js';

function progressOn(isTTY: boolean) {
  const written: string[] = [];
  let nowMs = 0;
  const out = { isTTY, write: (text: string) => written.push(text) > 0 };
  const progress = openProgress(out, () => nowMs);
  return { progress, written, pass: (ms: number) => (nowMs += ms) };
}

describe('on a terminal one line is redrawn', () => {
  test('with share, rate and time left', () => {
    const { progress, written, pass } = progressOn(true);
    progress.phase('Taking in', 'rows');
    progress.progress(0, 10_000);
    pass(500);
    progress.progress(2_500, 10_000);
    expect(written.at(-1)).toBe('\r\u001b[2KTaking in [######------------------] 25 %, 5,000 rows/s, 2 s left');
  });

  test('not more often than the eye sees, but to the end', () => {
    const { progress, written, pass } = progressOn(true);
    progress.phase('Staging', 'bytes');
    progress.progress(0, 2_000_000);
    const drawn = written.length;
    pass(50);
    progress.progress(1_000_000, 2_000_000);
    expect(written).toHaveLength(drawn);
    pass(20);
    progress.progress(2_000_000, 2_000_000);
    expect(written.at(-1)).toMatch(/100 %, 28\.6 MB\/s, 0 s left$/);
    progress.end();
    progress.end();
    expect(written.filter((text) => text === '\n')).toHaveLength(1);
  });
});

describe('elsewhere there are plain lines', () => {
  test('one for the phase and then one every few seconds', () => {
    const { progress, written, pass } = progressOn(false);
    progress.phase('Going on after row 1000', 'rows');
    progress.progress(1_000, 10_000);
    for (let second = 1; second <= 9; second += 1) {
      pass(1_000);
      progress.progress(1_000 + 500 * second, 10_000);
    }
    progress.end();
    // The rate is this process's own: the first thousand rows were there before.
    expect(written).toEqual([
      'Going on after row 1000 ...\n',
      'Going on after row 1000 [########----------------] 35 %, 500 rows/s, 13 s left\n',
    ]);
  });

  test('an empty feed has nothing to divide by', () => {
    const { progress, written, pass } = progressOn(false);
    progress.phase('Taking in', 'rows');
    pass(6_000);
    progress.progress(0, 0);
    expect(written.at(-1)).toBe('Taking in [########################] 100 %, 0 rows/s\n');
  });
});

test.each<[number, string]>([
  [0, '0 s'],
  [0.2, '1 s'],
  [59, '59 s'],
  [200, '3 min 20 s'],
  [7_500, '2 h 5 min'],
])('%d seconds are %s', (seconds, text) => {
  expect(duration(seconds)).toBe(text);
});
