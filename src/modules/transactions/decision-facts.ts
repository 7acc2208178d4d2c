/**
 * What a decision saw, written small (a transaction keeps it for ever) and read back so that the very same
 * decision can be run again: for a refund, an explanation or an audit.
 */
import {
  type Channel,
  type EarningFacts,
  ENGINE_REVISION,
  type ProgrammeTerms,
  type Purchase,
} from '../../domain/earning/model.js';
import type { BusinessDate } from '../../domain/kernel/calendar.js';
import { invariant } from '../../domain/kernel/invariant.js';
import type { Reference } from './reference.js';

/** Keys are short on purpose: about 100 bytes per purchase. */
export interface StoredFacts {
  /** programme version */
  readonly v: number;
  /** engine revision */
  readonly r: number;
  /** tier in force before the purchase */
  readonly t: string;
  /** spend in the tier's window before it, minor units */
  readonly s: string;
  /** cap code -> used before it */
  readonly u?: Readonly<Record<string, string>>;
  /** contract numbers of merchant and issuer */
  readonly mc?: number;
  readonly ic?: number;
  /** issuer of the card */
  readonly i?: number;
  /** category the partner submitted */
  readonly sc?: string;
}

export function encodeFacts(version: number, purchase: Purchase, facts: EarningFacts): StoredFacts {
  const used = Object.entries(facts.capUsed).map(([cap, units]) => [cap, units.toString()] as const);
  return {
    v: version,
    r: ENGINE_REVISION,
    t: facts.tier,
    s: facts.windowSpendMinor.toString(),
    ...(used.length > 0 && { u: Object.fromEntries(used) }),
    ...(facts.merchantContract && { mc: facts.merchantContract.no }),
    ...(facts.issuerContract && { ic: facts.issuerContract.no }),
    ...(purchase.issuer && { i: purchase.issuer.partnerNo }),
    ...(purchase.submittedCategory !== undefined && { sc: purchase.submittedCategory }),
  };
}

/** The columns of `transaction` that a decision is made of. */
export interface DecidedRow {
  readonly programmeNo: number;
  readonly amountMinor: bigint;
  readonly businessDate: BusinessDate;
  readonly channel: string | null;
  readonly mcc: string | null;
  readonly merchantNo: number | null;
  readonly outletId: string | null;
  readonly facts: StoredFacts;
}

export interface Decision {
  readonly purchase: Purchase;
  readonly facts: EarningFacts;
  readonly terms: ProgrammeTerms;
}

/** Rebuilds what the engine was given. Versions and contracts are never edited, so it is the same for ever. */
export function decodeDecision(row: DecidedRow, { programmes, partners }: Reference): Decision {
  const stored = row.facts;
  const published = programmes.version(row.programmeNo, stored.v);
  invariant(published, `programme ${row.programmeNo} has no version ${stored.v}`);
  const merchant = row.merchantNo === null ? undefined : partners.byNo(row.merchantNo);
  const issuer = stored.i === undefined ? undefined : partners.byNo(stored.i);
  const outlet = row.outletId === null ? undefined : partners.outletById(row.outletId);
  const merchantContract = stored.mc === undefined ? undefined : partners.contractByNo(stored.mc);
  const issuerContract = stored.ic === undefined ? undefined : partners.contractByNo(stored.ic);
  return {
    terms: published.terms,
    purchase: {
      amountMinor: row.amountMinor,
      businessDate: row.businessDate,
      ...(row.channel !== null && { channel: row.channel as Channel }),
      ...(row.mcc !== null && { mcc: row.mcc }),
      ...(stored.sc !== undefined && { submittedCategory: stored.sc }),
      ...(merchant && {
        merchant: { partnerNo: merchant.no, partnerCode: merchant.code, ...(outlet && { outletCode: outlet.code }) },
      }),
      ...(issuer && { issuer: { partnerNo: issuer.no, partnerCode: issuer.code } }),
    },
    facts: {
      tier: stored.t,
      windowSpendMinor: BigInt(stored.s),
      capUsed: Object.fromEntries(Object.entries(stored.u ?? {}).map(([cap, units]) => [cap, BigInt(units)])),
      ...(merchantContract && { merchantContract }),
      ...(issuerContract && { issuerContract }),
    },
  };
}
