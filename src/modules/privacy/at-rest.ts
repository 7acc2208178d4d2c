/**
 * Every text that the database keeps about somebody and that is not encrypted at rest, and why. What is encrypted stands in
 * sealed-columns.ts. Numbers, dates and ids are never encrypted: they are what the books are made of.
 *
 * A test walks the database against this list: a new text fails until it is decided on.
 */

/** Why something stands in the open. */
export type OpenReason =
  /** One of a few words, a code, or a hash. */
  | 'WORDS'
  /** What partners, banks or tokens call somebody or something: it leads to a person only for who gave the name. */
  | 'NAMES'
  /** How a partner names a member or a card in every purchase, so that it is found by it: pseudonyms, never a card number. */
  | 'LOOKED_UP'
  /**
   * What was bought, for every purchase: searched, compared and decided on again, millions of rows at a time; no name
   * is in it.
   */
  | 'PURCHASES'
  /** What a company puts on the statements that are handed out, which say it too. */
  | 'PUBLISHED'
  /** Sentences of ours. */
  | 'OURS';

type OpenTexts = Readonly<Partial<Record<OpenReason, readonly string[]>>>;

export const IN_THE_OPEN: Readonly<Record<string, OpenTexts>> = {
  accrual: { WORDS: ['rule_code', 'tax_treatment'] },
  adjustment: { WORDS: ['kind', 'state'], NAMES: ['requested_by', 'decided_by'] },
  audit_entry: {
    // Texts of the input are left out before it is stored (infrastructure/db/acts.ts).
    WORDS: ['actor_kind', 'operation', 'outcome', 'code', 'input'],
    NAMES: ['actor', 'request_id', 'subjects'],
  },
  awaited_message: { NAMES: ['reference'] },
  bank_account: { WORDS: ['currency_code', 'state', 'iban_hash', 'bic'], NAMES: ['proposed_by', 'decided_by'] },
  bank_message: { WORDS: ['version', 'content_sha256'], NAMES: ['message_id', 'uploaded_by'] },
  bank_movement: { WORDS: ['match', 'reason'], NAMES: ['end_to_end_id'] },
  bank_statement: { NAMES: ['statement_id'] },
  billing_details: {
    PUBLISHED: ['legal_name', 'address', 'tax_number', 'payment_instruction'],
    NAMES: ['updated_by'],
  },
  borne_clawback: { WORDS: ['borne_by'] },
  business_key: { WORDS: ['body_hash'], NAMES: ['reference'] },
  card: { LOOKED_UP: ['token', 'account'], WORDS: ['last_four', 'product'] },
  catalogue_claim: { WORDS: ['code_hash'], NAMES: ['used_reference'] },
  // Answers are ids and amounts; what was asked is kept as a hash.
  command_key: { NAMES: ['client', 'key'], WORDS: ['operation', 'body_hash', 'answer'] },
  connector_reject: { WORDS: ['item_hash', 'code'], NAMES: ['reference', 'file_name'], OURS: ['reason'] },
  consent_receipt: {
    WORDS: ['purpose', 'state', 'channel', 'notice_version', 'notice_language', 'notice_sha256'],
    NAMES: ['recorded_by'],
  },
  dispute: { WORDS: ['state'], NAMES: ['opened_by', 'resolved_by'] },
  erasure: { NAMES: ['requested_by'], WORDS: ['rows'] },
  event: { WORDS: ['type', 'audience'], NAMES: ['ordering_key', 'partner_nos'] },
  // For as long as a file is taken in.
  import_row: { PURCHASES: ['command'], WORDS: ['reject_code'], OURS: ['reject_reason'] },
  lot_movement: { WORDS: ['from_pot', 'to_pot'] },
  lot_pot: { WORDS: ['pot'] },
  mark_reached: { WORDS: ['rule_code'] },
  member: { LOOKED_UP: ['code'], WORDS: ['status', 'time_zone'] },
  member_activation: { WORDS: ['rule_code'] },
  member_choice: { WORDS: ['choice_code', 'categories'] },
  member_counter: { LOOKED_UP: ['cap_code'] },
  member_segment: { WORDS: ['segment'] },
  member_tier: { WORDS: ['tier_code'] },
  member_tier_change: { WORDS: ['from_code', 'to_code', 'because'] },
  outflow_review: { WORDS: ['kind', 'reason', 'decision'], NAMES: ['requested_by', 'decided_by'] },
  partner_payout: {
    WORDS: ['currency_code', 'state', 'last_fault_code'],
    // What the bank calls the payment, and why it failed.
    NAMES: ['bank_reference', 'bank_reason'],
  },
  payment: { WORDS: ['purpose', 'state', 'reason_code', 'currency_code'], NAMES: ['end_to_end_id'] },
  payment_file: { WORDS: ['currency_code', 'sha256'], NAMES: ['message_id', 'created_by'] },
  purchase_claim: { WORDS: ['outlet_code', 'state'], NAMES: ['opened_by', 'decided_by'] },
  purchase_match: { WORDS: ['likeness', 'state'], NAMES: ['decided_by'] },
  receipt_allocation: { WORDS: ['matched_by', 'purpose'], NAMES: ['allocated_by'] },
  redemption: { WORDS: ['kind', 'body_hash', 'channel', 'state', 'price_minor'], NAMES: ['reference'] },
  settlement_statement: { PUBLISHED: ['csv', 'head', 'pdf'], WORDS: ['csv_sha256', 'pdf_sha256'] },
  transaction: {
    PURCHASES: ['merchant_id', 'descriptor', 'facts', 'lines', 'shortfalls', 'original_amount'],
    WORDS: [
      'kind',
      'mcc',
      'channel',
      'category_code',
      'original_currency_code',
      'explanation_digest',
      'status',
      'action',
      'join_reason',
    ],
  },
  transaction_source: {
    PURCHASES: ['payload'],
    WORDS: ['body_hash', 'match_reason', 'likeness'],
    NAMES: ['reference'],
  },
};

/** Tables whose texts are about nobody: terms, companies and what they offer, keys, figures, proofs. */
export const ABOUT_NOBODY: readonly string[] = [
  'api_client',
  'backtest_run',
  'budget_counter',
  'catalogue_item',
  'chain_block',
  'chain_secret',
  'client_key',
  'client_secret',
  'connector',
  'connector_file',
  'connector_run',
  'contract',
  'deployment',
  'fx_rate',
  'import_run',
  'merchant_id_rejection',
  'outlet',
  'outlet_merchant_id',
  'partner',
  'programme',
  'programme_proposal',
  'programme_version',
  'reconciliation',
  'reconciliation_difference',
  'service_charge',
  'settlement',
  'settlement_item',
  'settlement_line',
  'settlement_window',
  'signing_key',
  'unit',
  'used_assertion',
  'verified_upto',
  'webhook_attempt',
  'webhook_delivery',
  'webhook_endpoint',
  'webhook_secret',
  'window_matrix',
  'window_part',
  'window_part',
];
