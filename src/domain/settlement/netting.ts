/**
 * Multilateral deferred net: each partner against the programme (LEDGER 3).
 *
 * The programme is a line of its own, computed from its own accounts; that it is the opposite of all partners
 * together is checked here, never assumed.
 */
import { PROGRAMME_PARTY } from '../earning/model.js';
import { invariant } from '../kernel/invariant.js';

/** What is known of one partner when its windows are settled. Minor units; + owes, - is owed. */
export interface PartnerStanding {
  readonly partnerNo: number;
  /** Carried over from earlier settlements. */
  readonly openingMinor: bigint;
  /** Its position in the windows settled now. */
  readonly netMinor: bigint;
  /** Below it nothing is paid in either direction. */
  readonly minimumPayoutMinor: bigint;
}

export type LineState = 'PENDING' | 'CARRIED' | 'SETTLED';

export interface NettedLine {
  /** Partner number; 0 = the programme. */
  readonly partyNo: number;
  readonly openingMinor: bigint;
  readonly netMinor: bigint;
  /** Opening + net: what is to be paid, or carried on. */
  readonly closingMinor: bigint;
  readonly state: LineState;
}

export interface Netting {
  /** Partners in order of their number, then the programme. */
  readonly lines: readonly NettedLine[];
  /** Sum of what will really be paid, in either direction. */
  readonly netPaymentsMinor: bigint;
  /** Nothing is left to pay. */
  readonly settled: boolean;
}

/** Nets the partners. Throws when the programme's own accounts say something else than all partners together. */
export function netPositions(standings: readonly PartnerStanding[], programmeNetMinor: bigint): Netting {
  const partners = standings.map(lineOf).sort((a, b) => a.partyNo - b.partyNo);
  const net = partners.reduce((sum, line) => sum + line.netMinor, 0n);
  const opening = partners.reduce((sum, line) => sum + line.openingMinor, 0n);
  invariant(
    programmeNetMinor === -net,
    `the programme's own accounts say ${programmeNetMinor}, its partners say ${-net}; run "hansa ledger verify"`,
  );
  const due = partners.filter((line) => line.state === 'PENDING');
  const programme: NettedLine = {
    partyNo: PROGRAMME_PARTY,
    openingMinor: -opening,
    netMinor: programmeNetMinor,
    closingMinor: programmeNetMinor - opening,
    state: due.length > 0 ? 'PENDING' : 'SETTLED',
  };
  return {
    lines: [...partners, programme],
    netPaymentsMinor: due.reduce((sum, { closingMinor }) => sum + absolute(closingMinor), 0n),
    settled: due.length === 0,
  };
}

function lineOf({ partnerNo, openingMinor, netMinor, minimumPayoutMinor }: PartnerStanding): NettedLine {
  const closingMinor = openingMinor + netMinor;
  const state = closingMinor === 0n ? 'SETTLED' : absolute(closingMinor) < minimumPayoutMinor ? 'CARRIED' : 'PENDING';
  return { partyNo: partnerNo, openingMinor, netMinor, closingMinor, state };
}

const absolute = (amount: bigint): bigint => (amount < 0n ? -amount : amount);
