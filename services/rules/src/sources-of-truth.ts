import type { Company, Demand, Want } from '#company';
import { compareInstants, type Instant } from '#domain';
import type { ExpectedDays, Pulls } from '#storage';

/** What of a source was read: nothing as a whole, or all but the records of these subjects. */
export type Read = { readonly whole: false } | { readonly whole: true; readonly but: ReadonlySet<string> };

/** How complete a source is, by what was known at one moment, beside what a rule asks of it. */
export async function readOf(
  source: string,
  { window, begunAfter }: Demand,
  asOf: Instant,
  pulls: Pulls,
): Promise<Read> {
  const pull = await pulls.latestComplete(source, 'facts', window, asOf);
  const inTime = pull?.began_at ? compareInstants(pull.began_at, begunAfter) >= 0 : false;
  if (!pull || !inTime) return { whole: false };
  return {
    whole: true,
    but: pull.rejected > 0 ? await pulls.rejectedSubjects(pull.id) : new Set<string>(),
  };
}

/**
 * Whether a source was read as completely as it was asked for, and all records of one subject could be read.
 * @param subject what the source calls them; undefined where it does not know them
 */
export const isWholeFor = (read: Read | undefined, subject: string | undefined): boolean =>
  read?.whole === true && (subject === undefined || !read.but.has(subject));

/**
 * The moment to decide by: now, or just before a pull began that has brought a part of what is needed and not the whole, be it under way or
 * given up. A number about somebody is fair or unsaid.
 */
export async function momentToDecideBy(now: Instant, wants: readonly Want[], pulls: Pulls): Promise<Instant> {
  let moment = now;
  for (const { system, what, window, isState } of wants) {
    if (what !== 'facts' || !window) continue;
    const since = await pulls.unfinishedSince(system, isState ? undefined : window, now);
    const before = since?.subtract({ microseconds: 1 });
    if (before && compareInstants(before, moment) < 0) moment = before;
  }
  return moment;
}

/** Whether everything that is wanted had been read as a whole by then. */
export async function haveBeenRead(wants: readonly Want[], asOf: Instant, pulls: Pulls): Promise<boolean> {
  for (const { system, what, window, begunAfter } of wants) {
    if (what !== 'facts') continue;
    const pull = await pulls.latestComplete(system, what, window, asOf);
    if (!pull?.began_at || compareInstants(pull.began_at, begunAfter) < 0) return false;
  }
  return true;
}

/** Whether the expected days that were known at the moment were made from all that was known then. */
export async function expectedDaysAreCurrent(company: Company, expected: ExpectedDays): Promise<boolean> {
  const made = await expected.madeFrom(company.asOf);
  if (!made || made.configuration < company.revision) return false;
  return made.lastCompleted === undefined || compareInstants(made.asOf, made.lastCompleted) >= 0;
}
