/**
 * English: the catalogue that says which messages there are. ICU MessageFormat; numbers, amounts and dates
 * arrive formatted, `count` only chooses the plural form. No message holds a digit or a straight apostrophe.
 */
export const en = {
  title: 'Terms of {programme}',
  'about.inForce': 'In force from {from}. Days and times are those of the time zone {zone}.',
  'about.worth': '{one} is worth {money} when it is earned.',
  'about.generated': 'This text is generated from the rules that decide every purchase.',

  'section.earn': 'What you earn',
  'section.categories': 'Categories',
  'section.stacking': 'When several offers meet',
  'section.caps': 'Limits and budgets',
  'section.exclusions': 'What earns nothing',
  'section.tiers': 'Tiers and benefits',
  'section.choices': 'Categories of your choice',
  'section.hold': 'When units become available',
  'section.expiry': 'How long units last',
  'section.redemption': 'Paying with units',
  'section.refunds': 'Refunds',
  'section.deadlines': 'Dates and deadlines',

  'quoted.name': '“{name}”',
  'count.purchases': '{count, plural, one {{n} purchase} other {{n} purchases}}',
  'count.partners': '{count, plural, one {{n} partner} other {{n} different partners}}',
  'count.categories': '{count, plural, one {{n} category} other {{n} different categories}}',
  'days.between': 'from {from} to {until}, both days included',
  'days.from': 'from {from} on',
  'days.until': 'until {until}, that day included',
  'period.TRANSACTION': 'per purchase',
  'period.DAY': 'per day',
  'period.WEEK': 'per week (Monday to Sunday)',
  'period.MONTH': 'per calendar month',
  'period.QUARTER': 'per calendar quarter',
  'period.YEAR': 'per calendar year',
  'period.STATEMENT': 'per statement cycle of the card',
  'period.CAMPAIGN': 'over the whole campaign',
  'period.LIFETIME': 'over the whole membership',

  'earn.otherwise': 'Unless an offer says otherwise:',
  'earn.day.AUTHORISATION': 'A purchase counts on the day on which it is authorised.',
  'earn.day.POSTING': 'A purchase counts on the day on which it is posted to the account.',
  'earn.nothing': 'There is no offer yet.',

  'effect.rate': 'You earn {rate} of the amount, paid in {unit}.',
  'effect.step': 'You earn {units} for every full {money} of the amount.',
  'effect.fixed': 'You earn {units}.',
  'effect.perItem': 'You earn {units} for every item.',
  'effect.multiplier.BONUS': 'What {rule} gives is multiplied by {by}; this offer pays what that adds.',
  'effect.multiplier.WHOLE': 'You earn what {rule} gives, multiplied by {by}.',
  'effect.bands': 'You earn by parts of the amount, paid in {unit}.',
  'band.only': 'On the whole amount: {rate}.',
  'band.first': 'On the first {money}: {rate}.',
  'band.next': 'On what lies above that, up to {money}: {rate}.',
  'band.rest': 'On everything above that: {rate}.',
  'effect.matrix': 'You earn by tier and category, paid in {unit}.',
  'matrix.tier': '{tier}: {cells}.',
  'matrix.cell': '{category} {rate}',
  'matrix.rest': 'everything else {rate}',
  'matrix.nothing': 'everything else nothing',
  'effect.accumulates': 'The amount adds up {period}, and each purchase earns what it adds to the result.',

  'base.gross': 'The full amount counts.',
  'base.without': 'The amount counts without: {parts}.',
  'part.REDEMPTION': 'what was paid with units',
  'part.DISCOUNT': 'discounts',
  'part.FREIGHT': 'delivery',
  'part.FEE': 'fees',
  'part.TAX': 'taxes',
  'rounding.spend': 'The amount is first rounded to a multiple of {money}: {mode}.',
  'rounding.reward':
    'The reward of {scope, select, LINE {each line of the receipt} RULE {each offer} other {the whole purchase}} is rounded to a multiple of {units}: {mode}.',
  'mode.TRUNCATE': 'toward zero',
  'mode.FLOOR': 'down',
  'mode.HALF_UP': 'to the nearest, halves up',
  'mode.HALF_EVEN': 'to the nearest, halves to the even neighbour',

  'when.days': 'Valid {days}.',
  'when.partners': 'Partners: {list}.',
  'when.outlets': 'Outlets: {list}.',
  'when.issuers': 'Cards issued by: {list}.',
  'when.cardProducts': 'Kinds of card: {list}.',
  'when.channels': 'Where you buy: {list}.',
  'channel.ONLINE': 'online',
  'channel.IN_STORE': 'in the shop',
  'channel.APP': 'in the app',
  'when.categories': 'Categories: {list}.',
  'when.tags': 'Only items marked: {list}.',
  'when.minimum': 'Amount: at least {money}.',
  'when.above': 'Amount: more than {money}.',
  'when.maximum': 'Amount: at most {money}.',
  'when.below': 'Amount: less than {money}.',
  'when.items': 'At least {count, plural, one {{n} item} other {{n} items}}.',
  'when.weekdays': 'Days of the week: {list}.',
  'when.hours': 'Hours: {list}.',
  'hours.window': 'from {from} to {until}',
  'hours.overnight': 'from {from} to {until} of the next day',
  'when.memberClock': 'Days and hours go by the clock where you live.',
  'when.tiers': 'Tiers: {list}.',
  'when.segments': 'Only for members of the group: {list}.',
  'when.activation.once': 'Activate the offer first.',
  'when.activation.anew':
    'Activate the offer first, anew each {per, select, MONTH {month} QUARTER {quarter} other {year}}.',
  'when.chosen': 'Only in the categories that you have chosen in {choice}.',
  'when.birthday.day': 'On your birthday.',
  'when.birthday.window':
    'From {before, plural, one {{beforeText} day} other {{beforeText} days}} before your birthday to {after, plural, one {{afterText} day} other {{afterText} days}} after it.',
  'when.birthday.leap': 'Born on {leap}: in other years the birthday is {day}.',
  'when.reaches': 'Paid with the purchase that completes {mark} {period}.',
  'when.reaches.spend': 'a spend of {money}',
  'when.reaches.repeats': 'Paid again each time the same is completed once more.',
  'when.reaches.samePartner': 'Counted at each partner by itself.',
  'when.action': 'Not for a purchase, but for: {action}.',
  'action.registration': 'registration',
  'action.review': 'a review',
  'action.referral': 'recommending a new member',
  'when.experiment': 'Only for members whom a fixed draw put into: {list}.',
  'experiment.variant': '{variant} ({weight} of {sum})',

  'category.order':
    'A purchase belongs to the category of what was bought, else of the outlet or partner, else to the one its bank names, else of the merchant category code, else of the name on the statement.',
  'category.codes': 'Merchant category codes: {list}.',
  'category.products': 'Items marked: {list}.',
  'category.descriptors': 'Names on the statement: {list}.',
  'codes.dated': '{codes} ({days})',

  'stacking.none': 'All offers that apply add up.',
  'stacking.ADDITIVE': 'These offers add up: {rules}.',
  'stacking.BEST_OF': 'Of these offers the one that gives most pays: {rules}.',
  'stacking.MULTIPLICATIVE': 'These offers add up, and multipliers of the same offer multiply each other: {rules}.',
  'stacking.EXCLUSIVE': 'Of these offers the one that gives most pays, and alone: {rules}.',
  'stacking.ties': 'When they give the same, the newer offer pays.',
  'stacking.silences': 'Once it pays, these pay nothing: {rules}.',
  'stacking.rest': 'All other offers add up: {rules}.',

  'cap.reward':
    '{holder, select, MEMBER {Each member earns} CARD {Each card earns} ACCOUNT {The cards of one account together earn} other {All members together earn}} at most {units} {period}.',
  'cap.share':
    '{holder, select, MEMBER {Each member earns} CARD {Each card earns} ACCOUNT {The cards of one account together earn} other {All members together earn}} at most {rate} of the amount {period}.',
  'cap.spend':
    '{holder, select, MEMBER {Each member’s} CARD {Each card’s} ACCOUNT {One account’s} other {All members’}} spend is rewarded up to {money} {period}.',
  'cap.count':
    '{holder, select, MEMBER {Each member earns} CARD {Each card earns} ACCOUNT {The cards of one account together earn} other {All members together earn}} for at most {count, plural, one {{n} purchase} other {{n} purchases}} {period}.',
  'cap.rules': 'For the offers: {list}.',
  'cap.categories': 'In the categories: {list}.',
  'cap.everything': 'For everything together.',
  'cap.over': 'What lies above earns by {rule}.',
  'cap.nothing': 'What lies above earns nothing.',
  'budget.visible': 'What is left can be seen before paying.',
  'budget.released': 'What a returned purchase took from it comes back.',
  'budget.kept': 'What a returned purchase took from it does not come back.',
  'caps.none': 'There are no limits.',

  'exclusion.codes': '{reason}: merchant category codes {list}.',
  'exclusion.products': '{reason}: items marked {list}.',
  'exclusions.accepted': 'You can pay as usual; such purchases only earn nothing.',
  'exclusions.none': 'Nothing is excluded.',
  'reason.money-transfer': 'money transfer',
  'reason.cash-and-financial-institutions': 'cash and financial institutions',
  'reason.quasi-cash': 'quasi-cash',
  'reason.securities': 'securities',
  'reason.rent': 'rent',
  'reason.stored-value-and-money-transfer': 'stored value and money transfer',
  'reason.money-transfer-between-cards': 'money transfer between cards',
  'reason.funding-of-a-card-or-wallet': 'funding of a card or wallet',
  'reason.lotteries-and-betting': 'lotteries and betting',
  'reason.gambling': 'gambling',

  'tiers.rolling':
    'Your tier follows from {metric, select, KEPT_SPEND {what you spend and keep} REWARDS_ACCRUED {the units you earn} other {the number of your purchases}} in the last {count, plural, one {{n} day} other {{n} days}}.',
  'tiers.calendar':
    'Your tier follows from {metric, select, KEPT_SPEND {what you spend and keep} REWARDS_ACCRUED {the units you earn} other {the number of your purchases}} in the calendar {unit, select, MONTH {month} QUARTER {quarter} other {year}}.',
  'tiers.IMMEDIATE': 'It rises and falls at once.',
  'tiers.EARNED': 'It rises at once; at the end of the period it falls to what you have earned by then.',
  'tiers.ONE_STEP': 'It rises at once; at the end of the period it falls by one step at most.',
  'tiers.NEVER': 'It rises at once and never falls.',
  'tiers.period.rolling':
    'The period is {count, plural, one {{n} day} other {{n} days}} from the day on which you reach a tier.',
  'tiers.period.calendar':
    'The period ends with the calendar {unit, select, MONTH {month} QUARTER {quarter} other {year}}.',
  'tiers.grace': 'After that you keep the tier for {count, plural, one {{n} more day} other {{n} more days}}.',
  'tiers.redeeming': 'Paying with units does not lower your tier.',
  'tier.start': '{tier}: from the start.',
  'tier.from': '{tier}: {mark} and more.',
  'tier.benefits': 'Benefits: {list}.',

  'choice.pick':
    'Choose {count, plural, one {{n} category} other {{n} categories}} for each {per, select, MONTH {month} QUARTER {quarter} other {year}} of: {list}.',
  'choice.shown': 'Each member is offered {count, plural, one {{n} category} other {{n} categories}} of these.',
  'choice.opens.before':
    'You can choose from {count, plural, one {{n} day} other {{n} days}} before the period begins.',
  'choice.opens.start': 'You can choose from the first day of the period.',
  'choice.closes.day': 'You can choose until the end of day {day} of the period.',
  'choice.closes.start': 'You can choose until the period begins.',
  'choice.default': 'When you choose nothing, these count: {list}.',
  'choice.noDefault': 'When you choose nothing, no category counts.',

  'hold.atOnce': 'Units can be used as soon as the purchase is cleared.',
  'hold.days': 'Units can be used {count, plural, one {{n} day} other {{n} days}} after the purchase is cleared.',
  'hold.payout':
    'What becomes free in {per, select, WEEK {a week} MONTH {a calendar month} QUARTER {a calendar quarter} YEAR {a calendar year} other {a statement cycle of the card}} can be used together, from the day after its end.',

  'expiry.NEVER': 'Units do not expire.',
  'expiry.DAYS':
    'Units expire {count, plural, one {{n} day} other {{n} days}} after they {from, select, AVAILABLE {become available} other {are earned}}.',
  'expiry.MONTHS':
    'Units expire {count, plural, one {{n} month} other {{n} months}} after they {from, select, AVAILABLE {become available} other {are earned}}.',
  'expiry.END_OF_MONTH.same':
    'Units last to the end of the calendar month in which they {from, select, AVAILABLE {become available} other {are earned}}.',
  'expiry.END_OF_MONTH':
    'Units last to the end of the calendar month that comes {count, plural, one {{n} month} other {{n} months}} after the one in which they {from, select, AVAILABLE {become available} other {are earned}}.',
  'expiry.END_OF_YEAR.same':
    'Units last to the end of the calendar year in which they {from, select, AVAILABLE {become available} other {are earned}}.',
  'expiry.END_OF_YEAR':
    'Units last to the end of the calendar year that comes {count, plural, one {{n} year} other {{n} years}} after the one in which they {from, select, AVAILABLE {become available} other {are earned}}.',
  'expiry.ROLLING': 'Units expire after {count, plural, one {{n} day} other {{n} days}} without activity.',
  'dormancy.fee':
    'After {count, plural, one {{n} day} other {{n} days}} without activity {units} are taken each month, never more than you have.',
  'expiry.notice': 'You are told {count, plural, one {{n} day} other {{n} days}} before units expire.',

  'redemption.worth': '{one} pays for {money}.',
  'redemption.share': 'Units pay for at most {rate} of a purchase.',
  'redemption.discountsCount': 'Discounts on the purchase count toward that share.',
  'redemption.minimumOwn': 'At least {money} is paid in money.',
  'redemption.minimumUnits': 'At least {units} are used at a time.',
  'redemption.AVAILABLE_FIRST': 'Units that became available first are used first.',
  'redemption.EXPIRES_FIRST': 'Units that expire first are used first.',
  'redemption.authorisation':
    'Units set aside for a purchase that is not completed come back after {count, plural, one {{n} hour} other {{n} hours}}.',
  'outflow.cashOut': 'Units can be paid out to a card of a bank that takes part.',
  'outflow.transfer': 'Units can be given to other members.',
  'outflow.donation': 'Units can be given to charities.',
  'outflow.perDay': 'At most {units} per calendar day.',
  'outflow.perMonth': 'At most {units} per calendar month.',
  'outflow.holdAbove': 'More than {units} at once is first looked at by a person.',

  'refunds.KEPT':
    'After a refund the rules of the day of purchase are applied again to what you keep; what you earned for the rest is taken back.',
  'refunds.PURCHASE_DATE':
    'A refund takes back what the returned amount earns by the rules of the day of purchase, never more than the purchase earned.',
  'refunds.RETURN_DATE':
    'A refund takes back what the returned amount earns by the rules of the day of return, never more than the purchase earned.',
  'refunds.unitsBack': 'Units with which you paid come back and keep their expiry.',
  'refunds.unitsGrace':
    'Units with which you paid come back and last at least {count, plural, one {{n} more day} other {{n} more days}}.',

  'deadline.offerBegins': '{date}: first day of {rule}.',
  'deadline.offerEnds': '{date}: last day of {rule}.',
  'deadline.earningEnds': '{date}: from this day on nothing is earned.',
  'deadline.redemptionUntil': '{date}: last day on which units can be used; what is left then is written off.',
  'deadline.choice.day':
    '{choice}: choose until the end of day {day} of each {per, select, MONTH {month} QUARTER {quarter} other {year}}.',
  'deadline.choice.start':
    '{choice}: choose before the {per, select, MONTH {month} QUARTER {quarter} other {year}} begins.',
  'deadlines.none': 'There are none.',
} as const satisfies Readonly<Record<string, string>>;
