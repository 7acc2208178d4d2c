/** A member's choices as they are shown, and the advice on them. */
import { bestPick, type DecidedPurchase } from '../../domain/earning/advice.js';
import { choiceWindow, chosenOn, offeredTo, picksOf } from '../../domain/earning/choice.js';
import type { CategoryChoice, Channel, ContractTerms, ProgrammeTerms } from '../../domain/earning/model.js';
import { periodEnd, periodStart } from '../../domain/earning/periods.js';
import type { MemberTraits } from '../../domain/earning/traits.js';
import { addDays, type BusinessDate } from '../../domain/kernel/calendar.js';
import { formatDecimal } from '../../domain/money/decimal.js';
import { ONE, ZERO_RATE } from '../../domain/money/rate.js';
import { ChoiceAdvice, ChoiceCategory, ChoiceRecord, MemberChoice } from './choice.graphql.js';
import type { ChoosingView } from './member-view.js';
import type { KeptPurchaseRow } from './offer.loaders.js';
import type { Reference } from './reference-source.js';

const HISTORY = 24;

/** Every choice of the running period, and of the next one where that has opened; the running ones first. */
export function choicesOf(view: ChoosingView): MemberChoice[] {
  const { today, terms } = view;
  if (terms === undefined) return [];
  const running = terms.choices.map((choice) => choiceOf(view, terms, choice, periodStart(choice.per, today)));
  const coming = terms.choices.flatMap((choice) => {
    const next = addDays(periodEnd(choice.per, today), 1);
    const found = choiceIn(view, choice.code, next);
    return found && choiceWindow(found.choice, next).opensOn <= today
      ? [choiceOf(view, found.terms, found.choice, next)]
      : [];
  });
  return [...running, ...coming];
}

/** One of them, in any period that begins today or later or is running. */
export function findChoiceOf(view: ChoosingView, code: string, period: BusinessDate): MemberChoice | undefined {
  const found = choiceIn(view, code, period);
  return found && choiceOf(view, found.terms, found.choice, period);
}

function choiceIn(
  view: ChoosingView,
  code: string,
  period: BusinessDate,
): { terms: ProgrammeTerms; choice: CategoryChoice } | undefined {
  const terms = view.termsOn(period);
  const choice = terms?.choices.find((each) => each.code === code);
  return terms && choice && { terms, choice };
}

function choiceOf(
  view: ChoosingView,
  terms: ProgrammeTerms,
  choice: CategoryChoice,
  period: BusinessDate,
): MemberChoice {
  const { member, today } = view;
  const offered = offeredTo(choice, member.id, period);
  const window = choiceWindow(choice, period);
  const standing = view.made.findLast((each) => each.choiceCode === choice.code && each.period === period);
  const chosen = chosenOn(terms, view, period > today ? period : today)[choice.code] ?? [];
  return Object.assign(new MemberChoice(), {
    member,
    terms,
    choice,
    code: choice.code,
    name: choice.name,
    period,
    until: periodEnd(choice.per, period),
    ...window,
    locked: today > window.closesOn || standing?.locked === true,
    pick: picksOf(choice, offered),
    offered: named(offered, terms),
    chosen: named(chosen, terms),
    isDefault: standing === undefined,
    history: historyOf(view, choice.code, terms),
  });
}

const historyOf = ({ made }: ChoosingView, code: string, terms: ProgrammeTerms): ChoiceRecord[] =>
  made
    .filter(({ choiceCode }) => choiceCode === code)
    .slice(-HISTORY)
    .reverse()
    .map(({ period, categories, chosenAt, locked }) =>
      Object.assign(new ChoiceRecord(), { period, categories: named(categories, terms), chosenAt, locked }),
    );

const named = (codes: readonly string[], terms: ProgrammeTerms): ChoiceCategory[] =>
  codes.map((code) => ChoiceCategory.of(code, terms));

/** What each offered category would have paid on these purchases, by the terms of the choice's own period. */
export function adviceOn(
  { terms, choice, period }: MemberChoice,
  traits: MemberTraits,
  purchases: readonly KeptPurchaseRow[],
  reference: Reference,
): ChoiceAdvice[] {
  const past = purchases.map((purchase) => decidedOf(purchase, reference));
  const { ranked, best } = bestPick(withoutDays(terms), choice, traits, period, past);
  return ranked.map(({ category, units }) =>
    Object.assign(new ChoiceAdvice(), {
      category: ChoiceCategory.of(category, terms),
      units: formatDecimal(units, terms.unit.scale),
      recommended: best.includes(category),
    }),
  );
}

/** A campaign of the coming period is advised by purchases from before it. */
const undated = new WeakMap<ProgrammeTerms, ProgrammeTerms>();

function withoutDays(terms: ProgrammeTerms): ProgrammeTerms {
  let known = undated.get(terms);
  if (known === undefined) {
    known = {
      ...terms,
      rules: terms.rules.map((rule) => {
        if (rule.when.chosen === undefined) return rule;
        const { from: _from, until: _until, ...when } = rule.when;
        return { ...rule, when };
      }),
    };
    undated.set(terms, known);
  }
  return known;
}

/** The category is the one it was given; who would pay does not matter here, so every party has a contract. */
function decidedOf(row: KeptPurchaseRow, { partners }: Reference): DecidedPurchase {
  const merchant = row.merchantNo === null ? undefined : partners.byNo(row.merchantNo);
  const { t: tier, i: issuerNo, cp: product, ca: account, cs: statementDay, h, md, mh } = row.facts;
  const issuer = issuerNo === undefined ? undefined : partners.byNo(issuerNo);
  const outlet = row.outletId === null ? undefined : partners.outletById(row.outletId);
  return {
    purchase: {
      amountMinor: row.keptMinor,
      businessDate: row.businessDate,
      submittedCategory: row.category,
      ...(h !== undefined && { time: h }),
      ...(md !== undefined && { memberDate: md }),
      ...(mh !== undefined && { memberTime: mh }),
      ...(row.cardId !== null && {
        card: {
          id: row.cardId,
          ...(product !== undefined && { product }),
          ...(account !== undefined && { account }),
          ...(statementDay !== undefined && { statementDay }),
        },
      }),
      ...(row.mcc !== null && { mcc: row.mcc }),
      ...(row.channel !== null && { channel: row.channel as Channel }),
      ...(merchant && {
        merchant: { partnerNo: merchant.no, partnerCode: merchant.code, ...(outlet && { outletCode: outlet.code }) },
      }),
      ...(issuer && { issuer: { partnerNo: issuer.no, partnerCode: issuer.code } }),
    },
    facts: {
      tier,
      ...(merchant && { merchantContract: contractOf(merchant.no) }),
      ...(issuer && { issuerContract: contractOf(issuer.no) }),
    },
  };
}

const contractOf = (partnerNo: number): ContractTerms => ({
  no: 0,
  partnerNo,
  effectiveFrom: '0001-01-01',
  fundingShares: [{ party: 'SELF', share: ONE }],
  commissionRate: ZERO_RATE,
  taxRate: ZERO_RATE,
  taxTreatment: 'MARKETING',
  refundReturnsCommission: true,
  model: 'SETTLE_AT_ISSUANCE',
});
