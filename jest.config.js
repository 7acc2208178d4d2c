/** Jest runs over the build: what ships is what is tested. */
export default {
  roots: ['<rootDir>/dist'],
  transform: {},
  testMatch: ['**/*.test.js'],
  testPathIgnorePatterns: ['/node_modules/', '\\.long\\.test\\.js$'],
  setupFiles: ['reflect-metadata'],
  globalSetup: '<rootDir>/dist/test/support/global-setup.js',
  globalTeardown: '<rootDir>/dist/test/support/global-teardown.js',
  maxWorkers: 2,
  testTimeout: 30_000,
};
