export { type ClientOptions, HansaClient, HansaError, type Operation } from './client.js';
export * from './operations.js';
