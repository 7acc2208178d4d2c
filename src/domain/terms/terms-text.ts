/**
 * The terms of a programme as members read them, generated from the very rules that decide: text and rule cannot
 * disagree. Which numbers there are is the rules' doing, how they are written the language's; nothing here knows
 * a particular scheme.
 */
import type { ProgrammeTerms } from '../earning/model.js';
import type { Language } from './catalogue.js';
import { SECTIONS, type SectionKey, type TermsDocument, type TermsItem } from './document.js';
import { capItems, categoryItems, earnItems, exclusionItems, stackingItems } from './earning-sections.js';
import { choiceItems, deadlineItems, tierItems } from './member-sections.js';
import { expiryItems, holdItems, redemptionItems, refundItems } from './unit-sections.js';
import { type Names, onOneLine, Wording } from './wording.js';

const WRITERS: Readonly<Record<SectionKey, (w: Wording) => readonly TermsItem[]>> = {
  earn: earnItems,
  categories: categoryItems,
  stacking: stackingItems,
  caps: capItems,
  exclusions: exclusionItems,
  tiers: tierItems,
  choices: choiceItems,
  hold: holdItems,
  expiry: expiryItems,
  redemption: redemptionItems,
  refunds: refundItems,
  deadlines: deadlineItems,
};

/**
 * @param language one of availableLanguages()
 * @param names names of partners and outlets by their codes; codes stand for themselves where it has none
 */
export function termsText(terms: ProgrammeTerms, language: Language, names: Names = new Map()): TermsDocument {
  const w = new Wording(terms, language, names);
  return {
    language,
    title: w.say('title', { programme: onOneLine(terms.name) }),
    about: [
      w.say('about.inForce', { from: w.formats.date(terms.effectiveFrom), zone: terms.timeZone }),
      w.say('about.worth', { one: w.oneUnit(), money: w.worth(terms.unit.priceMinor) }),
      w.say('about.generated'),
    ],
    sections: SECTIONS.flatMap((key) => {
      const items = WRITERS[key](w);
      return items.length === 0 ? [] : [{ key, title: w.say(`section.${key}`), items }];
    }),
  };
}
