/** What becomes of payments, and telling it. */
import type { EventType } from '../../domain/events/event-type.js';
import type { PaymentState } from '../../domain/payments/match.js';
import { type DbTransaction, statement } from '../../infrastructure/db/database.js';
import { SealedText } from '../../infrastructure/sealed-text.js';
import { recordEvents } from '../events/index.js';

const REASON_TEXT = new SealedText('payment', 'reason_text');

export interface PaymentChange {
  readonly paymentId: string;
  readonly state: PaymentState;
  readonly reasonCode?: string | undefined;
  readonly reasonText?: string | undefined;
}

const MOVE_PAYMENTS = statement(
  'payments.move-payments',
  `update payment p set state = c.state, reason_code = c.reason_code, reason_text = null, reason_text_sealed = c.reason_text, changed_at = $1
   from unnest($2::uuid[], $3::text[], $4::text[], $5::bytea[]) as c (id, state, reason_code, reason_text)
   where p.id = c.id
   returning p.id, p.programme_no as "programmeNo", p.partner_no as "partnerNo", p.state`,
);

interface MovedPayment {
  readonly id: string;
  readonly programmeNo: number;
  readonly partnerNo: number;
  readonly state: PaymentState;
}

const EVENT_OF: Readonly<Partial<Record<PaymentState, EventType>>> = {
  BOOKED: 'payment.booked',
  REJECTED: 'payment.rejected',
  RETURNED: 'payment.returned',
};

export async function movePayments(tx: DbTransaction, now: Date, changes: readonly PaymentChange[]): Promise<void> {
  if (changes.length === 0) return;
  const moved = await tx.run<MovedPayment>(MOVE_PAYMENTS, [
    now,
    changes.map(({ paymentId }) => paymentId),
    changes.map(({ state }) => state),
    changes.map(({ reasonCode }) => reasonCode ?? null),
    changes.map(({ paymentId, reasonText }) => REASON_TEXT.seal(tx.secrets, paymentId, reasonText)),
  ]);
  recordEvents(
    tx,
    moved.flatMap(({ id, programmeNo, partnerNo, state }) => {
      const type = EVENT_OF[state];
      return type === undefined ? [] : [{ type, programmeNo, partnerNos: [partnerNo], subjectId: id }];
    }),
  );
}
