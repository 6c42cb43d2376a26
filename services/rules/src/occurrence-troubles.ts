import type { Company } from '#company';
import type { RunTroubleReason } from '#domain';
import type { Occurrence, Troubles } from '#storage';
import { subscriptionOf } from './evaluator.js';

type Run = Pick<Occurrence, 'id' | 'subscription' | 'zone' | 'calendar'>;

/** One trouble for the runs of a subscription in one zone: the next that goes well ends it. */
const aboutOf = ({ subscription, zone, calendar }: Run): string =>
  [subscription, zone, calendar].filter((part) => part !== '').join(' ');

/** The owner hears that a run is not, or not wholly, decided, and why: nothing that people wait for fails in silence. */
export async function tellOfRun(
  troubles: Troubles,
  company: Company,
  run: Run,
  reason: RunTroubleReason,
  detail?: string,
): Promise<void> {
  const owner = ownerOf(company, run);
  await troubles.open({
    kind: 'occurrence',
    about: aboutOf(run),
    ...(owner === undefined ? {} : { owner }),
    detail: {
      subscription: run.subscription,
      occurrence: run.id,
      zone: run.zone,
      reason,
      ...(detail === undefined ? {} : { detail }),
    },
  });
}

export const runWentWell = (troubles: Troubles, run: Run): Promise<void> =>
  troubles.close('occurrence', aboutOf(run));

/** Of the first source that its rules need; else of the channel that it goes to. */
function ownerOf(company: Company, run: Run): string | undefined {
  const { sources, channels, rules } = company.configuration;
  const subscription = subscriptionOf(company, run);
  const [source] = rules
    .filter(({ name }) => subscription?.rules.includes(name))
    .flatMap(({ needs }) => Object.keys(needs));
  return (
    sources.find(({ name }) => name === source)?.owner ??
    channels.find(({ name }) => name === subscription?.to.channel)?.owner
  );
}
