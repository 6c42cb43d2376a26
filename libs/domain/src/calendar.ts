import type { HolidayAttributes, LeaveAttributes } from './fact.js';
import type { LocalDate } from './instant.js';
import type { Person } from './person.js';

/** A day that differs from the ordinary week. `share` is the part of the day that is free: 1 the whole, 0.5 a half. */
export interface CalendarDay {
  readonly day: LocalDate;
  readonly name: string;
  readonly share: number;
}

/** A region's or company's calendar, as its owner confirmed it. */
export interface Calendar {
  readonly name: string;
  /** Public holidays. */
  readonly holidays: readonly CalendarDay[];
  /** Days that the company gives beside them. */
  readonly companyDays: readonly CalendarDay[];
  /** Days on which work is due although the week says otherwise (China's moved days). They win over holidays of any source. */
  readonly workingDays: readonly { readonly day: LocalDate; readonly name: string }[];
}

/** What expected hours are made from, for one person, as known at one moment. */
export interface ExpectedHoursInputs {
  readonly person: Person;
  readonly calendar: Calendar | undefined;
  /** Holidays that the sources have for this person. */
  readonly holidays: readonly HolidayAttributes[];
  /** Requests for leave, of any status. */
  readonly leave: readonly LeaveRequest[];
}

/** A request for leave, with the source that has it and its key there: what has the same of both is the same request. */
export interface LeaveRequest extends LeaveAttributes {
  readonly source: string;
  readonly key: string;
}

/** Why a day's expectation changed, in the order in which it was applied. */
export type ExpectationStep =
  | { readonly step: 'contract'; readonly hours: number; readonly workingDay: boolean }
  | { readonly step: 'before-joining' | 'after-leaving'; readonly hours: number }
  | { readonly step: 'working-day-override'; readonly name: string; readonly hours: number }
  | {
      readonly step: 'public-holiday' | 'company-day' | 'source-holiday';
      readonly name: string;
      readonly share: number;
      readonly hours: number;
    }
  | { readonly step: 'leave'; readonly part: LeaveAttributes['part']; readonly hours: number };

/** What was expected of one person on one day, and why. */
export interface ExpectedDay {
  readonly day: LocalDate;
  /** Hours due, never negative. */
  readonly hours: number;
  /** Hours that the day would have asked for without holidays and leave: 0 on what is no working day of this person. */
  readonly contractHours: number;
  /** The share of the working day taken by holidays (0, 0.5, 1), and that taken by approved leave. */
  readonly holidayShare: number;
  readonly leaveShare: number;
  readonly steps: readonly ExpectationStep[];
}
