/** A process of its own that opens the embedded server of a data directory and holds it until it is killed. */
import { openEmbedded } from '../../src/infrastructure/db/embedded.js';

const [, , dataDir = '', exclusive = 'true'] = process.argv;
const server = await openEmbedded({
  dataDir,
  purpose: 'hold-server',
  exclusive: exclusive === 'true',
  say: (sentence) => process.stderr.write(`${sentence}\n`),
});
process.stdout.write(`${server.port}\n`);
process.stdin.resume(); // stays until its standard input ends, or it is killed
process.stdin.on('end', async () => {
  await server.leave();
  process.exit(0);
});
