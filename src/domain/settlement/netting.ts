/**
 * Multilateral deferred net: each partner against the programme (LEDGER 3).
 *
 * A partner settled NET has one line, the difference; one settled GROSS has a line for what it owes and a line for
 * what it is owed, and each is paid by itself. The programme is a line of its own, computed from its own accounts;
 * that it is the opposite of all partners together is checked here, never assumed.
 */
import { PROGRAMME_PARTY } from '../earning/model.js';
import { invariant } from '../kernel/invariant.js';
import type { SettlementTerms } from '../partners/settlement-terms.js';

/** What a line is about: everything, or one side of a partner settled gross. */
export type LineSide = 'NET' | 'OWES' | 'OWED';

export interface SideAmount {
  readonly side: LineSide;
  readonly amountMinor: bigint;
}

/** What is known of one partner when its windows are settled. Minor units; + owes, - is owed. */
export interface PartnerStanding {
  readonly partnerNo: number;
  readonly netting: SettlementTerms['netting'];
  /** Carried over from the settlement before, by the lines it was carried on. */
  readonly opening: readonly SideAmount[];
  /** What the programme supplied to it in the windows settled now, less what was taken back. */
  readonly owesMinor: bigint;
  /** What it supplied to the programme; usually below zero. */
  readonly owedMinor: bigint;
  /** Below it nothing is paid in either direction. */
  readonly minimumPayoutMinor: bigint;
}

export type LineState = 'PENDING' | 'CARRIED' | 'SETTLED';

export interface NettedLine {
  /** Partner number; 0 = the programme. */
  readonly partyNo: number;
  readonly side: LineSide;
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
  const partners = [...standings].sort((a, b) => a.partnerNo - b.partnerNo).flatMap(linesOf);
  const net = partners.reduce((sum, line) => sum + line.netMinor, 0n);
  const opening = partners.reduce((sum, line) => sum + line.openingMinor, 0n);
  invariant(
    programmeNetMinor === -net,
    `the programme's own accounts say ${programmeNetMinor}, its partners say ${-net}; run "hansa ledger verify"`,
  );
  const due = partners.filter((line) => line.state === 'PENDING');
  const programme: NettedLine = {
    partyNo: PROGRAMME_PARTY,
    side: 'NET',
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

function linesOf(standing: PartnerStanding): NettedLine[] {
  const { netting, owesMinor, owedMinor } = standing;
  if (netting === 'NET') return [lineOf(standing, 'NET', total(standing.opening), owesMinor + owedMinor)];
  const owes = lineOf(standing, 'OWES', total(standing.opening.filter(isOwes)), owesMinor);
  const owed = lineOf(standing, 'OWED', total(standing.opening.filter((amount) => !isOwes(amount))), owedMinor);
  const moving = [owes, owed].filter(({ openingMinor, netMinor }) => openingMinor !== 0n || netMinor !== 0n);
  return moving.length > 0 ? moving : [owes];
}

/** A line that was carried while the partner was settled net goes to the side it stands on. */
const isOwes = ({ side, amountMinor }: SideAmount): boolean => side === 'OWES' || (side === 'NET' && amountMinor > 0n);

const total = (amounts: readonly SideAmount[]): bigint =>
  amounts.reduce((sum, { amountMinor }) => sum + amountMinor, 0n);

function lineOf(
  { partnerNo, minimumPayoutMinor }: PartnerStanding,
  side: LineSide,
  openingMinor: bigint,
  netMinor: bigint,
): NettedLine {
  const closingMinor = openingMinor + netMinor;
  const state = closingMinor === 0n ? 'SETTLED' : absolute(closingMinor) < minimumPayoutMinor ? 'CARRIED' : 'PENDING';
  return { partyNo: partnerNo, side, openingMinor, netMinor, closingMinor, state };
}

const absolute = (amount: bigint): bigint => (amount < 0n ? -amount : amount);
