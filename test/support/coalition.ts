/**
 * A small coalition for tests of intake: one bank, two merchants, a programme with two tiers, a matrix, a
 * merchant-funded rate and two caps. Written straight into the tables, so that these tests stand on the
 * pipeline alone.
 */
import { createHash } from 'node:crypto';
import { v7 } from 'uuid';
import type { SubmitCommand } from '../../src/domain/transactions/model.js';
import { linkCards } from '../../src/modules/cards/index.js';
import { openProgrammeBooks } from '../../src/modules/ledger/index.js';
import { enrolMembers } from '../../src/modules/members/index.js';
import { processBatch, ReferenceCache, type SubmitOutcome } from '../../src/modules/transactions/index.js';
import type { TestDatabase } from './database.js';

/**
 * 1 PTS = 0.01 GBP. Bank: 1 % base, gold 5 % on fuel. Merchants: 4 % (contract: all theirs). Fuel cap 500, total cap
 * 2000 a month.
 */
export const COALITION_YAML = `
programme: coalition-test
name: Coalition for tests
effectiveFrom: 2020-01-01
currency: GBP
timeZone: Europe/London
unit: { code: PTS, scale: 0, worth: 0.01 }
holdDays: 14
rounding: FLOOR
categories:
  fuel: { name: Fuel, mcc: ["5541", "5542"] }
  books: { name: Books, mcc: ["5942"] }
choices:
  monthly: { name: One a month, offered: [fuel, books], pick: 1, per: month, opensDaysBefore: 0, closesOnDay: 31, default: [] }
tiers:
  rollingDays: 30
  levels:
    - { code: basic, name: Basic, from: 0, benefits: [{ code: letter, name: A letter each month }] }
    - { code: gold, name: Gold, from: 500 }
rules:
  - code: bank-cashback
    name: Bank cashback
    funding: ISSUER
    matrix:
      basic: { BASE: 1%, fuel: 2% }
      gold: { BASE: 1%, fuel: 5% }
  - code: shop-rate
    name: Shop rate
    funding: MERCHANT
    rate: 4%
  - code: in-the-app
    name: Ten pounds in the app
    funding: PROGRAMME
    when: { channels: [APP], minimum: 10.00 }
    rate: 1%
redemption: { cashOut: true, donation: true, transfer: true }
caps:
  - { code: fuel-month, category: fuel, per: month, max: 500 }
  - { code: all-month, per: month, max: 2000 }
`;

export interface Coalition {
  readonly db: TestDatabase;
  readonly cache: ReferenceCache;
  readonly programmeNo: number;
  readonly bankNo: number;
  readonly shopNo: number;
  /** Members a and b, each with a card of the bank: tokens "token-a-0001" and "token-b-0001". */
  readonly members: { readonly a: number; readonly b: number };
  submit(...commands: readonly SubmitCommand[]): Promise<SubmitOutcome[]>;
}

export async function makeCoalition(db: TestDatabase, yaml = COALITION_YAML): Promise<Coalition> {
  const { superuser, database } = db;
  const programmeId = v7();
  const [programme] = (
    await superuser.query<{ no: number }>(
      `insert into programme (id, code, name, currency_code, unit_code, unit_scale, time_zone, created_at)
       values ($1, 'coalition-test', 'Coalition for tests', 'GBP', 'PTS', 0, 'Europe/London', now()) returning no`,
      [programmeId],
    )
  ).rows;
  const programmeNo = programme?.no ?? 0;
  await superuser.query(
    `insert into programme_version (id, programme_id, version, effective_from, source, digest, published_by, published_at)
     values ($1, $2, 1, '2020-01-01', $3, $4, 'test', now())`,
    [v7(), programmeId, yaml, createHash('sha256').update(yaml).digest('hex')],
  );
  const partner = async (code: string, role: string): Promise<number> => {
    const id = v7();
    const { rows } = await superuser.query<{ no: number }>(
      `insert into partner (id, code, name, roles, onboarded_at) values ($1, $2, $2, $3, now()) returning no`,
      [id, code, [role]],
    );
    await superuser.query(
      `insert into contract (id, partner_id, programme_id, version, effective_from, funding_shares, commission_rate,
         tax_code, tax_rate, tax_treatment, model, agreed_at)
       values ($1, $2, $3, 1, '2020-01-01', '[{"party":"SELF","share":"1/1"}]', '1/10', 'VAT-20', '1/5', 'MARKETING',
         'SETTLE_AT_ISSUANCE', now())`,
      [v7(), id, programmeId],
    );
    return rows[0]?.no ?? 0;
  };
  const bankNo = await partner('bank', 'BANK');
  const shopNo = await partner('shop', 'MERCHANT');
  const otherNo = await partner('other', 'MERCHANT');
  const outlet = async (partnerNo: number, code: string, merchantId: string): Promise<void> => {
    const id = v7();
    await superuser.query(
      `insert into outlet (id, partner_id, code, name, channel) select $1, p.id, $3, $3, 'IN_STORE' from partner p where p.no = $2`,
      [id, partnerNo, code],
    );
    await superuser.query('insert into outlet_merchant_id (merchant_id, outlet_id) values ($1, $2)', [merchantId, id]);
  };
  await outlet(shopNo, 'high-street', 'MID-SHOP');
  await outlet(otherNo, 'main', 'MID-OTHER');
  const members = await database.command(async (tx) => {
    await openProgrammeBooks(tx, {
      no: programmeNo,
      currencyCode: 'GBP',
      currencyScale: 2,
      unitCode: 'PTS',
      unitScale: 0,
    });
    const enrolled = await enrolMembers(tx, programmeNo, [
      { id: v7(), code: 'a' },
      { id: v7(), code: 'b' },
    ]);
    const a = enrolled.get('a')?.no ?? 0;
    const b = enrolled.get('b')?.no ?? 0;
    await linkCards(tx, programmeNo, [
      { id: v7(), memberNo: a, token: 'token-a-0001', lastFour: '0001', issuerNo: bankNo },
      { id: v7(), memberNo: b, token: 'token-b-0001', lastFour: '0002', issuerNo: bankNo },
    ]);
    return { a, b };
  });
  const cache = new ReferenceCache();
  return {
    db,
    cache,
    programmeNo,
    bankNo,
    shopNo,
    members,
    submit: (...commands) => database.command((tx) => processBatch(tx, cache, programmeNo, commands)),
  };
}

let references = 0;

/** A purchase of 100.00 at the shop by card a on 2026-03-10, changed as wanted. */
export function purchase(changes: Partial<SubmitCommand> = {}): SubmitCommand {
  references += 1;
  return {
    partnerCode: 'bank',
    kind: 'PURCHASE',
    reference: `ref-${references}`,
    payer: { cardToken: 'token-a-0001' },
    amountMinor: 10_000n,
    currencyCode: 'GBP',
    occurredAt: new Date('2026-03-10T12:00:00Z'),
    businessDate: '2026-03-10',
    merchantId: 'MID-SHOP',
    ...changes,
  };
}

/** A refund of the same size and place, changed as wanted. */
export const refund = (changes: Partial<SubmitCommand> = {}): SubmitCommand => purchase({ kind: 'REFUND', ...changes });

/** The answer to a message that comes again: what the first one got, read back. */
export const repeatOf = (first: SubmitOutcome | undefined): object => ({
  ...first,
  status: 'DUPLICATE',
  recorded: undefined,
});
