/** The worked example of the ledger design (LEDGER 4) to its end: everybody has paid, and the bank holds what is left. */
import { type Booking, TestBank } from '../support/bank.js';
import { expectSoundLedger } from './sound-ledger.js';
import { openPlay, type Play, PROGRAMME, playWindow1, playWindow2 } from './worked-example.js';

const CLEARING = 'DE89370400440532013000';
const ACCOUNTS = {
  m1: 'FR1420041010050500013M02606',
  m2: 'NL91ABNA0417164300',
  b: 'GB29NWBK60161331926819',
  'red-cross': 'ES9121000418450200051332',
} as const;
type PartnerCode = keyof typeof ACCOUNTS;

let play: Play;
let bank: TestBank;
afterEach(() => play.close());

async function open(variant: Parameters<typeof openPlay>[0]): Promise<void> {
  play = await openPlay(variant);
  bank = new TestBank(CLEARING);
  await useAccount({ programmeCode: PROGRAMME }, CLEARING);
  for (const partnerCode of ['m1', 'm2', 'b'] as const) await useAccount({ partnerCode }, ACCOUNTS[partnerCode]);
  await playWindow1(play);
}

async function useAccount(owner: object, iban: string): Promise<void> {
  const input = { ...owner, holderName: 'Example', iban };
  const { bankAccount } = await play.act('bankAccountPropose', input, 'bankAccount { id }');
  const token = await play.edge.token({ principal: 'OPERATOR' });
  await play.act('bankAccountApprove', { bankAccountId: bankAccount.id }, 'bankAccount { state }', { token });
}

/** Instructs what is owed; answers what the bank will book of it, and who was left out. */
async function instruct(idempotencyKey: string): Promise<{ debits: Booking[]; skipped: string[] }> {
  const { paymentFile, skipped } = await play.act(
    'paymentsInstruct',
    { programmeCode: PROGRAMME, idempotencyKey },
    'paymentFile { payments { endToEndId amount { amount } partner { code } } } skipped { partner { code } }',
  );
  const debits = paymentFile.payments.map(
    ({ endToEndId, amount }: { endToEndId: string; amount: { amount: string } }) => ({
      endToEndId,
      amount: `-${amount.amount}`,
    }),
  );
  return { debits, skipped: skipped.map(({ partner }: { partner: { code: string } }) => partner.code) };
}

/** What a partner pays, from its account. */
const from = (partner: PartnerCode, amount: string): Booking => ({ amount, iban: ACCOUNTS[partner] });

/** The bank books this; answers with the closing balance. */
async function book(...bookings: readonly Booking[]): Promise<string> {
  const content = bank.statement(bookings);
  const { statements } = await play.act(
    'bankStatementUpload',
    { content },
    'statements { closing { amount } movements { unallocated { amount } } }',
  );
  for (const { unallocated } of statements[0].movements) expect(unallocated.amount).toBe('0.00');
  return statements[0].closing.amount;
}

const stateOf = async ({ id }: { id: string }): Promise<string> =>
  (await play.ask(play.admin, 'query ($id: ID!) { settlement(id: $id) { state } }', { id })).settlement.state;

test('the bank account holds 13.80, and after the second window still what is not the partners’', async () => {
  await open({});
  const { settlement } = await play.settle('one');
  const { debits, skipped } = await instruct('pay-one');
  expect(debits.map(({ amount }) => amount)).toEqual(['-32.43']);
  expect(skipped).toEqual(['red-cross']);
  expect(await book(from('m1', '44.80'), from('b', '1.43'), ...debits)).toBe('13.80');
  expect(await stateOf(settlement)).toBe('SETTLED');
  // 1100 of the window and every 1200 are zero, nothing is in transit or unknown.
  expect(await play.accounts(1000, 1010, 1020, 1100, 1200)).toEqual([1_380n, 0n, 0n, 0n, 0n]);

  // The donation of 1.00 is handed on.
  await useAccount({ partnerCode: 'red-cross' }, ACCOUNTS['red-cross']);
  const charity = await instruct('pay-charity');
  expect(charity.debits.map(({ amount }) => amount)).toEqual(['-1.00']);
  expect(await play.accounts(2110, 1010)).toEqual([0n, -100n]);
  expect(await book(...charity.debits)).toBe('12.80');

  await playWindow2(play);
  const two = await play.settle('two');
  const second = await instruct('pay-two');
  expect(second.debits.map(({ amount }) => amount)).toEqual(['-26.13', '-7.47']);
  expect(await book(...second.debits, from('m1', '33.60'))).toBe('12.80');
  expect(await stateOf(two.settlement)).toBe('SETTLED');
  expect(await play.accounts(1000, 1010, 1020, 1200)).toEqual([1_280n, 0n, 0n, 0n]);
  await expectSoundLedger(play.db);
});

test('with a minimum payout the bank account holds 12.37, and the carried amount is paid with the next', async () => {
  await open({ minimumPayout: '5.00' });
  const { settlement } = await play.settle('one');
  const { debits } = await instruct('pay-one');
  expect(await book(from('m1', '44.80'), ...debits)).toBe('12.37');
  expect(await stateOf(settlement)).toBe('SETTLED');
  expect(await play.accounts(1000, 1010, 1020, 1200)).toEqual([1_237n, 0n, 0n, 143n]);

  await playWindow2(play);
  await play.settle('two');
  const second = await instruct('pay-two');
  expect(second.debits.map(({ amount }) => amount)).toEqual(['-26.13', '-6.04']);
  expect(await book(...second.debits, from('m1', '33.60'))).toBe('13.80');
  expect(await play.accounts(1010, 1020, 1200)).toEqual([0n, 0n, 0n]);
  await expectSoundLedger(play.db);
});

test('with every contract on settle-at-redemption it holds 11.56', async () => {
  await open({ model: 'SETTLE_AT_REDEMPTION' });
  await play.settle('one');
  const { debits } = await instruct('pay-one');
  expect(debits.map(({ amount }) => amount)).toEqual(['-32.43', '-0.81']);
  expect(await book(from('m1', '44.80'), ...debits)).toBe('11.56');
  expect(await play.accounts(1010, 1020, 1200)).toEqual([0n, 0n, 0n]);
  await expectSoundLedger(play.db);
});
