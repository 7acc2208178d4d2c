/** A member's offers as they are shown: the rule, in words, and what is left in the budgets that pay for it. */
import { budgetsOver, type OfferToMember, offersTo } from '../../domain/earning/audience.js';
import { variantsOf } from '../../domain/earning/experiment.js';
import type { Cap, ProgrammeTerms } from '../../domain/earning/model.js';
import { periodEnd, periodStart } from '../../domain/earning/periods.js';
import { businessDateIn } from '../../domain/kernel/calendar.js';
import { formatDecimal } from '../../domain/money/decimal.js';
import type { TermsItem } from '../../domain/terms/document.js';
import { termsText } from '../../domain/terms/terms-text.js';
import type { GatewayContext } from '../../graphql/context.js';
import type { MemberView } from './member-view.js';
import { MemberOffer, OfferBudget } from './offer.graphql.js';
import { budgetKey, USED_OF_BUDGET } from './offer.loaders.js';
import type { Reference } from './reference-source.js';

/** In the order of the programme; empty when it has not begun. */
export async function offersOf(view: MemberView, tier: string, context: GatewayContext): Promise<MemberOffer[]> {
  const { terms, traits, today, now } = view;
  if (terms === undefined) return [];
  const memberDate = traits.timeZone === undefined ? undefined : businessDateIn(now, traits.timeZone);
  const variants = variantsOf(terms, traits.id);
  const offers = offersTo(terms, { traits, tier, variants, date: today, memberDate });
  return Promise.all(offers.map((offer) => offerOf(offer, terms, view, context)));
}

async function offerOf(
  { rule, personal, activation }: OfferToMember,
  terms: ProgrammeTerms,
  view: MemberView,
  context: GatewayContext,
): Promise<MemberOffer> {
  const { partners, outlets, from, until } = rule.when;
  const budgets = budgetsOver(terms, rule, view.today);
  const words = wordsOf(terms, view, rule.code);
  return Object.assign(new MemberOffer(), {
    code: rule.code,
    name: rule.name,
    text: words.text,
    details: words.details,
    personal,
    partners: partners ?? [...new Set(outlets?.map((outlet) => outlet.split('/')[0] as string))],
    from: from ?? null,
    until: until ?? null,
    needsActivation: activation !== undefined,
    activated: activation?.activated ?? true,
    activationUntil: activation?.until ?? null,
    budgets: await Promise.all(budgets.map((budget) => budgetOf(budget, terms, view, context))),
  });
}

async function budgetOf(
  cap: Cap,
  terms: ProgrammeTerms,
  { member, today }: MemberView,
  { loader }: GatewayContext,
): Promise<OfferBudget> {
  const period = periodStart(cap.per, today, { from: cap.from });
  const used = await loader(USED_OF_BUDGET).load(budgetKey(member.programmeNo, { counter: cap.code, period }));
  const inMeasure = (amount: bigint): string =>
    formatDecimal(amount, { REWARD: terms.unit.scale, SPEND: terms.currencyScale, COUNT: 0 }[cap.measure]);
  return Object.assign(new OfferBudget(), {
    code: cap.code,
    measure: cap.measure,
    max: inMeasure(cap.max),
    remaining: inMeasure(used < cap.max ? cap.max - used : 0n),
    until: cap.until ?? (ENDLESS.has(cap.per) ? null : periodEnd(cap.per, today)),
  });
}

const ENDLESS = new Set<Cap['per']>(['CAMPAIGN', 'LIFETIME']);

/** Rule code -> its sentences, made once per version of a programme, and anew when a partner changes. */
const written = new WeakMap<Reference, Map<ProgrammeTerms, ReadonlyMap<string, TermsItem>>>();

function wordsOf(terms: ProgrammeTerms, { reference }: MemberView, ruleCode: string): TermsItem {
  const known = written.get(reference) ?? new Map<ProgrammeTerms, ReadonlyMap<string, TermsItem>>();
  written.set(reference, known);
  let items = known.get(terms);
  if (items === undefined) {
    const names = new Map(reference.partners.all().map(({ code, name }) => [code, name]));
    const { sections } = termsText(terms, 'en', names);
    const earning = sections.find(({ key }) => key === 'earn')?.items ?? [];
    // The section has an item for each rule, in the order of the rules, before what holds for all of them.
    items = new Map(terms.rules.map(({ code }, index) => [code, earning[index] as TermsItem]));
    known.set(terms, items);
  }
  return items.get(ruleCode) as TermsItem;
}
