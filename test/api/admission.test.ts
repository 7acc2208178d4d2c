/** How many requests are let in. The clock is the test's. */
import { Admission } from '../../src/api/admission.js';

function open(limits = { least: 4, most: 100, answerMs: 1_000 }) {
  let now = 0;
  const admission = new Admission(limits, () => now);
  const enter = (count: number): number =>
    Array.from({ length: count }, () => admission.enter()).filter(Boolean).length;
  const leave = (count: number): void => {
    for (let index = 0; index < count; index += 1) admission.leave();
  };
  return {
    admission,
    enter,
    leave,
    /** So many a period are answered, and as many come in their place. */
    busy(periods: number, answers: number) {
      for (let period = 0; period < periods; period += 1) {
        leave(answers);
        enter(answers);
        now += 250;
      }
    },
    pass(milliseconds: number) {
      now += milliseconds;
    },
  };
}

it('as many as ever are let in, until it is known how fast they go', () => {
  const { enter, leave, admission } = open();
  expect(enter(150)).toBe(100);
  expect(admission.enter()).toBe(false);
  leave(1);
  expect(enter(2)).toBe(1);
});

it('at 40 answers a second 40 are inside, so that nobody waits longer than a second', () => {
  const { enter, busy, admission } = open();
  enter(100);
  busy(8, 10);
  expect(Math.round(admission.room())).toBe(40);
});

it('slow answers leave a few places: those inside may wait for somebody else', () => {
  const { enter, pass, admission } = open();
  enter(100);
  for (let period = 0; period < 2; period += 1) {
    pass(250);
    enter(1);
  }
  expect(admission.room()).toBe(4);
});

it('a quiet time says nothing about what can be done', () => {
  const { enter, leave, pass, admission } = open();
  for (let turn = 0; turn < 10; turn += 1) {
    enter(1);
    pass(250);
    leave(1);
  }
  expect(admission.room()).toBe(100);
});

it('when it goes faster again more are let in', () => {
  const { enter, busy, admission } = open();
  enter(100);
  busy(20, 1);
  expect(Math.round(admission.room())).toBe(4);
  busy(20, 3);
  expect(Math.round(admission.room())).toBe(12);
});
