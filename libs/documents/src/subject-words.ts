import type { Rule } from '#domain';

/** What a rule is about, in words. */
export const subjectWords: Readonly<Record<Rule['each'], string>> = {
  person: 'people',
  team: 'teams',
  connection: 'connections',
};
