/**
 * What kind of purchase this is, and whether it may earn at all.
 */
import { type BasketLine, type Exclusion, type ProgrammeTerms, type Purchase, UNCATEGORISED } from './model.js';
import { indexOf } from './terms-index.js';

/** What decided the category, strongest first. */
export type ClassifiedBy = 'PRODUCT' | 'OUTLET' | 'PARTNER' | 'SUBMITTED' | 'MCC' | 'DESCRIPTOR' | 'NOTHING';

export interface Classification {
  readonly category: string;
  readonly how: ClassifiedBy;
  /** Set when the merchant category code may not earn on that day; the category stands all the same. */
  readonly excluded?: Exclusion;
}

/**
 * Category of a purchase on its business date: the outlet's, else the partner's, else the one submitted
 * with it (when the programme has it), else the merchant category code's, else the descriptor's, else
 * UNCATEGORISED. Lines of a basket may have a category of their own (categoryOfLine).
 *
 * Exclusion looks at the merchant category code only: an override moves a purchase between categories, it
 * does not make cash earn.
 */
export function classify(purchase: Purchase, terms: ProgrammeTerms): Classification {
  const found = categoryOf(purchase, terms);
  const excluded =
    purchase.mcc === undefined ? undefined : indexOf(terms).exclusionOf(purchase.mcc, purchase.businessDate);
  return excluded === undefined ? found : { ...found, excluded };
}

function categoryOf(purchase: Purchase, terms: ProgrammeTerms): Classification {
  const index = indexOf(terms);
  const { merchant, submittedCategory, mcc, descriptor } = purchase;
  if (merchant !== undefined) {
    const ofOutlet =
      merchant.outletCode === undefined ? undefined : index.categoryOfOutlet(merchant.partnerCode, merchant.outletCode);
    if (ofOutlet !== undefined) return { category: ofOutlet, how: 'OUTLET' };
    const ofPartner = index.categoryOfPartner(merchant.partnerCode);
    if (ofPartner !== undefined) return { category: ofPartner, how: 'PARTNER' };
  }
  if (submittedCategory !== undefined && index.hasCategory(submittedCategory))
    return { category: submittedCategory, how: 'SUBMITTED' };
  const ofMcc = mcc === undefined ? undefined : index.categoryOfMcc(mcc, purchase.businessDate);
  if (ofMcc !== undefined) return { category: ofMcc, how: 'MCC' };
  const ofDescriptor = descriptor === undefined ? undefined : index.categoryOfDescriptor(descriptor);
  return ofDescriptor === undefined
    ? { category: UNCATEGORISED, how: 'NOTHING' }
    : { category: ofDescriptor, how: 'DESCRIPTOR' };
}

/** The category of a product tag, when a category claims one of the line's. */
export function categoryOfLine({ tags }: BasketLine, terms: ProgrammeTerms): string | undefined {
  const index = indexOf(terms);
  for (const tag of tags) {
    const category = index.categoryOfProduct(tag);
    if (category !== undefined) return category;
  }
  return undefined;
}
