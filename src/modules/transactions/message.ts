/** Messages as the life of a purchase sees them: from what comes in, and from what was stored. */
import type { MessageAbout, PurchaseMessage, PurchaseMessageKind } from '../../domain/transactions/lifecycle.js';
import { type SourceKind, sourceKindOf } from '../../domain/transactions/model.js';
import { sideOfBit } from '../../domain/transactions/teller.js';
import type { StoredPayload } from './payload.js';
import type { Item } from './pipeline.js';
import { decodeLines } from './stored-basket.js';
import { type BusinessKey, keyText } from './transaction.sql.js';

/** A message that says or changes what a purchase is. Actions are no purchases. */
const LIFE: Readonly<Record<SourceKind, PurchaseMessageKind>> = {
  PURCHASE: 'PURCHASE',
  REFUND: 'REFUND',
  AUTHORISATION: 'AUTHORISATION',
  CLEARING: 'CLEARING',
  REVERSAL: 'REVERSAL',
  ACTION: 'PURCHASE',
  CLAIM: 'PURCHASE',
};

export function messageOf({ command, key, teller }: Item): PurchaseMessage {
  const { businessDate, postedOn, lines, returned, amountMinor } = command;
  return {
    kind: LIFE[command.kind],
    key: key === undefined ? '' : keyText(key),
    amountMinor,
    businessDate,
    ...(postedOn !== undefined && { postedOn }),
    ...(lines && { lines }),
    ...(returned && { returned }),
    about: aboutOf({ ...command, occurredAt: command.occurredAt }),
    ...(teller && { teller }),
  };
}

/** The purchase with which another one was exchanged takes all that is left of that one. */
export const exchangeMessage = (message: PurchaseMessage): PurchaseMessage => ({
  kind: 'EXCHANGE',
  key: `${message.key} exchanges`,
  amountMinor: message.amountMinor,
  businessDate: message.businessDate,
  ...(message.teller && { teller: message.teller }),
});

export interface SourceRow extends BusinessKey {
  readonly amountMinor: bigint;
  /** Bit of the side that says it. */
  readonly side: number;
  readonly payload: StoredPayload;
  /** It is the purchase that was made in exchange for the one it is read for. */
  readonly exchanges: boolean;
}

export function storedMessage(row: SourceRow): PurchaseMessage {
  const { payload, partnerNo } = row;
  const side = sideOfBit(row.side);
  const message: PurchaseMessage = {
    kind: LIFE[sourceKindOf(row.kindNo)],
    key: keyText(row),
    amountMinor: row.amountMinor,
    businessDate: payload.businessDate,
    ...(payload.postedOn !== undefined && { postedOn: payload.postedOn }),
    ...(payload.lines && { lines: decodeLines(payload.lines) }),
    ...(payload.returned && {
      returned: payload.returned.map((line) => ({ ...line, amountMinor: BigInt(line.amountMinor) })),
    }),
    about: aboutOf({ ...payload, occurredAt: new Date(payload.occurredAt) }),
    ...(side && { teller: { side, partnerNo } }),
  };
  return row.exchanges ? exchangeMessage(message) : message;
}

function aboutOf(said: MessageAbout): MessageAbout {
  const { occurredAt, mcc, category, merchantId, merchant, descriptor, channel, approvalCode, original } = said;
  return {
    occurredAt,
    ...(mcc !== undefined && { mcc }),
    ...(category !== undefined && { category }),
    ...(merchantId !== undefined && { merchantId }),
    ...(merchant !== undefined && { merchant }),
    ...(descriptor !== undefined && { descriptor }),
    ...(channel !== undefined && { channel }),
    ...(approvalCode !== undefined && { approvalCode }),
    ...(original !== undefined && { original }),
  };
}
