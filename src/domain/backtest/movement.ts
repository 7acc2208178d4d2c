/**
 * Who gains and who loses by a candidate: every member's units under it against the same purchases under the
 * versions that were in force.
 */

/** Steps of the reward unit. */
export interface MemberUnits {
  readonly memberNo: number;
  readonly baseline: bigint;
  readonly candidate: bigint;
}

export interface MovedMembers {
  readonly members: number;
  /** How much they gain, or lose, all together; never negative. */
  readonly units: bigint;
}

/** A tenth of the members, in the order of what they gain; what is lost is negative. */
export interface Decile {
  /** 1 loses most, 10 gains most. */
  readonly no: number;
  readonly members: number;
  /** Least and most that one of them gains, and all of them together. */
  readonly from: bigint;
  readonly to: bigint;
  readonly units: bigint;
}

export interface Movement {
  readonly winners: MovedMembers;
  readonly losers: MovedMembers;
  readonly unchanged: number;
  /** Ten, or as many as there are members. */
  readonly deciles: readonly Decile[];
  /** Those who gain most first, then the member who came first. */
  readonly gainsMost: readonly MemberUnits[];
  readonly losesMost: readonly MemberUnits[];
}

/** Biggest movers that are named on either side. */
export const MOVERS = 10;
const TENTHS = 10;

/** Collects members one by one; a million of them is a few megabytes. */
export class MovementTally {
  private changes = new BigInt64Array(1_024);
  private members = 0;
  private readonly gained = new Ranking();
  private readonly lost = new Ranking();
  private winners = 0;
  private losers = 0;
  private gain = 0n;
  private loss = 0n;

  add(member: MemberUnits): void {
    const change = member.candidate - member.baseline;
    if (this.members === this.changes.length) this.grow();
    this.changes[this.members] = change;
    this.members += 1;
    if (change > 0n) {
      this.winners += 1;
      this.gain += change;
      this.gained.offer(change, member);
    } else if (change < 0n) {
      this.losers += 1;
      this.loss -= change;
      this.lost.offer(-change, member);
    }
  }

  result(): Movement {
    return {
      winners: { members: this.winners, units: this.gain },
      losers: { members: this.losers, units: this.loss },
      unchanged: this.members - this.winners - this.losers,
      deciles: tenthsOf(this.changes.slice(0, this.members).sort()),
      gainsMost: this.gained.best(),
      losesMost: this.lost.best(),
    };
  }

  private grow(): void {
    const larger = new BigInt64Array(this.changes.length * 2);
    larger.set(this.changes);
    this.changes = larger;
  }
}

function tenthsOf(sorted: BigInt64Array): Decile[] {
  const count = sorted.length;
  const parts = Math.min(TENTHS, count);
  return Array.from({ length: parts }, (_, index) => {
    const part = sorted.subarray(Math.floor((index * count) / parts), Math.floor(((index + 1) * count) / parts));
    return {
      no: index + 1,
      members: part.length,
      from: part[0] ?? 0n,
      to: part.at(-1) ?? 0n,
      units: part.reduce((sum, change) => sum + change, 0n),
    };
  });
}

/** The few largest of many, equal ones in the order of the member's number. */
class Ranking {
  private readonly ranked: { readonly size: bigint; readonly member: MemberUnits }[] = [];

  offer(size: bigint, member: MemberUnits): void {
    const isAhead = (other: { size: bigint; member: MemberUnits }): boolean =>
      other.size === size ? other.member.memberNo < member.memberNo : other.size > size;
    const last = this.ranked.at(-1);
    if (this.ranked.length === MOVERS && last !== undefined && isAhead(last)) return;
    const place = this.ranked.findIndex((other) => !isAhead(other));
    this.ranked.splice(place === -1 ? this.ranked.length : place, 0, { size, member });
    if (this.ranked.length > MOVERS) this.ranked.pop();
  }

  best(): readonly MemberUnits[] {
    return this.ranked.map(({ member }) => member);
  }
}
