import type { SlackSimulator } from '#channels/simulators';
import type { LocalDate, Locale } from '#domain';
import type { CompanyPerson } from './company.js';

/** How Slack writes people's languages. */
const locales: Readonly<Record<Locale, string>> = {
  en: 'en-US',
  uk: 'uk-UA',
  ko: 'ko-KR',
  zh: 'zh-CN',
  ru: 'ru-RU',
};

/** Puts the company into Slack as it is today: who is new joins #general, who left is deactivated. Doing it again changes nothing. */
export function fillSlack(slack: SlackSimulator, people: readonly CompanyPerson[], today: LocalDate): void {
  const known = (email: string) => slack.users().find((user) => user.email === email);
  const staff = people.filter((person) => person.inSlack);
  const left = (person: CompanyPerson): boolean => person.left !== undefined && person.left < today;
  for (const person of staff) {
    const user = known(person.email);
    if (!user)
      slack.addUser({
        name: person.name,
        email: person.email,
        zone: person.zone,
        locale: locales[person.locale],
        deleted: left(person),
      });
    else if (!user.deleted && left(person)) slack.deactivateUser(user.id);
  }
  const ids = (those: readonly CompanyPerson[]): string[] =>
    those.flatMap((person) => (left(person) ? [] : (known(person.email)?.id ?? [])));
  const channel = (name: string) => slack.channels().find((one) => one.name === name);
  if (!channel('general')) {
    slack.addChannel({ name: 'general', general: true, members: ids(staff), topic: 'All of Acme' });
    slack.addChannel({
      name: 'leads',
      private: true,
      members: ids(staff.filter((person) => staff.some((other) => other.manager === person.key))),
      purpose: 'Private, and made by people: a bot does not see it',
    });
  }
  const general = channel('general');
  if (general) for (const id of ids(staff)) slack.addMember(general.id, id);
}
