/**
 * What the gateway tells others about: the closed list of event types.
 *
 * An event is thin: it names what has happened and to what, and whoever wants more asks for it with its own rights.
 */

/**
 * Who may hear of an event beside those who run the programme. NAMED: its member and its partners. ISSUERS: the banks
 * whose cards the member has linked, too, as they show it its account. PARTNERS: every partner.
 */
export type Audience = 'NAMED' | 'ISSUERS' | 'PARTNERS';

export interface EventTypeRule {
  readonly audience: Audience;
  /** What the id of its subject is called; absent when the event is about the member itself. */
  readonly subject?: string;
  readonly says: string;
}

export const EVENT_TYPES = {
  'transaction.recorded': {
    audience: 'NAMED',
    subject: 'transactionId',
    says: 'A purchase, an action or a further message about a purchase was taken in.',
  },
  'transaction.refunded': {
    audience: 'NAMED',
    subject: 'transactionId',
    says: 'A refund or a reversal was taken in.',
  },
  'accrual.confirmed': { audience: 'ISSUERS', says: 'Rewards of the member became available.' },
  'balance.changed': { audience: 'ISSUERS', says: "The member's balance changed." },
  'redemption.authorised': { audience: 'ISSUERS', subject: 'redemptionId', says: 'Units are held for a purchase.' },
  'redemption.captured': { audience: 'ISSUERS', subject: 'redemptionId', says: 'Units that were held are used.' },
  'redemption.voided': { audience: 'ISSUERS', subject: 'redemptionId', says: 'Units that were held went back.' },
  'redemption.expired': {
    audience: 'ISSUERS',
    subject: 'redemptionId',
    says: 'Units that were held went back, because nobody captured them in time.',
  },
  'redemption.returned': {
    audience: 'ISSUERS',
    subject: 'redemptionId',
    says: 'Units came back: a basket that was paid with them, or cash that its bank could not pay.',
  },
  'units.paid_out': { audience: 'ISSUERS', subject: 'redemptionId', says: 'Units were turned into cash or donated.' },
  'units.transferred': { audience: 'ISSUERS', subject: 'transferId', says: 'Units went from one member to another.' },
  'units.expired': { audience: 'ISSUERS', says: 'Units of the member came to the end of their life.' },
  'window.closed': { audience: 'PARTNERS', subject: 'windowId', says: 'A settlement window was closed.' },
  'settlement.issued': { audience: 'NAMED', subject: 'settlementId', says: 'A settlement was issued.' },
  'payment.booked': { audience: 'NAMED', subject: 'paymentId', says: 'A payment stands on the bank statement.' },
  'payment.rejected': { audience: 'NAMED', subject: 'paymentId', says: 'The bank did not make a payment.' },
  'payment.returned': { audience: 'NAMED', subject: 'paymentId', says: 'A payment came back after it was booked.' },
  'dispute.opened': { audience: 'NAMED', subject: 'disputeId', says: 'A settlement line is contested.' },
  'dispute.resolved': { audience: 'NAMED', subject: 'disputeId', says: 'A dispute was decided.' },
  'member.enrolled': { audience: 'ISSUERS', says: 'A member joined the programme.' },
  'card.linked': { audience: 'NAMED', subject: 'cardId', says: 'A card was linked to a member.' },
  'card.unlinked': { audience: 'NAMED', subject: 'cardId', says: 'A card is no longer linked to its member.' },
  'partner.onboarded': { audience: 'NAMED', subject: 'partnerId', says: 'A partner was taken in.' },
  'partner.suspended': { audience: 'NAMED', subject: 'partnerId', says: 'Nothing of the partner is taken in for now.' },
  'partner.reactivated': { audience: 'NAMED', subject: 'partnerId', says: 'The partner takes part again.' },
  'contract.agreed': { audience: 'NAMED', subject: 'contractId', says: 'A contract version was agreed.' },
  'consent.given': {
    audience: 'NAMED',
    subject: 'consentReceiptId',
    says: 'A member consented to a purpose: told to the member, and to the partner the consent is about.',
  },
  'consent.withdrawn': {
    audience: 'NAMED',
    subject: 'consentReceiptId',
    says: 'A member took a consent back: told to the member, and to the partner the consent is about.',
  },
  'purchase_claim.opened': {
    audience: 'NAMED',
    subject: 'purchaseClaimId',
    says: 'A member said that it bought something of which nobody has told.',
  },
  'purchase_claim.overdue': {
    audience: 'NAMED',
    subject: 'purchaseClaimId',
    says: 'The day by which a claim had to be decided has passed, and it still waits. Told once.',
  },
  'purchase_claim.resolved': {
    audience: 'NAMED',
    subject: 'purchaseClaimId',
    says: 'A claim was answered by what was told already, granted or refused.',
  },
  'client.registered': { audience: 'NAMED', subject: 'clientId', says: 'An API client was registered.' },
  'client.rotated': {
    audience: 'NAMED',
    subject: 'clientId',
    says: 'A secret or a key of an API client came or ended.',
  },
  'client.revoked': { audience: 'NAMED', subject: 'clientId', says: 'An API client was ended for good.' },
  'webhook.paused': {
    audience: 'NAMED',
    subject: 'webhookEndpointId',
    says: 'A webhook endpoint gets nothing any more: it has failed for days, or has answered 410.',
  },
} as const satisfies Record<string, EventTypeRule>;

export type EventType = keyof typeof EVENT_TYPES;

export const EVENT_TYPE_NAMES = Object.keys(EVENT_TYPES) as readonly EventType[];

export const isEventType = (text: string): text is EventType => Object.hasOwn(EVENT_TYPES, text);

/** An event as those who record it name it. */
export interface NewEvent {
  readonly type: EventType;
  /** 0 for what belongs to no programme. */
  readonly programmeNo: number;
  readonly memberNo?: number | undefined;
  /** Whom it is told by name. */
  readonly partnerNos?: readonly number[] | undefined;
  readonly subjectId?: string | undefined;
  /** The message that caused it. */
  readonly causeId?: string | undefined;
}

/**
 * What stays in order: everything of one member, of one partner, of one programme. Whoever records an event holds the
 * lock under which that one is decided.
 */
export function orderingKey({ programmeNo, memberNo, partnerNos = [] }: NewEvent): string {
  if (memberNo !== undefined) return `member/${memberNo}`;
  return partnerNos.length === 1 ? `partner/${partnerNos[0]}` : `programme/${programmeNo}`;
}
