/** Everything that can be refused about webhook endpoints. */
import type { AddressFaultCode } from '../../infrastructure/outbound/index.js';

export type WebhookErrorCode =
  | AddressFaultCode
  | 'UNKNOWN_PARTNER'
  | 'UNKNOWN_ENDPOINT'
  | 'URL_TAKEN'
  | 'TOO_MANY_ENDPOINTS'
  | 'MALFORMED_DESCRIPTION'
  | 'ENDPOINT_NOT_ACTIVE'
  | 'OVERLAP_OUT_OF_RANGE'
  | 'TOO_MANY_SECRETS';

export const WEBHOOK_ERRORS: Readonly<Record<WebhookErrorCode, string>> = {
  MALFORMED_URL: 'The address is none that can be called: it is not https://, or it carries a password or a fragment.',
  ADDRESS_REFUSED: 'The address lies in a network that is not public, or its port is not allowed.',
  HOST_UNKNOWN: 'The name in the address is not known.',
  UNKNOWN_PARTNER: 'There is no partner of that code, or it is not yours.',
  UNKNOWN_ENDPOINT: 'There is no endpoint of that id, or it is not yours.',
  URL_TAKEN: 'There is an endpoint with this address already.',
  TOO_MANY_ENDPOINTS: 'There are as many endpoints as one may have.',
  MALFORMED_DESCRIPTION: 'The description is too long.',
  ENDPOINT_NOT_ACTIVE: 'The endpoint is paused or disabled.',
  OVERLAP_OUT_OF_RANGE: 'The hours of overlap are below zero or too many.',
  TOO_MANY_SECRETS: 'Several secrets sign side by side already.',
};
