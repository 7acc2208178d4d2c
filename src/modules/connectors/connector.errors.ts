/** Everything that can be refused about connectors. */
import type { ConnectorFaultCode } from '../../domain/connectors/connector.js';
import type { AddressFaultCode } from '../../infrastructure/outbound/index.js';

export type ConnectorErrorCode =
  | ConnectorFaultCode
  | AddressFaultCode
  | 'UNKNOWN_PARTNER'
  | 'UNKNOWN_PROGRAMME'
  | 'UNKNOWN_CONNECTOR'
  | 'CONNECTOR_EXISTS'
  | 'CONNECTOR_REMOVED'
  | 'MALFORMED_SECRET'
  | 'NOT_TO_BE_FETCHED'
  | 'PAYOUTS_PENDING';

export const CONNECTOR_ERRORS: Readonly<Record<ConnectorErrorCode, string>> = {
  MALFORMED_CODE: 'The code is not 1 to 63 small letters, digits and dashes.',
  MALFORMED_ADDRESS: 'The folder is not named by letters, digits, dashes and underscores.',
  MALFORMED_URL: 'The address is not one of a server, https://.',
  ADDRESS_REFUSED: 'The address lies in a network that is not public.',
  HOST_UNKNOWN: 'The name in the address is not known.',
  MALFORMED_ENDPOINT: 'Something that the partner can be asked is not described as its kind needs it.',
  MALFORMED_FIELD: 'A field is mapped that there is not, twice, or to no place.',
  MALFORMED_AUTH: 'What proves who we are does not fit together.',
  MALFORMED_SECRET:
    'The secret is missing where one is needed, is given where none is, or has not 8 to 1,000 characters.',
  CAPABILITY_TWICE: 'The same thing is to be asked in two ways.',
  CAPABILITY_NOT_OF_KIND: 'A connector of this kind cannot be asked for it.',
  INTERVAL_OUT_OF_RANGE: 'The interval is not 5 to 86,400 seconds.',
  UNKNOWN_PARTNER: 'No partner has this code.',
  UNKNOWN_PROGRAMME: 'There is no programme of this code.',
  UNKNOWN_CONNECTOR: 'There is no such connector, or it is not yours.',
  CONNECTOR_EXISTS: 'There is a connector of this code, or was one.',
  CONNECTOR_REMOVED: 'The connector was removed for good.',
  PAYOUTS_PENDING: 'The bank has not said yet what became of payouts.',
  NOT_TO_BE_FETCHED: 'The connector is paused, has no feed, or is being fetched.',
};
