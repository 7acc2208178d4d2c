export { SigningKeys } from './signing-keys.js';
export { TokenService, type TokenSettings } from './token.service.js';
