/**
 * Who is there when the workloads begin: busy members with a history and choices to make, members who buy now and then and
 * whose purchases fill the open window, and many who do nothing.
 */
import { copyTemplate, generateMembers, settle } from './generate.js';
import type { Stage } from './stage.js';
import { makeTemplate } from './template.js';

export interface WorldSize {
  readonly members: number;
  readonly busyMembers: number;
  /** Of the open window, about; each a purchase, some with more than one accrual. */
  readonly entries: number;
}

const BUSY = { members: 10, daysAgo: [50, 40, 35, 30, 25, 20, 17, 12, 9, 6, 4, 3, 2, 1], confirmed: true };
const QUIET = { members: 20, daysAgo: [12, 10, 8, 6, 5, 4, 3, 2, 1, 1], confirmed: false, atNoPartner: true };

export async function makeWorld(stage: Stage, size: WorldSize, say: (text: string) => void): Promise<void> {
  const busy = await makeTemplate(stage, 'busy', BUSY);
  const quiet = await makeTemplate(stage, 'quiet', QUIET);
  const busyTimes = Math.ceil(size.busyMembers / busy.members);
  let number = await copyTemplate(stage.owner, busy, { times: busyTimes, firstNumber: 0 });
  say(
    `generated ${number} busy members with ${busyTimes * busy.accruals} accruals in ${busyTimes * busy.entries} entries`,
  );
  const rest = size.entries - busyTimes * busy.entries;
  const room = Math.floor((size.members - number) / quiet.members);
  const quietTimes = Math.max(0, Math.min(room, Math.ceil(rest / quiet.entries)));
  const most = Math.max(1, Math.floor(QUIET_AT_ONCE / quiet.entries));
  for (let done = 0; done < quietTimes; done += most) {
    const times = Math.min(most, quietTimes - done);
    number += await copyTemplate(stage.owner, quiet, { times, firstNumber: number });
    say(`generated ${(done + times) * quiet.entries} entries of members who buy now and then`);
  }
  await generateMembers(stage.owner, number, size.members);
  say(`generated ${Math.max(0, size.members - number)} members who do nothing`);
  await stage.services.chain.seal({ patienceMs: 60_000 });
  await settle(stage.owner);
  say('sealed, vacuumed, analysed');
}

/** Entries of one transaction. */
const QUIET_AT_ONCE = 250_000;
