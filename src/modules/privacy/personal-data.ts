/**
 * What becomes of every column that is about a member when it is erased, and what it gets when it asks for its data.
 *
 * Tests walk the tables of the database against this list: a new table, or a new column, fails until it is decided on.
 * hansa_erase (migrations) does what `erased` says; the same test looks whether it does.
 */

/** Why something stays. */
export type KeepReason =
  /** Ids and numbers of ours, and partners' references: they lead to nobody, and refuse duplicates. */
  | 'NAMES'
  /** Money, units, when and where: what accounting law and the proofs of others need. */
  | 'BOOKS'
  /** What a decision saw: refunds, explanations and audits run it again. */
  | 'DECISIONS'
  /** That consent was given and taken back has to be shown. */
  | 'RECEIPTS';

export interface PersonalTable {
  readonly table: string;
  /** The column that names the member. */
  readonly member: string;
  readonly kept: Readonly<Partial<Record<KeepReason, readonly string[]>>>;
  readonly erased: readonly string[];
  /** Orders the rows of a member; not exported at all when there is none. */
  readonly key?: string;
  /** Of others, or hashes: not exported. */
  readonly hidden?: readonly string[];
}

const OF_MEMBER = 'member_no';

export const PERSONAL_DATA: readonly PersonalTable[] = [
  {
    table: 'member',
    member: 'no',
    key: 'id::text',
    // Who brought the member is somebody else.
    // The birthday is opened for it.
    hidden: ['referred_by_no', 'birthday', 'birthday_sealed'],
    kept: { NAMES: ['id', 'no', 'programme_no', 'enrolled_by_no'], BOOKS: ['enrolled_at'] },
    erased: ['code', 'status', 'birthday', 'birthday_sealed', 'time_zone', 'referred_by_no', 'referral_told_at'],
  },
  {
    table: 'card',
    member: OF_MEMBER,
    key: 'id::text',
    kept: { NAMES: ['id', 'member_no', 'programme_no', 'issuer_no'], BOOKS: ['linked_at'] },
    erased: ['token', 'last_four', 'product', 'account', 'statement_day', 'unlinked_at'],
  },
  {
    table: 'transaction',
    member: OF_MEMBER,
    key: 'id::text',
    hidden: ['explanation_digest'],
    kept: {
      NAMES: [
        'id',
        'member_no',
        'programme_no',
        'card_id',
        'submitter_no',
        'co_submitter_no',
        'joined_id',
        'exchange_of',
      ],
      BOOKS: [
        ...[
          'kind',
          'status',
          'amount_minor',
          'refunded_minor',
          'original_amount',
          'original_currency_code',
          'merchant_no',
        ],
        ...['outlet_id', 'merchant_id', 'occurred_at', 'business_date', 'recorded_at', 'authorised_on', 'posted_on'],
        ...['join_reason', 'sides', 'our_units', 'claimed_units'],
      ],
      DECISIONS: ['explanation_digest', 'mcc', 'channel', 'category_code', 'lines', 'shortfalls', 'action'],
    },
    // Of the facts of a decision the account of the card: a name of no meaning stands in for it.
    erased: ['descriptor', 'facts'],
  },
  {
    table: 'transaction_source',
    member: OF_MEMBER,
    key: 'id::text',
    hidden: ['body_hash'],
    kept: {
      NAMES: ['id', 'member_no', 'transaction_id', 'partner_no', 'kind', 'reference', 'body_hash'],
      BOOKS: ['amount_minor', 'match_reason', 'likeness', 'received_at', 'side'],
    },
    // Who paid, descriptor and approval code leave it; what decisions are run again on stays in it.
    erased: ['payload'],
  },
  {
    // Two messages that may tell of the same purchase.
    table: 'purchase_match',
    member: OF_MEMBER,
    key: 'id::text',
    hidden: ['decided_by'],
    kept: {
      NAMES: ['id', 'member_no', 'programme_no', 'earlier_id', 'later_id', 'decided_by'],
      BOOKS: ['likeness', 'state', 'proposed_at', 'decided_at'],
    },
    erased: [],
  },
  {
    // Purchases that the member says it made; what it wrote, and what was written to it, is erased.
    table: 'purchase_claim',
    member: OF_MEMBER,
    key: 'id::text',
    hidden: ['opened_by', 'decided_by'],
    kept: {
      NAMES: [
        'id',
        'member_no',
        'programme_no',
        'partner_no',
        'outlet_code',
        'opened_by',
        'decided_by',
        'transaction_id',
      ],
      BOOKS: [
        'amount_minor',
        'bought_at',
        'business_date',
        'state',
        'opened_at',
        'decide_by',
        'overdue_at',
        'decided_at',
      ],
    },
    erased: ['receipt', 'receipt_sealed', 'note', 'note_sealed', 'resolution', 'resolution_sealed'],
  },
  {
    table: 'business_key',
    member: OF_MEMBER,
    kept: { NAMES: ['partner_no', 'kind', 'reference', 'body_hash', 'source_id', 'member_no'] },
    erased: [],
  },
  {
    table: 'awaited_message',
    member: OF_MEMBER,
    key: 'source_id::text',
    kept: { NAMES: ['partner_no', 'reference', 'source_id', 'member_no', 'transaction_id'] },
    erased: [],
  },
  {
    table: 'accrual',
    member: OF_MEMBER,
    key: 'id::text',
    kept: {
      NAMES: ['id', 'member_no', 'programme_no', 'transaction_id', 'contract_no', 'entry_no', 'part'],
      BOOKS: ['funder_no', 'units', 'value_minor', 'commission_minor', 'tax_minor', 'tax_treatment', 'available_on'],
      DECISIONS: ['rule_code'],
    },
    erased: [],
  },
  {
    table: 'accrual_reversal',
    member: OF_MEMBER,
    key: `source_id::text || '/' || accrual_id`,
    kept: {
      NAMES: ['source_id', 'accrual_id', 'member_no', 'entry_no'],
      BOOKS: ['units', 'value_minor', 'commission_minor', 'tax_minor'],
    },
    erased: [],
  },
  {
    table: 'lot',
    member: OF_MEMBER,
    key: 'id::text',
    kept: {
      NAMES: ['id', 'member_no', 'programme_no', 'contract_no', 'entry_no', 'origin_id', 'root_id'],
      BOOKS: [
        ...[
          'funder_no',
          'accrued_on',
          'available_on',
          'expires_on',
          'units',
          'value_minor',
          'commission_minor',
          'tax_minor',
        ],
      ],
    },
    erased: [],
  },
  {
    table: 'lot_pot',
    member: OF_MEMBER,
    key: `lot_id::text || '/' || pot`,
    kept: {
      NAMES: ['member_no', 'lot_id', 'pot'],
      BOOKS: ['units', 'value_minor', 'commission_minor', 'tax_minor'],
    },
    erased: [],
  },
  {
    table: 'lot_movement',
    member: OF_MEMBER,
    key: `lpad(entry_no::text, 20, '0') || '/' || lpad(line::text, 6, '0')`,
    kept: {
      NAMES: ['entry_no', 'line', 'member_no', 'lot_id'],
      BOOKS: ['from_pot', 'to_pot', 'units', 'value_minor', 'commission_minor', 'tax_minor'],
    },
    erased: [],
  },
  {
    table: 'due',
    member: OF_MEMBER,
    key: 'lot_id::text',
    kept: { NAMES: ['programme_no', 'member_no', 'lot_id'], BOOKS: ['due_on'] },
    erased: [],
  },
  {
    table: 'member_balance',
    member: OF_MEMBER,
    key: 'member_no::text',
    kept: {
      NAMES: ['member_no'],
      BOOKS: [
        'pending_units',
        'available_units',
        'held_units',
        'receivable_minor',
        'fees_taken_to',
        'last_activity_on',
      ],
      DECISIONS: ['awaiting', 'told_sides'],
    },
    erased: [],
  },
  {
    table: 'member_debt',
    member: OF_MEMBER,
    key: 'id::text',
    kept: {
      NAMES: ['id', 'member_no', 'programme_no', 'entry_no'],
      BOOKS: ['since', 'issued_units', 'issued_value_minor', 'units', 'value_minor'],
    },
    erased: [],
  },
  {
    table: 'borne_clawback',
    member: OF_MEMBER,
    key: 'id::text',
    kept: {
      NAMES: ['id', 'member_no', 'programme_no', 'origin_id', 'lot_id', 'contract_no', 'entry_no'],
      BOOKS: ['borne_by', 'since', 'funder_no', 'issued_units', 'issued_value_minor', 'units', 'value_minor'],
    },
    erased: [],
  },
  {
    // The entries behind the account: memberProof gives them with what proves them.
    table: 'journal_entry',
    member: OF_MEMBER,
    kept: {
      NAMES: ['no', 'member_no', 'programme_no', 'source_id'],
      BOOKS: ['kind', 'window_no', 'business_date', 'recorded_at'],
    },
    erased: [],
  },
  {
    table: 'posting',
    member: OF_MEMBER,
    kept: { NAMES: ['entry_no', 'member_no', 'line'], BOOKS: ['account', 'party', 'unit', 'window_no', 'amount'] },
    erased: [],
  },
  {
    table: 'member_spend_day',
    member: OF_MEMBER,
    key: 'day::text',
    kept: { NAMES: ['member_no'], DECISIONS: ['day', 'kept_minor', 'purchases', 'accrued_units'] },
    erased: [],
  },
  {
    table: 'member_counter',
    member: OF_MEMBER,
    key: `cap_code || '/' || period`,
    kept: { NAMES: ['member_no'], DECISIONS: ['period', 'used'] },
    // Where a cap counts per account.
    erased: ['cap_code'],
  },
  {
    table: 'mark_reached',
    member: OF_MEMBER,
    key: `rule_code || '/' || period || '/' || transaction_id`,
    kept: { NAMES: ['member_no', 'transaction_id'], DECISIONS: ['rule_code', 'period'] },
    erased: [],
  },
  {
    table: 'member_tier',
    member: OF_MEMBER,
    key: 'member_no::text',
    kept: { NAMES: ['member_no', 'programme_no'], DECISIONS: ['tier_code', 'since', 'review_on'] },
    erased: [],
  },
  {
    table: 'member_tier_change',
    member: OF_MEMBER,
    key: 'id::text',
    kept: {
      NAMES: ['id', 'member_no'],
      DECISIONS: ['from_code', 'to_code', 'because', 'metric', 'changed_on', 'recorded_at'],
    },
    erased: [],
  },
  {
    table: 'member_choice',
    member: OF_MEMBER,
    key: `choice_code || '/' || period || '/' || lpad(version::text, 10, '0')`,
    kept: {},
    erased: ['member_no', 'choice_code', 'period', 'version', 'categories', 'locked', 'chosen_at', 'chosen_on'],
  },
  {
    table: 'member_activation',
    member: OF_MEMBER,
    key: `rule_code || '/' || period`,
    kept: {},
    erased: ['member_no', 'rule_code', 'period', 'activated_at', 'activated_on'],
  },
  {
    table: 'member_segment',
    member: OF_MEMBER,
    key: `segment || '/' || from_day`,
    kept: {},
    erased: ['member_no', 'segment', 'from_day', 'until_day'],
  },
  {
    table: 'round_up',
    member: OF_MEMBER,
    key: 'member_no::text',
    kept: {},
    erased: ['member_no', 'programme_no', 'charity_no', 'step_minor', 'set_at', 'seen_id', 'rest_minor'],
  },
  {
    table: 'redemption',
    member: OF_MEMBER,
    key: 'id::text',
    hidden: ['body_hash'],
    kept: {
      NAMES: ['id', 'member_no', 'programme_no', 'contract_no', 'reference', 'body_hash', 'transaction_id'],
      BOOKS: [
        ...[
          'kind',
          'partner_no',
          'channel',
          'state',
          'price_minor',
          'purchase_minor',
          'discount_minor',
          'units',
          'value_minor',
        ],
        ...['captured_units', 'captured_minor', 'fee_minor', 'fee_tax_minor', 'returned_units', 'returned_minor'],
        ...['basket_returned_minor', 'authorised_at', 'expires_at', 'resolved_at'],
      ],
    },
    erased: [],
  },
  {
    table: 'redemption_take',
    member: OF_MEMBER,
    key: `redemption_id::text || '/' || lpad(line::text, 6, '0')`,
    kept: {
      NAMES: ['redemption_id', 'member_no', 'line', 'lot_id'],
      BOOKS: [
        ...['units', 'value_minor', 'commission_minor', 'tax_minor'],
        ...['back_units', 'back_value_minor', 'back_commission_minor', 'back_tax_minor'],
      ],
    },
    erased: [],
  },
  {
    table: 'unit_transfer',
    member: 'from_member_no',
    key: 'id::text',
    hidden: ['to_member_no'],
    kept: { NAMES: ['id', 'from_member_no', 'to_member_no', 'programme_no'], BOOKS: ['units', 'transferred_at'] },
    erased: [],
  },
  {
    table: 'outflow_review',
    member: OF_MEMBER,
    key: 'id::text',
    hidden: ['to_member_no', 'requested_by', 'decided_by'],
    kept: {
      NAMES: ['id', 'member_no', 'programme_no', 'to_member_no', 'outcome_id', 'requested_by', 'decided_by'],
      BOOKS: ['kind', 'reason', 'bank_no', 'requested_at', 'decision', 'decided_at'],
    },
    erased: ['note', 'note_sealed'],
  },
  {
    table: 'partner_payout',
    member: OF_MEMBER,
    key: 'redemption_id::text',
    kept: {
      NAMES: ['redemption_id', 'member_no', 'programme_no', 'connector_id', 'card_id', 'bank_reference'],
      BOOKS: [
        ...['partner_no', 'amount_minor', 'currency_code', 'state', 'asked', 'next_ask_at', 'last_fault_code'],
        ...['bank_reason', 'made_at', 'settled_at'],
      ],
    },
    erased: [],
  },
  {
    table: 'catalogue_claim',
    member: OF_MEMBER,
    key: 'id::text',
    hidden: ['code_hash'],
    kept: {
      NAMES: ['id', 'member_no', 'programme_no', 'item_id', 'code_hash', 'used_reference'],
      BOOKS: ['supplier_no', 'claimed_at', 'valid_until', 'used_at'],
    },
    erased: [],
  },
  {
    table: 'adjustment',
    member: OF_MEMBER,
    key: 'id::text',
    hidden: ['requested_by', 'decided_by'],
    kept: {
      NAMES: ['id', 'programme_no', 'member_no', 'partner_no', 'entry_no', 'requested_by', 'decided_by'],
      BOOKS: ['kind', 'units', 'amount_minor', 'expires_on', 'state', 'requested_at', 'decided_at'],
    },
    erased: ['reason', 'reason_sealed', 'evidence', 'evidence_sealed', 'decision_note', 'decision_note_sealed'],
  },
  {
    table: 'consent_receipt',
    member: OF_MEMBER,
    key: 'id::text',
    kept: {
      NAMES: ['id', 'member_no', 'recorded_by'],
      RECEIPTS: [
        ...['purpose', 'partner_no', 'version', 'state', 'recorded_at', 'channel'],
        ...['notice_version', 'notice_language', 'notice_sha256'],
      ],
    },
    erased: ['evidence', 'evidence_sealed'],
  },
  {
    table: 'erasure',
    member: OF_MEMBER,
    kept: {
      NAMES: ['id', 'member_no', 'member_id', 'programme_no', 'requested_by'],
      RECEIPTS: ['erased_at', 'forfeited_units', 'rows'],
    },
    erased: [],
  },
  {
    // What was told to others: ids and numbers. What it tells of is exported where it stands.
    table: 'event',
    member: OF_MEMBER,
    kept: {
      NAMES: [
        'id',
        'number',
        'position',
        'ordering_key',
        'member_no',
        'programme_no',
        'partner_nos',
        'subject_id',
        'cause_id',
      ],
      BOOKS: ['type', 'audience', 'recorded_at'],
    },
    erased: [],
  },
  {
    // Rows of a file while it is taken in; what was taken in is exported where it stands.
    table: 'import_row',
    member: `command -> 'payer' ->> 'memberCode'`,
    kept: {},
    erased: ['run_id', 'ordinal', 'line_no', 'business_date', 'command', 'reject_code', 'reject_reason'],
  },
];
