import {
  compareInstants,
  isState,
  looksAtState,
  windowOf,
  workspaceDefaults,
  type Forward,
  type Instant,
  type Need,
  type Person,
  type Rule,
  type Subscription,
  type TimeWindow,
  type Weekday,
} from '#domain';
import type { Occurrence } from '#storage';
import type { Company } from './company.js';
import { connectionsOf } from './connections.js';
import { isPlaced, ownersPlace } from './owners-place.js';
import { forwardOf, periodOf, runnersOf } from './runs.js';

/** How old a chat workspace's list of members may be when rooms are about to be made from it. */
const directoryAgeMs = 12 * 3_600_000;

/** What an occurrence needs to be decided: of one system, over one window (people have none), how complete. */
export interface Want {
  readonly system: string;
  readonly what: 'facts' | 'people';
  readonly window: TimeWindow | undefined;
  /** A complete pull must have begun at or after this instant. */
  readonly begunAfter: Instant;
  /** Whether how things stand is read, which every pull reads as a whole, whatever its window. */
  readonly isState: boolean;
  readonly askedBy: string;
  readonly traceparent: string | undefined;
}

/** The people an occurrence is about: those whose zone (and calendar, where days are shifted by it) it was planned for. */
export function peopleOf(
  company: Company,
  occurrence: Pick<Occurrence, 'zone' | 'calendar' | 'subscription'>,
  where: 'this zone' | 'any zone' = 'this zone',
): readonly Person[] {
  const subscription = company.configuration.subscriptions.find(
    (one) => one.name === occurrence.subscription,
  );
  if (!subscription) return [];
  const perPerson = where === 'this zone' && subscription.schedule?.timezone === 'person';
  const perCalendar = perPerson && subscription.schedule?.shift !== undefined;
  return company.people.filter(
    (person) =>
      person.active &&
      (!perPerson || person.zone === occurrence.zone) &&
      (!perCalendar || (person.calendar ?? '') === occurrence.calendar) &&
      (subscription.for?.team === undefined || person.teams.includes(subscription.for.team)) &&
      (subscription.for?.person === undefined || person.email === subscription.for.person),
  );
}

/**
 * From when the ages of sources are counted: when the occurrence was due, or where it was asked for by hand after that, when it was asked for.
 * `until` runs from the same moment, which is where it can be read from.
 */
export function agesCountFrom(
  { configuration }: Company,
  occurrence: Pick<Occurrence, 'subscription' | 'due_at' | 'until_at' | 'manual'>,
): Instant {
  const runner = runnersOf(configuration).find(({ name }) => name === occurrence.subscription);
  if (!occurrence.manual || !runner) return occurrence.due_at;
  const asked = occurrence.until_at.subtract({ milliseconds: runner.untilMs });
  return compareInstants(asked, occurrence.due_at) > 0 ? asked : occurrence.due_at;
}

/** What of an occurrence tells what it needs; also one that was never planned has it. */
export type Run = Pick<
  Occurrence,
  | 'id'
  | 'subscription'
  | 'zone'
  | 'calendar'
  | 'nominal_at'
  | 'due_at'
  | 'until_at'
  | 'manual'
  | 'traceparent'
>;

/** Over which window a source must have been read, and when that read must have begun at the earliest. */
export interface Demand {
  readonly window: TimeWindow;
  readonly begunAfter: Instant;
}

/**
 * What a rule demands of a source over its window. `closed` is a read after the window has closed; an age counts back from `agesFrom`. Where
 * the rule looks at the moment, an age makes that earlier instant the window: whatever was read after it will do, be it asked for or by the
 * source's own schedule.
 */
export function demandOf(
  { over }: Pick<Rule, 'over'>,
  need: Need,
  window: TimeWindow,
  agesFrom: Instant,
): Demand {
  if ('closed' in need) return { window, begunAfter: window.to };
  const begunAfter = agesFrom.subtract({ milliseconds: need.maxAgeMs });
  return { window: over === 'latest' ? { from: begunAfter, to: begunAfter } : window, begunAfter };
}

/** What the rules of an occurrence need before they can be decided, and what its rooms need. */
export function wantsOf(company: Company, occurrence: Run): readonly Want[] {
  const { configuration } = company;
  const forward = forwardOf(configuration, occurrence);
  if (forward) return [wantOf(company, occurrence, forward)];
  const subscription = configuration.subscriptions.find((one) => one.name === occurrence.subscription);
  if (!subscription) return [];
  const wants = new Map<string, Want>();
  const people = peopleOf(company, occurrence);
  for (const rule of configuration.rules.filter((one) => subscription.rules.includes(one.name))) {
    const windows = periodsOf(rule, occurrence, people).map(
      ({ zone, weekStart }) => windowOf(rule.over, occurrence.nominal_at, zone, weekStart).window,
    );
    const period = hull(windows);
    for (const [system, need] of Object.entries(rule.needs)) {
      const { window, begunAfter } = demandOf(rule, need, period, agesCountFrom(company, occurrence));
      const known = wants.get(system);
      wants.set(system, {
        system,
        what: 'facts',
        window: known?.window ? hull([known.window, window]) : window,
        begunAfter:
          known && compareInstants(known.begunAfter, begunAfter) > 0 ? known.begunAfter : begunAfter,
        isState: looksAtState(rule) || (known?.isState ?? false),
        askedBy: `occurrence ${occurrence.id}`,
        traceparent: occurrence.traceparent ?? undefined,
      });
    }
  }
  for (const system of channelsWithRooms(company, subscription)) {
    wants.set(`people of ${system}`, {
      system,
      what: 'people',
      window: undefined,
      begunAfter: company.asOf.subtract({ milliseconds: directoryAgeMs }),
      isState: false,
      askedBy: `occurrence ${occurrence.id}`,
      traceparent: occurrence.traceparent ?? undefined,
    });
  }
  return [...wants.values()];
}

/** In which channels it is said in rooms, which are made of the people there. */
function channelsWithRooms(company: Company, subscription: Subscription): ReadonlySet<string> {
  const places = isPlaced(subscription)
    ? [subscription]
    : connectionsOf(company).flatMap(({ owner }) => ownersPlace(company, owner) ?? []);
  return new Set(places.flatMap(({ to }) => (to.room ? [to.channel] : [])));
}

/** A forward needs one source, over one window. */
function wantOf(company: Company, occurrence: Run, forward: Forward): Want {
  const { window } = periodOf(forward, occurrence);
  return {
    system: forward.source,
    what: 'facts',
    ...demandOf(forward, forward.needs, window, agesCountFrom(company, occurrence)),
    isState: isState(forward.facts),
    askedBy: `occurrence ${occurrence.id}`,
    traceparent: occurrence.traceparent ?? undefined,
  };
}

/** In which zones and weeks its period lies: those of the people whom the rule is about; else those of the schedule and the workspace. */
function periodsOf(
  { each }: Pick<Rule, 'each'>,
  occurrence: Run,
  people: readonly Person[],
): readonly { readonly zone: string; readonly weekStart: Weekday }[] {
  const all = each === 'person' ? people.map(({ zone, weekStart }) => ({ zone, weekStart })) : [];
  const different = new Map(all.map((one) => [`${one.zone} ${one.weekStart}`, one]));
  return different.size > 0
    ? [...different.values()]
    : [{ zone: occurrence.zone, weekStart: workspaceDefaults.weekStart }];
}

/** The smallest window that holds all of these. */
export function hull(windows: readonly TimeWindow[]): TimeWindow {
  const [first, ...others] = windows;
  if (!first) throw new RangeError('no window to hold');
  return others.reduce(
    (all, one) => ({
      from: compareInstants(one.from, all.from) < 0 ? one.from : all.from,
      to: compareInstants(one.to, all.to) > 0 ? one.to : all.to,
    }),
    first,
  );
}
