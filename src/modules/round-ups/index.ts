export { MemberRoundUpResolver, RoundUpResolver } from './round-up.resolver.js';
export { RoundUpService } from './round-up.service.js';
