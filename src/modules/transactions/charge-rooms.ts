/** Partners that may be charged only so much: who of a purchase is one, and who can bear it no more. */
import { decide } from '../../domain/earning/evaluate.js';
import type { ContractRole, EarningFacts, ProgrammeTerms, Purchase } from '../../domain/earning/model.js';
import { chargesFor } from '../../domain/settlement/charges.js';
import type { StandingAccrual } from '../../domain/transactions/model.js';
import { type ChargeRooms, isBounded } from '../../domain/treasury/exposure.js';
import type { ContractRecord } from '../partners/index.js';
import type { Asked } from './earning-facts.js';
import type { Reference } from './reference.js';

const ROLES: readonly ContractRole[] = ['MERCHANT', 'ISSUER'];

export const partnerIn = (role: ContractRole, { merchant, issuer }: Purchase): number | undefined =>
  (role === 'MERCHANT' ? merchant : issuer)?.partnerNo;

/** Each once. Most programmes have none, and then nobody waits for a lock. */
export function boundedPartners(asked: readonly Asked[], programmeNo: number, { partners }: Reference): number[] {
  const bounded = new Set<number>();
  for (const { purchase } of asked)
    for (const role of ROLES) {
      const partnerNo = partnerIn(role, purchase);
      if (partnerNo === undefined || bounded.has(partnerNo)) continue;
      const contract = partners.contractOn(partnerNo, programmeNo, purchase.businessDate);
      if (contract !== undefined && isBounded(contract)) bounded.add(partnerNo);
    }
  return [...bounded];
}

/**
 * The facts with those who cannot bear what they would be charged for this purchase. Their rules then do not apply
 * at all (funding.ts), and others may take their place, so it is asked again until nobody is over.
 */
export function withExhausted(
  purchase: Purchase,
  facts: EarningFacts,
  terms: ProgrammeTerms,
  reference: Reference,
  rooms: ChargeRooms,
): EarningFacts {
  if (!rooms.bounds) return facts;
  const { exhausted = [] } = facts;
  const over = ROLES.filter((role) => {
    const contract = contractIn(role, facts, reference);
    return contract !== undefined && !exhausted.includes(role) && isOver(role, contract, purchase, facts, terms, rooms);
  });
  if (over.length === 0) return facts;
  const now = ROLES.filter((role) => exhausted.includes(role) || over.includes(role));
  return withExhausted(purchase, { ...facts, exhausted: now }, terms, reference, rooms);
}

function contractIn(
  role: ContractRole,
  { merchantContract, issuerContract }: EarningFacts,
  { partners }: Reference,
): ContractRecord | undefined {
  const contract = role === 'MERCHANT' ? merchantContract : issuerContract;
  return contract && partners.contractByNo(contract.no);
}

function isOver(
  role: ContractRole,
  contract: ContractRecord,
  purchase: Purchase,
  facts: EarningFacts,
  terms: ProgrammeTerms,
  rooms: ChargeRooms,
): boolean {
  const partnerNo = partnerIn(role, purchase);
  if (partnerNo === undefined) return false;
  let chargeMinor = 0n;
  for (const { funderNo, units } of decide(purchase, facts, terms).accruals) {
    if (funderNo !== partnerNo) continue;
    const { valueMinor, commissionMinor, taxMinor } = chargesFor(units, terms.unit.priceMinor, contract);
    chargeMinor += valueMinor + commissionMinor + taxMinor;
  }
  return chargeMinor > 0n && rooms.exceeds(partnerNo, contract, chargeMinor);
}

/** What a purchase leaves of the rooms for the next one. */
export function bear(accruals: readonly StandingAccrual[], rooms: ChargeRooms): void {
  for (const { funderNo, valueMinor, commissionMinor, taxMinor } of accruals)
    rooms.charge(funderNo, valueMinor + commissionMinor + taxMinor);
}
