export { ClientResolver, clientNodes } from './client.resolver.js';
export { ClientService, type RegisterClient } from './client.service.js';
