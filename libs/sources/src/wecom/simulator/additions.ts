import type { LocalDate } from '#domain';
import type { App, Day, Department, Totals, User } from './model.js';

/** What a test adds. Ids are the vendor's own. */
export type NewApp = Pick<App, 'secret'> & Partial<Omit<App, 'secret' | 'revoked'>>;
export type NewDepartment = Pick<Department, 'id' | 'name'> & Partial<Omit<Department, 'id' | 'name'>>;
export type NewUser = Pick<User, 'id' | 'name'> & Partial<Omit<User, 'id' | 'name' | 'number'>>;

export type UserChanges = Partial<Omit<User, 'id' | 'number'>>;
export type DepartmentChanges = Partial<Omit<Department, 'id'>>;

/** What is left out is 0 and empty; the type is `work`. */
export type NewDay = Partial<Day>;
/** What is left out is 0 and empty, apart from `restDays` (the month's other days) and `exceptDays` (as many as there are exceptions). */
export type NewTotals = Partial<Totals>;

export interface Leaving {
  /** The last day: what stands on later ones is taken away. */
  readonly on: LocalDate;
  /** Whether the person stays in the contacts with status 5; by default gone, and unknown to the check-in calls too. */
  readonly listed?: boolean;
}
