import type { ChannelPlugin } from '#channels';
import { peopleById, subjectNames, wantsOf, type Company, type CompanyReader, type Run } from '#company';
import { channelPluginOf } from '#connections';
import {
  addDays,
  compareInstants,
  localDate,
  looksAtState,
  startOfDay,
  windowOf,
  type DateRange,
  type Decision,
  type Instant,
  type Message,
  type Person,
  type Rule,
  type Subscription,
  type WindowName,
} from '#domain';
import { Pulls, type Database, type Decisions, type Occurrences } from '#storage';
import type { Conclusion, Evaluator } from '../../../rules/src/evaluator.js';
import type { Say, Saying } from '../../../rules/src/say.js';
import { UsageError } from '../commands/context.js';
import { decisionReasonText } from '../explain/reasons.js';
import { plannedRuns } from '../planned-runs.js';

export interface PreviewRequest {
  /** A named period, or local days: in every zone those of the zone. */
  readonly over: Exclude<WindowName, 'latest'> | DateRange;
  readonly known: 'then' | 'now';
}

/** One planned run as it would have been, or was. */
export interface PreviewedOccasion {
  readonly subscription: string;
  /** What the rule is about. */
  readonly each: Rule['each'];
  readonly zone: string;
  readonly nominal: string;
  /** The local days that it is about: the hull where weeks start differently. */
  readonly period: DateRange;
  /** By what was known when it was first decided, or by what is known now: asked for, or because it never ran. */
  readonly known: 'then' | 'now';
  /** Whether it ran. */
  readonly lived: boolean;
  readonly counts: {
    readonly fired: number;
    readonly quiet: number;
    readonly suppressed: number;
    readonly held: number;
  };
  readonly sayings: readonly {
    readonly delivery: string;
    /** Names of the people or teams that it is about. */
    readonly people: readonly string[];
    readonly destination: string;
    /** Names of those who are told, as far as they are known in the channel; empty where it goes to no room. */
    readonly hear: readonly string[];
    /** Those who should hear, and are not known in the channel. */
    readonly deaf: readonly string[];
    readonly message: Message | { readonly rows: readonly unknown[] };
  }[];
  /** Of whom nothing is said although the numbers were never looked at, and why. */
  readonly unsaid: readonly {
    readonly person: string;
    readonly outcome: 'suppressed' | 'held';
    readonly why: string;
    /** Of who is held: whether reading the days again may help. */
    readonly lacksFacts: boolean;
  }[];
}

/** Looks at past occasions with the evaluator that is live. It writes nothing and says nothing. */
export class Previewer {
  readonly #pulls: Pulls;

  constructor(
    private readonly database: Database,
    private readonly companies: CompanyReader,
    private readonly evaluator: Evaluator,
    private readonly say: Say,
    private readonly occurrences: Occurrences,
    private readonly decisions: Decisions,
  ) {
    this.#pulls = new Pulls(database);
  }

  /**
   * Every run of every subscription to the rule in the period up to now, in order: those that ran, and those that the schedule names.
   * @throws UsageError where there is no such rule, or nobody subscribes to it
   */
  async preview(
    rule: string,
    request: PreviewRequest,
    progress: (text: string) => void = () => undefined,
  ): Promise<readonly PreviewedOccasion[]> {
    const now = await this.companies.asOf(await this.database.asOf());
    const known = now.configuration.rules.map(({ name }) => name);
    const document = now.configuration.rules.find(({ name }) => name === rule);
    if (!document)
      throw new UsageError(
        `There is no rule ${rule}; there are: ${known.join(', ') || 'none, apply documents first'}.`,
      );
    const subscriptions = now.configuration.subscriptions.filter(
      (one) => one.rules.includes(rule) && one.schedule,
    );
    if (subscriptions.length === 0)
      throw new UsageError(`Nobody subscribes to ${rule} with a schedule: there is no run to preview.`);
    const previewed: PreviewedOccasion[] = [];
    for (const subscription of subscriptions) {
      for (const planned of await this.#planned(now, subscription, request.over)) {
        const { zone, nominal_at } = planned;
        progress(`${subscription.name}, ${zone}, ${nominal_at.toString()} …`);
        previewed.push(await this.#occasion(now, document, planned, request.known));
      }
    }
    return previewed.toSorted((one, other) => (one.nominal + one.zone < other.nominal + other.zone ? -1 : 1));
  }

  /** Those that ran, whatever the zones of today, and those that the schedule would have had for the people of today. */
  async #planned(
    now: Company,
    subscription: Subscription,
    over: PreviewRequest['over'],
  ): Promise<readonly Run[]> {
    const planned = new Map<string, Run>();
    const periodIn = (zone: string): DateRange =>
      typeof over === 'string' ? windowOf(over, now.asOf, zone, 'MONDAY').dates : over;
    const utc = periodIn('UTC');
    // Wide enough for the days of any zone, whose own are looked at one by one.
    const around = {
      from: startOfDay(addDays(utc.from, -2), 'UTC'),
      to: startOfDay(addDays(utc.to, 2), 'UTC'),
    };
    for (const occurrence of await this.occurrences.decidedIn(subscription.name, around)) {
      const { id, zone, nominal_at } = occurrence;
      const day = localDate(nominal_at, zone);
      const period = periodIn(zone);
      if (period.from <= day && day < period.to) planned.set(id, occurrence);
    }
    // What is yet to come has no facts to look at.
    const { name, schedule, untilMs } = subscription;
    for (const run of schedule ? plannedRuns(now, { name, schedule, untilMs }, periodIn) : [])
      if (!planned.has(run.id)) planned.set(run.id, run);
    return [...planned.values()];
  }

  async #occasion(
    now: Company,
    { name: rule, each }: Rule,
    occasion: Run,
    known: 'then' | 'now',
  ): Promise<PreviewedOccasion> {
    const moments = await this.#moments(occasion.id);
    const then = known === 'then' && moments.length > 0;
    const looks = then
      ? await this.#looks(moments, occasion)
      : [await this.#look(await this.#asKnownNow(now, occasion, moments), occasion)];
    const people = peopleById(looks[0]?.company ?? now);
    const names = subjectNames(looks[0]?.company ?? now);
    const { conclusions, sayings } = firstOf(looks);
    const plugin = await pluginOf(looks[0]?.company ?? now, occasion);
    const decisions = conclusions.filter((decision) => decision.rule === rule);
    const count = (outcome: Decision['outcome']): number =>
      decisions.filter((decision) => decision.outcome === outcome).length;
    return {
      subscription: occasion.subscription,
      each,
      zone: occasion.zone,
      nominal: occasion.nominal_at.toString(),
      period: periodOf(looks, rule),
      known: then ? 'then' : 'now',
      lived: moments.length > 0,
      counts: {
        fired: count('fired'),
        quiet: count('quiet'),
        suppressed: count('suppressed'),
        held: count('held'),
      },
      sayings: sayings
        .filter((saying) => saying.fired.some((decision) => decision.rule === rule))
        .map((saying) => said(people, names, saying, plugin))
        .toSorted((one, other) => (one.destination < other.destination ? -1 : 1)),
      unsaid: decisions.flatMap(({ subject, outcome, reason, detail }) =>
        outcome === 'suppressed' || outcome === 'held'
          ? [
              {
                person: names.get(subject) ?? subject,
                outcome,
                why: decisionReasonText(reason ?? '', detail ?? null),
                lacksFacts: reason === 'incomplete',
              },
            ]
          : [],
      ),
    };
  }

  /** When it was decided; of one that was held to its end, when it was last looked at. */
  async #moments(id: string): Promise<readonly Instant[]> {
    const looks = await this.decisions.decidingLooks(id);
    if (looks.length > 0) return looks;
    const last = (await this.occurrences.get(id))?.decided_as_of;
    return last ? [last] : [];
  }

  /**
   * By the documents of now, and by all that is known now of the run's days. Of how things stood no more is known than was then: when the run
   * was decided, or would have been, as soon as it was due and all was read.
   */
  async #asKnownNow(now: Company, run: Run, moments: readonly Instant[]): Promise<Company> {
    const { rules, subscriptions } = now.configuration;
    const said = subscriptions.find(({ name }) => name === run.subscription)?.rules ?? [];
    if (!rules.some((rule) => said.includes(rule.name) && looksAtState(rule))) return now;
    const [decided] = moments;
    if (decided) return { ...now, asOf: decided };
    let asOf = run.due_at;
    for (const { system, what, window, begunAfter } of wantsOf(now, run)) {
      if (what !== 'facts' || !window) continue;
      const read = await this.#pulls.firstCompleted(system, window, begunAfter);
      if (read && compareInstants(read, asOf) > 0 && compareInstants(read, run.until_at) < 0) asOf = read;
    }
    return { ...now, asOf };
  }

  /** As the run was decided: by the rules and people of its first look, and by the facts of each. */
  async #looks(moments: readonly Instant[], occasion: Run): Promise<readonly Look[]> {
    const looks: Look[] = [];
    for (const asOf of moments) {
      const company = looks[0]?.company ?? (await this.companies.asOf(asOf));
      looks.push(await this.#look({ ...company, asOf }, occasion));
    }
    return looks;
  }

  async #look(company: Company, occasion: Run): Promise<Look> {
    const conclusions = await this.evaluator.conclude(company, occasion);
    return { company, conclusions, sayings: await this.say.sayings(company, occasion, conclusions) };
  }
}

interface Look {
  readonly company: Company;
  readonly conclusions: readonly Conclusion[];
  readonly sayings: readonly Saying[];
}

/** What was first concluded about each, and first said: those held at first come later, and nothing is said late of who was not. */
function firstOf(looks: readonly Look[]): {
  readonly conclusions: readonly Decision[];
  readonly sayings: readonly Saying[];
} {
  const first = new Map<string, Decision>();
  const sayings = new Map<string, Saying>();
  for (const look of looks) {
    const isNews = (decision: Decision): boolean =>
      (first.get(keyOf(decision))?.outcome ?? 'held') === 'held';
    for (const saying of look.sayings)
      if (!sayings.has(saying.id) && saying.fired.some(isNews)) sayings.set(saying.id, saying);
    for (const decision of look.conclusions.flatMap(({ decisions }) => decisions))
      if (isNews(decision)) first.set(keyOf(decision), decision);
  }
  return { conclusions: [...first.values()], sayings: [...sayings.values()] };
}

const keyOf = ({ rule, subject }: Decision): string => `${rule} ${subject}`;

const periodOf = (looks: readonly Look[], rule: string): DateRange =>
  looks[0]?.conclusions.find((one) => one.rule.name === rule)?.period ?? { from: '', to: '' };

async function pluginOf(
  { configuration }: Company,
  { subscription: name }: Pick<Run, 'subscription'>,
): Promise<ChannelPlugin | undefined> {
  const to = configuration.subscriptions.find((one) => one.name === name)?.to.channel;
  return channelPluginOf(configuration, to);
}

function said(
  people: ReadonlyMap<string, Person>,
  names: ReadonlyMap<string, string>,
  saying: Saying,
  plugin: ChannelPlugin | undefined,
): PreviewedOccasion['sayings'][number] {
  const { channel, room, ...to } = saying.target as {
    readonly channel: string;
    readonly room?: { readonly name: string; readonly members: readonly ('person' | 'managers' | object)[] };
  };
  const person = people.get(saying.subject ?? '');
  const meant = (room?.members ?? []).flatMap((member) => {
    if (member === 'person') return person ?? [];
    if (member === 'managers') return (person?.managers ?? []).flatMap((id) => people.get(id) ?? []);
    const { email } = member as { readonly email: string };
    return [...people.values()].find((one) => one.email === email.toLowerCase()) ?? [];
  });
  const reached = Map.groupBy(meant, (one) => one.identities[channel] !== undefined);
  return {
    delivery: saying.id,
    people: [...new Set(saying.fired.map(({ subject }) => subject))].flatMap(
      (subject) => names.get(subject) ?? [],
    ),
    destination: room
      ? `#${room.name}`
      : [channel, ...(plugin?.shown ? [plugin.shown(to)] : Object.values(to).map(String))].join(' '),
    hear: (reached.get(true) ?? []).map(({ name }) => name),
    deaf: (reached.get(false) ?? []).map(({ name }) => name),
    message: saying.message,
  };
}
