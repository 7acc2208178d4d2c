/**
 * The leaf of a journal entry: one hash that commits to the entry, and lets each holder see its own postings of it
 * and prove them, without seeing anybody else's. docs/PROOFS.md describes the form for those who check it with code
 * of their own; modules/ledger/chain.sql.ts computes the same in SQL.
 *
 * Postings are put together by whom they belong to. What belongs to one holder is hashed behind a blind of 32 bytes,
 * without which an amount could be guessed from its hash. The leaf is the hash of the entry's head, which everybody
 * who is given a proof may see, and of the holders' hashes in order of their bytes, which tells nothing of who they are.
 */
import { createHmac } from 'node:crypto';
import { Account, type AccountCode, MEMBER_ACCOUNTS } from '../ledger/accounts.js';
import { Domain, domainHash } from './merkle.js';

/** Accounts whose party is a partner: what a partner sees of an entry. */
export const PARTNER_ACCOUNTS: ReadonlySet<AccountCode> = new Set<AccountCode>([
  Account.ISSUED,
  Account.REDEEMED,
  Account.POSITION,
  Account.FUNDING_PENDING,
  Account.SETTLED_UNPAID,
  Account.OUTPUT_TAX,
  Account.DISPUTED,
  Account.DONATIONS_PAYABLE,
  Account.PARTNER_DEPOSIT,
  Account.PREPAID_BLOCK,
  Account.COMMISSION,
]);

/** "member", "partner" or "programme" and the number: whose postings these are. */
export type Holder = `member|${number}` | `partner|${number}` | 'programme|0';

/** What everybody who is given a proof of an entry sees of it. */
export interface EntryHead {
  readonly no: bigint;
  readonly programmeNo: number;
  readonly windowNo: number;
  readonly kind: number;
  /** The message that caused it, or nothing. */
  readonly sourceId: string;
  readonly businessDate: string;
  /** In UTC with six decimals of a second: "2026-11-22T04:40:00.123000Z". */
  readonly recordedAt: string;
}

export interface EntryPosting {
  readonly line: number;
  readonly account: number;
  readonly party: number;
  readonly unit: number;
  readonly windowNo: number;
  readonly amount: bigint;
}

/** What one holder is shown of an entry: its postings, and the blind that lets it compute their hash. */
export interface HolderPart {
  readonly holder: Holder;
  readonly blind: Uint8Array;
  readonly postings: readonly EntryPosting[];
}

export const holderOf = ({ account, party }: Pick<EntryPosting, 'account' | 'party'>): Holder => {
  if (MEMBER_ACCOUNTS.has(account as AccountCode)) return `member|${party}`;
  return PARTNER_ACCOUNTS.has(account as AccountCode) && party > 0 ? `partner|${party}` : 'programme|0';
};

const headText = (head: EntryHead): string =>
  `${head.no}|${head.programmeNo}|${head.windowNo}|${head.kind}|${head.sourceId}|${head.businessDate}|${head.recordedAt}\n`;

const holderText = ({ holder, postings }: Omit<HolderPart, 'blind'>): string =>
  `${holder}\n${postings.map((p) => `${p.line}|${p.account}|${p.party}|${p.unit}|${p.windowNo}|${p.amount}\n`).join('')}`;

/** The hash of what one holder has in an entry. */
export const holderHash = (part: HolderPart): Buffer =>
  domainHash(Domain.HOLDER, part.blind, Buffer.from(holderText(part)));

/** The leaf: the head and the hashes of all holders, in whatever order they are given. */
export function entryLeaf(head: EntryHead, holderHashes: readonly Uint8Array[]): Buffer {
  return domainHash(Domain.ENTRY, Buffer.from(headText(head)), ...[...holderHashes].sort(Buffer.compare));
}

/**
 * The blind of one holder in one entry: HMAC-SHA-256 of "entry number|member number|holder", keyed by a secret that
 * never leaves the gateway. Nobody can compute another's blind from its own.
 */
export const blindOf = (secret: Uint8Array, entryNo: bigint, memberNo: number, holder: Holder): Buffer =>
  createHmac('sha256', secret).update(`${entryNo}|${memberNo}|${holder}`).digest();

/** The postings of an entry by holder, with their blinds: what the gateway makes a leaf and its proofs of. */
export function partsOf(
  secret: Uint8Array,
  entry: { readonly no: bigint; readonly memberNo: number; readonly postings: readonly EntryPosting[] },
): HolderPart[] {
  const inOrder = [...entry.postings].sort((a, b) => a.line - b.line);
  return [...Map.groupBy(inOrder, holderOf)].map(([holder, postings]) => ({
    holder,
    postings,
    blind: blindOf(secret, entry.no, entry.memberNo, holder),
  }));
}
