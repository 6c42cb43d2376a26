import { Injectable } from '@nestjs/common';
import { wantsOf, type Company, type Want } from '#company';
import { compareInstants, type Instant } from '#domain';
import { Pulls, type Occurrence } from '#storage';

/** How long its pulls may take to be asked for, once an occurrence is due and somebody is there to look, before its owners are told that something is missing. */
const GRACE_MS = 60_000;

/** Whether it is worth waiting a moment before deciding. */
@Injectable()
export class Readiness {
  #watchedSince: Instant | undefined;

  constructor(private readonly pulls: Pulls) {}

  /** From here on somebody looks: nobody could have asked for anything while no process ran, so nothing is missing yet. */
  watch(now: Instant): void {
    this.#watchedSince = now;
  }

  /**
   * Whether what the occurrence needs is on its way for the first time, or is just being asked for. A pull that has failed is waited for by
   * `held` decisions, with the owner told.
   */
  async isOnItsWay(company: Company, occurrence: Occurrence): Promise<boolean> {
    const { pulls } = this;
    for (const want of wantsOf(company, occurrence)) {
      if (await isComplete(pulls, want, company.asOf)) continue;
      if (compareInstants(want.begunAfter, company.asOf) > 0) continue;
      // In this order: what is asked for or ends between two of these questions is waited for, and never taken for missing.
      if (await pulls.underway(want.system, want.what, want.window, want.begunAfter)) {
        if (await pulls.underway(want.system, want.what, want.window, want.begunAfter, { firstTry: true }))
          return true;
        if (await isComplete(pulls, want, undefined)) return true;
        continue;
      }
      const since = laterOf(occurrence.due_at, occurrence.created_at);
      const watched = laterOf(since, this.#watchedSince ?? since);
      const young = company.asOf.since(watched).total('milliseconds') < GRACE_MS;
      if (young && !(await pulls.failedSince(want.system, want.what, since))) return true;
    }
    return false;
  }
}

/** Of which systems a pull is asked for or under way that will do when it is complete. */
export async function sourcesUnderway(wants: readonly Want[], pulls: Pulls): Promise<ReadonlySet<string>> {
  const underway = new Set<string>();
  for (const { system, what, window, begunAfter } of wants) {
    if (what === 'facts' && (await pulls.underway(system, what, window, begunAfter))) underway.add(system);
  }
  return underway;
}

async function isComplete(pulls: Pulls, want: Want, asOf: Instant | undefined): Promise<boolean> {
  const complete = await pulls.latestComplete(want.system, want.what, want.window, asOf);
  return Boolean(complete?.began_at && compareInstants(complete.began_at, want.begunAfter) >= 0);
}

const laterOf = (one: Instant, other: Instant): Instant => (compareInstants(one, other) > 0 ? one : other);
