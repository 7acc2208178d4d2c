import type { RunningTestServer } from './server.js';

export default async function globalTeardown(): Promise<void> {
  await (globalThis as { hansaTestServer?: RunningTestServer }).hansaTestServer?.stop();
}
