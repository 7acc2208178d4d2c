/** Units that are held go back to their lots. */
import { fail, type Result } from '../../domain/kernel/result.js';
import { release } from '../../domain/redemption/redeem.js';
import type { DbTransaction } from '../../infrastructure/db/database.js';
import type { RedemptionErrorCode } from './redemption.errors.js';
import type { RedemptionRecord } from './redemption.sql.js';
import type { Decided, Opened } from './resolving.js';

/** Why nothing is held any more, or no longer may be used. */
export const refuseUnlessHeld = ({
  till: { now },
  redemption,
}: Pick<Opened, 'till' | 'redemption'>): Result<never, RedemptionErrorCode> | undefined =>
  refuseResolved(redemption) ?? (now >= redemption.expiresAt ? expired() : undefined);

/** Why nothing is held any more. */
export function refuseResolved({ state }: RedemptionRecord): Result<never, RedemptionErrorCode> | undefined {
  switch (state) {
    case 'CAPTURED':
      return fail('ALREADY_CAPTURED', 'The redemption was captured before; return it if the basket comes back.');
    case 'VOIDED':
      return fail('ALREADY_VOIDED', 'The redemption was voided before; authorise a new one.');
    case 'EXPIRED':
      return expired();
    case 'AUTHORISED':
      return undefined;
  }
}

const expired = () =>
  fail('AUTHORISATION_EXPIRED', 'Its time is over, and the units go back to the member; authorise a new one.');

/** What else goes back when an item's units do: the catalogue's stock. */
export type OnReleased = (tx: DbTransaction, items: readonly RedemptionRecord[]) => Promise<void>;

/** With their old last day; what has passed it repays a debt or expires at once. */
export const releaseOpened = ({ till, redemption, member }: Opened, state: 'VOIDED' | 'EXPIRED'): Decided => ({
  record: { ...redemption, state, resolvedAt: till.now },
  member: release(member, redemption.id, till.terms),
  takesChanged: true,
  event: state === 'VOIDED' ? 'redemption.voided' : 'redemption.expired',
});
