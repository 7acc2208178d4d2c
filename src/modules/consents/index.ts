export { CONSENTS_OF_MEMBER, PERSONALISED } from './consent.loaders.js';
export { ConsentResolver, MemberConsentsResolver } from './consent.resolver.js';
export { ConsentService } from './consent.service.js';
