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
  // A worker's process is gone a while after it has nothing open any more: half a second is not enough on a busy machine.
  // So whoever is ended by force after this did leave something open.
  workerGracefulExitTimeout: 10_000,
};
