/** The bank test: whatever happens meanwhile, each snapshot of the books is whole. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Cluster } from './cluster.js';

/** What must hold in any snapshot; each answers with what is wrong. */
const PROMISES: Readonly<Record<string, string>> = {
  'postings sum to nothing': 'select unit, sum(amount) from posting group by unit having sum(amount) <> 0',
  'entries sum to nothing': `
    select entry_no, member_no, unit, sum(amount) from posting group by 1, 2, 3 having sum(amount) <> 0 limit 5`,
  'balances of members are sums': `
    select party, b.*, p.* from (
      select party, -sum(amount) filter (where account = 100) as pending, -sum(amount) filter (where account = 110) as available,
             -sum(amount) filter (where account = 120) as held, sum(amount) filter (where account = 1300) as owed
      from posting where account in (100, 110, 120, 1300) group by party
    ) p full join member_balance b on b.member_no = p.party
    where coalesce(p.pending, 0) <> coalesce(b.pending_units, 0) or coalesce(p.available, 0) <> coalesce(b.available_units, 0)
       or coalesce(p.held, 0) <> coalesce(b.held_units, 0) or coalesce(p.owed, 0) <> coalesce(b.receivable_minor, 0) limit 5`,
  'balances of accounts are sums': `
    select * from (
      select unit, account, party, sum(amount) as amount from posting where account not in (100, 110, 120, 1300) group by 1, 2, 3
    ) p full join (
      select unit, account, party, sum(balance) as balance from account_balance group by 1, 2, 3
    ) b using (unit, account, party)
    where coalesce(p.amount, 0) <> coalesce(b.balance, 0) limit 5`,
  'nobody holds less than nothing': `
    select member_no, pending_units, held_units, receivable_minor from member_balance
    where pending_units < 0 or held_units < 0 or receivable_minor < 0 limit 5`,
  'units are on their side': `select * from account_balance where account = 900 and balance < 0 or account = 910 and balance > 0`,
};

const REST_MS = 400;

export class Snapshots {
  taken = 0;
  readonly broken: string[] = [];
  private running = true;
  private readonly ended: Promise<void>;

  constructor(cluster: Cluster, database: string) {
    this.ended = this.run(cluster, database);
  }

  async stop(): Promise<void> {
    this.running = false;
    await this.ended;
  }

  private async run(cluster: Cluster, database: string): Promise<void> {
    while (this.running) {
      await this.take(cluster, database).catch((error: Error & { code?: string }) => {
        // A snapshot that dies with the server says nothing; one that cannot be asked for is a mistake here.
        if (error.code?.startsWith('42')) this.broken.push(error.message);
      });
      await delay(REST_MS);
    }
  }

  private async take(cluster: Cluster, database: string): Promise<void> {
    const client = await cluster.connect(database);
    try {
      await client.query('begin isolation level repeatable read read only');
      for (const [promise, text] of Object.entries(PROMISES)) {
        const { rows } = await client.query(text);
        if (rows.length > 0) this.broken.push(`${promise}: not ${JSON.stringify(rows)}`);
      }
      await client.query('commit');
      this.taken += 1;
    } finally {
      await client.end().catch(() => undefined);
    }
  }
}
