/**
 * Why a field shows nothing to partners and members in the two worlds (two-worlds.ts). leaks.test.ts fails when a field
 * shows nothing and has no reason here, and when a reason is none any more.
 */
export interface Reason {
  readonly places: RegExp;
  readonly why: string;
}

const of = (types: string): RegExp => new RegExp(`^(${types})\\.`);
const at = (...places: string[]): RegExp => new RegExp(`^(${places.join('|')})$`);

export const NOT_SHOWN: readonly Reason[] = [
  {
    why: 'Shown to those alone who run the programme; the permission table says so of every kind of principal.',
    places: of(
      [
        'Account(ing|Turnover)\\w*|Adjustment\\w*|AuditEntry\\w*|Backtest\\w*|BankMovement\\w*|BankStatement\\w*|MemberConnection',
        'MemberDebtConnection|MerchantIdProposal|OutflowReviewConnection|PaymentFile\\w*|ProgrammeProposal|TransactionMatch\\w*',
      ].join('|'),
    ),
  },
  {
    why: 'The same, field by field.',
    places: at(
      ...['Programme.proposals', 'ProgrammeVersion.(publishedBy|source|approvedBy)'],
      ...['Settlement.(gross|netPayments|programmeNet|sealedBy)', 'BankAccount.(programme|currencyCode)'],
    ),
  },
  {
    why: 'Of the programme, for everybody in it: rules, terms, budgets, rates of exchange, the chain of proofs.',
    places: of('ChainBlock|FxRate|OfferBudget|ProgrammeBudget|ProgrammeTerms(Item|Section|Text)'),
  },
  {
    why: 'The same, field by field.',
    places: at('Programme.budgets', 'MemberOffer.(activationUntil|budgets|from|partners|until)'),
  },
  {
    why: 'Said by a partner that is asked live; nobody is asked here (test/e2e/live-partners.test.ts).',
    places: of('LiveStock|PartnerOffers?'),
  },
  { why: 'The same, field by field.', places: at('Partner.liveOffers', 'CatalogueItem.liveStock') },
  {
    why: 'Computed for a question with a basket or a day, which no walk guesses; the member is found as everywhere.',
    places: of(
      'AccrualQuote|MemberBalance(AtPayload|Then)|PositionsAtPayload|Quoted\\w+|Redemption(Limit|Quote)|TransactionUserError',
    ),
  },
  {
    why: 'In lists that stand below others and are asked for by the parent alone, which is walked.',
    places: of(
      'ExpiringUnits|ExpiryNotice\\w*|LotMovement\\w*|MemberDebt|LineConversion|PurchaseLikeness|TransactionShortfall',
    ),
  },
  {
    why: 'The list says what the rows of it say one by one, and they are walked.',
    places: at('(BankAccount|Connector)Connection.nodes', 'ProofPart.endCursor'),
  },
  {
    why: 'Empty as long as all goes well or nobody has decided.',
    places: at(
      ...[
        'BankAccount.bic',
        'Card.(account|product|statementDay|unlinkedAt)',
        'CatalogueAccess.until',
        'ChoiceRecord.categories',
      ],
      ...['CatalogueClaim.(item|redemption|usedAt)', 'CatalogueItem.(claimableUntil|discountAmount|withdrawnAt)'],
      ...[
        'Client.(jwksUri|revokedAt)',
        'ClientSecret.endsAt',
        'Connector.lastSuccessAt',
        'ConnectorFieldMapping.constant',
      ],
      'ConnectorEndpoint.(cursorParameter|dateFormat|format|nextCursorAt|pageSize|query|sizeParameter)',
      ...[
        'Dispute.(resolution|resolvedAt)',
        'Lot.goneFrom',
        'Member.(debts|expiring|referredBy)',
        'MemberSegment.until',
      ],
      ...['MemberTier.next', 'OutflowReview.(decidedAt|decidedBy|decision|note|outcomeId|toMember)', 'Outlet.mcc'],
      ...[
        'PartnerCredit.(alerts|exposureCap|prepaid|room)',
        'PurchaseClaim.(decidedAt|outletCode|resolution|transaction)',
      ],
      ...['Reconciliation.settlementId', 'ReconciliationDifference.(entryNumber|here|message|transaction)'],
      ...['Redemption.(channel|payout|transaction)', 'Settlement.(abortReason|abortedAt)', 'SettlementLine.conversion'],
      'SettlementTerms.(clawbackLimit|exposureCap|issuePrice|prepaidReorder|redemptionPrice|settlementCurrency)',
      ...['TierChange.fromCode', 'Transaction.(action|exchangeOf|joinReason|joined|shortfalls)'],
      ...['TransactionSource.(likeness|matchReason)', 'WebhookEndpoint.statusReason'],
    ),
  },
];
