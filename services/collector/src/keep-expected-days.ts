import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { calendarOf, CompanyReader, type Company } from '#company';
import {
  addDays,
  expectedDays,
  compareInstants,
  localDate,
  windowOfDays,
  type CalendarDay,
  type DateRange,
  type HolidayAttributes,
  type Instant,
  type LeaveRequest,
  type Person,
} from '#domain';
import { faultPoint } from '#runtime';
import {
  attributesOf,
  Database,
  ExpectedDays,
  Occurrences,
  Pulls,
  Retention,
  type KeptDay,
  type PersonDays,
  type StoredFact,
} from '#storage';
import { correctionsSince } from './corrections.js';

type Said = Pick<StoredFact, 'source' | 'kind' | 'key' | 'attributes'>;

/**
 * How far back and ahead of today expected hours are kept, in days: further back where facts were read further back in the last month, since
 * they are worth nothing without, but never further than `furthest`. Days that are beyond by now stay as they are.
 */
export const reach = { back: 120, furthest: 731, ahead: 60 } as const;
/** What was read longer ago was looked at by now, or is read again. */
const READ_WITHIN_DAYS = 31;

/** People whose days are written together: a reader that fixes a moment waits for no longer than that. */
const CHUNK = 25;
/** Raised when days are made in another way than before: then all are made again. */
const EDITION = 2;

/** Keeps expected hours as rows whenever something they are made from has changed. Any number of processes may do it. */
@Injectable()
export class KeepExpectedDays {
  #running = Promise.resolve();
  #next: Promise<void> | undefined;

  constructor(
    private readonly database: Database,
    private readonly companies: CompanyReader,
    private readonly expected: ExpectedDays,
    private readonly pulls: Pulls,
    private readonly occurrences: Occurrences,
    private readonly retention: Retention,
  ) {}

  /** Whether the days that are kept are older than the configuration, the newest facts, or today. */
  async stale(): Promise<boolean> {
    const now = await this.database.now();
    const [company, made] = await Promise.all([this.companies.current(), this.expected.madeFrom(now)]);
    if (company.revision === 0) return false;
    if (!made || made.configuration < company.revision) return true;
    if (localDate(made.asOf, 'UTC') < localDate(now, 'UTC')) return true;
    return made.lastCompleted !== undefined && compareInstants(made.lastCompleted, made.asOf) > 0;
  }

  /** Makes and keeps them all, as far as they reach, by what is known when it is asked or later. */
  keep(): Promise<void> {
    // Whoever asks while they are being made needs the next time, and all who ask meanwhile the same one.
    this.#next ??= this.#running
      .catch(() => undefined)
      .then(() => {
        this.#next = undefined;
        this.#running = this.expected.exclusively(() => this.#keep());
        return this.#running;
      });
    return this.#next;
  }

  async #keep(): Promise<void> {
    const asOf = await this.database.asOf();
    if (!(await this.expected.begin(asOf))) return;
    const company = await this.companies.asOf(asOf);
    const [read, factsSince] = [
      await this.pulls.readBackTo(asOf, READ_WITHIN_DAYS),
      await this.retention.factsSince(),
    ];
    const dates = datesFrom(asOf, read, factsSince);
    const facts = await attributesOf(
      this.database,
      company.configuration.sources.map(({ name }) => name),
      ['leave', 'holiday'],
      windowOfDays({ from: addDays(dates.from, -1), to: addDays(dates.to, 1) }, 'UTC'),
      asOf,
    );
    const bySubject = Map.groupBy(facts, (fact) => `${fact.source}\n${fact.subject}`);
    const made = await this.expected.grounds();
    const groundOf = groundsOf(company);
    let chunk: PersonDays[] = [];
    for (const person of company.people) {
      const own = Object.entries(person.identities).flatMap(
        ([system, id]) => bySubject.get(`${system}\n${id}`) ?? [],
      );
      const ground = groundOf(person, own);
      const known = made.get(person.id);
      const missing = known?.ground === ground ? beyond(known.dates, dates) : dates;
      if (!missing) continue;
      chunk.push({ person: person.id, ground, dates, days: daysOfPerson(company, person, own, missing) });
      if (chunk.length < CHUNK) continue;
      if (!(await this.#write(asOf, chunk))) return;
      chunk = [];
    }
    if (chunk.length > 0 && !(await this.#write(asOf, chunk))) return;
    await faultPoint('expected.kept');
    await this.expected.finish({ configuration: company.revision, asOf });
  }

  /** What was said on days that are others now is looked at again, and what is held for want of them. */
  #write(asOf: Instant, people: readonly PersonDays[]): Promise<boolean> {
    return this.expected.keep(asOf, people, async (tx, corrected) => {
      await this.occurrences.wakeAfterPull(
        corrected && {
          since: correctionsSince(asOf),
          window: windowOfDays({ from: addDays(corrected.from, -1), to: addDays(corrected.to, 1) }, 'UTC'),
        },
        tx,
      );
    });
  }
}

/**
 * The days that are kept where facts were read back to `read`, which zones see as one day or the next; none of the time of which facts were
 * removed.
 */
export const datesFrom = (asOf: Instant, read: Instant | undefined, factsSince?: Instant): DateRange => {
  const today = localDate(asOf, 'UTC');
  const usual = addDays(today, -reach.back);
  const furthest = addDays(today, -reach.furthest);
  const wanted = read ? addDays(localDate(read, 'UTC'), -1) : usual;
  const reached = wanted < furthest ? furthest : wanted < usual ? wanted : usual;
  const first = factsSince ? addDays(localDate(factsSince, 'UTC'), 2) : reached;
  const from = first > reached ? first : reached;
  return { from, to: addDays(today, reach.ahead) };
};

/** What of the range was not made yet, as one range; undefined where all of it was. */
const beyond = (made: DateRange, wanted: DateRange): DateRange | undefined => {
  if (made.from <= wanted.from && wanted.to <= made.to) return undefined;
  if (made.from <= wanted.from && wanted.from < made.to) return { from: made.to, to: wanted.to };
  return wanted;
};

function daysOfPerson(
  company: Company,
  person: Person,
  facts: readonly Said[],
  range: DateRange,
): readonly KeptDay[] {
  const calendar = calendarOf(company, person);
  const holidays = facts
    .filter((fact) => fact.kind === 'holiday')
    .map((fact) => fact.attributes as unknown as HolidayAttributes);
  const leave = facts
    .filter((fact) => fact.kind === 'leave')
    .map(({ source, key, attributes }) => ({ ...attributes, source, key }) as unknown as LeaveRequest);
  const publicHolidays = new Map<string, CalendarDay>(
    (calendar?.holidays ?? []).map((one) => [one.day, one]),
  );
  const covers = (one: { readonly firstDay: string; readonly lastDay: string }, day: string): boolean =>
    one.firstDay <= day && day <= one.lastDay;
  return expectedDays({ person, calendar, holidays, leave }, range).map((expected) => {
    const holiday = publicHolidays.get(expected.day);
    const known =
      holidays.some((one) => covers(one, expected.day)) ||
      leave.some((one) => one.status === 'approved' && covers(one, expected.day));
    const missing =
      holiday !== undefined && expected.contractHours > 0 && expected.holidayShare > 0 && !known;
    return { person: person.id, expected, missingHoliday: missing ? holiday.name : undefined };
  });
}

/** Everything a person's days are made from but the range, as one hash. */
function groundsOf(company: Company): (person: Person, facts: readonly Said[]) => string {
  // Calendars are long and shared by many.
  const calendars = new Map(
    company.configuration.calendars.map((calendar) => [calendar.name, hashOf(JSON.stringify(calendar))]),
  );
  return (person, facts) =>
    hashOf(
      JSON.stringify([
        EDITION,
        person.workingDays,
        person.dailyHours,
        person.joined,
        person.left,
        calendars.get(calendarOf(company, person)?.name ?? ''),
        facts.map((fact) => [fact.source, fact.kind, fact.key, fact.attributes]),
      ]),
    );
}

const hashOf = (text: string): string => createHash('sha256').update(text).digest('base64url');
