/**
 * Making proofs for partners and members, a page at a time: each page is text to be put behind the one before it, and
 * holds against the same head of the chain, however much is recorded meanwhile.
 *
 * Read by the writer, because a proof is made of what its reader may not see: the hashes of others' postings.
 */
import type { Principal } from '../../domain/access/principal.js';
import { currencyScale } from '../../domain/money/currency.js';
import { entryLeaf, type Holder, holderHash, partsOf } from '../../domain/proofs/entry-leaf.js';
import { type MerkleTree, merkleProof, merkleTree } from '../../domain/proofs/merkle.js';
import type { ProofEntry, ProofHead, ProofLine, Subject } from '../../domain/proofs/proof.js';
import type { Database, DbTransaction } from '../../infrastructure/db/database.js';
import { planForPages, planForWindows } from '../../infrastructure/db/planning.js';
import { authorize } from '../access/index.js';
import { findPartner } from '../partners/index.js';
import { findHead, hashesOf, type SealedBlock } from './chain.sql.js';
import {
  BEFORE_ALL,
  blocksOf,
  type EntryKey,
  findBlock,
  findMemberAccount,
  findSettledLine,
  hashesBelow,
  type JournalRow,
  type MemberAccount,
  nextOfMember,
  nextOfPartner,
  placeInBlock,
  readEntries,
  readSecret,
  type SettledLine,
  spanOfPartner,
  sumsOfMember,
} from './proof.sql.js';
import { writeHead, writeLine } from './proof-file.js';

/** Entries and blocks of one page at most: half a megabyte of text, a second of work. */
const LARGEST_PAGE = 1_000;
const MOST_BLOCKS = 32;

/** Where the next page begins, and the head that all pages of a proof are against. */
export interface ProofPlace extends EntryKey {
  readonly head: number;
}

export interface ProofPage {
  /** False while the newest of the entries are not sealed yet: ask again in a minute. */
  readonly ready: boolean;
  readonly text: string;
  /** Undefined when this was the last page. */
  readonly next?: ProofPlace | undefined;
}

const PENDING: ProofPage = { ready: false, text: '' };

/** Whose entries, and how the next of them are found. */
interface Listing {
  readonly holder: Holder;
  /** Up to a number, after an entry. */
  next(tx: DbTransaction, uptoNo: bigint, after: EntryKey, limit: number): Promise<EntryKey[]>;
}

/** Where a proof begins, and its head line when it begins at the beginning. */
interface Beginning {
  readonly place: ProofPlace;
  readonly head?: ProofHead;
}

/**
 * Each step is a transaction of its own, because each is planned in its own way: sums over windows, pages of something
 * long, rows by their keys. What they read never changes.
 */
export class ProofService {
  constructor(
    private readonly database: Database,
    private readonly largestPage = LARGEST_PAGE,
  ) {}

  /** The entries behind what a settlement settles with a partner; undefined when it has no part in it. */
  async ofSettlement(
    principal: Principal,
    { settlementId, partnerCode }: { readonly settlementId: string; readonly partnerCode: string },
    place?: ProofPlace,
  ): Promise<ProofPage | undefined> {
    const settled = await this.database.command(async (tx) => {
      const partner = await findPartner(tx, partnerCode);
      authorize(principal, 'settlement.read', { partnerNos: partner === undefined ? [] : [partner.no] });
      const line = partner && (await findSettledLine(tx, settlementId, partner.no));
      return line && { ...line, partnerCode, partnerNo: partner.no };
    });
    if (settled === undefined) return undefined;
    const { partnerNo, windows } = settled;
    const begin = place ? { place } : await this.database.command((tx) => beginSettlement(tx, settled));
    const next: Listing['next'] = async (tx, uptoNo, after, limit) => {
      await planForPages(tx);
      return nextOfPartner(tx, partnerNo, windows, after, uptoNo, limit);
    };
    return begin === undefined ? PENDING : this.page({ holder: `partner|${partnerNo}`, next }, begin);
  }

  /** The entries that make a member's balances; undefined when there is no such member. */
  async ofMember(principal: Principal, memberId: string, place?: ProofPlace): Promise<ProofPage | undefined> {
    const member = await this.database.command(async (tx) => {
      const found = await findMemberAccount(tx, memberId);
      authorize(principal, 'member.prove', found && { memberNo: found.memberNo });
      return found;
    });
    if (member === undefined) return undefined;
    const { memberNo } = member;
    const begin = place ? { place } : await this.database.command((tx) => beginMember(tx, member));
    const next: Listing['next'] = (tx, uptoNo, after, limit) => nextOfMember(tx, memberNo, after, uptoNo, limit);
    return begin === undefined ? PENDING : this.page({ holder: `member|${memberNo}`, next }, begin);
  }

  /** That a block is a part of the chain as it stands now; undefined when there is none of that sequence. */
  async ofBlock(principal: Principal, sequence: number): Promise<ProofPage | undefined> {
    authorize(principal, 'chain.read');
    return this.database.command(async (tx) => {
      const [head, block] = [await findHead(tx), await findBlock(tx, sequence)];
      if (head === undefined || block === undefined) return undefined;
      const path = merkleTree(await hashesBelow(tx, head.sequence));
      const line = { block: plainBlock(block), toHead: pathOf(path, block, head), entries: [], neighbours: [] };
      return { ready: true, text: writeHead(headOf({ kind: 'CHAIN' }, 0, head)) + writeLine(line) };
    });
  }

  private async page({ holder, next }: Listing, { place, head }: Beginning): Promise<ProofPage | undefined> {
    const against = await this.database.command((tx) => findBlock(tx, place.head));
    if (against === undefined) return undefined;
    const keys = await this.database.command((tx) => next(tx, against.uptoNo, place, this.largestPage + 1));
    const wanted = keys.slice(0, this.largestPage);
    return this.database.command(async (tx) => {
      const nos = wanted.map(({ no }) => no);
      const blocks = await blocksOf(tx, nos, MOST_BLOCKS);
      const reach = blocks.at(-1)?.uptoNo ?? 0n;
      const taken = wanted.filter(({ no }) => no <= reach);
      const entries = await readEntries(tx, taken);
      const secret = await readSecret(tx);
      const path = merkleTree(await hashesBelow(tx, against.sequence));
      let text = head === undefined ? '' : writeHead(head);
      for (const block of blocks) {
        const own = entries.filter(({ no }) => no > block.afterNo && no <= block.uptoNo);
        text += writeLine(await lineOf(tx, { block, own, holder, secret, toHead: pathOf(path, block, against) }));
      }
      const last = taken.at(-1);
      const more = last !== undefined && taken.length < keys.length;
      return { ready: true, text, ...(more && { next: { ...last, head: against.sequence } }) };
    });
  }
}

/** Undefined while the newest of the entries are not sealed. */
async function beginSettlement(
  tx: DbTransaction,
  settled: SettledLine & { readonly partnerNo: number; readonly partnerCode: string },
): Promise<Beginning | undefined> {
  const { partnerNo, partnerCode, windows, currencyCode, statement, programmeNo, programmeCode, settlementNo, unit } =
    settled;
  const head = await findHead(tx);
  await planForWindows(tx);
  const { count, first, last } = await spanOfPartner(tx, partnerNo, windows);
  if (head === undefined || head.uptoNo < (last ?? 0n)) return undefined;
  const subject: Subject = {
    kind: 'SETTLEMENT',
    settlementNo,
    programmeCode,
    partnerCode,
    programmeNo,
    holder: `partner|${partnerNo}`,
    unit,
    scale: currencyScale(currencyCode),
    windows: windows.map(Number),
    statement,
  };
  const place = { no: (first ?? 1n) - 1n, memberNo: 0, head: head.sequence };
  return { place, head: headOf(subject, Number(count), head) };
}

/** Undefined while nothing at all is sealed. */
async function beginMember(tx: DbTransaction, member: MemberAccount): Promise<Beginning | undefined> {
  const head = await findHead(tx);
  if (head === undefined) return undefined;
  const { memberNo, memberCode, programmeCode, programmeNo, unitScale, currencyCode } = member;
  const { count, balances } = await sumsOfMember(tx, memberNo, head.uptoNo);
  const subject: Subject = {
    kind: 'MEMBER',
    memberCode,
    programmeCode,
    programmeNo,
    holder: `member|${memberNo}`,
    unitScale,
    moneyScale: currencyScale(currencyCode),
    balances,
  };
  return { place: { ...BEFORE_ALL, head: head.sequence }, head: headOf(subject, count, head) };
}

/** A sealed block's figures alone. */
function plainBlock({ sequence, afterNo, uptoNo, entryCount, root, previous, history, sealedAt }: SealedBlock) {
  return { sequence, afterNo, uptoNo, entryCount, root, previous, history, sealedAt };
}

const headOf = (subject: Subject, entryCount: number, block: SealedBlock): ProofHead => ({
  subject,
  entryCount,
  head: plainBlock(block),
  headHash: block.hash,
});

/** By the tree over the hashes of all blocks below the head. */
const pathOf = (history: MerkleTree, { sequence }: SealedBlock, head: SealedBlock): Buffer[] =>
  sequence === head.sequence ? [] : merkleProof(history, [sequence - 1]);

interface Making {
  readonly block: SealedBlock & { readonly leaves: Buffer };
  readonly own: readonly JournalRow[];
  readonly holder: Holder;
  readonly secret: Buffer;
  readonly toHead: readonly Buffer[];
}

async function lineOf(tx: DbTransaction, { block, own, holder, secret, toHead }: Making): Promise<ProofLine> {
  const entries: ProofEntry[] = [];
  for (const row of own) {
    const { memberNo, postings: all, ...head } = row;
    const parts = partsOf(secret, row).map((part) => ({ ...part, hash: holderHash(part) }));
    const index = placeOf(
      block.leaves,
      entryLeaf(
        head,
        parts.map(({ hash }) => hash),
      ),
    );
    const mine = parts.find((part) => part.holder === holder);
    entries.push({
      ...head,
      // Not as it was sealed: its place is where it stands now, and the proof fails where it is checked.
      index: index ?? (await placeInBlock(tx, block.afterNo, row)),
      blind: mine?.blind ?? Buffer.alloc(0),
      postings: mine?.postings ?? [],
      others: parts.filter((part) => part !== mine).map(({ hash }) => hash),
    });
  }
  const tree = merkleTree(hashesOf(block.leaves));
  const neighbours = merkleProof(
    tree,
    entries.map(({ index }) => index),
  );
  return { block: plainBlock(block), toHead, entries, neighbours };
}

/** Which leaf of a block this is. */
function placeOf(leaves: Buffer, leaf: Buffer): number | undefined {
  for (let at = leaves.indexOf(leaf); at >= 0; at = leaves.indexOf(leaf, at + 1)) {
    if (at % leaf.length === 0) return at / leaf.length;
  }
  return undefined;
}
