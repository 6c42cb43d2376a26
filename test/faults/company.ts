import { Temporal } from 'temporal-polyfill';
import { SlackSimulator, WebhookSimulator } from '#channels/simulators';
import { ClockifySimulator } from '#sources/simulators';
import type { Random } from './random.js';

/** Two zones whose clocks change on different days. */
export const zones = ['Europe/Kyiv', 'America/New_York'] as const;
export type Zone = (typeof zones)[number];

export interface Worker {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly slug: string;
  readonly zone: Zone;
}

/** What was true of one person's week: every sum of hours that ever stood there whole, the last of them now. */
export interface WorkedWeek {
  readonly worker: Worker;
  readonly entries: { readonly id: string; readonly minutes: number }[];
  readonly hours: number[];
}

/** What is to be said about a week, worked out from the entries alone. */
export interface Week {
  /** Its Monday, `YYYY-MM-DD`. */
  readonly monday: string;
  readonly workers: readonly WorkedWeek[];
}

/** Below this something is due; what is expected is more. */
export const THRESHOLD = 25;
const EXPECTED = 40;

const names = [
  'Olena Kovalenko',
  'Nadia Petrenko',
  'Taras Melnyk',
  'Iryna Shevchuk',
  'Alice Baker',
  'Bob Carter',
  'Carol Dixon',
  'Dave Ellis',
] as const;

/** A small company with its simulated vendors. What people log is drawn; what is due from that is known here, without asking the product. */
export class Company {
  readonly clockify: ClockifySimulator;
  readonly slack: SlackSimulator;
  readonly webhook: WebhookSimulator;
  readonly workspaceId: string;
  readonly workers: readonly Worker[];
  readonly key = 'clockify-key-of-the-faults';

  constructor(now: () => Date) {
    this.clockify = new ClockifySimulator({ now, reportsShowType: true });
    this.slack = new SlackSimulator({ now, limits: 'none' });
    this.webhook = new WebhookSimulator({ now });
    this.workspaceId = this.clockify.addWorkspace({ name: 'Acme' });
    const owner = this.clockify.addUser({
      email: 'key@acme.example',
      name: 'Key Owner',
      zone: zones[0],
      role: 'WORKSPACE_OWN',
      workingDays: [],
    });
    this.clockify.addKey(this.key, owner);
    this.slack.addUser({ email: 'key@acme.example', name: 'Key Owner' });
    this.slack.addUser({ email: 'ops@acme.example', name: 'Ops' });
    this.workers = names.map((name, index) => {
      const slug = name.toLowerCase().replace(' ', '-');
      const email = `${slug}@acme.example`;
      const zone = zones[index % zones.length] ?? zones[0];
      this.slack.addUser({ email, name });
      return { id: this.clockify.addUser({ email, name, zone }), name, email, slug, zone };
    });
  }

  /** Everybody logs a week: somewhat more than half of them too little. Entries are on weekdays and, as a trap, just outside the week. */
  work(monday: string, random: Random): Week {
    return { monday, workers: this.workers.map((worker) => this.#workOf(worker, monday, random)) };
  }

  #workOf(worker: Worker, monday: string, random: Random): WorkedWeek {
    const logged = { worker, entries: [] as { id: string; minutes: number }[], hours: [] as number[] };
    const isLow = random.chance(0.6);
    // Hours differ from week to week, so that no message is taken for another week's.
    const longest = isLow ? 9 : 17;
    for (let day = 0; day < 5; day += 1) {
      const halves = isLow ? random.int(0, longest) : random.int(11, longest);
      if (halves > 0) logged.entries.push(this.#enter(worker, monday, day, '10:00', halves * 30));
    }
    // The first moment of the week belongs to it, the last half hour before it and the first after it do not.
    if (random.chance(0.5)) logged.entries.push(this.#enter(worker, monday, 0, '00:00', 30));
    if (random.chance(0.5)) this.#enter(worker, monday, -1, '23:30', 60);
    logged.hours.push(sum(logged.entries));
    return logged;
  }

  /** Somebody enters half an hour more, on a Wednesday evening: not so much that nothing would be due any more. */
  enterLate(week: Week, { worker, entries, hours }: WorkedWeek): void {
    entries.push(this.#enter(worker, week.monday, 2, '20:00', 30));
    hours.push(sum(entries));
  }

  /** The entry is made shorter by a quarter of an hour. */
  shorten({ entries, hours }: WorkedWeek, index: number): void {
    const entry = entries[index];
    if (entry === undefined || entry.minutes <= 15) throw new RangeError('there is no such entry');
    const minutes = entry.minutes - 15;
    const start = this.#startOf(entry.id);
    this.clockify.editEntry(entry.id, { end: start.add({ minutes }).toString() });
    entries[index] = { id: entry.id, minutes };
    hours.push(sum(entries));
  }

  remove({ entries, hours }: WorkedWeek, index: number): void {
    const [gone] = entries.splice(index, 1);
    if (gone === undefined) throw new RangeError('there is no such entry');
    this.clockify.deleteEntry(gone.id);
    this.#starts.delete(gone.id);
    hours.push(sum(entries));
  }

  /** How many entries there are that begin in [from, to). */
  entriesIn(from: Temporal.Instant, to: Temporal.Instant): number {
    return [...this.#starts.values()].filter(
      (start) => Temporal.Instant.compare(start, from) >= 0 && Temporal.Instant.compare(start, to) < 0,
    ).length;
  }

  readonly #starts = new Map<string, Temporal.Instant>();

  #startOf(id: string): Temporal.Instant {
    const start = this.#starts.get(id);
    if (start === undefined) throw new RangeError('there is no such entry');
    return start;
  }

  #enter(
    worker: Worker,
    monday: string,
    day: number,
    time: string,
    minutes: number,
  ): { id: string; minutes: number } {
    const start = Temporal.PlainDate.from(monday)
      .add({ days: day })
      .toZonedDateTime({ timeZone: worker.zone, plainTime: time })
      .toInstant();
    const end = start.add({ minutes });
    const id = this.clockify.addEntry({ userId: worker.id, start: start.toString(), end: end.toString() });
    this.#starts.set(id, start);
    return { id, minutes };
  }
}

export const isDue = ({ hours }: WorkedWeek): boolean => {
  const last = hours.at(-1) ?? 0;
  return last < THRESHOLD && last < EXPECTED;
};

const sum = (entries: readonly { readonly minutes: number }[]): number =>
  entries.reduce((total, { minutes }) => total + minutes, 0) / 60;
