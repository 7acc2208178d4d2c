/** The sections about what was earned: when it can be used, how long it lasts, what it pays, what refunds do. */
import { compareRates, ONE } from '../money/rate.js';
import type { LotExpiry, OutflowLimits } from '../redemption/model.js';
import type { TermsItem } from './document.js';
import { present, type Wording } from './wording.js';

const items = (sentences: readonly (string | undefined)[]): TermsItem[] =>
  present(sentences).map((text) => ({ text, details: [] }));

export const holdItems = (w: Wording): TermsItem[] =>
  items([
    w.terms.holdDays === 0 ? w.say('hold.atOnce') : w.counted('hold.days', w.terms.holdDays),
    w.terms.payout && w.say('hold.payout', { per: w.terms.payout }),
  ]);

export function expiryItems(w: Wording): TermsItem[] {
  const { expiry, dormancy, noticeDays } = w.terms.redemption;
  return items([
    expirySentence(w, expiry),
    expiry.kind === 'NEVER' || noticeDays === 0 ? undefined : w.counted('expiry.notice', noticeDays),
    dormancy && w.counted('dormancy.fee', dormancy.afterDays, { units: w.units(dormancy.feeUnits) }),
  ]);
}

function expirySentence(w: Wording, expiry: LotExpiry): string {
  switch (expiry.kind) {
    case 'NEVER':
      return w.say('expiry.NEVER');
    case 'ROLLING':
      return w.counted('expiry.ROLLING', expiry.days);
    case 'END_OF_MONTH':
    case 'END_OF_YEAR':
      return expiry.count === 0
        ? w.say(`expiry.${expiry.kind}.same`, { from: expiry.from })
        : w.counted(`expiry.${expiry.kind}`, expiry.count, { from: expiry.from });
    case 'DAYS':
    case 'MONTHS':
      return w.counted(`expiry.${expiry.kind}`, expiry.count, { from: expiry.from });
  }
}

export function redemptionItems(w: Wording): TermsItem[] {
  const { maxShare, discountsCount, minimumOwnMinor, minimumUnits, priceMinor, order } = w.terms.redemption;
  const { authorisationHours, cashOut, transfer, donation } = w.terms.redemption;
  const paying = items([
    w.say('redemption.worth', { one: w.oneUnit(), money: w.worth(priceMinor) }),
    w.say('redemption.share', { rate: w.formats.share(maxShare) }),
    discountsCount && compareRates(maxShare, ONE) < 0 ? w.say('redemption.discountsCount') : undefined,
    minimumOwnMinor > 0n ? w.say('redemption.minimumOwn', { money: w.money(minimumOwnMinor) }) : undefined,
    minimumUnits > 0n ? w.say('redemption.minimumUnits', { units: w.units(minimumUnits) }) : undefined,
    w.say(`redemption.${order}`),
    w.counted('redemption.authorisation', authorisationHours),
  ]);
  return [
    ...paying,
    ...(cashOut === undefined ? [] : [w.item('outflow.cashOut', {}, boundsOf(w, cashOut))]),
    ...(transfer === undefined ? [] : [w.item('outflow.transfer', {}, boundsOf(w, transfer))]),
    ...(donation ? [w.item('outflow.donation')] : []),
  ];
}

const boundsOf = (w: Wording, { perDayUnits, perMonthUnits, holdAboveUnits }: OutflowLimits): string[] =>
  present([
    perDayUnits === undefined ? undefined : w.say('outflow.perDay', { units: w.units(perDayUnits) }),
    perMonthUnits === undefined ? undefined : w.say('outflow.perMonth', { units: w.units(perMonthUnits) }),
    holdAboveUnits === undefined ? undefined : w.say('outflow.holdAbove', { units: w.units(holdAboveUnits) }),
  ]);

export function refundItems(w: Wording): TermsItem[] {
  const { refunds, redemption } = w.terms;
  return items([
    refunds.policy === 'KEPT' ? w.say('refunds.KEPT') : w.say(`refunds.${refunds.rulesOf}`),
    redemption.returnGraceDays === 0
      ? w.say('refunds.unitsBack')
      : w.counted('refunds.unitsGrace', redemption.returnGraceDays),
  ]);
}
