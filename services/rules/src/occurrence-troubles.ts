import type { Company } from '#company';
import type { Decision, RunTroubleReason } from '#domain';
import type { Occurrence, Troubles } from '#storage';
import { EXPECTED_HOURS, subscriptionOf } from './evaluator.js';
import { ended, type Look } from './look.js';

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

/** Owners hear of what keeps a look's conclusions from being said, and that nothing does any more. */
export async function tellOfLook(troubles: Troubles, look: Look): Promise<void> {
  const held = look.conclusions.flatMap(({ decisions }) =>
    decisions.filter(({ outcome }) => outcome === 'held'),
  );
  await tellOfWaiting(troubles, look, held);
  await tellOfOutcome(troubles, look, held);
}

/** The owner of a source hears that decisions wait for it, and that they no longer do. */
async function tellOfWaiting(
  troubles: Troubles,
  { occurrence, company }: Look,
  held: readonly Decision[],
): Promise<void> {
  for (const source of neededSources(company, occurrence)) {
    const waiting = held.filter((decision) => waitsFor(decision, source)).length;
    const owner = company.configuration.sources.find((one) => one.name === source)?.owner;
    const about = `${source} ${occurrence.id}`;
    if (waiting === 0) await troubles.close('incomplete', about);
    else {
      await troubles.open({
        kind: 'incomplete',
        about,
        ...(owner === undefined ? {} : { owner }),
        detail: {
          source,
          held: String(waiting),
          subscription: occurrence.subscription,
          occurrence: occurrence.id,
        },
      });
    }
  }
}

/** What waits for no source would wait in silence: an expression that fails, expected hours that nobody makes, a time that ran out. */
async function tellOfOutcome(
  troubles: Troubles,
  { occurrence, company, expired }: Look,
  held: readonly Decision[],
): Promise<void> {
  const ours = held.filter(
    (decision) => decision.reason === 'expression-error' || waitsFor(decision, EXPECTED_HOURS),
  );
  if (expired && !ended.has(occurrence.state)) await tellOfRun(troubles, company, occurrence, 'failed');
  else if (ours.length > 0)
    await tellOfRun(
      troubles,
      company,
      occurrence,
      'held',
      [
        ...new Set(
          ours.map(({ rule, reason }) => `${rule}: ${reason === 'incomplete' ? EXPECTED_HOURS : reason}`),
        ),
      ].join(', '),
    );
  // What failed stays so, whatever is corrected afterwards: only the next run that goes well ends it.
  else if (held.length === 0 && occurrence.state !== 'failed')
    await troubles.close('occurrence', aboutOf(occurrence));
}

const waitsFor = ({ detail }: Decision, what: string): boolean => detail?.split(', ').includes(what) ?? false;

const neededSources = (company: Company, run: Run): readonly string[] => {
  const rules = subscriptionOf(company, run)?.rules ?? [];
  return [
    ...new Set(
      company.configuration.rules
        .filter((rule) => rules.includes(rule.name))
        .flatMap((rule) => Object.keys(rule.needs)),
    ),
  ];
};

/** Of the first source that its rules need; else of the channel that it goes to. */
function ownerOf(company: Company, run: Run): string | undefined {
  const { sources, channels } = company.configuration;
  const [source] = neededSources(company, run);
  return (
    sources.find(({ name }) => name === source)?.owner ??
    channels.find(({ name }) => name === subscriptionOf(company, run)?.to.channel)?.owner
  );
}
