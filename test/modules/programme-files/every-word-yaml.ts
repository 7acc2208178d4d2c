/** A sound programme in which every field of the grammar stands at least once. */
export const everyWordYaml = (): string => `programme: every-word
name: Every word
effectiveFrom: 2026-01-01
currency: RUB
timeZone: Europe/Moscow
approvals: 2
attribution: POSTING
unit: { code: RUB1, scale: 2, worth: 1 }
holdDays: 0
payout: statement
taxTreatment: DISCOUNT
base: { without: [REDEMPTION, FREIGHT] }
rounding: { mode: FLOOR, step: 0.10, per: RULE, spend: { to: 1.00, mode: HALF_UP } }
refunds: { policy: NEGATIVE, rulesOf: PURCHASE_DATE }
categories:
  groceries: { name: Groceries, mcc: [5411, 5422-5499, { codes: 5300, from: 2026-01-01, until: 2026-12-31 }], partners: [shop], outlets: [shop/airport], products: [milk], descriptors: ["ACME*"] }
  fuel: { name: Fuel, mcc: [5541] }
  anything: { name: Anything, submitted: true }
exclusions:
  - DEFAULT
  - { codes: 9211-9399, reason: taxes, from: 2026-01-01 }
  - { product: gift-card, reason: gift cards }
tiers:
  metric: PURCHASES
  calendar: quarter
  downgrade: { to: ONE_STEP, graceDays: 10 }
  levels: [{ code: basic, name: Basic, from: 0 }, { code: gold, name: Gold, from: 10, benefits: [{ code: free-delivery, name: Free delivery }] }]
choices:
  two: { name: Two a month, offered: [groceries, fuel, anything], shown: 3, pick: 2, per: month, opensDaysBefore: 7, closesOnDay: 5, default: [fuel] }
experiments:
  spring: { variants: { a: 50, b: 30, holdout: 20 } }
groups:
  best: { mode: BEST_OF, priority: 10 }
  times: { mode: MULTIPLICATIVE }
  only: { mode: EXCLUSIVE, priority: 20, silences: [best] }
partners: { shop: , bank: { contract: { SELF: 50%, PROGRAMME: 50% } }, other: { contract: NONE } }
rules:
  - { code: base, name: Base, funding: ISSUER, group: best, rate: 1% }
  - code: chosen
    name: Chosen
    funding: { ISSUER: 1/3, MERCHANT: 2/3 }
    group: best
    base: GROSS
    rounding: HALF_UP
    when: { chosen: two, activation: true, tiers: [gold], segments: [vip], cardProducts: [credit], issuers: [bank],
      channels: [APP], partners: [shop], outlets: [shop/airport], categories: [groceries], from: 2026-01-01, until: 2026-12-31,
      minimum: 200.00, below: 1000, clock: MEMBER,
      days: [sat, sun], hours: [{ from: "22:00", until: "02:00" }] }
    rate: 5%
  - { code: steps, name: Steps, funding: PROGRAMME, when: { above: 10.00, maximum: 20, activation: { per: quarter } }, step: { units: 1, every: 33.00 }, accumulate: year }
  - { code: bands, name: Bands, funding: PROGRAMME, bands: [{ upTo: 500, rate: 2% }, { rate: 1% }], accumulate: statement }
  - { code: matrix, name: Matrix, funding: PROGRAMME, matrix: { basic: { groceries: 0.5%, BASE: 0 }, gold: {} } }
  - { code: triple, name: Triple, funding: PROGRAMME, group: times, multiply: { rule: base, by: 3 } }
  - { code: double, name: Double, funding: PROGRAMME, group: times, multiply: { rule: base, by: 2, pays: BONUS } }
  - { code: birthday, name: Birthday, funding: PROGRAMME, group: best, multiply: { rule: base, by: 1.5, pays: WHOLE }, when: { birthday: { daysBefore: 3, daysAfter: 3, leapDay: MAR_1 } } }
  - { code: review, name: Review, funding: PROGRAMME, fixed: 50, when: { action: review } }
  - { code: items, name: Items, funding: PROGRAMME, group: only, perItem: 10, when: { tags: [eco], minimumItems: 3, experiment: { code: spring, variants: [a, b] } } }
  - { code: first, name: First, funding: PROGRAMME, fixed: 500, when: { first: PARTNER } }
  - { code: three, name: Three, funding: PROGRAMME, fixed: 500, when: { reaches: { partners: 3, per: month, repeats: true, atSamePartner: false } } }
caps:
  - { code: groceries-month, per: month, max: 3000, category: groceries }
  - { code: chosen-spend, measure: SPEND, of: CARD, per: statement, max: 3000, rules: [chosen], over: base }
  - { code: times-count, measure: COUNT, of: ACCOUNT, per: campaign, max: 3, from: 2026-01-01, until: 2026-03-01, groups: [times] }
  - { code: share, per: transaction, maxShare: 30%, categories: [fuel, anything] }
budgets:
  - { code: pool, max: 25000, rules: [three, first], from: 2026-01-01, until: 2026-12-31, refundReleases: false }
expiry: { endOfMonth: 3 }
redemption: { maxShare: 99%, discountsCount: true, minimumOwn: 1.00, minimumUnits: 1, worth: 1, order: EXPIRES_FIRST, returnGraceDays: 30, authorisationHours: 72, noticeDays: 14, cashOut: { perDay: 500, perMonth: 2000, holdAbove: 1000 }, transfer: true, donation: true }
dormancy: { afterDays: 90, fee: 2.99 }
windDown: { earningEnds: 2026-11-01, redemptionUntil: 2026-12-31 }
examples:
  - name: Everything at once
    member: { tier: gold, capUsed: { groceries-month: 2 }, segments: [vip],
      birthday: 02-29, activated: [chosen], chosen: { two: [groceries] }, variants: { spring: a }, timeZone: Asia/Tokyo, units: 200 }
    card: { issuer: bank, product: credit, statementDay: 15, account: family }
    contracts: { shop: { SELF: 100% } }
    steps:
      - { purchase: 100.00, date: 2026-01-05, time: "12:30", postedOn: 2026-01-06, at: shop, mcc: 5411, channel: APP, descriptor: ACME 12, as: p1, redeem: 20.00,
          lines: [{ amount: 60.00, quantity: 2, tags: [eco], as: l1 }, { kind: FREIGHT, amount: 40 }], expect: { category: groceries, tier: gold, budgetLeft: { pool: 24500 }, capLeft: { groceries-month: 2494.80 }, rules: { first: 500 }, units: 503.20 } }
      - { refund: 30.00, of: p1, lines: [l1], date: 2026-01-07, expect: { category: groceries } }
      - { exchange: 40.00, of: p1, date: 2026-01-08, expect: { rules: { first: 500 }, shortfall: 0, units: 503.20 } }
      - { action: review, at: shop, expect: { units: 50 } }
      - { redeem: { purchase: 1500.00, units: 150 }, expect: { redeemed: 150.00 } }
      - { on: 2026-01-31, expect: { tier: gold, expired: 0, fees: 0, pending: 0 } }
`;
