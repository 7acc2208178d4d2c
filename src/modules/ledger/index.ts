export { openProgrammeBooks, type ProgrammeBooks } from './books.js';
export { type JournalWindow, lockForClosing, type OpenWindow, openWindows } from './fence.js';
export { recordEntries, recordEntriesOfWindows, takeEntryNumbers, type WindowEntries } from './journal.js';
export { SettlementWindowEntity } from './ledger.entity.js';
export type { Finding } from './verify/invariant-check.js';
export { type Verified, type VerifyOptions, verifyLedger } from './verify/verify-ledger.js';
export { readByWindow, sealClosedWindows } from './window-digest.js';
