export { ClientResolver, clientNodes } from './client.resolver.js';
export { ClientService, type RegisterClient } from './client.service.js';
export { type ClientAccount, findAccount, listPublicKeys, markKeyUsed, useSecret } from './credentials.sql.js';
