/** The API server's entrance: starts the application, serves until told to stop, stops it in good order. */
import { createApp } from './app.js';
import type { Config } from './config.js';
import { untilToldToStop } from './infrastructure/stop-signal.js';

/** Returns after a termination signal, when everything accepted has been answered. */
export async function serve(config: Config): Promise<void> {
  const told = untilToldToStop(); // from here on, so that a stop during the start ends in good order too
  const app = createApp(config);
  await app.start();
  await told;
  await app.stop();
}
