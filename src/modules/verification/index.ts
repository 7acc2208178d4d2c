export type { Finding } from './invariant-check.js';
export { type Verified, type VerifyOptions, verifyLedger } from './verify-ledger.js';
