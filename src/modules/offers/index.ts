export { ChoiceService, type ChooseCategories } from './choice.service.js';
export { MemberViews } from './member-view.js';
export { BudgetMeasureEnum } from './offer.graphql.js';
export { MemberChoiceResolver, MemberOffersResolver } from './offer.resolver.js';
export { type ActivateOffer, OfferService, type SetSegment } from './offer.service.js';
export { loadTraits } from './offer.sql.js';
export type { Present, Reference, ReferenceSource } from './reference-source.js';
