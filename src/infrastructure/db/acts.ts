/**
 * Acts of administrators, and the audit log that they leave.
 *
 * The entry of an act commits with the first transaction that writes for it: there is no moment at which one exists
 * without the other. Use cases know nothing of it, so none can forget it: an act travels with its asynchronous context to
 * whatever transaction it opens, and transactions that wrote nothing leave nothing. An act that has written nothing when
 * it ends (refused, forbidden, or already so) is recorded then, by itself.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { ForbiddenError } from '../../domain/access/forbidden.js';
import type { Database, DbTransaction } from './database.js';
import { statement } from './statement.js';

export interface Act {
  /** UUIDv7: the order of acts. */
  readonly id: string;
  /** The mutation, or the command. */
  readonly operation: string;
  readonly actor: string;
  readonly actorKind: string;
  readonly requestId: string;
  /** Ids that it names. */
  readonly subjects: readonly string[];
  /** What was said, without anything personal. */
  readonly input: object;
}

export type ActOutcome = 'DONE' | 'UNCHANGED' | 'REFUSED' | 'FORBIDDEN' | 'FAILED';

interface Ending {
  readonly outcome: ActOutcome;
  readonly code?: string | undefined;
}

/** An act while it goes on. */
export interface RunningAct {
  readonly act: Act;
  recorded: boolean;
  /** What its use case answers, where the transaction's own result does not reach the end of it. */
  answer?: unknown;
}

/** An act in a transaction: which part of the transaction's result is its answer. */
interface Share {
  readonly running: RunningAct;
  answerOf(result: unknown): unknown;
}

const context = new AsyncLocalStorage<readonly Share[]>();
const whole = (result: unknown): unknown => result;

/** The acts that go on here: one of a mutation, none of a job. */
export const currentActs = (): readonly RunningAct[] => (context.getStore() ?? []).map(({ running }) => running);

/** Runs the work of many acts in one transaction that answers each by its place, as a batch does. */
export function inActsOf<T>(places: readonly (readonly RunningAct[])[], work: () => Promise<T>): Promise<T> {
  const shares = places.flatMap((acts, place) =>
    acts.map((running) => ({ running, answerOf: (result: unknown) => (result as readonly unknown[])[place] })),
  );
  return context.run(shares, work);
}

/** Runs a command's work as an act; commands that write nothing leave no entry. */
export const inAct = <T>(act: Act, work: () => Promise<T>): Promise<T> =>
  context.run([{ running: { act, recorded: false }, answerOf: whole }], work);

const INSERT = `insert into audit_entry
     (id, recorded_at, actor, actor_kind, operation, request_id, outcome, code, subjects, input)
   select a.id, hansa_now(), a.actor, a."actorKind", a.operation, a."requestId", a.outcome, a.code, a.subjects, a.input
   from jsonb_to_recordset($1::jsonb) as a (id uuid, actor text, "actorKind" text, operation text, "requestId" text,
     outcome text, code text, subjects text[], input jsonb)`;

const RECORD = statement('acts.record', `${INSERT} on conflict (id) do nothing`);
// Only with something written: a transaction that has locked or changed nothing has no number. Of two transactions of one
// act the first to come is the one; sorted, so that two batches that share acts wait for each other in one order.
const RECORD_WITH_WRITES = statement(
  'acts.record-with-writes',
  `${INSERT} where pg_current_xact_id_if_assigned() is not null order by a.id on conflict (id) do nothing returning id`,
);

const rowsOf = (acts: readonly { readonly act: Act; readonly ending: Ending }[]): string =>
  JSON.stringify(acts.map(({ act, ending }) => ({ ...act, ...ending })));

/** Writes the entries of the acts of this transaction, as its last statement. Returns what to do when it has committed. */
export async function recordActs(tx: DbTransaction, result: unknown): Promise<() => void> {
  const shares = (context.getStore() ?? []).filter(({ running }) => !running.recorded);
  if (shares.length === 0) return () => undefined;
  const endings = new Map<RunningAct, Ending>();
  for (const { running, answerOf } of shares) {
    const ending = endingOf(answerOf(result));
    if (endings.get(running)?.outcome !== 'DONE') endings.set(running, ending);
  }
  const acts = [...endings].map(([{ act }, ending]) => ({ act, ending }));
  const written = await tx.run(RECORD_WITH_WRITES, [rowsOf(acts)]);
  return () => {
    if (written.length > 0) for (const running of endings.keys()) running.recorded = true;
  };
}

/** The same for a transaction of the ORM: runs the statement, and remembers that it stands. */
export async function recordActsBy(run: (text: string, rows: string) => Promise<unknown[]>): Promise<void> {
  const running = currentActs().filter(({ recorded }) => !recorded);
  if (running.length === 0) return;
  const acts = running.map(({ act, answer }) => ({ act, ending: endingOf(answer) }));
  const written = await run(RECORD_WITH_WRITES.text.replace('$1', '?'), rowsOf(acts));
  if (written.length > 0) for (const each of running) each.recorded = true;
}

/** Says what the acts of this context answer, before the ORM commits: its end of a transaction does not hear of it. */
export function answerActs(answer: unknown): void {
  for (const running of currentActs()) running.answer = answer;
}

/** What a use case's answer says: a Result, an outcome of intake, or anything else that was done. */
function endingOf(answer: unknown): Ending {
  if (typeof answer !== 'object' || answer === null) return { outcome: 'DONE' };
  const { ok, status, failure } = answer as { ok?: unknown; status?: unknown; failure?: { code?: unknown } };
  if (ok !== false && status !== 'REJECTED') return { outcome: 'DONE' };
  return { outcome: 'REFUSED', code: typeof failure?.code === 'string' ? failure.code : undefined };
}

/** Runs mutations as acts, and records those that have written nothing. */
export class ActLog {
  constructor(private readonly database: Database) {}

  async run<T>(act: Act, work: () => Promise<T> | T): Promise<T> {
    const running: RunningAct = { act, recorded: false };
    let answer: T;
    try {
      answer = await context.run([{ running, answerOf: whole }], async () => work());
    } catch (error) {
      await this.recordUnlessDone(running, { outcome: error instanceof ForbiddenError ? 'FORBIDDEN' : 'FAILED' });
      throw error;
    }
    await this.recordUnlessDone(running, endingOfPayload(answer));
    return answer;
  }

  private async recordUnlessDone({ act, recorded }: RunningAct, ending: Ending): Promise<void> {
    if (recorded) return;
    await context.exit(() => this.database.command((tx) => tx.run(RECORD, [rowsOf([{ act, ending }])])));
  }
}

/** What a payload says that came without anything being written. */
function endingOfPayload(payload: unknown): Ending {
  const [error] = (payload as { userErrors?: readonly { code?: unknown }[] } | null)?.userErrors ?? [];
  if (error === undefined) return { outcome: 'UNCHANGED' };
  return { outcome: 'REFUSED', code: typeof error.code === 'string' ? error.code : undefined };
}
