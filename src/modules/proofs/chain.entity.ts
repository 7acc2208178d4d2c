/** The blocks of the chain, and what they seal, as rows. Written by chain.sql.ts; the ORM only reads them. */
import { defineEntity, type InferEntity, p } from '@mikro-orm/core';

export const ChainBlockEntity = defineEntity({
  name: 'ChainBlockEntity',
  tableName: 'chain_block',
  properties: {
    sequence: p.integer().primary().autoincrement(false),
    afterNo: p.bigint(),
    uptoNo: p.bigint().unique('chain_block_upto_no_key'),
    entryCount: p.integer(),
    root: p.blob(),
    previous: p.blob(),
    history: p.blob(),
    hash: p.blob(),
    sealedAt: p.datetime(6),
    peaks: p.blob().lazy(),
    /** Up to a quarter of a megabyte each: read by those who make proofs alone. */
    leaves: p.blob().lazy(),
  },
});
export type ChainBlockEntity = InferEntity<typeof ChainBlockEntity>;

export const SettlementSealEntity = defineEntity({
  name: 'SettlementSealEntity',
  tableName: 'settlement_seal',
  properties: {
    settlementId: p.uuid().primary(),
    sequence: p.integer(),
  },
});
export type SettlementSealEntity = InferEntity<typeof SettlementSealEntity>;
