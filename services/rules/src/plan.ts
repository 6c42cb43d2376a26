import { Injectable } from '@nestjs/common';
import { CompanyReader, peopleOf, runnersOf, type Company, type Runner } from '#company';
import {
  calendarWorkingDay,
  compareInstants,
  occurrenceId,
  plannedInstants,
  standsFor,
  type Instant,
  type PlannedInstant,
  type Schedule,
} from '#domain';
import { Queues } from '#queues';
import { faultPoint } from '#runtime';
import { Database, Documents, Occurrences, Troubles, type NewOccurrence, type Occurrence } from '#storage';
import { attributeNames, currentTraceparent, withSpan } from '#telemetry';
import { tellOfRun } from './occurrence-troubles.js';

const AHEAD_HOURS = 48;
/** A shift over days off moves an occurrence by no more than this. */
const SHIFTED_HOURS = 21 * 24;
/** One that is late by up to so much is caught up, else missed. */
export const LATE_HOURS = 12;

/** The people of one zone (and calendar, where days are shifted by it) share an occurrence. */
export interface Group {
  readonly zone: string;
  readonly calendar: string;
}

interface Planned {
  readonly runner: Runner;
  readonly group: Group;
  readonly instant: PlannedInstant;
  readonly manual: boolean;
}

/** Plans occurrences: rows before they happen. Whoever inserts first wins, so any number of processes may plan. */
@Injectable()
export class Plan {
  constructor(
    private readonly database: Database,
    private readonly companies: CompanyReader,
    private readonly documents: Documents,
    private readonly occurrences: Occurrences,
    private readonly troubles: Troubles,
    private readonly queues: Queues,
  ) {}

  /**
   * Plans what is due in the next 48 hours, and what came due since the last plan. What was planned by a schedule that is another by now is
   * given up, and what nobody came for in time is missed.
   */
  async ahead(): Promise<void> {
    const company = await this.companies.fresh();
    const to = company.asOf.add({ hours: AHEAD_HOURS });
    const planned: Planned[] = [];
    for (const runner of runnersOf(company.configuration)) {
      const { schedule } = runner;
      const stillPlanned: string[] = [];
      for (const group of groupsOf(company, runner)) {
        const { from, due } = await this.#since(company, runner, group);
        stillPlanned.push(
          ...plannedInstants(
            schedule,
            group.zone,
            company.asOf.subtract({ hours: SHIFTED_HOURS }),
            to,
            workingDay(company, group),
          ).map((instant) => idOf({ runner, group, instant })),
        );
        planned.push(
          ...plannedInstants(schedule, group.zone, from, to, workingDay(company, group))
            .filter((instant) => compareInstants(instant.due, due) >= 0)
            .map((instant) => ({ runner, group, instant, manual: false })),
        );
      }
      await this.occurrences.forgetPlanned(runner.name, stillPlanned);
    }
    await this.#plan(company, planned);
    await this.database.transaction(async (tx) => {
      for (const missed of await this.occurrences.miss(LATE_HOURS * 3_600_000, tx))
        await tellOfRun(this.troubles, company, missed, { reason: 'missed' }, tx);
    });
  }

  /** Makes, for each schedule of these subscriptions, the occurrence of the planned instant that `at` stands for. Returns the ids. */
  async now(subscriptions: readonly string[] | undefined, at?: Instant): Promise<readonly string[]> {
    const company = await this.companies.fresh();
    const planned: Planned[] = [];
    for (const runner of runnersOf(company.configuration)) {
      if (subscriptions && !subscriptions.includes(runner.name)) continue;
      for (const group of groupsOf(company, runner)) {
        const instant = standsFor(
          runner.schedule,
          group.zone,
          at ?? company.asOf,
          workingDay(company, group),
        );
        if (!instant) continue;
        const due = earlier(instant.due, company.asOf);
        planned.push({ runner, group, instant: { ...instant, due }, manual: true });
      }
    }
    await this.#plan(company, planned);
    // A table may be written again: what is the same is left alone there.
    await this.occurrences.wake(planned.filter(({ runner }) => runner.kind === 'Forward').map(idOf));
    return planned.map(idOf);
  }

  /** Takes what came due since the last run, the newest of each schedule, however late: for one-shot runs. Returns the ids. */
  async dueSinceLastRun(): Promise<readonly string[]> {
    await this.companies.fresh();
    await this.ahead();
    return this.occurrences.takeNewestDue();
  }

  async #plan(company: Company, planned: readonly Planned[]): Promise<void> {
    const known = new Set(await this.occurrences.known(planned.map(idOf)));
    const wanted = new Map(
      planned.filter((one) => one.manual || !known.has(idOf(one))).map((one) => [idOf(one), one]),
    );
    const rows: NewOccurrence[] = [];
    for (const [id, { runner, group, instant, manual }] of wanted) {
      // The occurrence owns the trace: everything that is done for it belongs there, whichever process does it.
      const traceparent = await withSpan(
        'occurrence',
        { attributes: { [attributeNames.subscription]: runner.name, [attributeNames.zone]: group.zone } },
        () => currentTraceparent(),
      );
      rows.push({
        id,
        subscription: runner.name,
        zone: group.zone,
        calendar: group.calendar,
        nominalAt: instant.nominal,
        dueAt: instant.due,
        untilAt: later(instant.due, manual ? company.asOf : instant.due).add({
          milliseconds: runner.untilMs,
        }),
        manual,
        ...(traceparent === undefined ? {} : { traceparent }),
      });
    }
    const fresh = new Set(await this.occurrences.plan(rows));
    if (fresh.size === 0) return;
    await faultPoint('occurrence.planned');
    await this.queues.ringMany(
      'evaluate',
      rows
        .filter(({ id }) => fresh.has(id))
        .map(({ id, dueAt }) => ({
          job: { v: 1, occurrenceId: id },
          jobId: id,
          delayMs: Math.max(0, dueAt.epochMilliseconds - company.asOf.epochMilliseconds),
        })),
    );
  }

  async #since(
    company: Company,
    { kind, name, schedule }: Runner,
    group: Group,
  ): Promise<{ readonly from: Instant; readonly due: Instant }> {
    const [known, last] = await Promise.all([
      this.documents.unchangedSince(kind, name, 'schedule'),
      this.occurrences.lastPlanned(name, group.zone, group.calendar),
    ]);
    return plannedSince({ known: known ?? company.asOf, last, now: company.asOf, schedule });
  }
}

/**
 * From when on a group is planned: nominal from `from` on, and due from `due` on. A schedule starts at its next occurrence, and goes on from
 * the last one that was planned, so that those nobody came for are on the books as missed. A group that is new, since somebody has come to
 * its zone, has missed nothing: of it only what can still be caught up is planned.
 */
export function plannedSince(group: {
  /** Since when the schedule is as it is. */
  readonly known: Instant;
  /** The nominal instant of the last one that was planned. */
  readonly last: Instant | undefined;
  readonly now: Instant;
  readonly schedule: Schedule;
}): { readonly from: Instant; readonly due: Instant } {
  const { known, last, now, schedule } = group;
  if (last) {
    const from = later(known, earlier(last, now));
    return { from, due: from };
  }
  const due = now.subtract({ hours: LATE_HOURS });
  const from = schedule.shift === undefined ? due : due.subtract({ hours: SHIFTED_HOURS });
  return { from: later(known, from), due };
}

/** Whether the schedule of today still plans an occurrence: its instant, for its zone and by its calendar. */
export function isStillPlanned(
  company: Company,
  occurrence: Pick<Occurrence, 'subscription' | 'zone' | 'calendar' | 'nominal_at'>,
): boolean {
  const runner = runnersOf(company.configuration).find(({ name }) => name === occurrence.subscription);
  if (!runner) return false;
  const { schedule } = runner;
  const { zone, calendar, nominal_at: nominal } = occurrence;
  const fits =
    schedule.timezone === 'person'
      ? schedule.shift !== undefined || calendar === ''
      : groupsOf(company, runner).some((one) => one.zone === zone && one.calendar === calendar);
  return fits && plannedInstants(schedule, zone, nominal, nominal.add({ milliseconds: 1 })).length > 0;
}

/** The zones (and calendars, where days are shifted by them) for which a schedule has occurrences of its own. */
export function groupsOf(
  company: Company,
  { name, schedule }: Pick<Runner, 'name' | 'schedule'>,
): readonly Group[] {
  const shifted = schedule.shift === 'nextWorkingDay';
  if (schedule.timezone !== 'person') {
    const calendar =
      company.configuration.calendars.find(({ for: reach }) => reach.zones.includes(schedule.timezone)) ??
      company.configuration.calendars.find(({ for: reach }) => reach.default);
    return [{ zone: schedule.timezone, calendar: shifted ? (calendar?.name ?? '') : '' }];
  }
  const people = peopleOf(company, { subscription: name, zone: '', calendar: '' }, 'any zone');
  const groups = new Map<string, Group>();
  for (const person of people) {
    const group = { zone: person.zone, calendar: shifted ? (person.calendar ?? '') : '' };
    groups.set(`${group.zone} ${group.calendar}`, group);
  }
  return [...groups.values()].toSorted((one, other) =>
    one.zone + one.calendar < other.zone + other.calendar ? -1 : 1,
  );
}

const workingDay = (company: Company, group: Group): ((day: string) => boolean) => {
  const calendar = company.configuration.calendars.find(({ name }) => name === group.calendar);
  return (day) => calendarWorkingDay(calendar, day);
};

const idOf = (one: Omit<Planned, 'manual'>): string =>
  occurrenceId({
    subscription: one.runner.name,
    zone: one.group.zone,
    calendar: one.group.calendar,
    nominal: one.instant.nominal,
  });

const earlier = (one: Instant, other: Instant): Instant => (compareInstants(one, other) < 0 ? one : other);
const later = (one: Instant, other: Instant): Instant => (compareInstants(one, other) > 0 ? one : other);
