/**
 * Replays what is stored under the candidate and under the versions that decided it, side by side: every
 * purchase is read once and decided twice.
 *
 * Member by member when it can be: then only one member's books are in memory. Budgets, which all members share,
 * are used up in the order of time, so the members are followed side by side when there are any; when there are
 * too many members for that, it is said that budgets are approximate.
 */
import { setImmediate as yieldToOthers } from 'node:timers/promises';
import { CostTally, compareBy, compareTotals } from '../../domain/backtest/cost.js';
import { type MemberUnits, MovementTally } from '../../domain/backtest/movement.js';
import { type MemberReplay, Replay } from '../../domain/backtest/replay.js';
import { warmUpFrom } from '../../domain/backtest/warm-up.js';
import { whatRulesLookAt } from '../../domain/earning/books.js';
import { PROGRAMME_PARTY, type ProgrammeTerms } from '../../domain/earning/model.js';
import type { MemberTraits } from '../../domain/earning/traits.js';
import { invariant } from '../../domain/kernel/invariant.js';
import type { Database } from '../../infrastructure/db/database.js';
import { newId } from '../../infrastructure/db/ids.js';
import { checkProgramme } from '../programme-files/index.js';
import type { ProgrammeRecord } from '../programmes/index.js';
import type { Reference, ReferenceCache } from '../transactions/index.js';
import type { BacktestTuning, ReplayListener } from './backtest.service.js';
import type { BacktestRun } from './backtest.sql.js';
import { countMembers, countPurchases, type HistoryScope, memberIds, sumRecorded } from './history.sql.js';
import { type MemberEvent, type MemberHistory, readByMember, readInTimeOrder } from './history-pages.js';
import type { EventRow } from './history-pages.sql.js';
import { asDecidedBy, type Baskets, eventOf } from './past-event.js';
import type { Pulse } from './pulse.js';
import type { BacktestResult, MemberMoved } from './stored-result.js';

export interface Replaying {
  readonly database: Database;
  readonly references: ReferenceCache;
  readonly tuning: BacktestTuning;
  readonly run: BacktestRun;
  readonly pulse: Pulse;
  readonly signal: AbortSignal;
  readonly listener: ReplayListener;
}

/** Longest stretch of deciding before others in the process get their turn, milliseconds. */
const TURN_MS = 10;

/** Throws RunLost when the run is taken away meanwhile; undefined when the signal came. */
export async function replayHistory(replaying: Replaying): Promise<BacktestResult | undefined> {
  const { database, references, run, pulse, signal } = replaying;
  const reference = await references.fresh(database);
  const programme = reference.programmes.byNo(run.programmeNo);
  invariant(programme, `programme ${run.programmeNo} exists`);
  const candidate = checkProgramme(run.source, 'candidate').sound?.terms;
  invariant(candidate, 'a candidate was checked before it was queued');
  const versions = [candidate, ...reference.programmes.versionsOf(programme.no).map(({ terms }) => terms)];
  const scope = { programmeNo: programme.no, first: warmUpFrom(run.from, versions), last: run.until, before: newId() };
  const { purchases, first = run.from } = await database.command((tx) => countPurchases(tx, scope));
  pulse.total = purchases;
  const recorded = tallyRecorded(database, { ...scope, first: run.from }); // beside the replay
  recorded.catch(() => undefined); // whoever stops in between never asks for it
  const history = new HistoryReplay(replaying, reference, programme, candidate, versions);
  if (!(await history.replay(scope))) return undefined;
  const known = { replayedFrom: first < run.from ? first : run.from, recorded: await recorded, programme };
  return signal.aborted ? undefined : history.result(known);
}

async function tallyRecorded(database: Database, scope: HistoryScope): Promise<CostTally> {
  const tally = new CostTally();
  for (const { funderNo, ruleCode, category, month, ...cost } of await database.command((tx) => sumRecorded(tx, scope)))
    tally.add({ funderNo, ruleCode, category, month }, cost);
  return tally;
}

interface Sides {
  readonly candidate: MemberReplay;
  readonly baseline: MemberReplay;
}

class HistoryReplay {
  private readonly candidate: Replay;
  private readonly baseline: Replay;
  private readonly movement = new MovementTally();
  private purchases = 0;
  private members = 0;
  private spendMinor = 0n;
  private budgetsApproximate = false;
  private turnBeganMs = performance.now();

  constructor(
    private readonly replaying: Replaying,
    private readonly reference: Reference,
    programme: ProgrammeRecord,
    private readonly candidateTerms: ProgrammeTerms,
    private readonly versions: readonly ProgrammeTerms[],
  ) {
    const { programmes } = reference;
    this.candidate = new Replay(() => candidateTerms);
    this.baseline = new Replay((version) => {
      const published = programmes.version(programme.no, version);
      invariant(published, `${programme.code} has a version ${version}`);
      return published.terms;
    });
  }

  /** False when the signal came. */
  async replay(scope: HistoryScope): Promise<boolean> {
    const { database, tuning } = this.replaying;
    const hasBudgets = this.versions.some(({ caps }) => caps.some(({ holder }) => holder === 'EVERYONE'));
    const inTimeOrder = hasBudgets && (await this.fitsInMemory(scope));
    this.budgetsApproximate = hasBudgets && !inTimeOrder;
    const reading = {
      database,
      scope,
      rows: tuning.pageRows,
      withTraits: this.versions.some((terms) => whatRulesLookAt(terms).traits),
    };
    return inTimeOrder ? this.sideBySide(readInTimeOrder(reading)) : this.oneByOne(readByMember(reading));
  }

  private async fitsInMemory({ programmeNo }: HistoryScope): Promise<boolean> {
    const { database, tuning } = this.replaying;
    return (await database.command((tx) => countMembers(tx, programmeNo))) <= tuning.mostMembersInTimeOrder;
  }

  private async oneByOne(pages: AsyncIterable<readonly MemberHistory[]>): Promise<boolean> {
    for await (const page of pages) {
      for (const { memberNo, traits, events, baskets } of page) {
        const sides = this.begin(traits);
        let counted = 0;
        for (const row of events) {
          if (this.decide(sides, row, traits, baskets)) counted += 1;
          if (this.turnIsOver()) await this.letOthers();
        }
        if (counted > 0) this.close(memberNo, sides);
      }
      if (!(await this.goesOn(page.reduce((sum, { events }) => sum + events.length, 0)))) return false;
    }
    return true;
  }

  private async sideBySide(pages: AsyncIterable<readonly MemberEvent[]>): Promise<boolean> {
    const open = new Map<number, Sides>();
    const counted = new Set<number>();
    for await (const page of pages) {
      for (const { memberNo, traits, row, baskets } of page) {
        const sides = open.get(memberNo) ?? this.begin(traits);
        open.set(memberNo, sides);
        if (this.decide(sides, row, traits, baskets)) counted.add(memberNo);
        if (this.turnIsOver()) await this.letOthers();
      }
      if (!(await this.goesOn(page.length))) return false;
    }
    for (const memberNo of [...counted].sort((a, b) => a - b)) this.close(memberNo, open.get(memberNo) as Sides);
    return true;
  }

  private begin(traits: MemberTraits | undefined): Sides {
    return { candidate: this.candidate.begin(traits), baseline: this.baseline.begin(traits) };
  }

  /** Whether the purchase counts: those before the first day asked for only warm up. */
  private decide(
    { candidate, baseline }: Sides,
    row: EventRow,
    traits: MemberTraits | undefined,
    baskets: Baskets,
  ): boolean {
    const event = eventOf(row, baskets.get(row.id), this.reference);
    const { businessDate, amountMinor, action } = event.purchase;
    const counts = businessDate >= this.replaying.run.from;
    candidate.next(asDecidedBy(this.candidateTerms, event, row, traits?.timeZone), counts);
    baseline.next(event, counts);
    if (counts && action === undefined) {
      this.purchases += 1;
      this.spendMinor += amountMinor;
    }
    return counts;
  }

  private close(memberNo: number, { candidate, baseline }: Sides): void {
    this.members += 1;
    this.movement.add({ memberNo, candidate: candidate.units, baseline: baseline.units });
  }

  private turnIsOver(): boolean {
    return performance.now() - this.turnBeganMs > TURN_MS;
  }

  private async letOthers(): Promise<void> {
    await yieldToOthers();
    this.turnBeganMs = performance.now();
  }

  /** After every page: says how far it is, and hears whether to stop. */
  private async goesOn(events: number): Promise<boolean> {
    const { pulse, listener, signal } = this.replaying;
    pulse.done += events;
    // Late purchases are left out of the count and of the replay, refunds of the last seconds only of one of them.
    pulse.total = Math.max(pulse.total ?? 0, pulse.done);
    await listener(pulse.done, pulse.total);
    await pulse.check();
    return !signal.aborted;
  }

  async result(
    known: Pick<BacktestResult, 'replayedFrom'> & { recorded: CostTally; programme: ProgrammeRecord },
  ): Promise<BacktestResult> {
    const { recorded, programme, replayedFrom } = known;
    const tallies = { candidate: this.candidate.tally, baseline: this.baseline.tally, recorded };
    const { gainsMost, losesMost, ...moved } = this.movement.result();
    const { database } = this.replaying;
    const ids = await database.command((tx) =>
      memberIds(
        tx,
        [...gainsMost, ...losesMost].map(({ memberNo }) => memberNo),
      ),
    );
    const named = ({ memberNo, ...units }: MemberUnits): MemberMoved => ({
      memberId: ids.get(memberNo) ?? '',
      ...units,
    });
    const { currencyCode, unitCode, unitScale } = programme;
    return {
      currencyCode,
      unitCode,
      unitScale,
      purchases: this.purchases,
      members: this.members,
      spendMinor: this.spendMinor,
      replayedFrom,
      total: compareTotals(tallies),
      by: {
        FUNDER: compareBy('FUNDER', tallies).map((line) => ({ ...line, key: this.payerOf(Number(line.key)) })),
        CATEGORY: compareBy('CATEGORY', tallies),
        RULE: compareBy('RULE', tallies),
        MONTH: compareBy('MONTH', tallies),
      },
      withheld: { candidate: this.candidate.withheldUnits, baseline: this.baseline.withheldUnits },
      ...moved,
      gainsMost: gainsMost.map(named),
      losesMost: losesMost.map(named),
      budgetsApproximate: this.budgetsApproximate,
    };
  }

  private payerOf(funderNo: number): string {
    if (funderNo === PROGRAMME_PARTY) return 'PROGRAMME';
    return this.reference.partners.byNo(funderNo)?.code ?? String(funderNo);
  }
}
