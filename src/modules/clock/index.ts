export { ClockResolver } from './clock.resolver.js';
export { ClockService } from './clock.service.js';
