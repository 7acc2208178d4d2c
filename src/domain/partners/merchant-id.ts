/** Which outlet a merchant id looks like that no outlet has: pure, from the purchases that carry it. */
import { bestLikeness } from '../transactions/name-likeness.js';
import { ALIKE_FROM } from '../transactions/same-purchase.js';

/** A merchant id with the purchases that carry it. */
export interface SeenMerchantId {
  readonly merchantId: string;
  /** What card statements say most often; null when nothing. */
  readonly descriptor: string | null;
  /** Outlets at which their merchants say that they took place, and how many. */
  readonly told: readonly { readonly outletId: string; readonly purchases: number }[];
}

export interface NamedOutlet {
  readonly id: string;
  readonly name: string;
  readonly partnerName: string;
}

export type ProposalGround = 'TOLD_BY_MERCHANT' | 'NAME_IN_DESCRIPTOR';

export interface Proposal {
  readonly outletId: string;
  readonly ground: ProposalGround;
  /** 0 to 100. */
  readonly score: number;
}

/**
 * The one outlet that it most likely names; nothing when there is none, or two are as likely.
 *
 * @param rejected ids of outlets that somebody has said it is not
 */
export function proposeOutlet(
  { descriptor, told }: SeenMerchantId,
  outlets: readonly NamedOutlet[],
  rejected: ReadonlySet<string>,
): Proposal | undefined {
  const all = told.reduce((sum, { purchases }) => sum + purchases, 0);
  const byMerchant = best(
    told.map(({ outletId, purchases }) => ({ outletId, score: Math.floor((100 * purchases) / all) })),
    rejected,
  );
  if (byMerchant !== undefined) return { ...byMerchant, ground: 'TOLD_BY_MERCHANT' };
  if (descriptor === null) return undefined;
  const byName = best(
    outlets.map(({ id, name, partnerName }) => ({ outletId: id, score: likeness(partnerName, name, descriptor) })),
    rejected,
  );
  return byName === undefined || byName.score < ALIKE_FROM ? undefined : { ...byName, ground: 'NAME_IN_DESCRIPTOR' };
}

/** The text has to show the partner; that it shows the outlet too tells outlets of one partner apart. */
function likeness(partnerName: string, outletName: string, descriptor: string): number {
  if (!descriptor.toLowerCase().includes(partnerName.slice(0, SHORTEST_BEGINNING).toLowerCase())) return 0;
  const partner = bestLikeness([partnerName], descriptor);
  return Math.floor((partner * 3 + bestLikeness([outletName], descriptor)) / 4);
}

/** Looked for before anything is compared, because there are many outlets. */
const SHORTEST_BEGINNING = 3;

function best(
  scored: readonly { readonly outletId: string; readonly score: number }[],
  rejected: ReadonlySet<string>,
): { readonly outletId: string; readonly score: number } | undefined {
  const [first, second] = scored
    .filter(({ outletId, score }) => score > 0 && !rejected.has(outletId))
    .sort((a, b) => b.score - a.score);
  return first === undefined || first.score === second?.score ? undefined : first;
}
