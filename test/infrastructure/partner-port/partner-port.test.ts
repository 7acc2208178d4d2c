/** The port to partners: slots, queue, deadline, circuit, retries and kept answers, each lane for itself. */
import { AnswerCache } from '../../../src/infrastructure/partner-port/answer-cache.js';
import {
  type LanePolicy,
  PartnerFault,
  type PartnerFaultCode,
  PartnerPort,
  type Question,
} from '../../../src/infrastructure/partner-port/index.js';

const POLICY: LanePolicy = {
  slots: 2,
  queue: 3,
  attemptMs: 50,
  deadlineMs: 5_000,
  retries: 0,
  breakAfter: 3,
  restMs: 60_000,
};

let port: PartnerPort;
beforeEach(() => {
  port = new PartnerPort();
});

/** Answers when told to. */
function gate() {
  const waiting: (() => void)[] = [];
  return {
    work: () => new Promise<string>((answer) => waiting.push(() => answer('answer'))),
    open: () => {
      for (const answer of waiting.splice(0)) answer();
    },
    get asked() {
      return waiting.length;
    },
  };
}

const ask = (work: Question<unknown>['work'], more: Partial<Question<unknown>> = {}) =>
  port.ask({ lane: 'shop/OFFERS', policy: POLICY, repeatable: true, work, ...more });
const codeOf = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'answered',
    (error) => (error instanceof PartnerFault ? error.code : String(error)),
  );
const failing = (code: PartnerFaultCode) => () => Promise.reject(new PartnerFault(code));
const laneOf = (name = 'shop/OFFERS') => port.counters().lanes.find(({ lane }) => lane === name);
const turn = () => new Promise((done) => setImmediate(done));

describe('a lane', () => {
  it('asks no more at once than it has slots, keeps a bounded queue, and is busy beyond it', async () => {
    const partner = gate();
    const asked = Array.from({ length: 8 }, () => codeOf(ask(partner.work)));
    expect(await Promise.all(asked.slice(5))).toEqual(['BUSY', 'BUSY', 'BUSY']);
    expect(laneOf()).toMatchObject({ active: 2, waiting: 3, mostActive: 2, faults: { BUSY: 3 } });
    for (let round = 0; round < 4; round += 1) {
      partner.open();
      await turn();
    }
    expect(await Promise.all(asked.slice(0, 5))).toEqual(Array.from({ length: 5 }, () => 'answered'));
    expect(laneOf()).toMatchObject({ asked: 8, answered: 5, active: 0, waiting: 0, mostActive: 2 });
  });

  it('that hangs takes nothing from another', async () => {
    const partner = gate();
    const hanging = Array.from({ length: 5 }, () => codeOf(ask(partner.work)));
    expect(await codeOf(ask(async () => 'well', { lane: 'shop/STOCK' }))).toBe('answered');
    expect(await codeOf(ask(async () => 'well', { lane: 'other/OFFERS' }))).toBe('answered');
    expect(laneOf('other/OFFERS')).toMatchObject({ mostActive: 1, faults: {} });
    for (let round = 0; round < 3; round += 1) {
      partner.open();
      await turn();
    }
    await Promise.all(hanging);
  });

  it('lets the asker go at the deadline and frees the slot when the call has ended', async () => {
    const policy = { ...POLICY, slots: 1, queue: 0, deadlineMs: 30 };
    let end: (() => void) | undefined;
    const deaf = () => new Promise<void>((done) => (end = done));
    expect(await codeOf(ask(deaf, { policy }))).toBe('TIMED_OUT');
    expect(laneOf()).toMatchObject({ active: 1 });
    expect(await codeOf(ask(deaf, { policy }))).toBe('BUSY');
    end?.();
    await turn();
    expect(laneOf()).toMatchObject({ active: 0, mostActive: 1 });
  });

  it('tells a call to end when nobody waits for it any more', async () => {
    const policy = { ...POLICY, deadlineMs: 30 };
    const obedient = ({ signal }: { signal: AbortSignal }) =>
      new Promise<never>((_done, failed) => {
        signal.addEventListener('abort', () => failed(new PartnerFault('CANCELLED')));
      });
    expect(await codeOf(ask(obedient, { policy }))).toBe('TIMED_OUT');
    await turn();
    expect(laneOf()).toMatchObject({ active: 0, faults: { TIMED_OUT: 1 } });
  });

  it('asks again only what may be asked twice, and only after a passing fault', async () => {
    const policy = { ...POLICY, retries: 2 };
    const attempts = async (repeatable: boolean, code: PartnerFaultCode): Promise<number> => {
      let count = 0;
      const work = () => {
        count += 1;
        return Promise.reject(new PartnerFault(code));
      };
      const lane = `${repeatable}/${code}`;
      expect(await codeOf(ask(work, { policy, repeatable, lane }))).toBe(code);
      return count;
    };
    expect(await attempts(true, 'FAILED')).toBe(3);
    expect(await attempts(false, 'FAILED')).toBe(1);
    expect(await attempts(true, 'REJECTED')).toBe(1);
    expect(await attempts(true, 'MALFORMED')).toBe(1);
  });

  it('leaves a failing partner alone, and asks it again after a rest', async () => {
    const policy = { ...POLICY, restMs: 40 };
    for (let failure = 0; failure < 3; failure += 1)
      expect(await codeOf(ask(failing('FAILED'), { policy }))).toBe('FAILED');
    expect(laneOf()?.circuit).toBe('OPEN');
    let asked = 0;
    const well = async () => {
      asked += 1;
    };
    expect(await codeOf(ask(well, { policy }))).toBe('CIRCUIT_OPEN');
    expect(asked).toBe(0);
    const until = performance.now() + 5_000;
    while ((await codeOf(ask(well, { policy }))) !== 'answered') {
      if (performance.now() > until) throw new Error('the circuit never closed');
      await turn();
    }
    expect(laneOf()?.circuit).toBe('CLOSED');
  });

  it('does not count refused questions against the partner', async () => {
    for (let failure = 0; failure < 10; failure += 1) await codeOf(ask(failing('REJECTED')));
    expect(laneOf()?.circuit).toBe('CLOSED');
  });

  it('passes bugs of ours as they are', async () => {
    await expect(ask(() => Promise.reject(new TypeError('ours')))).rejects.toThrow(TypeError);
  });
});

describe('kept answers', () => {
  const cache = { key: 'all', freshMs: 60_000, staleMs: 60_000 };

  it('are used while they are fresh, and shared by who asks at the same time', async () => {
    const partner = gate();
    const both = [ask(partner.work, { cache }), ask(partner.work, { cache })];
    await turn();
    expect(partner.asked).toBe(1);
    partner.open();
    expect(await Promise.all(both)).toMatchObject([{ value: 'answer' }, { value: 'answer' }]);
    expect(await ask(failing('FAILED'), { cache })).toMatchObject({ value: 'answer', stale: false });
    expect(laneOf()?.asked).toBe(1);
    expect(port.counters().hits).toBe(1);
  });

  it('stand in for a partner that fails later, for a while, and say so', async () => {
    const gone = { ...cache, freshMs: -1 };
    await ask(async () => 'before', { cache: gone });
    expect(await ask(failing('FAILED'), { cache: gone })).toMatchObject({ value: 'before', stale: true });
    expect(await codeOf(ask(failing('FAILED'), { cache: { ...gone, staleMs: -1 } }))).toBe('FAILED');
    expect(port.counters().stale).toBe(1);
  });

  it('belong to one lane', async () => {
    await ask(async () => 'ours', { cache });
    expect(await ask(async () => 'theirs', { cache, lane: 'other/OFFERS' })).toMatchObject({ value: 'theirs' });
  });

  it('are bounded in number and in weight, the ones used longest ago go first', () => {
    const kept = new AnswerCache({ answers: 3, weight: 100 }, () => 0);
    for (const key of ['a', 'b', 'c']) kept.keep(key, key, 10);
    kept.find('a');
    kept.keep('d', 'd', 10);
    expect(['a', 'b', 'c', 'd'].filter((key) => kept.find(key))).toEqual(['a', 'c', 'd']);
    kept.keep('heavy', 'heavy', 85);
    expect(['a', 'c', 'd', 'heavy'].filter((key) => kept.find(key))).toEqual(['d', 'heavy']);
    kept.keep('too heavy', '', 101);
    expect(kept.find('too heavy')).toBeUndefined();
  });
});
