export { PARTNER_FAULTS, PartnerFault, type PartnerFaultCode, partnerFaultOf } from './fault.js';
export type { Attempt, LaneCounters, LanePolicy } from './lane.js';
export { FEED, LIVE, type PartnerAnswer, PartnerPort, type Question } from './partner-port.js';
