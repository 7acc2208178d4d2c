export { ChainSealer, type Sealed, type SealingOptions } from './chain.js';
export { BLOCK_COLUMNS, type EntryLeafRow, hashesOf, readLeaves, type SealedBlock } from './chain.sql.js';
