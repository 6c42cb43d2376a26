import type { Company } from '#company';
import { plannedInstants, pullId, type Instant } from '#domain';
import type { PullRequest } from '#storage';

/** The pulls that sources' own schedules ask for in [from, to). */
export function scheduledPulls(company: Company, from: Instant, to: Instant): readonly PullRequest[] {
  return company.configuration.sources.flatMap((source) => {
    if (!source.schedule) return [];
    return plannedInstants(source.schedule, source.schedule.timezone, from, to).map(({ nominal, due }) => ({
      id: pullId({ system: source.name, what: 'facts', askedBy: `schedule ${nominal.toString()}` }),
      system: source.name,
      what: 'facts' as const,
      window: {
        from: nominal.add({ milliseconds: source.collect.fromMs }),
        to: nominal.add({ milliseconds: source.collect.toMs }),
      },
      askedBy: `schedule ${nominal.toString()}`,
      dueAt: due,
    }));
  });
}
