export { ensureMoneyUnit, openProgrammeBooks, type ProgrammeBooks } from './books.js';
export { type JournalWindow, lockForClosing, type OpenWindow, openWindows } from './fence.js';
export { recordEntries, recordEntriesOfWindows, takeEntryNumbers, type WindowEntries } from './journal.js';
export { SettlementWindowEntity, WindowPositionEntity } from './ledger.entity.js';
export { isPassed, LAST_NUMBER, type Mark, takeMark } from './mark.sql.js';
export { readByWindow, sealClosedWindows, WINDOW_DIGESTS } from './window-digest.js';
export { WindowParts } from './window-parts.js';
