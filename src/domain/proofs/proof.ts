/**
 * What is given to a partner or a member to check offline: a head line that says what is to be proved, and lines with
 * entries of one block each. docs/PROOFS.md describes them; check-proof.ts checks them.
 */
import type { Block } from './block.js';
import type { EntryHead, EntryPosting, Holder } from './entry-leaf.js';

/** What a statement line or an account should come to, by the entries that follow. */
export type Subject =
  | {
      readonly kind: 'SETTLEMENT';
      readonly settlementNo: number;
      readonly programmeCode: string;
      readonly partnerCode: string;
      readonly programmeNo: number;
      readonly holder: Holder;
      /** The unit its money is counted in, and its decimals. */
      readonly unit: number;
      readonly scale: number;
      readonly windows: readonly number[];
      /** The frozen statement, whose amounts the entries have to come to. */
      readonly statement: string;
    }
  | {
      readonly kind: 'MEMBER';
      readonly memberCode: string;
      readonly programmeCode: string;
      readonly programmeNo: number;
      readonly holder: Holder;
      /** Decimals of a unit of reward, and of money. */
      readonly unitScale: number;
      readonly moneyScale: number;
      /** What the member has by all entries up to the chain's head, - is had by the member; by account. */
      readonly balances: Readonly<Record<string, bigint>>;
    }
  /** Nothing but the chain itself: that an earlier head is a part of it. */
  | { readonly kind: 'CHAIN' };

export interface ProofHead {
  readonly subject: Subject;
  /** How many entries follow, in all lines. */
  readonly entryCount: number;
  /** The chain's head that everything is proved against. */
  readonly head: Block;
  readonly headHash: Uint8Array;
}

/** One entry as its holder may see it. */
export interface ProofEntry extends EntryHead {
  /** Its place in the block, from 0. */
  readonly index: number;
  readonly blind: Uint8Array;
  readonly postings: readonly EntryPosting[];
  /** The hashes of what others hold in it. */
  readonly others: readonly Uint8Array[];
}

/** Entries of one block, and what it takes to compute its root, and the head's history, from them. */
export interface ProofLine {
  readonly block: Block;
  readonly toHead: readonly Uint8Array[];
  readonly entries: readonly ProofEntry[];
  readonly neighbours: readonly Uint8Array[];
}
