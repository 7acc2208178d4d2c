/**
 * The chain of blocks over the journal. A block covers every entry whose number lies in its range, in order of number;
 * it names the block before it, and by one root all blocks before it, so that a short path proves that a later block
 * stands on an earlier one.
 */
import { Domain, domainHash } from './merkle.js';

export interface Block {
  /** 1, 2, 3 without gaps. */
  readonly sequence: number;
  /** Entry numbers above this one ... */
  readonly afterNo: bigint;
  /** ... up to this one are in the block, for ever. */
  readonly uptoNo: bigint;
  readonly entryCount: number;
  /** Merkle root over the leaves of its entries, in order of entry number. */
  readonly root: Uint8Array;
  /** Hash of the block before; zeros for the first. */
  readonly previous: Uint8Array;
  /** Merkle root over the hashes of all blocks before. */
  readonly history: Uint8Array;
  /** In UTC with six decimals of a second. */
  readonly sealedAt: string;
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

const blockText = ({ sequence, afterNo, uptoNo, entryCount, root, previous, history, sealedAt }: Block): string =>
  `${sequence}|${afterNo}|${uptoNo}|${entryCount}|${hex(root)}|${hex(previous)}|${hex(history)}|${sealedAt}\n`;

export const blockHash = (block: Block): Buffer => domainHash(Domain.BLOCK, Buffer.from(blockText(block)));
