import { startTestServer } from './server.js';

/** Jest runs this once; workers get the server through the environment, the teardown through globalThis. */
export default async function globalSetup(): Promise<void> {
  const running = await startTestServer();
  process.env.HANSA_TEST_SERVER = JSON.stringify(running.server);
  Object.assign(globalThis, { hansaTestServer: running });
}
