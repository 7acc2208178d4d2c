export {
  ReconciliationDifferenceResolver,
  ReconciliationResolver,
  reconciliationNodes,
} from './reconciliation.resolver.js';
export { ReconciliationService } from './reconciliation.service.js';
