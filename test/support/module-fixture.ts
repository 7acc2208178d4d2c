/** A programme and partners that nothing is wrong with: what tests of partners, members and cards start from. */
import { v7 } from 'uuid';
import { ONE, parseRate, type Rate } from '../../src/domain/money/rate.js';
import type { PartnerRole } from '../../src/domain/partners/partner.js';
import type { AgreeContract, OnboardPartner, PartnerService } from '../../src/modules/partners/index.js';
import type { TestDatabase } from './database.js';
import { admin } from './principals.js';

/** A programme in GBP whose unit PTS has two decimals. Only the row: tests that need terms publish them. */
export async function addProgramme(db: TestDatabase, code: string): Promise<number> {
  const { rows } = await db.superuser.query<{ no: number }>(
    `insert into programme (id, code, name, currency_code, unit_code, unit_scale, time_zone, created_at)
     values ($1, $2, $2, 'GBP', 'PTS', 2, 'Europe/London', now()) returning no`,
    [v7(), code],
  );
  return (rows[0] as { no: number }).no;
}

export function rateOf(text: string): Rate {
  const value = parseRate(text);
  if (value === undefined) throw new Error(`"${text}" is not a rate`);
  return value;
}

/** Terms that nothing is wrong with, changed by `but`. */
export const termsFor = (programmeCode: string, but: Partial<AgreeContract> = {}): AgreeContract => ({
  programmeCode,
  effectiveFrom: '2026-01-01',
  fundingShares: [{ party: 'SELF', share: ONE }],
  commissionRate: rateOf('10%'),
  taxCode: 'VAT-20',
  taxRate: rateOf('20%'),
  taxTreatment: 'MARKETING',
  model: 'SETTLE_AT_ISSUANCE',
  refundReturnsCommission: true,
  ...but,
});

/** A partner that nothing is wrong with, changed by `but`. */
export const partnerOf = (code: string, but: Partial<OnboardPartner> = {}): OnboardPartner => ({
  code,
  name: `Partner ${code}`,
  roles: ['MERCHANT'],
  outlets: [],
  ...but,
});

/** Onboards partners of these roles by their codes. */
export async function onboard(
  service: PartnerService,
  partners: Readonly<Record<string, readonly PartnerRole[]>>,
): Promise<void> {
  for (const [code, roles] of Object.entries(partners)) {
    const result = await service.onboard(admin(), partnerOf(code, { roles }));
    if (!result.ok) throw new Error(result.failure.message);
  }
}
