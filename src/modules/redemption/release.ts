/** Units that are held go back to their lots. */
import { fail, type Result } from '../../domain/kernel/result.js';
import { redemptionOf, release } from '../../domain/redemption/redeem.js';
import type { DbTransaction } from '../../infrastructure/db/database.js';
import type { RedemptionErrorCode } from './redemption.errors.js';
import { type RedemptionRecord, tell, updateRedemption } from './redemption.sql.js';
import type { Opened } from './resolving.js';
import { storeChanged } from './till.js';

/** Why nothing is held any more, or no longer may be used. */
export function refuseUnlessHeld({
  till: { now },
  redemption: { state, expiresAt },
}: Opened): Result<never, RedemptionErrorCode> | undefined {
  switch (state) {
    case 'CAPTURED':
      return fail('ALREADY_CAPTURED', 'The redemption was captured before; return it if the basket comes back.');
    case 'VOIDED':
      return fail('ALREADY_VOIDED', 'The redemption was voided before; authorise a new one.');
    case 'EXPIRED':
      return expired();
    case 'AUTHORISED':
      return now >= expiresAt ? expired() : undefined;
  }
}

const expired = () =>
  fail('AUTHORISATION_EXPIRED', 'Its time is over, and the units go back to the member; authorise a new one.');

/** What else goes back when units do: the catalogue's stock. */
export type OnReleased = (tx: DbTransaction, redemption: RedemptionRecord) => Promise<void>;

/** With their old last day; what has passed it repays a debt or expires at once. */
export async function releaseOpened(
  { till, redemption, lots }: Opened,
  state: 'VOIDED' | 'EXPIRED',
  onReleased: OnReleased,
): Promise<RedemptionRecord> {
  const { id, memberNo } = redemption;
  const released = release(lots.of(memberNo), id, till.terms);
  const record: RedemptionRecord = { ...redemption, state, resolvedAt: till.now };
  tell(till.tx, state === 'VOIDED' ? 'redemption.voided' : 'redemption.expired', record);
  await updateRedemption(till.tx, record, redemptionOf(released, id));
  await onReleased(till.tx, record);
  await storeChanged(till, lots, memberNo, released);
  return record;
}
