export { FxResolver } from './fx.resolver.js';
export { FxService } from './fx.service.js';
export { RevaluationService } from './revaluation.service.js';
