export { SubscriptionResolver } from './subscription.resolver.js';
