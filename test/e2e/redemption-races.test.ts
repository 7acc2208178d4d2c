/** Many at once over HTTP, counted exactly: nobody spends what is not there, and nothing is done twice. */
import { EntryKind } from '../../src/domain/ledger/entry.js';
import { expectSoundLedger } from './sound-ledger.js';
import { euros, openSpending, PROGRAMME, type Spending } from './spending.js';

let shop: Spending;
beforeAll(async () => {
  shop = await openSpending();
});
afterAll(async () => {
  await expectSoundLedger(shop.db);
  await shop.close();
});

const token = (name: string): string => shop.tokens[name] as string;
const together = <T>(count: number, work: (index: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, (_, index) => work(index)));

/** How often each answer came: "ok" or the code of the refusal. */
function tally(answers: readonly { readonly userErrors: readonly { readonly code: string }[] }[]): object {
  const counts: Record<string, number> = {};
  for (const { userErrors } of answers) {
    const outcome = userErrors[0]?.code ?? 'ok';
    counts[outcome] = (counts[outcome] ?? 0) + 1;
  }
  return counts;
}

it('50 redemptions of one member at once: exactly as many as the balance allows', async () => {
  await shop.member('ida');
  await shop.earn('ida', 1_000);
  await shop.earn('ida', 1_010);
  const answers = await together(50, () => shop.authorise('ida', { units: '100' }));
  expect(tally(answers)).toEqual({ ok: 20, INSUFFICIENT_UNITS: 30 });
  expect(await shop.balance('ida')).toEqual({ available: '10', held: '2000' });
});

it('two channels ask for everything at once: one gets it', async () => {
  await shop.member('jan');
  for (let round = 0; round < 5; round += 1) {
    await shop.earn('jan', 1_000);
    const channels = [
      () => shop.authorise('jan', { units: '1000', channel: 'IN_STORE' }),
      () => shop.authorise('jan', { units: '1000', channel: 'APP', payer: null }, token('jan')),
    ];
    const answers = await Promise.all(channels.map((ask) => ask()));
    expect(tally(answers)).toEqual({ ok: 1, INSUFFICIENT_UNITS: 1 });
    const held = answers.find(({ redemption }) => redemption !== null).redemption;
    const captures = await together(2, (index) =>
      shop.change(token('m2'), 'redemptionCapture', { redemptionId: held.id, idempotencyKey: `jan-${round}-${index}` }),
    );
    expect(tally(captures)).toEqual({ ok: 1, ALREADY_CAPTURED: 1 });
  }
  expect(await shop.balance('jan')).toEqual({ available: '0', held: '0' });
});

it('one message twenty times: one answer', async () => {
  await shop.member('kim');
  await shop.earn('kim', 1_000);
  const holds = await together(20, () => shop.authorise('kim', { units: '300', reference: 'kim-once' }));
  expect(tally(holds)).toEqual({ ok: 20 });
  const [id, ...others] = new Set(holds.map(({ redemption }) => redemption.id));
  expect(others).toEqual([]);
  const capture = { redemptionId: id, units: '200', idempotencyKey: 'kim-capture' };
  expect(tally(await together(20, () => shop.change(token('m2'), 'redemptionCapture', capture)))).toEqual({ ok: 20 });
  const cash = {
    programmeCode: PROGRAMME,
    payer: { memberCode: 'kim' },
    units: '50',
    cardToken: 'card-of-kim',
    idempotencyKey: 'kim-cash',
  };
  const paid = await together(20, () => shop.change(token('b'), 'cashOut', cash));
  expect(new Set(paid.map(({ redemption }) => redemption.id)).size).toBe(1);
  expect(await shop.balance('kim')).toEqual({ available: '750', held: '0' });
});

it('capture and void at once: it is resolved once', async () => {
  await shop.member('lea');
  await shop.earn('lea', 100);
  let left = 100;
  for (let round = 0; round < 5; round += 1) {
    const { redemption: held } = await shop.authorise('lea', { units: '10' });
    const [captured, voided] = await Promise.all([
      shop.change(token('m2'), 'redemptionCapture', { redemptionId: held.id, idempotencyKey: `lea-c-${round}` }),
      shop.change(token('lea'), 'redemptionVoid', { redemptionId: held.id, idempotencyKey: `lea-v-${round}` }),
    ]);
    const used = captured.userErrors.length === 0;
    expect(tally([captured, voided])).toEqual({ ok: 1, [used ? 'ALREADY_CAPTURED' : 'ALREADY_VOIDED']: 1 });
    left -= used ? 10 : 0;
    expect(await shop.balance('lea')).toEqual({ available: String(left), held: '0' });
  }
});

it('the same basket returned in many parts at once: never more than was used', async () => {
  await shop.member('max');
  await shop.earn('max', 1_000);
  const { redemption: held } = await shop.authorise('max', { units: '1000' });
  await shop.change(token('m2'), 'redemptionCapture', { redemptionId: held.id, idempotencyKey: 'max-capture' });
  const parts = await together(15, (index) =>
    shop.change(token('m2'), 'redemptionReturn', {
      ...{ redemptionId: held.id, amount: euros('10.00'), idempotencyKey: `max-return-${index}` },
    }),
  );
  expect(tally(parts)).toEqual({ ok: 10, RETURN_ABOVE_REDEMPTION: 5 });
  expect(await shop.balance('max')).toEqual({ available: '1000', held: '0' });
});

it('two members give to each other at once, again and again: no deadlock, and nothing is lost', async () => {
  await shop.member('nia');
  await shop.member('olu');
  await shop.earn('nia', 500);
  await shop.earn('olu', 500);
  const gifts = await together(20, (index) => {
    const [giver, receiver] = index % 2 === 0 ? ['nia', 'olu'] : ['olu', 'nia'];
    const input = { programmeCode: PROGRAMME, units: '100', toMemberCode: receiver, idempotencyKey: `gift-${index}` };
    return shop.change(token(giver as string), 'unitsTransfer', input, 'userErrors { code }');
  });
  const { ok = 0, INSUFFICIENT_UNITS: short = 0 } = tally(gifts) as Record<string, number>;
  expect(ok + short).toBe(20);
  const [nia, olu] = [await shop.balance('nia'), await shop.balance('olu')];
  expect(Number(nia.available) + Number(olu.available)).toBe(1_000);
});

it('redemptions while windows close: each is in one window, and the books stay whole', async () => {
  await shop.member('pia');
  await shop.earn('pia', 1_000);
  const closing = (async () => {
    for (let index = 0; index < 5; index += 1) {
      const input = { programmeCode: PROGRAMME, idempotencyKey: `close-${index}` };
      await shop.change(shop.admin, 'settlementWindowClose', input, 'userErrors { code }');
    }
  })();
  const answers = await together(30, async (index) => {
    const { redemption } = await shop.authorise('pia', { units: '10' });
    return shop.change(token('m2'), 'redemptionCapture', {
      redemptionId: redemption.id,
      idempotencyKey: `pia-${index}`,
    });
  });
  await closing;
  expect(tally(answers)).toEqual({ ok: 30 });
  expect(await shop.balance('pia')).toEqual({ available: '700', held: '0' });
});

it('what nobody captured goes back in the order in which it was held, whoever had asked first', async () => {
  await shop.member('noa');
  await shop.earn('noa', 300);
  const { redemption: first } = await shop.authorise('noa', { units: '100' });
  const { redemption: second } = await shop.authorise('noa', { units: '200' });
  // Its request came before the other's, and got the member's lock after it.
  await shop.db.superuser.query(`update redemption set expires_at = expires_at - interval '1 minute' where id = $1`, [
    second.id,
  ]);
  await shop.setClock('2026-03-03T12:00:00Z');
  await shop.services.resolutions.expireAuthorisations();
  const { rows } = await shop.db.superuser.query<{ units: string }>(
    `select p.amount::text as units from journal_entry e join member m on m.no = e.member_no
     join posting p on p.entry_no = e.no and p.account = 120 where m.code = 'noa' and e.kind = $1 order by e.no`,
    [EntryKind.RELEASE],
  );
  expect([first.units, second.units]).toEqual(rows.map(({ units }) => units));
});
