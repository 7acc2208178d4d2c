/** Made by `npm run client` from schema.graphql and src/client/operations; a test compares. Do not edit. */
import type { Operation } from './client.js';

/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
/** A purchase that has not taken place yet. */
export type AccrualQuoteInput = {
  /** The billing amount in the programme's currency, above zero; refunds too are positive. */
  amount: MoneyInput;
  /** Programme category, when the partner classifies purchases itself. */
  category?: string | null | undefined;
  /** Where the purchase was made; the channel of its outlet when absent. */
  channel?: Channel | null | undefined;
  /** What the card statement says about the merchant. */
  descriptor?: string | null | undefined;
  /** The basket. GOODS, FREIGHT, FEE and TAX lines add up to the amount. */
  lines?: Array<TransactionLineInput> | null | undefined;
  /** Merchant category code, four digits with leading zeros. */
  mcc?: string | null | undefined;
  /** The acquirer's merchant id, as it is; it finds the outlet. */
  merchantId?: string | null | undefined;
  /** When it would take place; now when absent. */
  occurredAt?: string | null | undefined;
  /** The outlet, when the partner knows it by code. */
  outlet?: OutletReferenceInput | null | undefined;
  /** Who pays. */
  payer: PayerInput;
  /** Code of the programme. */
  programmeCode: string;
};

/** Where an accrual stands. */
export type AccrualStatus =
  /** Available to the member and charged to its funder. */
  | 'CONFIRMED'
  /** Earned and waiting for its hold to end. */
  | 'PENDING'
  /** Taken back whole by refunds. */
  | 'REVERSED';

/** How a purchase is made. */
export type Channel =
  /** In the merchant's app. */
  | 'APP'
  /** At a till. */
  | 'IN_STORE'
  /** On the web. */
  | 'ONLINE';

/** An exact amount of one currency. Too many decimals for the currency is an error, never rounded. */
export type MoneyInput = {
  /** The amount, such as "12.30". */
  amount: string;
  /** The currency of the amount. */
  currencyCode: string;
};

/** An outlet by its codes. */
export type OutletReferenceInput = {
  /** Code of the outlet within the partner. */
  outletCode: string;
  /** Code of the partner. */
  partnerCode: string;
};

/** What a partner does in the coalition; it may do several. */
export type PartnerRole =
  /** Issues cards that members pay with. */
  | 'BANK'
  /** Receives donated rewards. */
  | 'CHARITY'
  /** Sells to members. */
  | 'MERCHANT'
  /** Runs the programme. */
  | 'OPERATOR';

/** Who pays, named in exactly one way. */
export type PayerInput = {
  /** Token of a linked card. Never a card number. */
  cardToken?: string | null | undefined;
  /** Code of a member in the programme. */
  memberCode?: string | null | undefined;
  /** Id of a member. */
  memberId?: string | null | undefined;
};

/** A purchase for which units shall be held. */
export type RedemptionAuthoriseInput = {
  /** Where it is asked for. */
  channel?: Channel | null | undefined;
  /** Discounts already on it; none when absent. */
  discounts?: MoneyInput | null | undefined;
  /** The partner at whose till it is; a partner itself may leave it out. */
  partnerCode?: string | null | undefined;
  /** Whose units; a member itself may leave it out. */
  payer?: PayerInput | null | undefined;
  /** The programme. */
  programmeCode: string;
  /** Price of the basket, before discounts and units. */
  purchase: MoneyInput;
  /** The partner's own name of it, 1 to 64 characters: the same with the same contents has one answer, for ever. */
  reference: string;
  /** The purchase, when it was submitted already. */
  transactionId?: string | null | undefined;
  /** Exactly so many units; as many as may be when absent. */
  units?: string | null | undefined;
};

/** Names a redemption and what of it is used; all of it when no part is named. */
export type RedemptionCaptureInput = {
  /** Only as many units as pay so much; instead of units. */
  amount?: MoneyInput | null | undefined;
  /** Your own name for this command, 1 to 200 characters: the same key has the same answer for ever. */
  idempotencyKey: string;
  /** Price of what was delivered in the end; as authorised when absent. */
  purchase?: MoneyInput | null | undefined;
  /** The redemption. */
  redemptionId: string;
  /** The purchase, when it was submitted by now. */
  transactionId?: string | null | undefined;
  /** Only so many units; the rest goes back. */
  units?: string | null | undefined;
};

/** What can be wrong with a command on: Redemption. Programs decide by this. */
export type RedemptionErrorCode =
  /** Units may pay only a part of a purchase, and more are wanted. */
  | 'ABOVE_MAX_SHARE'
  /** The redemption was captured before. */
  | 'ALREADY_CAPTURED'
  /** The redemption was voided before, and its units have gone back. */
  | 'ALREADY_VOIDED'
  /** The amount is zero or negative. */
  | 'AMOUNT_NOT_POSITIVE'
  /** The amount is larger than any the gateway takes in. */
  | 'AMOUNT_TOO_LARGE'
  /** The units are another member's: a member spends its own, a bank those of its card holders. */
  | 'ANOTHER_MEMBERS_UNITS'
  /** Nobody captured the redemption in time, and its units have gone back. */
  | 'AUTHORISATION_EXPIRED'
  /** What may be redeemed is less than the least that one redemption takes. */
  | 'BELOW_MINIMUM'
  /** So many units would leave less to be paid in own money than the programme asks for. */
  | 'BELOW_MINIMUM_OWN'
  /** More is waiting than can be taken in; retry. */
  | 'BUSY'
  /** More would be captured than was authorised. */
  | 'CAPTURE_ABOVE_AUTHORISATION'
  /** The programme does not turn units into cash. */
  | 'CASH_OUT_NOT_OFFERED'
  /** The amount is not in the currency of the programme. */
  | 'CURRENCY_MISMATCH'
  /** More units would leave the member today than the programme allows. */
  | 'DAY_LIMIT_EXCEEDED'
  /** The discounts are negative or more than the purchase. */
  | 'DISCOUNT_ABOVE_PURCHASE'
  /** The programme does not let units be donated. */
  | 'DONATION_NOT_OFFERED'
  /** The idempotency key was used before, for something else. */
  | 'IDEMPOTENCY_KEY_CONFLICT'
  /** The idempotency key is empty or longer than 200 characters. */
  | 'IDEMPOTENCY_KEY_MALFORMED'
  /** The member has fewer units than are wanted. */
  | 'INSUFFICIENT_UNITS'
  /** An item of the catalogue is delivered whole or not at all. */
  | 'ITEM_IS_WHOLE'
  /** The note is empty or too long. */
  | 'MALFORMED_NOTE'
  /** The reference is empty, longer than 64 characters or padded with spaces. */
  | 'MALFORMED_REFERENCE'
  /** The member has left the programme. */
  | 'MEMBER_CLOSED'
  /** More units would leave the member this month than the programme allows. */
  | 'MONTH_LIMIT_EXCEEDED'
  /** No version of the programme is in force today. */
  | 'NOTHING_IN_FORCE'
  /** Nothing may be redeemed: there are no units, or the purchase leaves no room for them. */
  | 'NOTHING_TO_REDEEM'
  /** No basket was paid with these units, so that none can be returned. */
  | 'NOT_A_BASKET'
  /** The partner is no charity. */
  | 'NOT_A_CHARITY'
  /** The redemption was not captured, so that nothing can come back of it. */
  | 'NOT_CAPTURED'
  /** The partner has no contract with the programme that is in force today. */
  | 'NO_CONTRACT'
  /** The partner is suspended or closed. */
  | 'PARTNER_NOT_ACTIVE'
  /** A part is named by its units or by its amount, and by one of them only. */
  | 'PART_NOT_EXACTLY_ONE'
  /** A member is named by its id, its code or the token of a card, and by one of them only. */
  | 'PAYER_NOT_EXACTLY_ONE'
  /** The programme is being wound down, and the last day of redemption has passed. */
  | 'REDEMPTION_ENDED'
  /** The partner has used the reference before, for another redemption. */
  | 'REFERENCE_CONFLICT'
  /** More would come back than is left of the redemption. */
  | 'RETURN_ABOVE_REDEMPTION'
  /** Somebody has decided on it already. */
  | 'REVIEW_DECIDED'
  /** Whoever asked for units to leave may not decide on it. */
  | 'SAME_PERSON'
  /** The amount has more decimals than its currency. */
  | 'TOO_MANY_DECIMALS'
  /** The programme does not let members give units to each other. */
  | 'TRANSFER_NOT_OFFERED'
  /** The member would give the units to itself. */
  | 'TRANSFER_TO_ITSELF'
  /** The units are zero, negative, or have more decimals than the unit of the programme. */
  | 'UNITS_NOT_POSITIVE'
  /** The member has no such card linked. */
  | 'UNKNOWN_CARD'
  /** There is no partner of that code. */
  | 'UNKNOWN_PARTNER'
  /** No member of the programme and no linked card is named so. */
  | 'UNKNOWN_PAYER'
  /** There is no programme of that code. */
  | 'UNKNOWN_PROGRAMME'
  /** The member has no purchase of that id. */
  | 'UNKNOWN_PURCHASE'
  /** No active member of the programme has that code. */
  | 'UNKNOWN_RECEIVER'
  /** There is no such redemption. */
  | 'UNKNOWN_REDEMPTION'
  /** Nothing of that id waits for a decision. */
  | 'UNKNOWN_REVIEW'
  /** The units are held for a review and leave only by its decision. */
  | 'WAITS_FOR_REVIEW'
  /** The redemption is at the till of another partner. */
  | 'WRONG_PARTNER';

/** A purchase that units shall pay a part of. */
export type RedemptionQuoteInput = {
  /** Discounts already on it; none when absent. */
  discounts?: MoneyInput | null | undefined;
  /** The partner at whose till it is; a partner itself may leave it out. */
  partnerCode?: string | null | undefined;
  /** Whose units; a member itself may leave it out. */
  payer?: PayerInput | null | undefined;
  /** The programme. */
  programmeCode: string;
  /** Price of the basket, before discounts and units. */
  purchase: MoneyInput;
  /** Exactly so many units; as many as may be when absent. */
  units?: string | null | undefined;
};

/** How far a redemption has come. */
export type RedemptionState =
  /** Its units are held. */
  | 'AUTHORISED'
  /** Its units are used, all or in part; the rest has gone back. */
  | 'CAPTURED'
  /** Nobody captured it in time, and its units have gone back. */
  | 'EXPIRED'
  /** It was given up, and its units have gone back. */
  | 'VOIDED';

/** Names a redemption to give up. */
export type RedemptionVoidInput = {
  /** Your own name for this command, 1 to 200 characters: the same key has the same answer for ever. */
  idempotencyKey: string;
  /** The redemption. */
  redemptionId: string;
};

/** A line of a basket, or a part of one, that goes back. */
export type ReturnedLineInput = {
  /** How much of it goes back, above zero. */
  amount: string;
  /** How many items go back; those whose whole price does when absent. */
  quantity?: number | null | undefined;
  /** Reference of the line. */
  reference: string;
};

/** What became of what one party owes or is owed. */
export type SettlementLineState =
  /** It is below the minimum payout and opens the next statement. */
  | 'CARRIED'
  /** The payment is booked. */
  | 'CONFIRMED'
  /** The party disputes it. */
  | 'DISPUTED'
  /** The payment is instructed. */
  | 'INSTRUCTED'
  /** It is to be paid. */
  | 'PENDING'
  /** The payment came back. */
  | 'REJECTED'
  /** Nothing is left to pay. */
  | 'SETTLED';

/** What can be wrong with a command on: Transaction. Programs decide by this. */
export type TransactionErrorCode =
  /** The amount of an action must be zero. */
  | 'ACTION_HAS_NO_AMOUNT'
  /** An action needs its code. */
  | 'ACTION_NOT_NAMED'
  /** The purchase was exchanged before. */
  | 'ALREADY_EXCHANGED'
  /** The amount is zero or negative. */
  | 'AMOUNT_NOT_POSITIVE'
  /** The amount is larger than any the gateway takes in. */
  | 'AMOUNT_TOO_LARGE'
  /** A reversal must name its authorisation. */
  | 'AUTHORISATION_NOT_NAMED'
  /** The lines of the basket are not the amount. */
  | 'BASKET_DOES_NOT_ADD_UP'
  /** More is waiting than can be taken in; retry. */
  | 'BUSY'
  /** A card number was sent where a token belongs. */
  | 'CARD_NUMBER_REFUSED'
  /** A claim is made by granting one, and not sent. */
  | 'CLAIM_NOT_GRANTED'
  /** The amount is not in the currency of the programme. */
  | 'CURRENCY_MISMATCH'
  /** A field was sent that this kind of message does not have. */
  | 'FIELD_NOT_OF_KIND'
  /** The partner pays for its rewards in advance or up to a cap, and can be charged no more. */
  | 'FUNDER_EXHAUSTED'
  /** A line of the basket is not as lines are. */
  | 'MALFORMED_LINE'
  /** The merchant category code is not four digits. */
  | 'MALFORMED_MCC'
  /** The reference is empty, too long or padded with spaces. */
  | 'MALFORMED_REFERENCE'
  /** What is named as an authorisation was cleared at once, or this message was cleared before it came. */
  | 'NOT_AN_AUTHORISATION'
  /** What is named is not a purchase, or not an orphan. */
  | 'NOT_A_PURCHASE'
  /** No version of the programme was in force on that day. */
  | 'NO_TERMS_IN_FORCE'
  /** The purchase lies in the future. */
  | 'OCCURRED_IN_FUTURE'
  /** The submitting partner is suspended or closed. */
  | 'PARTNER_NOT_ACTIVE'
  /** The refund names the purchase of another member. */
  | 'PAYER_MISMATCH'
  /** The payer must be named in exactly one way. */
  | 'PAYER_NOT_EXACTLY_ONE'
  /** The purchase was posted before it took place. */
  | 'POSTED_BEFORE_PURCHASE'
  /** The reference was used before with other contents. */
  | 'REFERENCE_CONFLICT'
  /** The refund is dated before its purchase. */
  | 'REFUND_BEFORE_PURCHASE'
  /** The refund is larger than what is left of its purchase. */
  | 'REFUND_LARGER_THAN_PURCHASE'
  /** Only a refund names a purchase. */
  | 'REFUND_OF_ON_PURCHASE'
  /** A text is empty or too long. */
  | 'TEXT_TOO_LONG'
  /** The amount has more decimals than its currency. */
  | 'TOO_MANY_DECIMALS'
  /** The list has more than 1,000 items. */
  | 'TOO_MANY_ITEMS'
  /** The basket has no line or more than 200. */
  | 'TOO_MANY_LINES'
  /** The programme has no such category. */
  | 'UNKNOWN_CATEGORY'
  /** Nothing is left of a line that the refund names. */
  | 'UNKNOWN_LINE'
  /** The partner has no such outlet. */
  | 'UNKNOWN_OUTLET'
  /** The submitting partner does not exist. */
  | 'UNKNOWN_PARTNER'
  /** No active member or linked card matches the payer. */
  | 'UNKNOWN_PAYER'
  /** The programme does not exist, or none is implied by the partner. */
  | 'UNKNOWN_PROGRAMME'
  /** The purchase that is named does not exist. */
  | 'UNKNOWN_PURCHASE';

/** One message about a purchase. Partner, kind and reference name it for ever. */
export type TransactionInput = {
  /** Actions only: what was done, such as "review". */
  action?: string | null | undefined;
  /** The billing amount in the programme's currency, above zero; refunds too are positive. */
  amount: MoneyInput;
  /** Code by which the issuer approved the payment; where merchant and bank both send it, it tells their messages of one purchase. */
  approvalCode?: string | null | undefined;
  /** Clearings and reversals: the reference of the authorisation, which may still be to come. A clearing without it joins an open authorisation of its amount, or is a purchase of its own. */
  authorisation?: string | null | undefined;
  /** Programme category, when the partner classifies purchases itself. */
  category?: string | null | undefined;
  /** Where the purchase was made; the channel of its outlet when absent. */
  channel?: Channel | null | undefined;
  /** Purchases and actions: the reward by the partner's own sum. It is compared with ours and not paid. */
  claimedUnits?: string | null | undefined;
  /** What the card statement says about the merchant. */
  descriptor?: string | null | undefined;
  /** Purchases only: the reference of the purchase that was exchanged for this one; what is left of that one is taken back. */
  exchangeOf?: string | null | undefined;
  /** What the message says. */
  kind: TransactionSourceKind;
  /** The basket. GOODS, FREIGHT, FEE and TAX lines add up to the amount. */
  lines?: Array<TransactionLineInput> | null | undefined;
  /** Merchant category code, four digits with leading zeros. */
  mcc?: string | null | undefined;
  /** The acquirer's merchant id, as it is; it finds the outlet. */
  merchantId?: string | null | undefined;
  /** When it took place. */
  occurredAt: string;
  /** The amount at the till, when it was in another currency. */
  original?: MoneyInput | null | undefined;
  /** The outlet, when the partner knows it by code. */
  outlet?: OutletReferenceInput | null | undefined;
  /** Who pays. */
  payer: PayerInput;
  /** Purchases and clearings: when it was posted, if that is not when it took place. */
  postedAt?: string | null | undefined;
  /** The partner's own reference, unique per partner and kind for ever. */
  reference: string;
  /** Refunds only: the reference of the purchase, its authorisation or its clearing, which may still be to come. Without it the purchase is looked for. */
  refundOf?: string | null | undefined;
  /** Refunds only: what went back. Without it every line that is left shrinks alike. */
  returned?: Array<ReturnedLineInput> | null | undefined;
};

/** One line of a basket. */
export type TransactionLineInput = {
  /** Above zero, in the purchase's currency; its kind says how it counts. */
  amount: string;
  /** What it is; GOODS when absent. */
  kind?: TransactionLineKind | null | undefined;
  /** How many items; 1 when absent. */
  quantity?: number | null | undefined;
  /** By which a refund can name it. */
  reference?: string | null | undefined;
  /** Tags of the product or brand, small letters. */
  tags?: Array<string> | null | undefined;
};

/** What a line of a basket is. */
export type TransactionLineKind =
  /** So much of the amount was let off. */
  | 'DISCOUNT'
  /** A fee. */
  | 'FEE'
  /** Delivery. */
  | 'FREIGHT'
  /** Something that was bought. */
  | 'GOODS'
  /** So much of the amount was paid with units. */
  | 'REDEMPTION'
  /** Tax that is not in the prices of the other lines. */
  | 'TAX';

/** What a message says about a purchase. */
export type TransactionSourceKind =
  /** Something other than a purchase was done, such as a review. */
  | 'ACTION'
  /** A purchase was authorised; its clearing follows and may be of another amount, day or merchant id. */
  | 'AUTHORISATION'
  /** A member claimed the purchase and somebody granted it. No partner sends one. */
  | 'CLAIM'
  /** An authorised purchase, or a shipment of it, was cleared. It names its authorisation. */
  | 'CLEARING'
  /** A purchase took place: authorised and cleared at once. */
  | 'PURCHASE'
  /** Money of a purchase went back to the member. */
  | 'REFUND'
  /** An authorisation, or a part of it, was taken back before it was cleared. */
  | 'REVERSAL';

/** Submits one message. */
export type TransactionSubmitInput = {
  /** Code of the submitting partner; the token of a partner implies it. */
  partnerCode?: string | null | undefined;
  /** Code of the programme; may be left out when the partner takes part in one only. */
  programmeCode?: string | null | undefined;
  /** The message. */
  transaction: TransactionInput;
};

export type MemberScreenQueryVariables = Exact<{
  programmeCode?: string | null | undefined;
  code?: string | null | undefined;
  id?: string | null | undefined;
}>;


export type MemberScreenQuery = { member: { id: string, code: string, balance: { available: string, pending: string, held: string, unitCode: string } | null, tier: { name: string, forecast: string, next: { name: string, missing: string, by: string } | null } | null, choices: Array<{ code: string, name: string, pick: number, locked: boolean, chosen: Array<{ code: string, name: string }>, offered: Array<{ code: string, name: string }> }>, transactions: { nodes: Array<{ id: string, businessDate: string, category: string, amount: { amount: string, currencyCode: string }, merchant: { name: string } | null, accruals: Array<{ rule: string, units: string, status: AccrualStatus, availableOn: string | null }> }> } | null } | null };

export type QuoteAccrualQueryVariables = Exact<{
  input: AccrualQuoteInput;
}>;


export type QuoteAccrualQuery = { accrualQuote: { units: string | null, tier: string | null, category: string | null, explanation: { text: string } | null, userErrors: Array<{ code: TransactionErrorCode, message: string, field: string | null }> } | null };

export type PurchasePartsFragment = { id: string, category: string, amount: { amount: string, currencyCode: string }, refunded: { amount: string, currencyCode: string }, accruals: Array<{ rule: string, funder: string, units: string, unitsLeft: string, status: AccrualStatus, availableOn: string | null }>, explanation: { text: string } };

export type SubmitTransactionMutationVariables = Exact<{
  input: TransactionSubmitInput;
}>;


export type SubmitTransactionMutation = { transactionSubmit: { transaction: { id: string, category: string, amount: { amount: string, currencyCode: string }, refunded: { amount: string, currencyCode: string }, accruals: Array<{ rule: string, funder: string, units: string, unitsLeft: string, status: AccrualStatus, availableOn: string | null }>, explanation: { text: string } } | null, userErrors: Array<{ code: TransactionErrorCode, message: string, field: string | null }> } | null };

export type QuoteRedemptionQueryVariables = Exact<{
  input: RedemptionQuoteInput;
}>;


export type QuoteRedemptionQuery = { redemptionQuote: { units: string | null, pays: { amount: string, currencyCode: string } | null, userErrors: Array<{ code: RedemptionErrorCode, message: string, field: string | null }> } | null };

export type RedemptionPartsFragment = { id: string, state: RedemptionState, units: string, capturedUnits: string, returnedUnits: string, expiresAt: string, pays: { amount: string, currencyCode: string } };

export type AuthoriseRedemptionMutationVariables = Exact<{
  input: RedemptionAuthoriseInput;
}>;


export type AuthoriseRedemptionMutation = { redemptionAuthorise: { redemption: { id: string, state: RedemptionState, units: string, capturedUnits: string, returnedUnits: string, expiresAt: string, pays: { amount: string, currencyCode: string } } | null, userErrors: Array<{ code: RedemptionErrorCode, message: string, field: string | null }> } | null };

export type CaptureRedemptionMutationVariables = Exact<{
  input: RedemptionCaptureInput;
}>;


export type CaptureRedemptionMutation = { redemptionCapture: { redemption: { id: string, state: RedemptionState, units: string, capturedUnits: string, returnedUnits: string, expiresAt: string, pays: { amount: string, currencyCode: string } } | null, userErrors: Array<{ code: RedemptionErrorCode, message: string, field: string | null }> } | null };

export type VoidRedemptionMutationVariables = Exact<{
  input: RedemptionVoidInput;
}>;


export type VoidRedemptionMutation = { redemptionVoid: { redemption: { id: string, state: RedemptionState, units: string, capturedUnits: string, returnedUnits: string, expiresAt: string, pays: { amount: string, currencyCode: string } } | null, userErrors: Array<{ code: RedemptionErrorCode, message: string, field: string | null }> } | null };

export type SettlementsOfQueryVariables = Exact<{
  programmeCode: string;
  first?: number | null | undefined;
}>;


export type SettlementsOfQuery = { settlements: { nodes: Array<{ id: string, number: number, issuedAt: string | null, lines: Array<{ state: SettlementLineState, net: { amount: string, currencyCode: string }, statement: { sha256: string } }> }> } | null };

export type PartnerItselfQueryVariables = Exact<{
  code: string;
}>;


export type PartnerItselfQuery = { partner: { id: string, code: string, name: string, roles: Array<PartnerRole>, outlets: { nodes: Array<{ code: string, name: string, channel: Channel, merchantIds: Array<string> }> } } | null };

export const MemberScreen: Operation<MemberScreenQuery, MemberScreenQueryVariables> = {
  name: 'MemberScreen',
  text: `query MemberScreen($programmeCode: String, $code: String, $id: ID) {
  member(programmeCode: $programmeCode, code: $code, id: $id) {
    id
    code
    balance {
      available
      pending
      held
      unitCode
    }
    tier {
      name
      forecast
      next {
        name
        missing
        by
      }
    }
    choices {
      code
      name
      pick
      locked
      chosen {
        code
        name
      }
      offered {
        code
        name
      }
    }
    transactions(first: 10) {
      nodes {
        id
        businessDate
        category
        amount {
          amount
          currencyCode
        }
        merchant {
          name
        }
        accruals {
          rule
          units
          status
          availableOn
        }
      }
    }
  }
}`,
};

export const QuoteAccrual: Operation<QuoteAccrualQuery, QuoteAccrualQueryVariables> = {
  name: 'QuoteAccrual',
  text: `query QuoteAccrual($input: AccrualQuoteInput!) {
  accrualQuote(input: $input) {
    units
    tier
    category
    explanation {
      text
    }
    userErrors {
      code
      message
      field
    }
  }
}`,
};

export const SubmitTransaction: Operation<SubmitTransactionMutation, SubmitTransactionMutationVariables> = {
  name: 'SubmitTransaction',
  text: `fragment PurchaseParts on Transaction {
  id
  category
  amount {
    amount
    currencyCode
  }
  refunded {
    amount
    currencyCode
  }
  accruals {
    rule
    funder
    units
    unitsLeft
    status
    availableOn
  }
  explanation {
    text
  }
}

mutation SubmitTransaction($input: TransactionSubmitInput!) {
  transactionSubmit(input: $input) {
    transaction {
      ...PurchaseParts
    }
    userErrors {
      code
      message
      field
    }
  }
}`,
};

export const QuoteRedemption: Operation<QuoteRedemptionQuery, QuoteRedemptionQueryVariables> = {
  name: 'QuoteRedemption',
  text: `query QuoteRedemption($input: RedemptionQuoteInput!) {
  redemptionQuote(input: $input) {
    units
    pays {
      amount
      currencyCode
    }
    userErrors {
      code
      message
      field
    }
  }
}`,
};

export const AuthoriseRedemption: Operation<AuthoriseRedemptionMutation, AuthoriseRedemptionMutationVariables> = {
  name: 'AuthoriseRedemption',
  text: `fragment RedemptionParts on Redemption {
  id
  state
  units
  capturedUnits
  returnedUnits
  pays {
    amount
    currencyCode
  }
  expiresAt
}

mutation AuthoriseRedemption($input: RedemptionAuthoriseInput!) {
  redemptionAuthorise(input: $input) {
    redemption {
      ...RedemptionParts
    }
    userErrors {
      code
      message
      field
    }
  }
}`,
};

export const CaptureRedemption: Operation<CaptureRedemptionMutation, CaptureRedemptionMutationVariables> = {
  name: 'CaptureRedemption',
  text: `fragment RedemptionParts on Redemption {
  id
  state
  units
  capturedUnits
  returnedUnits
  pays {
    amount
    currencyCode
  }
  expiresAt
}

mutation CaptureRedemption($input: RedemptionCaptureInput!) {
  redemptionCapture(input: $input) {
    redemption {
      ...RedemptionParts
    }
    userErrors {
      code
      message
      field
    }
  }
}`,
};

export const VoidRedemption: Operation<VoidRedemptionMutation, VoidRedemptionMutationVariables> = {
  name: 'VoidRedemption',
  text: `fragment RedemptionParts on Redemption {
  id
  state
  units
  capturedUnits
  returnedUnits
  pays {
    amount
    currencyCode
  }
  expiresAt
}

mutation VoidRedemption($input: RedemptionVoidInput!) {
  redemptionVoid(input: $input) {
    redemption {
      ...RedemptionParts
    }
    userErrors {
      code
      message
      field
    }
  }
}`,
};

export const SettlementsOf: Operation<SettlementsOfQuery, SettlementsOfQueryVariables> = {
  name: 'SettlementsOf',
  text: `query SettlementsOf($programmeCode: String!, $first: Int) {
  settlements(programmeCode: $programmeCode, first: $first) {
    nodes {
      id
      number
      issuedAt
      lines {
        state
        net {
          amount
          currencyCode
        }
        statement {
          sha256
        }
      }
    }
  }
}`,
};

export const PartnerItself: Operation<PartnerItselfQuery, PartnerItselfQueryVariables> = {
  name: 'PartnerItself',
  text: `query PartnerItself($code: String!) {
  partner(code: $code) {
    id
    code
    name
    roles
    outlets(first: 50) {
      nodes {
        code
        name
        channel
        merchantIds
      }
    }
  }
}`,
};
