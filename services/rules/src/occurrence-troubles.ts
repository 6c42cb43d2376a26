import { forwardOf, type Company } from '#company';
import type { Decision, RunTroubleReason, TroublingRecords } from '#domain';
import { triedAgain, type Occurrence, type Transaction, type Troubles } from '#storage';
import { EXPECTED_HOURS, subscriptionOf } from './evaluator.js';
import { ended, type Look } from './look.js';

type Run = Pick<Occurrence, 'id' | 'subscription' | 'zone' | 'calendar'>;

/** One trouble for the runs of a subscription in one zone: the next that goes well ends it. */
const aboutOf = ({ subscription, zone, calendar }: Run): string =>
  [subscription, zone, calendar].filter((part) => part !== '').join(' ');

/**
 * The owner hears that a run is not, or not wholly, decided, and why: nothing that people wait for fails in silence. In the transaction in which
 * the run comes to stand so.
 */
export async function tellOfRun(
  troubles: Troubles,
  company: Company,
  run: Run,
  why: { readonly reason: RunTroubleReason; readonly detail?: string },
  tx: Transaction,
): Promise<void> {
  const owner = ownerOf(company, run);
  await troubles.open(
    {
      kind: 'occurrence',
      about: aboutOf(run),
      ...(owner === undefined ? {} : { owner }),
      detail: { subscription: run.subscription, occurrence: run.id, zone: run.zone, ...why },
    },
    tx,
  );
}

/** The run went well: what was told of it, or of the one before it, is over. */
export const endOfRun = (troubles: Troubles, run: Run, tx: Transaction): Promise<void> =>
  troubles.close('occurrence', aboutOf(run), tx);

/**
 * Owners hear of what keeps a look's conclusions from being said, and that nothing does any more. In the transaction that keeps the conclusions,
 * after all else: whoever tells of a trouble and whoever ends it lock its row as their last.
 */
export async function tellOfLook(troubles: Troubles, look: Look, tx: Transaction): Promise<void> {
  const held = look.conclusions.flatMap(({ decisions }) =>
    decisions.filter(({ outcome }) => outcome === 'held'),
  );
  await tellOfWaiting(troubles, look, held, tx);
  await tellOfOutcome(troubles, look, held, tx);
}

/** The owner of a source hears that decisions wait for it, and that they no longer do. */
async function tellOfWaiting(
  troubles: Troubles,
  { occurrence, company, underway, unreadable }: Look,
  held: readonly Decision[],
  tx: Transaction,
): Promise<void> {
  // In one order, as the ends of two sources' pulls may close some of them at the same time.
  for (const source of neededSources(company, occurrence).toSorted()) {
    const waiting = held.filter((decision) => waitsFor(decision, source)).length;
    const owner = company.configuration.sources.find((one) => one.name === source)?.owner;
    const about = `${source} ${occurrence.id}`;
    if (waiting === 0) await troubles.close('incomplete', about, tx);
    else {
      await troubles.open(
        {
          kind: 'incomplete',
          about,
          ...(owner === undefined ? {} : { owner }),
          detail: {
            source,
            held: String(waiting),
            subscription: occurrence.subscription,
            occurrence: occurrence.id,
            ...(underway.has(source) ? triedAgain : {}),
            ...recordsIn(unreadable.get(source)),
          },
        },
        tx,
      );
    }
  }
}

/** Details are texts. */
const recordsIn = (records: TroublingRecords | undefined): { readonly records?: string } =>
  records ? { records: JSON.stringify(records) } : {};

/** What waits for no source would wait in silence: an expression that fails, expected hours that nobody makes, a time that ran out. */
async function tellOfOutcome(
  troubles: Troubles,
  { occurrence, company, expired }: Look,
  held: readonly Decision[],
  tx: Transaction,
): Promise<void> {
  const ours = held.filter(
    (decision) => decision.reason === 'expression-error' || waitsFor(decision, EXPECTED_HOURS),
  );
  if (expired && !ended.has(occurrence.state))
    await tellOfRun(troubles, company, occurrence, { reason: 'failed' }, tx);
  else if (ours.length > 0) {
    const what = ours.map(
      ({ rule, reason }) => `${rule}: ${reason === 'incomplete' ? EXPECTED_HOURS : reason}`,
    );
    const detail = [...new Set(what)].join(', ');
    await tellOfRun(troubles, company, occurrence, { reason: 'held', detail }, tx);
  }
  // What failed stays so, whatever is corrected afterwards: only the next run that goes well ends it.
  else if (held.length === 0 && occurrence.state !== 'failed') await endOfRun(troubles, occurrence, tx);
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

/** Of the first source that its rules need; else of the channel that it goes to. A forward may have one of its own. */
function ownerOf(company: Company, run: Run): string | undefined {
  const { sources, channels } = company.configuration;
  const forward = forwardOf(company.configuration, run);
  if (forward)
    return (
      forward.owner ??
      sources.find(({ name }) => name === forward.source)?.owner ??
      channels.find(({ name }) => name === forward.to.channel)?.owner
    );
  const [source] = neededSources(company, run);
  return (
    sources.find(({ name }) => name === source)?.owner ??
    channels.find(({ name }) => name === subscriptionOf(company, run)?.to.channel)?.owner
  );
}
