import type { Company } from '#company';
import { compareInstants, type Instant, type Need, type TimeWindow } from '#domain';
import { beganAfter, type ExpectedDays, type Pulls } from '#storage';

/** Answers whether a source is as complete as a rule asks, by what was known at one moment; each question is asked of Postgres once. */
export class Completeness {
  readonly #answers = new Map<string, Promise<boolean>>();

  constructor(
    private readonly pulls: Pulls,
    private readonly asOf: Instant,
  ) {}

  /** `at` is the planned instant of the occurrence: what ages are counted from. */
  holds(source: string, need: Need, window: TimeWindow, at: Instant): Promise<boolean> {
    const key = [source, JSON.stringify(need), window.from.toString(), window.to.toString()].join(' ');
    const known = this.#answers.get(key);
    if (known) return known;
    const answer = this.#ask(source, need, window, at);
    this.#answers.set(key, answer);
    return answer;
  }

  async #ask(source: string, need: Need, window: TimeWindow, at: Instant): Promise<boolean> {
    const pull = await this.pulls.latestComplete(source, 'facts', window, this.asOf);
    if (!pull) return false;
    if ('closed' in need) return beganAfter(pull, window);
    return (
      pull.began_at !== null &&
      compareInstants(pull.began_at, at.subtract({ milliseconds: need.maxAgeMs })) >= 0
    );
  }
}

/**
 * The moment to decide by: now, or just before an unfinished pull of a needed source began. What such a pull has brought so far is not the
 * whole, and a number about a person is fair or unsaid.
 */
export async function momentToDecideBy(
  now: Instant,
  sources: readonly string[],
  pulls: Pulls,
): Promise<Instant> {
  const unfinished = await pulls.unfinished(sources);
  return unfinished.reduce((moment, pull) => {
    const before = pull.began_at.subtract({ microseconds: 1 });
    return compareInstants(before, moment) < 0 ? before : moment;
  }, now);
}

/** Whether the expected days that were known at the moment were made from all that was known then. */
export async function expectedDaysAreCurrent(
  company: Company,
  expected: ExpectedDays,
  pulls: Pulls,
): Promise<boolean> {
  const [made, completed] = await Promise.all([
    expected.madeFrom(company.asOf),
    pulls.lastCompleted(company.asOf),
  ]);
  if (!made || made.configuration < company.revision) return false;
  return completed === undefined || compareInstants(made.asOf, completed) >= 0;
}
