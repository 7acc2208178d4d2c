/**
 * A programme with its books, four partners and members, and rewards recorded the way the product records
 * them: entries through recordEntries, the rows around them through plain SQL. For tests of the ledger and of
 * settlement that must not depend on how purchases come in.
 */
import { v7 } from 'uuid';
import { canonicalDigest, canonicalJson } from '../../src/domain/kernel/canonical.js';
import type { JournalEntry } from '../../src/domain/ledger/entry.js';
import { accrualEntry, confirmationEntry, type FundedShare, voidEntry } from '../../src/domain/ledger/rewards.js';
import { ONE, rate } from '../../src/domain/money/rate.js';
import { chargesFor } from '../../src/domain/settlement/charges.js';
import { type DbTransaction, statement } from '../../src/infrastructure/db/database.js';
import { recordEvents } from '../../src/modules/events/index.js';
import { openProgrammeBooks, openWindows, recordEntries } from '../../src/modules/ledger/index.js';
import { enrolMembers } from '../../src/modules/members/index.js';
import type { TestDatabase } from './database.js';
import { refundEntry } from './refund-entry.js';

export const PROGRAMME = 0;
export const BUSINESS_DATE = '2026-01-31';
const PURCHASE_KIND = 1;
const REFUND_KIND = 2;

/** Who pays how many units. */
export interface Part {
  readonly funderNo: number;
  readonly units: bigint;
  readonly model?: FundedShare['model'];
}

/** A purchase as recorded: what a refund or a confirmation needs of it. */
export interface Earned {
  readonly transactionId: string;
  readonly memberNo: number;
  readonly lots: readonly (FundedShare & { readonly id: string })[];
  readonly entryNo: bigint;
}

export interface LedgerFixture {
  readonly programmeNo: number;
  readonly programmeCode: string;
  readonly m1: number;
  readonly m2: number;
  readonly bank: number;
  /** Agrees a minimum payout of 5.00. */
  readonly small: number;
  readonly members: readonly number[];
}

/** Commission 10 %, tax 20 % of it, one unit = 0.01 GBP: the terms of LEDGER 4. */
const TERMS = { commissionRate: rate(1n, 10n), taxRate: rate(1n, 5n) } as never;

export async function openLedgerFixture(
  db: TestDatabase,
  programmeCode = 'demo',
  memberCount = 4,
): Promise<LedgerFixture> {
  const programmeId = v7();
  const { rows } = await db.superuser.query<{ no: number }>(
    `insert into programme (id, code, name, currency_code, unit_code, unit_scale, time_zone, created_at)
     values ($1, $2, 'Demo', 'GBP', 'PTS', 0, 'Europe/London', now()) returning no`,
    [programmeId, programmeCode],
  );
  const programmeNo = (rows[0] as { no: number }).no;
  const partnerNos: number[] = [];
  for (const [code, minimum] of [
    ['m1', 0],
    ['m2', 0],
    ['bank', 0],
    ['small', 500],
  ] as const) {
    partnerNos.push(await addPartner(db, `${programmeCode}-${code}`, programmeId, minimum));
  }
  const [m1, m2, bank, small] = partnerNos as [number, number, number, number];
  const members = await db.database.command(async (tx) => {
    await openProgrammeBooks(tx, {
      no: programmeNo,
      currencyCode: 'GBP',
      currencyScale: 2,
      unitCode: 'PTS',
      unitScale: 0,
    });
    const wanted = Array.from({ length: memberCount }, (_, index) => ({
      id: v7(),
      code: `member-${String(index).padStart(6, '0')}`,
    }));
    return [...(await enrolMembers(tx, programmeNo, wanted)).values()].map(({ no }) => no);
  });
  return { programmeNo, programmeCode, m1, m2, bank, small, members };
}

async function addPartner(
  db: TestDatabase,
  code: string,
  programmeId: string,
  minimumPayoutMinor: number,
): Promise<number> {
  const id = v7();
  const { rows } = await db.superuser.query<{ no: number }>(
    `insert into partner (id, code, name, roles, onboarded_at) values ($1, $2, $2, '{MERCHANT}', now()) returning no`,
    [id, code],
  );
  await db.superuser.query(
    `insert into contract (id, partner_id, programme_id, version, effective_from, funding_shares, commission_rate, tax_code,
       tax_rate, tax_treatment, minimum_payout_minor, model, agreed_at)
     values ($1, $2, $3, 1, '2020-01-01', '[]', '1/10', 'VAT', '1/5', 'MARKETING', $4, 'SETTLE_AT_ISSUANCE', now())`,
    [v7(), id, programmeId, minimumPayoutMinor],
  );
  return (rows[0] as { no: number }).no;
}

/** One part with its charges, as an accrual computes them. */
export const shareOf = ({ funderNo, units, model = 'SETTLE_AT_ISSUANCE' }: Part): FundedShare => ({
  funderNo,
  units,
  ...chargesFor(units, ONE, funderNo === PROGRAMME ? undefined : TERMS),
  model,
});

/** Records entries in the open window of a programme, in a transaction of their own. */
export function record(
  db: TestDatabase,
  programmeNo: number,
  entries: readonly JournalEntry[],
): Promise<readonly bigint[]> {
  return db.database.command(async (tx) => {
    const { now, windows } = await openWindows(tx, [programmeNo]);
    return recordEntries(tx, windows.get(programmeNo) as never, now, entries);
  });
}

/** A purchase that earns these parts, pending. Everything a real one leaves behind is there. */
export async function earn(
  db: TestDatabase,
  fixture: LedgerFixture,
  memberNo: number,
  parts: readonly Part[],
): Promise<Earned> {
  const [transactionId, sourceId] = [v7(), v7()];
  const lots = parts.map((part) => ({ id: v7(), ...shareOf(part) }));
  const entryNo = await db.database.command(async (tx) => {
    const { now, windows } = await openWindows(tx, [fixture.programmeNo]);
    await insertSource(tx, {
      kind: PURCHASE_KIND,
      programmeNo: fixture.programmeNo,
      partnerNo: fixture.bank,
      memberNo,
      transactionId,
      sourceId,
      amountMinor: 100_000n,
    });
    await tx.run(INSERT_TRANSACTION, [
      transactionId,
      memberNo,
      fixture.programmeNo,
      fixture.bank,
      100_000n,
      BUSINESS_DATE,
    ]);
    const entry = accrualEntry({ memberNo, businessDate: BUSINESS_DATE, sourceId, shares: lots });
    const [no] = await recordEntries(tx, windows.get(fixture.programmeNo) as never, now, [entry]);
    for (const lot of lots) await insertAccrual(tx, fixture.programmeNo, transactionId, memberNo, lot, no as bigint);
    return no as bigint;
  });
  return { transactionId, memberNo, lots, entryNo };
}

/** Confirms all that is pending of a purchase. */
export async function confirm(db: TestDatabase, fixture: LedgerFixture, earned: Earned): Promise<bigint> {
  return db.database.command(async (tx) => {
    const { now, windows } = await openWindows(tx, [fixture.programmeNo]);
    for (const { id } of earned.lots) await tx.run(DELETE_DUE, [id]);
    const { memberNo, lots } = earned;
    const entry = confirmationEntry({ memberNo, businessDate: BUSINESS_DATE, shares: lots });
    const [no] = await recordEntries(tx, windows.get(fixture.programmeNo) as never, now, [entry]);
    return no as bigint;
  });
}

/** Takes back these parts of a purchase: voided while pending, refunded once confirmed. */
export async function takeBack(
  db: TestDatabase,
  fixture: LedgerFixture,
  earned: Earned,
  parts: readonly Part[],
  state: 'PENDING' | 'CONFIRMED',
): Promise<bigint> {
  const { memberNo, transactionId } = earned;
  const sourceId = v7();
  const shares = parts.map(shareOf);
  return db.database.command(async (tx) => {
    const { now, windows } = await openWindows(tx, [fixture.programmeNo]);
    await insertSource(tx, {
      kind: REFUND_KIND,
      programmeNo: fixture.programmeNo,
      partnerNo: fixture.bank,
      memberNo,
      transactionId,
      sourceId,
      amountMinor: 1_000n,
    });
    await tx.run(ADD_REFUNDED, [transactionId, 1_000n]);
    const build = state === 'PENDING' ? voidEntry : refundEntry;
    const entry = build({ memberNo, businessDate: BUSINESS_DATE, sourceId, shares });
    const [no] = await recordEntries(tx, windows.get(fixture.programmeNo) as never, now, [entry]);
    for (const share of shares) {
      const lot = earned.lots.find(({ funderNo }) => funderNo === share.funderNo) as { id: string };
      const values = [share.units, share.valueMinor, share.commissionMinor, share.taxMinor];
      await tx.run(INSERT_REVERSAL, [sourceId, lot.id, memberNo, ...values, no]);
      await tx.run(REDUCE_LOT, [lot.id, ...values]);
      if (state === 'CONFIRMED') await tx.run(TAKE_FROM_LOT, [no, memberNo, shares.indexOf(share), lot.id, ...values]);
    }
    return no as bigint;
  });
}

async function insertSource(
  tx: DbTransaction,
  source: {
    kind: number;
    programmeNo: number;
    partnerNo: number;
    memberNo: number;
    transactionId: string;
    sourceId: string;
    amountMinor: bigint;
  },
): Promise<void> {
  const { kind, programmeNo, partnerNo, memberNo, transactionId, sourceId, amountMinor } = source;
  const type = kind === PURCHASE_KIND ? 'transaction.recorded' : 'transaction.refunded';
  recordEvents(tx, [{ type, programmeNo, memberNo, subjectId: transactionId, causeId: sourceId }]);
  const reference = `ref-${sourceId}`;
  const body = { amountMinor, kind, nested: { z: 1, a: [true, null] }, reference };
  const hash = canonicalDigest(body);
  await tx.run(INSERT_KEY, [partnerNo, kind, reference, hash, sourceId, memberNo]);
  await tx.run(INSERT_SOURCE, [
    sourceId,
    memberNo,
    transactionId,
    partnerNo,
    kind,
    reference,
    hash,
    amountMinor,
    canonicalJson(body),
  ]);
}

async function insertAccrual(
  tx: DbTransaction,
  programmeNo: number,
  transactionId: string,
  memberNo: number,
  lot: FundedShare & { id: string },
  entryNo: bigint,
): Promise<void> {
  const { id, funderNo, units, valueMinor, commissionMinor, taxMinor } = lot;
  const amounts = [units, valueMinor, commissionMinor, taxMinor];
  await tx.run(INSERT_ACCRUAL, [
    id,
    memberNo,
    transactionId,
    programmeNo,
    `rule-${funderNo}`,
    funderNo,
    ...amounts,
    BUSINESS_DATE,
    entryNo,
  ]);
  await tx.run(INSERT_LOT, [id, memberNo, programmeNo, funderNo, ...amounts, BUSINESS_DATE, transactionId]);
  await tx.run(INSERT_DUE, [programmeNo, BUSINESS_DATE, memberNo, id]);
}

const INSERT_KEY = statement(
  'fixture.insert-key',
  `insert into business_key (partner_no, kind, reference, body_hash, source_id, member_no) values ($1, $2, $3, $4, $5, $6)`,
);
const INSERT_SOURCE = statement(
  'fixture.insert-source',
  `insert into transaction_source (id, member_no, transaction_id, partner_no, kind, reference, body_hash, amount_minor, payload, received_at)
   values ($1, $2, $3, $4, $5, $6, $7, $8, $9, hansa_now())`,
);
const INSERT_TRANSACTION = statement(
  'fixture.insert-transaction',
  `insert into transaction (id, member_no, programme_no, kind, submitter_no, category_code, amount_minor, occurred_at, business_date, recorded_at, facts, explanation_digest)
   values ($1, $2, $3, 'PURCHASE', $4, 'GROCERIES', $5, hansa_now(), $6, hansa_now(), '{}', ''::bytea)`,
);
const ADD_REFUNDED = statement(
  'fixture.add-refunded',
  'update transaction set refunded_minor = refunded_minor + $2 where id = $1',
);
const INSERT_ACCRUAL = statement(
  'fixture.insert-accrual',
  `insert into accrual (id, member_no, transaction_id, programme_no, rule_code, funder_no, units, value_minor, commission_minor, tax_minor, tax_treatment, available_on, entry_no)
   values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'MARKETING', $11, $12)`,
);
const INSERT_LOT = statement(
  'fixture.insert-lot',
  `insert into lot (id, member_no, programme_no, funder_no, units, value_minor, commission_minor, tax_minor, available_on, accrued_on, origin_id)
   values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9, $10)`,
);
const INSERT_DUE = statement(
  'fixture.insert-due',
  'insert into due (programme_no, due_on, member_no, lot_id) values ($1, $2, $3, $4)',
);
const DELETE_DUE = statement('fixture.delete-due', 'delete from due where lot_id = $1');
const INSERT_REVERSAL = statement(
  'fixture.insert-reversal',
  `insert into accrual_reversal (source_id, accrual_id, member_no, units, value_minor, commission_minor, tax_minor, entry_no)
   values ($1, $2, $3, $4, $5, $6, $7, $8)`,
);
const TAKE_FROM_LOT = statement(
  'fixture.take-from-lot',
  `with moved as (
     insert into lot_movement (entry_no, member_no, line, from_pot, to_pot, lot_id, units, value_minor, commission_minor, tax_minor)
     values ($1, $2, $3, 'LEFT', 'CLAWED_BACK', $4, $5, $6, $7, $8)
   )
   insert into lot_pot as p (member_no, lot_id, pot, units, value_minor, commission_minor, tax_minor)
   values ($2, $4, 'CLAWED_BACK', $5, $6, $7, $8)
   on conflict (member_no, lot_id, pot) do update
   set units = p.units + excluded.units, value_minor = p.value_minor + excluded.value_minor,
       commission_minor = p.commission_minor + excluded.commission_minor, tax_minor = p.tax_minor + excluded.tax_minor`,
);
const REDUCE_LOT = statement(
  'fixture.reduce-lot',
  `update lot set units = units - $2, value_minor = value_minor - $3, commission_minor = commission_minor - $4, tax_minor = tax_minor - $5 where id = $1`,
);
