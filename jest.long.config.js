/** What takes longer than a person waits: npm run test:long. */
import config from './jest.config.js';

export default {
  ...config,
  testMatch: ['**/*.long.test.js'],
  testPathIgnorePatterns: ['/node_modules/'],
  testTimeout: 30 * 60_000,
};
