export { type Reviewed, reviewTiers } from './review.js';
export { MemberTierResolver, TierResolver } from './tier.resolver.js';
export { TierService } from './tier.service.js';
export { loadStandings, type MemberMoves, storeStandings } from './tier.sql.js';
