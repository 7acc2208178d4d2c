/** Why a partner gave no answer that can be used: a closed list, told to callers, logs and counters alike. */
import { OutboundError, type OutboundFaultCode } from '../outbound/index.js';

export type PartnerFaultCode = OutboundFaultCode | 'MALFORMED' | 'FAILED' | 'REJECTED' | 'BUSY' | 'CIRCUIT_OPEN';

interface FaultRule {
  readonly meaning: string;
  /** The partner is ill rather than the question wrong: the circuit breaker counts it. */
  readonly ill: boolean;
  /** Asking again at once may help. */
  readonly transient: boolean;
}

export const PARTNER_FAULTS: Readonly<Record<PartnerFaultCode, FaultRule>> = {
  ADDRESS_REFUSED: { meaning: 'Its address may not be called.', ill: false, transient: false },
  TIMED_OUT: { meaning: 'It did not answer in time.', ill: true, transient: true },
  UNREACHABLE: { meaning: 'The connection could not be made, or broke.', ill: true, transient: true },
  TOO_LARGE: { meaning: 'Its answer is larger than allowed.', ill: true, transient: false },
  MALFORMED: { meaning: 'Its answer is not what was agreed.', ill: true, transient: false },
  FAILED: { meaning: 'It answered that it cannot answer now.', ill: true, transient: true },
  REJECTED: { meaning: 'It refused the question.', ill: false, transient: false },
  BUSY: { meaning: 'As much is asked of it as may be at once.', ill: false, transient: false },
  CIRCUIT_OPEN: {
    meaning: 'It has failed again and again and is left alone for a moment.',
    ill: false,
    transient: false,
  },
  CANCELLED: { meaning: 'The question was given up.', ill: false, transient: false },
};

/** Thrown by whoever talks to a partner. `detail` is shown to those who run the connector: no secrets, no bodies. */
export class PartnerFault extends Error {
  override readonly name = 'PartnerFault';
  constructor(
    readonly code: PartnerFaultCode,
    readonly detail: string = PARTNER_FAULTS[code].meaning,
    options?: ErrorOptions,
  ) {
    super(`${code}: ${detail}`, options);
  }
}

/** A fault of the call as one of the partner; anything else is a bug of ours and passes as it is. */
export const partnerFaultOf = (error: unknown): unknown =>
  error instanceof OutboundError ? new PartnerFault(error.code, error.message) : error;
