/**
 * What a decision saw, written small (a transaction keeps it for ever) and read back so that the very same
 * decision can be run again: for a refund, an explanation or an audit.
 */
import {
  type Channel,
  type ContractRole,
  type EarningFacts,
  ENGINE_REVISION,
  type MemberGate,
  type ProgrammeTerms,
  type ProgressBefore,
  type Purchase,
} from '../../domain/earning/model.js';
import type { BusinessDate } from '../../domain/kernel/calendar.js';
import { invariant } from '../../domain/kernel/invariant.js';
import type { Reference } from './reference.js';
import { decodeLines, type StoredLine } from './stored-basket.js';

/** Keys are short on purpose: about 100 bytes per purchase. What a programme does not look at is not there. */
export interface StoredFacts {
  /** programme version */
  readonly v: number;
  /** engine revision */
  readonly r: number;
  /** tier in force before the purchase */
  readonly t: string;
  /** the ladder's metric in its window before it, in its own measure */
  readonly s: string;
  /** counter -> used before it */
  readonly u?: Readonly<Record<string, string>>;
  /** rule -> why the member does not meet it */
  readonly g?: Readonly<Record<string, MemberGate>>;
  /** choice -> categories in force */
  readonly c?: Readonly<Record<string, readonly string[]>>;
  /** experiment -> variant */
  readonly x?: Readonly<Record<string, string>>;
  /** rule -> progress before it, and 0 where the purchase's own partner or category was counted already */
  readonly p?: Readonly<Record<string, StoredProgress>>;
  /** contract numbers of merchant and issuer */
  readonly mc?: number;
  readonly ic?: number;
  /** which of them could be charged no more: M, I or MI */
  readonly ex?: 'M' | 'I' | 'MI';
  /** issuer of the card */
  readonly i?: number;
  /** product, account and statement day of the card */
  readonly cp?: string;
  readonly ca?: string;
  readonly cs?: number;
  /** category the partner submitted */
  readonly sc?: string;
  /** time of the day; day and time on the member's own clock */
  readonly h?: string;
  readonly md?: BusinessDate;
  readonly mh?: string;
}

type StoredProgress = readonly [before: string, fresh?: 0 | 1];

export function encodeFacts(version: number, purchase: Purchase, facts: EarningFacts): StoredFacts {
  const { card } = purchase;
  // Nothing chosen and nothing to choose are the same to every rule.
  const chosen = Object.fromEntries(
    Object.entries(facts.chosen ?? {}).filter(([, categories]) => categories.length > 0),
  );
  const used = Object.entries(facts.used).map(([counter, amount]) => [counter, amount.toString()] as const);
  const progress = Object.entries(facts.progress ?? {}).map(([rule, { before, fresh }]): [string, StoredProgress] => [
    rule,
    fresh === undefined ? [before.toString()] : [before.toString(), fresh ? 1 : 0],
  ]);
  return {
    v: version,
    r: ENGINE_REVISION,
    t: facts.tier,
    s: facts.tierMetric.toString(),
    ...(used.length > 0 && { u: Object.fromEntries(used) }),
    ...(isFilled(facts.gates) && { g: facts.gates }),
    ...(isFilled(chosen) && { c: chosen }),
    ...(isFilled(facts.variants) && { x: facts.variants }),
    ...(progress.length > 0 && { p: Object.fromEntries(progress) }),
    ...(facts.merchantContract && { mc: facts.merchantContract.no }),
    ...(facts.issuerContract && { ic: facts.issuerContract.no }),
    ...(facts.exhausted && { ex: encodeExhausted(facts.exhausted) }),
    ...(purchase.issuer && { i: purchase.issuer.partnerNo }),
    ...(card?.product !== undefined && { cp: card.product }),
    ...(card?.account !== undefined && { ca: card.account }),
    ...(card?.statementDay !== undefined && { cs: card.statementDay }),
    ...(purchase.submittedCategory !== undefined && { sc: purchase.submittedCategory }),
    ...(purchase.time !== undefined && { h: purchase.time }),
    ...(purchase.memberDate !== undefined && { md: purchase.memberDate }),
    ...(purchase.memberTime !== undefined && { mh: purchase.memberTime }),
  };
}

const EXHAUSTED = { M: ['MERCHANT'], I: ['ISSUER'], MI: ['MERCHANT', 'ISSUER'] } as const;

const encodeExhausted = (roles: readonly ContractRole[]): keyof typeof EXHAUSTED =>
  roles.length === 2 ? 'MI' : roles[0] === 'MERCHANT' ? 'M' : 'I';

const isFilled = (map: Readonly<Record<string, unknown>> | undefined): boolean =>
  map !== undefined && Object.keys(map).length > 0;

/** The columns of `transaction` that a decision is made of. */
export interface DecidedRow {
  readonly programmeNo: number;
  readonly amountMinor: bigint;
  readonly businessDate: BusinessDate;
  readonly channel: string | null;
  readonly mcc: string | null;
  readonly descriptor: string | null;
  readonly cardId: string | null;
  readonly merchantNo: number | null;
  readonly outletId: string | null;
  readonly action: string | null;
  readonly lines: readonly StoredLine[] | null;
  readonly facts: StoredFacts;
}

export interface Decision {
  readonly purchase: Purchase;
  readonly facts: EarningFacts;
  readonly terms: ProgrammeTerms;
}

/** Rebuilds what the engine was given. Versions and contracts are never edited, so it is the same for ever. */
export function decodeDecision(row: DecidedRow, reference: Reference): Decision {
  const stored = row.facts;
  const published = reference.programmes.version(row.programmeNo, stored.v);
  invariant(published, `programme ${row.programmeNo} has no version ${stored.v}`);
  return { terms: published.terms, purchase: decodePurchase(row, reference), facts: decodeFacts(stored, reference) };
}

/** The purchase as it was decided on. */
export function decodePurchase(row: DecidedRow, { partners }: Reference): Purchase {
  const stored = row.facts;
  const merchant = row.merchantNo === null ? undefined : partners.byNo(row.merchantNo);
  const issuer = stored.i === undefined ? undefined : partners.byNo(stored.i);
  const outlet = row.outletId === null ? undefined : partners.outletById(row.outletId);
  return {
    amountMinor: row.amountMinor,
    businessDate: row.businessDate,
    ...(stored.h !== undefined && { time: stored.h }),
    ...(stored.md !== undefined && { memberDate: stored.md }),
    ...(stored.mh !== undefined && { memberTime: stored.mh }),
    ...(row.action !== null && { action: row.action }),
    ...(row.channel !== null && { channel: row.channel as Channel }),
    ...(row.mcc !== null && { mcc: row.mcc }),
    ...(row.descriptor !== null && { descriptor: row.descriptor }),
    ...(stored.sc !== undefined && { submittedCategory: stored.sc }),
    ...(merchant && {
      merchant: { partnerNo: merchant.no, partnerCode: merchant.code, ...(outlet && { outletCode: outlet.code }) },
    }),
    ...(issuer && { issuer: { partnerNo: issuer.no, partnerCode: issuer.code } }),
    ...(row.cardId !== null && {
      card: {
        id: row.cardId,
        ...(stored.cp !== undefined && { product: stored.cp }),
        ...(stored.ca !== undefined && { account: stored.ca }),
        ...(stored.cs !== undefined && { statementDay: stored.cs }),
      },
    }),
    ...(row.lines !== null && { lines: decodeLines(row.lines) }),
  };
}

function decodeFacts(stored: StoredFacts, { partners }: Reference): EarningFacts {
  const merchantContract = stored.mc === undefined ? undefined : partners.contractByNo(stored.mc);
  const issuerContract = stored.ic === undefined ? undefined : partners.contractByNo(stored.ic);
  return {
    tier: stored.t,
    tierMetric: BigInt(stored.s),
    used: Object.fromEntries(Object.entries(stored.u ?? {}).map(([counter, amount]) => [counter, BigInt(amount)])),
    ...(stored.g && { gates: stored.g }),
    ...(stored.c && { chosen: stored.c }),
    ...(stored.x && { variants: stored.x }),
    ...(stored.p && {
      progress: Object.fromEntries(
        Object.entries(stored.p).map(([rule, [before, fresh]]): [string, ProgressBefore] => [
          rule,
          { before: BigInt(before), ...(fresh !== undefined && { fresh: fresh === 1 }) },
        ]),
      ),
    }),
    ...(merchantContract && { merchantContract }),
    ...(issuerContract && { issuerContract }),
    ...(stored.ex && { exhausted: EXHAUSTED[stored.ex] }),
  };
}
