/**
 * Who is there when the workloads begin: busy members with a history of weeks, members who buy now and then and whose
 * purchases fill the open window, and many who do nothing.
 */
import { copyTemplate, generateMembers, settle } from './generate.js';
import type { Stage } from './stage.js';
import { makeTemplate, type Template } from './template.js';

/** How much of each there is more. */
export interface Growth {
  readonly members: number;
  /** The first of those members. */
  readonly busyMembers: number;
  /** Of the open window, about; each a purchase, some with more than one accrual. */
  readonly entries: number;
}

const BUSY = { members: 10, daysAgo: [50, 40, 35, 30, 25, 20, 17, 12, 9, 6, 4, 3, 2, 1], confirmed: true };
const NOW_AND_THEN = { members: 20, daysAgo: [12, 10, 8, 6, 5, 4, 3, 2, 1, 1], confirmed: false, atNoPartner: true };
/** Entries of one transaction. */
const AT_ONCE = 250_000;

export class World {
  members = 0;
  accruals = 0;
  entries = 0;

  private constructor(
    private readonly stage: Stage,
    private readonly busy: Template,
    private readonly nowAndThen: Template,
    private readonly say: (text: string) => void,
  ) {}

  static async open(stage: Stage, say: (text: string) => void): Promise<World> {
    const busy = await makeTemplate(stage, 'busy', BUSY);
    return new World(stage, busy, await makeTemplate(stage, 'now-and-then', NOW_AND_THEN), say);
  }

  /** Members are numbered on from those who are there. Returns the number of the first one that came now. */
  async grow({ members, busyMembers, entries }: Growth): Promise<number> {
    const first = this.members;
    const goal = this.entries + entries;
    await this.copy(this.busy, Math.ceil(busyMembers / this.busy.members));
    const { nowAndThen } = this;
    const room = Math.floor((first + members - this.members) / nowAndThen.members);
    const times = Math.max(0, Math.min(room, Math.ceil((goal - this.entries) / nowAndThen.entries)));
    const most = Math.max(1, Math.floor(AT_ONCE / nowAndThen.entries));
    for (let done = 0; done < times; done += most) await this.copy(nowAndThen, Math.min(most, times - done));
    const quiet = Math.max(0, first + members - this.members);
    await generateMembers(this.stage.owner, this.members, this.members + quiet);
    this.members += quiet;
    this.say(`${this.members} members with ${this.accruals} accruals in ${this.entries} entries`);
    // What the gateway's jobs would have done with it in the meantime.
    await this.stage.services.chain.seal({ patienceMs: 60_000 });
    while ((await this.stage.services.windowParts.digest()) !== 0);
    await settle(this.stage.owner);
    return first;
  }

  private async copy(template: Template, times: number): Promise<void> {
    if (times === 0) return;
    this.members += await copyTemplate(this.stage.owner, template, { times, firstNumber: this.members });
    this.entries += times * template.entries;
    this.accruals += times * template.accruals;
    this.say(`generated ${this.entries} entries`);
  }
}
