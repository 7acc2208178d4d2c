/** Everything that can be refused about a client. */
import type { ClientFaultCode } from '../../domain/access/client.js';
import type { PublicKeyFaultCode } from '../../domain/access/public-key.js';
import { COMMAND_KEY_ERRORS, type CommandKeyErrorCode } from '../../infrastructure/db/command-key.js';

export type ClientErrorCode =
  | ClientFaultCode
  | PublicKeyFaultCode
  | CommandKeyErrorCode
  | 'UNKNOWN_SCOPE'
  | 'UNKNOWN_PARTNER'
  | 'UNKNOWN_CLIENT'
  | 'UNKNOWN_SECRET'
  | 'UNKNOWN_KEY'
  | 'MORE_THAN_YOURS'
  | 'CLIENT_REVOKED'
  | 'TOO_MANY_SECRETS'
  | 'TOO_MANY_KEYS'
  | 'KEY_TAKEN'
  | 'KEYS_ARE_PUBLISHED'
  | 'MALFORMED_OVERLAP';

export const CLIENT_ERRORS: Readonly<Record<ClientErrorCode, string>> = {
  MALFORMED_NAME: 'The name is empty, too long or has spaces around it.',
  PARTNER_REQUIRED: 'A client of kind PARTNER belongs to a partner.',
  PARTNER_NOT_WANTED: 'A client of another kind than PARTNER belongs to no partner.',
  NO_SCOPES: 'The client would be allowed nothing.',
  UNKNOWN_SCOPE: 'There is no such scope.',
  SCOPE_NOT_USABLE: 'The scope grants nothing to a client of this kind.',
  MALFORMED_JWKS_URI: 'The address of the keys is none that can be fetched.',
  MORE_THAN_YOURS: 'The client may do what whoever asks may not.',
  UNKNOWN_PARTNER: 'There is no partner of that code.',
  UNKNOWN_CLIENT: 'There is no client of that id, or it is not yours.',
  UNKNOWN_SECRET: 'The client has no secret of that id.',
  UNKNOWN_KEY: 'The client has no key of that id.',
  CLIENT_REVOKED: 'The client was revoked for good.',
  TOO_MANY_SECRETS: 'The client has as many secrets in force as it may have.',
  TOO_MANY_KEYS: 'The client has as many keys as it may have.',
  KEY_TAKEN: 'The client has a key of that name already.',
  KEYS_ARE_PUBLISHED: 'The client publishes its keys at an address of its own.',
  MALFORMED_OVERLAP: 'The time for which older secrets stay good is below zero or too long.',
  MALFORMED_KEY: 'The text is no public key that can be used.',
  PRIVATE_KEY: 'A private key was sent.',
  WEAK_KEY: 'The key is too short to be safe, or longer than can be checked quickly.',
  ...COMMAND_KEY_ERRORS,
};
