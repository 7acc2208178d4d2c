/** Answers of partners, bounded in number and weight; those used longest ago go first. */
interface Kept {
  readonly value: unknown;
  readonly weight: number;
  readonly keptAtMs: number;
}

export class AnswerCache {
  private readonly kept = new Map<string, Kept>();
  private weight = 0;

  constructor(
    private readonly most: { readonly answers: number; readonly weight: number },
    private readonly nowMs: () => number = () => performance.now(),
  ) {}

  /** The answer and its age, whatever it is. */
  find(key: string): { readonly value: unknown; readonly ageMs: number } | undefined {
    const found = this.kept.get(key);
    if (found === undefined) return undefined;
    this.kept.delete(key);
    this.kept.set(key, found);
    return { value: found.value, ageMs: this.nowMs() - found.keptAtMs };
  }

  /** @param weight about how many bytes it takes */
  keep(key: string, value: unknown, weight: number): void {
    this.forget(key);
    this.kept.set(key, { value, weight, keptAtMs: this.nowMs() });
    this.weight += weight;
    for (const oldest of this.kept.keys()) {
      if (this.kept.size <= this.most.answers && this.weight <= this.most.weight) break;
      this.forget(oldest);
    }
  }

  private forget(key: string): void {
    this.weight -= this.kept.get(key)?.weight ?? 0;
    this.kept.delete(key);
  }
}
