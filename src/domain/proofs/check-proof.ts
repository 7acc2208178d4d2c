/**
 * Checking a proof, line by line, with nothing but what stands in it. What can be wrong is said with its place; what
 * is right adds up to a verdict.
 */
import { Account } from '../ledger/accounts.js';
import { EntryKind } from '../ledger/entry.js';
import { blockHash } from './block.js';
import { entryLeaf, holderHash, holderOf } from './entry-leaf.js';
import { rootFromProof } from './merkle.js';
import type { ProofEntry, ProofHead, ProofLine, Subject } from './proof.js';
import { StatementSums } from './statement-check.js';

/** A file that is wrong everywhere need not be told everything. */
const MOST_FAULTS = 20;

export interface Verdict {
  /** Sentences, each with the place; empty when all holds. */
  readonly faults: readonly string[];
  readonly entries: number;
  readonly blocks: number;
  /** A settlement's net, in minor units. */
  readonly netMinor: bigint;
  /** A member's balances by account. */
  readonly balances: ReadonlyMap<number, bigint>;
}

export class ProofCheck {
  private readonly faults: string[] = [];
  private readonly sums = new StatementSums();
  private readonly balances = new Map<number, bigint>();
  private entries = 0;
  private blocks = 0;
  /** Block and place of the entry before: entries follow each other, so none is counted twice. */
  private last = { sequence: 0, index: -1, no: -1n };

  constructor(private readonly head: ProofHead) {
    this.holds(
      'The head',
      blockHash(head.head).equals(head.headHash),
      'has a hash that its figures do not make: something in it was changed',
    );
  }

  /** The hash by which a block of this sequence is known in the file; undefined when it is not there. */
  readonly known = new Map<number, string>();

  /** @param place how messages name the line: "line 3" */
  add(place: string, line: ProofLine): void {
    const { block, entries, neighbours } = line;
    const hash = blockHash(block);
    this.known.set(block.sequence, hash.toString('hex'));
    if (block.sequence !== this.last.sequence) this.blocks += 1;
    const sound = [
      this.holds(
        `Block ${block.sequence} (${place})`,
        this.isInChain(line, hash),
        'is not in the chain under the head: a figure of it, its path or the head was changed',
      ),
      ...entries.map((entry) => this.entry(`Entry ${entry.no} (${place})`, line, entry)),
    ].every(Boolean);
    if (entries.length === 0) return;
    const leaves = entries.map((entry) => ({ index: entry.index, hash: this.leafOf(entry) }));
    const root = rootFromProof(block.entryCount, leaves, neighbours);
    if (!sound && root === undefined) return;
    this.holds(
      `Block ${block.sequence} (${place})`,
      root?.equals(block.root) ?? false,
      `does not hold ${naming(entries)} as written here: one of them, or its path, was changed`,
    );
  }

  finish(): Verdict {
    const { head, faults, entries, blocks, balances } = this;
    this.holds('The file', entries === head.entryCount, `says ${head.entryCount} entries and holds ${entries}`);
    if (head.subject.kind === 'SETTLEMENT') {
      faults.push(...this.sums.faultsOf(head.subject.statement, head.subject.scale));
    }
    if (head.subject.kind === 'MEMBER') this.compareBalances(head.subject.balances);
    return { faults: faults.slice(0, MOST_FAULTS), entries, blocks, netMinor: this.sums.netMinor, balances };
  }

  private isInChain({ block, toHead }: ProofLine, hash: Buffer): boolean {
    const { head, headHash } = this.head;
    if (block.sequence === head.sequence) return toHead.length === 0 && hash.equals(headHash);
    const before = rootFromProof(head.sequence - 1, [{ index: block.sequence - 1, hash }], toHead);
    return before?.equals(head.history) ?? false;
  }

  private entry(name: string, { block }: ProofLine, entry: ProofEntry): boolean {
    const { subject } = this.head;
    const { last } = this;
    const follows = block.sequence > last.sequence || (block.sequence === last.sequence && entry.index > last.index);
    const within = entry.no > block.afterNo && entry.no <= block.uptoNo && entry.no >= last.no;
    this.last = { sequence: block.sequence, index: entry.index, no: entry.no };
    this.entries += 1;
    if (subject.kind === 'SETTLEMENT') this.sums.add(entry.kind, entry.postings);
    for (const { account, amount } of entry.postings) {
      this.balances.set(account, (this.balances.get(account) ?? 0n) - amount);
    }
    return [
      this.holds(name, follows, 'stands twice or out of order'),
      this.holds(name, within, `is outside its block, which covers numbers ${block.afterNo + 1n} to ${block.uptoNo}`),
      this.holds(name, belongs(subject, entry), 'has nothing to do with what is proved, or not in these windows'),
      this.holds(name, ascending(entry.postings), 'has postings twice or out of order'),
    ].every(Boolean);
  }

  private leafOf(entry: ProofEntry): Buffer {
    const { subject } = this.head;
    if (subject.kind === 'CHAIN') return entryLeaf(entry, entry.others);
    const own = holderHash({ holder: subject.holder, blind: entry.blind, postings: entry.postings });
    return entryLeaf(entry, [...entry.others, own]);
  }

  private compareBalances(said: Readonly<Record<string, bigint>>): void {
    for (const account of new Set([...Object.keys(said).map(Number), ...this.balances.keys()])) {
      const [says, comes] = [said[account] ?? 0n, this.balances.get(account) ?? 0n];
      this.holds('The head', says === comes, `says ${says} on account ${account}, the entries come to ${comes}`);
    }
  }

  private holds(what: string, itHolds: boolean, otherwise: string): boolean {
    if (!itHolds) this.faults.push(`${what} ${otherwise}.`);
    return itHolds;
  }
}

const naming = (entries: readonly ProofEntry[]): string => {
  const [first, last] = [entries[0], entries.at(-1)];
  return entries.length === 1 ? `entry ${first?.no}` : `the ${entries.length} entries ${first?.no} to ${last?.no}`;
};

const ascending = (postings: ProofEntry['postings']): boolean =>
  postings.every(({ line }, at) => line > (postings[at - 1]?.line ?? -1));

function belongs(subject: Subject, entry: ProofEntry): boolean {
  if (subject.kind === 'CHAIN' || entry.postings.length === 0) return false;
  const own = entry.postings.every(
    (posting) => holderOf(posting) === subject.holder && posting.windowNo === entry.windowNo,
  );
  if (!own || entry.programmeNo !== subject.programmeNo) return false;
  return (
    subject.kind === 'MEMBER' ||
    (subject.windows.includes(entry.windowNo) && entry.kind !== EntryKind.SETTLEMENT && inMoneyOf(subject, entry))
  );
}

/** Position, commission and tax are counted in the statement's own money. */
const MONEY_COUNTED: ReadonlySet<number> = new Set([Account.POSITION, Account.COMMISSION, Account.OUTPUT_TAX]);

const inMoneyOf = ({ unit }: { readonly unit: number }, { postings }: ProofEntry): boolean =>
  postings.every((posting) => !MONEY_COUNTED.has(posting.account) || posting.unit === unit);
