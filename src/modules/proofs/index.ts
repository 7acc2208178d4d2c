export { ChainSealer, type Sealed, type SealingOptions } from './chain.js';
export { BLOCK_COLUMNS, type EntryLeafRow, hashesOf, readLeaves, type SealedBlock } from './chain.sql.js';
export { ProofResolver, SettlementSealResolver } from './proof.resolver.js';
export { ProofService } from './proof.service.js';
export { readHead, readLine, UnreadableProofError } from './proof-file.js';
