export { ReferralService } from './referral.service.js';
