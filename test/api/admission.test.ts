/** How many requests are let in. The clock, and how hard the thread works, are the test's. */
import { Admission, LIMITS as LIMITS_AS_THEY_SHIP } from '../../src/api/admission.js';

const LIMITS = { least: 4, calm: 30, most: 100, answerMs: 1_000, bytes: 1_000 };

function open({ atWork = 1 } = {}) {
  let now = 0;
  const pulse = { atWork };
  const admission = new Admission(LIMITS, { now: () => now, atWork: () => pulse.atWork });
  const enter = (count: number): number =>
    Array.from({ length: count }, () => admission.enter()).filter(Boolean).length;
  const leave = (count: number): void => {
    for (let index = 0; index < count; index += 1) admission.leave();
  };
  return {
    ...{ admission, enter, leave, pulse },
    /** So many a period are answered, and as many come in their place. */
    busy(periods: number, answers: number) {
      for (let period = 0; period < periods; period += 1) {
        leave(answers);
        now += 250;
        enter(answers);
      }
    },
    pass(milliseconds: number) {
      now += milliseconds;
    },
  };
}

it('until it is known how fast they go, a burst is let in and no more', () => {
  const { enter, leave, admission } = open();
  expect(enter(150)).toBe(30);
  expect(admission.enter()).toBe(false);
  leave(1);
  expect(enter(2)).toBe(1);
});

it('at 20 answers a second 20 are inside, so that nobody waits longer than a second', () => {
  const { enter, busy, admission } = open();
  enter(100);
  busy(60, 5);
  expect(Math.round(admission.room())).toBe(20);
});

it('the faster they go the more are let in, up to the most', () => {
  const { enter, busy, admission } = open();
  enter(100);
  busy(12, 15);
  expect(Math.round(admission.room())).toBe(60);
  enter(100);
  busy(12, 50);
  expect(admission.room()).toBe(100);
});

it('however slow answers are, a few are let in', () => {
  const { enter, pass, admission } = open();
  enter(100);
  for (let period = 0; period < 60; period += 1) {
    pass(250);
    enter(1);
  }
  expect(admission.room()).toBe(4);
});

it('those who wait while the thread has time to spare keep nobody out', () => {
  const { enter, pass, pulse, admission } = open({ atWork: 0.1 });
  expect(enter(20)).toBe(20);
  pass(10_000);
  expect(enter(20)).toBe(10);
  expect(admission.room()).toBe(30);
  pulse.atWork = 1;
  pass(10_000);
  expect(admission.enter()).toBe(false);
  expect(admission.room()).toBe(4);
});

it('bodies have a bound of their own, and one is let in however large it is', () => {
  const { admission } = open();
  expect(admission.enter(2_000)).toBe(true);
  expect(admission.enter(1)).toBe(false);
  admission.leave(2_000);
  expect([admission.enter(600), admission.enter(600), admission.enter(400)]).toEqual([true, false, true]);
  admission.leave(400);
  expect(admission.enter(401)).toBe(false);
  expect(admission.enter(400)).toBe(true);
});

it('a quiet time says nothing about how fast they would go', () => {
  const { enter, leave, pass, admission } = open();
  for (let turn = 0; turn < 10; turn += 1) {
    enter(1);
    pass(250);
    leave(1);
  }
  expect(admission.room()).toBe(30);
});

it('when it goes faster again more are let in, and a quiet time later as many as at first', () => {
  const { enter, busy, pass, pulse, admission } = open();
  enter(100);
  busy(60, 1);
  expect(Math.round(admission.room())).toBe(4);
  busy(20, 3);
  expect(Math.round(admission.room())).toBe(12);
  pulse.atWork = 0;
  pass(2_000);
  expect(admission.isFull()).toBe(false);
  expect(admission.room()).toBe(30);
});

/**
 * A server that answers one request after the other, as many a second as told, for so many seconds. Says of each second
 * what became of those who came in it. In whole milliseconds, without chance.
 */
function serve(perSecond: number, arrivals: (second: number) => number, seconds: number) {
  let now = 0;
  let worked = 0;
  let asked = 0;
  const admission = new Admission(LIMITS_AS_THEY_SHIP, {
    now: () => now,
    atWork: () => {
      const share = now === asked ? 0 : worked / (now - asked);
      [worked, asked] = [0, now];
      return share;
    },
  });
  const told = Array.from({ length: seconds }, () => ({ refused: 0, served: 0, waits: [] as number[] }));
  const queue: number[] = [];
  let [credit, due] = [0, 0];
  for (; now < seconds * 1_000; now += 1) {
    const second = told[Math.floor(now / 1_000)] as (typeof told)[number];
    for (due += arrivals(Math.floor(now / 1_000)) / 1_000; due >= 1; due -= 1) {
      if (admission.enter()) queue.push(now);
      else second.refused += 1;
    }
    if (queue.length > 0) worked += 1;
    for (credit = queue.length > 0 ? credit + perSecond / 1_000 : 0; credit >= 1; credit -= 1) {
      const came = queue.shift();
      if (came === undefined) break;
      admission.leave();
      second.served += 1;
      second.waits.push(now - came);
    }
  }
  return told;
}

describe.each([100, 400, 1_500])('a server that can answer %i a second', (perSecond) => {
  const [before, during, seconds] = [5, 25, 40];
  const told = serve(perSecond, (second) => (second < before || second >= during ? 0.7 : 4) * perSecond, seconds);
  const longest = (from: number, to: number): number => Math.max(...told.slice(from, to).flatMap(({ waits }) => waits));
  const sum = (from: number, to: number, what: 'served' | 'refused'): number =>
    told.slice(from, to).reduce((all, second) => all + second[what], 0);

  it('refuses nobody below what it can do', () => expect(sum(0, before, 'refused')).toBe(0));

  it('asked for four times as much it goes on at full speed, refuses the rest, and whoever is let in waits a second', () => {
    expect(sum(before, during, 'served')).toBeGreaterThanOrEqual(0.99 * perSecond * (during - before));
    expect(sum(before, during, 'refused')).toBeGreaterThan(2.8 * perSecond * (during - before));
    // What the first burst brought in has gone after the first seconds; from then on the bound holds for every single one.
    expect(longest(before, during)).toBeLessThanOrEqual((300 / perSecond) * 1_000 + 1_100);
    expect(longest(before + 5, during)).toBeLessThanOrEqual(1_100);
  });

  it('recovers by itself: a second later nobody is refused any more, and answers are as quick as before', () => {
    expect(sum(during + 1, seconds, 'refused')).toBe(0);
    expect(longest(during + 5, seconds)).toBeLessThanOrEqual(longest(1, before));
  });
});
