/**
 * Who pays for a rule's reward on one purchase.
 */
import { addRates, ONE, type Rate } from '../money/rate.js';
import {
  type ContractRole,
  type ContractShare,
  type ContractTerms,
  type EarningFacts,
  type FunderRole,
  type Funding,
  PROGRAMME_PARTY,
  type Purchase,
} from './model.js';

export interface Funder {
  /** Partner number, or PROGRAMME_PARTY. */
  readonly funderNo: number;
  /** Partner code, or PROGRAMME. */
  readonly name: string;
  readonly share: Rate;
}

/** Nobody pays: the party that the terms name is not on this purchase, has agreed to nothing, or can pay no more. */
export interface FundingGap {
  readonly code: 'NO_MERCHANT' | 'NO_ISSUER' | 'NO_CONTRACT' | 'FUNDER_EXHAUSTED';
  readonly party: FunderRole;
}

const PROGRAMME_PAYS: readonly Funder[] = [{ funderNo: PROGRAMME_PARTY, name: 'PROGRAMME', share: ONE }];

/**
 * The funders of a rule in the order of the contract or split, each once, shares summing to one.
 *
 * Every paying partner must be on the purchase with a contract in force, because its reward is charged by
 * that contract. When one of them is missing the rule does not apply at all: letting the others pay more
 * than they agreed to, or the member get less than published, would both break a promise.
 */
export function fundersOf(funding: Funding, purchase: Purchase, facts: EarningFacts): readonly Funder[] | FundingGap {
  if (funding.by === 'SPLIT') return share(funding.shares, purchase, facts);
  if (funding.of === 'PROGRAMME') return PROGRAMME_PAYS;
  const contractor = partnerAs(funding.of, purchase, facts);
  if ('code' in contractor) return contractor;
  return share(contractor.contract.fundingShares, purchase, facts, funding.of);
}

export const isGap = (funders: readonly Funder[] | FundingGap): funders is FundingGap => 'code' in funders;

interface Contractor {
  readonly partnerNo: number;
  readonly partnerCode: string;
  readonly contract: ContractTerms;
}

function partnerAs(role: ContractRole, purchase: Purchase, facts: EarningFacts): Contractor | FundingGap {
  const partner = role === 'MERCHANT' ? purchase.merchant : purchase.issuer;
  if (partner === undefined) return { code: role === 'MERCHANT' ? 'NO_MERCHANT' : 'NO_ISSUER', party: role };
  const contract = role === 'MERCHANT' ? facts.merchantContract : facts.issuerContract;
  if (contract === undefined) return { code: 'NO_CONTRACT', party: role };
  if (facts.exhausted?.includes(role)) return { code: 'FUNDER_EXHAUSTED', party: role };
  return { partnerNo: partner.partnerNo, partnerCode: partner.partnerCode, contract };
}

function share(
  shares: readonly ContractShare[],
  purchase: Purchase,
  facts: EarningFacts,
  self?: 'MERCHANT' | 'ISSUER',
): readonly Funder[] | FundingGap {
  const funders: Funder[] = [];
  for (const { party, share: part } of shares) {
    if (part.numerator === 0n) continue;
    const role = party === 'SELF' ? (self ?? 'PROGRAMME') : party;
    const partner = role === 'PROGRAMME' ? undefined : partnerAs(role, purchase, facts);
    if (partner !== undefined && 'code' in partner) return partner;
    const funderNo = partner?.partnerNo ?? PROGRAMME_PARTY;
    // One partner may be merchant and issuer of the same purchase; it is still one funder.
    const known = funders.findIndex((funder) => funder.funderNo === funderNo);
    if (known >= 0)
      funders[known] = { ...(funders[known] as Funder), share: addRates((funders[known] as Funder).share, part) };
    else funders.push({ funderNo, name: partner?.partnerCode ?? 'PROGRAMME', share: part });
  }
  return funders;
}
