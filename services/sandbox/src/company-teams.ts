import type { Locale } from '#domain';
import { staff, type CompanyPerson } from './company-people.js';

/** An engineering team of Acme. */
export interface CompanyTeam {
  /** As documents name it. */
  readonly name: string;
  /** As people call it, and what its group in Vtiger and its Space are called. */
  readonly title: string;
  /** In which its people write. */
  readonly locale: Locale;
  /** A key of the staff. */
  readonly lead: string;
  /** New issues on a working day, on average. */
  readonly issuesADay: number;
}

/** Four of them, named after cars: people are easier to tell apart from teams that way. */
export const teams: readonly CompanyTeam[] = [
  { name: 'ferrari', title: 'Ferrari', locale: 'uk', lead: 'bohdan', issuesADay: 2.1 },
  { name: 'porsche', title: 'Porsche', locale: 'en', lead: 'erika', issuesADay: 1.4 },
  { name: 'tesla', title: 'Tesla', locale: 'ko', lead: 'haneul', issuesADay: 1.8 },
  { name: 'volvo', title: 'Volvo', locale: 'zh', lead: 'shili', issuesADay: 1 },
];

/** The lead first, then whoever reports to the lead; interns are not assigned any issues. */
export const membersOf = ({ lead }: CompanyTeam): readonly CompanyPerson[] => [
  ...staff.filter(({ key }) => key === lead),
  ...staff.filter(({ manager }) => manager === lead),
];
