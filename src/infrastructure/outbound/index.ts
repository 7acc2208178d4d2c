export type { AddressFaultCode } from './address.js';
export {
  createOutbound,
  type Outbound,
  type OutboundAnswer,
  type OutboundCall,
  OutboundError,
  type OutboundFaultCode,
  type OutboundOptions,
} from './outbound.js';
