export type { CardErrorCode } from './card.errors.js';
export { Card } from './card.graphql.js';
export { CARD_BY_ID } from './card.loaders.js';
export { CardResolver, cardNodes, MemberCardsResolver } from './card.resolver.js';
export { CardService, type LinkCard, type UpdateCard } from './card.service.js';
export { type CardDetails, type CardRecord, findCards, linkCards, type NewCard } from './card.sql.js';
