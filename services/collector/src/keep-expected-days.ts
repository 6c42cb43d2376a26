import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { calendarOf, CompanyReader, type Company } from '#company';
import {
  addDays,
  expectedDays,
  localDate,
  windowOfDays,
  type CalendarDay,
  type DateRange,
  type HolidayAttributes,
  type LeaveAttributes,
  type Person,
} from '#domain';
import { faultPoint } from '#runtime';
import { Database, ExpectedDays, factsOf, Pulls, type KeptDay, type StoredFact } from '#storage';

/** How far back and ahead of today expected hours are kept. */
const DAYS_BACK = 120;
const DAYS_AHEAD = 60;

/** Keeps expected hours as rows whenever something they are made from has changed. */
@Injectable()
export class KeepExpectedDays {
  /** What each person's days were last made from by this process, so that only what differs is made again. */
  readonly #made = new Map<string, string>();

  constructor(
    private readonly database: Database,
    private readonly companies: CompanyReader,
    private readonly expected: ExpectedDays,
    private readonly pulls: Pulls,
  ) {}

  /** Whether the days that are kept are older than the configuration, the newest facts, or yesterday. */
  async stale(): Promise<boolean> {
    const now = await this.database.now();
    const [company, made, completed] = await Promise.all([
      this.companies.current(),
      this.expected.madeFrom(now),
      this.pulls.lastCompleted(),
    ]);
    if (company.revision === 0) return false;
    if (!made || made.configuration < company.revision) return true;
    return completed ? completed.epochNanoseconds > made.asOf.epochNanoseconds : false;
  }

  /** Makes and keeps them all, for 120 days back and 60 ahead. */
  async keep(): Promise<void> {
    const asOf = await this.database.asOf();
    const company = await this.companies.asOf(asOf);
    const today = localDate(asOf, 'UTC');
    const range = { from: addDays(today, -DAYS_BACK), to: addDays(today, DAYS_AHEAD) };
    const facts = await factsOf(
      this.database,
      ['leave', 'holiday'],
      windowOfDays({ from: addDays(range.from, -1), to: addDays(range.to, 1) }, 'UTC'),
      asOf,
    );
    const bySubject = Map.groupBy(facts, (fact) => `${fact.source}\n${fact.subject}`);
    const made = new Map<string, string>();
    const days: KeptDay[] = [];
    for (const person of company.people) {
      const own = Object.entries(person.identities).flatMap(
        ([system, id]) => bySubject.get(`${system}\n${id}`) ?? [],
      );
      const ground = groundOf(company, person, own, range);
      if (this.#made.get(person.id) !== ground) days.push(...daysOfPerson(company, person, own, range));
      made.set(person.id, ground);
    }
    await this.expected.keep(days, { configuration: company.revision, asOf });
    await faultPoint('expected.kept');
    this.#made.clear();
    for (const [person, ground] of made) this.#made.set(person, ground);
  }
}

function daysOfPerson(
  company: Company,
  person: Person,
  facts: readonly StoredFact[],
  range: DateRange,
): readonly KeptDay[] {
  const calendar = calendarOf(company, person);
  const holidays = facts
    .filter((fact) => fact.kind === 'holiday')
    .map((fact) => fact.attributes as unknown as HolidayAttributes);
  const leave = facts
    .filter((fact) => fact.kind === 'leave')
    .map((fact) => fact.attributes as unknown as LeaveAttributes);
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

/** Everything a person's days are made from, as one hash. */
const groundOf = (company: Company, person: Person, facts: readonly StoredFact[], range: DateRange): string =>
  createHash('sha256')
    .update(
      JSON.stringify([
        range,
        person.workingDays,
        person.dailyHours,
        person.joined,
        person.left,
        calendarOf(company, person),
        facts.map((fact) => [fact.kind, fact.key, fact.attributes]),
      ]),
    )
    .digest('base64url');
