/** What runs beside the API, and how long each rests between its runs. */
import type { Services } from './services.js';
import type { Job } from './worker.js';

export const jobsOf = ({
  relay,
  webhookDispatcher,
  forgetOldEvents,
  lots,
  earning,
  tiers,
  transactions,
  referrals,
  settlement,
  fx,
  statements,
  backtests,
  chain,
  resolutions,
  feeds,
  roundUps,
}: Services): readonly Job[] => [
  { name: 'number events', restMs: 200, run: (signal) => relay.run(signal) },
  { name: 'send webhooks', restMs: 200, run: (signal) => webhookDispatcher.run(signal) },
  { name: 'forget old events', restMs: 3_600_000, run: (signal) => forgetOldEvents(signal) },
  { name: 'confirm accruals', restMs: 60_000, run: (signal) => earning.confirmAll(signal) },
  { name: 'let lots expire', restMs: 600_000, run: (signal) => lots.expireAll(signal) },
  { name: 'review tiers', restMs: 600_000, run: (signal) => tiers.reviewAll(signal) },
  { name: 'tell referrals', restMs: 60_000, run: (signal) => referrals.tellAll(signal) },
  { name: 'lapse authorisations', restMs: 600_000, run: (signal) => transactions.lapseAuthorisations(signal) },
  { name: 'convert what is paid in other currencies', restMs: 60_000, run: (signal) => fx.convertWaiting(signal) },
  { name: 'settle what is due', restMs: 60_000, run: (signal) => settlement.runCycles(signal) },
  { name: 'print statements of settlements', restMs: 60_000, run: (signal) => statements.printWaiting(signal) },
  {
    name: 'give back what was not captured',
    restMs: 60_000,
    run: (signal) => resolutions.expireAuthorisations(signal),
  },
  { name: 'round purchases up', restMs: 600_000, run: (signal) => roundUps.roundUpAll(signal) },
  { name: 'fetch from partners', restMs: 2_000, run: (signal) => feeds.fetchDue(signal) },
  { name: 'replay back-tests', restMs: 2_000, run: (signal) => backtests.replayWaiting(signal) },
  { name: 'seal the journal', restMs: 60_000, run: (signal) => chain.seal({ signal }) },
];
