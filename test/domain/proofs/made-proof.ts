/** A proof made in memory: entries of two partners in blocks, as the gateway would seal and prove them. */
import { EntryKind } from '../../../src/domain/ledger/entry.js';
import { type Block, blockHash } from '../../../src/domain/proofs/block.js';
import {
  type EntryPosting,
  entryLeaf,
  type Holder,
  holderHash,
  partsOf,
} from '../../../src/domain/proofs/entry-leaf.js';
import { merkleProof, merkleRoot, merkleTree } from '../../../src/domain/proofs/merkle.js';
import type { ProofEntry, ProofHead, ProofLine } from '../../../src/domain/proofs/proof.js';
import { type StatementItem, statementCsv } from '../../../src/domain/settlement/statement.js';

const SECRET = Buffer.alloc(32, 3);
const PROGRAMME_NO = 1;
const WINDOW = 4;
const UNIT = 2;
export const PARTNER: Holder = 'partner|5';

export interface Made {
  readonly head: ProofHead;
  readonly lines: readonly ProofLine[];
}

/** A confirmation that charges a partner with a reward, 10 % commission and 20 % tax on it. */
function postingsOf(partner: number, member: number, reward: bigint): EntryPosting[] {
  const [commission, tax] = [reward / 10n, reward / 50n];
  const rows = [
    [100, member, 1, reward],
    [110, member, 1, -reward],
    [2000, 0, UNIT, reward],
    [2010, 0, UNIT, -reward],
    [1100, partner, UNIT, reward + commission + tax],
    [1105, partner, UNIT, -reward],
    [4000, partner, UNIT, -commission],
    [2200, partner, UNIT, -tax],
  ] as const;
  return rows.flatMap(([account, party, unit, amount], line) =>
    amount === 0n ? [] : [{ line, account, party, unit, windowNo: WINDOW, amount }],
  );
}

/** @param rewards one entry each; every third is another partner's */
export function makeProof(rewards: readonly bigint[], perBlock: number): Made {
  const all = rewards.map((reward, at) => {
    const memberNo = (at % 3) + 1;
    const head = {
      no: BigInt(1_001 + at),
      programmeNo: PROGRAMME_NO,
      windowNo: WINDOW,
      kind: EntryKind.CONFIRMATION,
      sourceId: '',
      businessDate: '2026-11-22',
      recordedAt: '2026-11-22T04:40:00.000001Z',
    };
    const postings = postingsOf(at % 3 === 2 ? 6 : 5, memberNo, reward);
    const parts = partsOf(SECRET, { no: head.no, memberNo, postings }).map((part) => ({
      ...part,
      hash: holderHash(part),
    }));
    return {
      head,
      postings,
      parts,
      leaf: entryLeaf(
        head,
        parts.map(({ hash }) => hash),
      ),
    };
  });
  const blocks: (Block & { readonly hash: Buffer; readonly own: typeof all })[] = [];
  for (let at = 0; at < all.length; at += perBlock) {
    const own = all.slice(at, at + perBlock);
    const block = {
      sequence: blocks.length + 1,
      afterNo: blocks.at(-1)?.uptoNo ?? 0n,
      uptoNo: own.at(-1)?.head.no as bigint,
      entryCount: own.length,
      root: merkleRoot(own.map(({ leaf }) => leaf)),
      previous: blocks.at(-1)?.hash ?? Buffer.alloc(32),
      history: merkleRoot(blocks.map(({ hash }) => hash)),
      sealedAt: '2026-11-22T04:41:00.000000Z',
    };
    blocks.push({ ...block, hash: blockHash(block), own });
  }
  const last = blocks.at(-1);
  if (last === undefined) throw new Error('a proof is made of something');
  const history = merkleTree(blocks.slice(0, -1).map(({ hash }) => hash));
  const lines = blocks.flatMap(({ own, hash, ...block }): ProofLine[] => {
    const entries = own.flatMap(({ head, parts }, index): ProofEntry[] => {
      const mine = parts.find(({ holder }) => holder === PARTNER);
      if (mine === undefined) return [];
      const others = parts.filter((part) => part !== mine).map((part) => part.hash);
      return [{ ...head, index, blind: mine.blind, postings: mine.postings, others }];
    });
    if (entries.length === 0) return [];
    return [
      {
        block,
        toHead: hash === last.hash ? [] : merkleProof(history, [block.sequence - 1]),
        entries,
        neighbours: merkleProof(
          merkleTree(own.map(({ leaf }) => leaf)),
          entries.map(({ index }) => index),
        ),
      },
    ];
  });
  const sum = (account: number): bigint =>
    lines
      .flatMap(({ entries }) => entries.flatMap(({ postings }) => postings))
      .reduce((total, posting) => (posting.account === account ? total + posting.amount : total), 0n);
  const { own: _, hash: headHash, ...head } = last;
  const entryCount = lines.reduce((count, { entries }) => count + entries.length, 0);
  const subject = {
    kind: 'SETTLEMENT',
    settlementNo: 7,
    programmeCode: 'demo',
    partnerCode: 'm1',
    programmeNo: PROGRAMME_NO,
    holder: PARTNER,
    unit: UNIT,
    scale: 2,
    windows: [WINDOW],
    statement: statementOf(sum(1100), sum(4000), sum(2200), entryCount),
  } as const;
  return { head: { subject, entryCount, head, headHash }, lines };
}

function statementOf(amount: bigint, commission: bigint, tax: bigint, entries: number): string {
  const at = new Date('2026-11-22T00:00:00Z');
  const head = {
    settlementNo: 7,
    programmeCode: 'demo',
    partyCode: 'm1',
    currencyCode: 'EUR',
    currencyScale: 2,
    unitScale: 0,
    from: at,
    until: at,
    number: 'DEMO-000007',
    issuedOn: '2026-11-22',
    dueOn: '2026-12-06',
  };
  const rewardMinor = amount + commission + tax;
  const item: StatementItem = {
    entryKind: EntryKind.CONFIRMATION,
    account: 1100,
    side: 'OWES',
    entryCount: BigInt(entries),
    units: rewardMinor,
    rewardMinor,
    commissionMinor: -commission,
    taxMinor: -tax,
    amountMinor: amount,
  };
  return statementCsv(
    head,
    [item],
    [{ side: 'NET', openingMinor: 100n, netMinor: amount, closingMinor: amount + 100n, state: 'PENDING' }],
    [{ code: 'VAT', rate: '1/5', baseMinor: String(-commission), taxMinor: String(-tax) }],
  );
}
