import { ownersPlace, peopleOf, type Company } from '#company';
import {
  compileRule,
  exceptionFor,
  isSubject,
  localDate,
  personSubject,
  teamSubject,
  connectionSubject,
  windowOf,
  workspaceDefaults,
  type Person,
  type Team,
  type Connection,
  type Rule,
} from '#domain';

/** What keeps a rule from looking at somebody, as things stand now. Empty where nothing does. */
export function whatIsInTheWay(company: Company, person: Person, ruleName: string): readonly string[] {
  const { configuration, asOf } = company;
  const rule = configuration.rules.find(({ name }) => name === ruleName);
  if (!rule) return [`the rule ${ruleName} is gone; it decided only in the past`];
  const reasons: string[] = [];
  const subscriptions = configuration.subscriptions.filter(({ rules }) => rules.includes(ruleName));
  if (subscriptions.length === 0) reasons.push(`no subscription has the rule ${ruleName}`);
  if (!person.active) return [...reasons, `${person.name} is not active in any source`];
  if (
    subscriptions.length > 0 &&
    !subscriptions.some((one) =>
      peopleOf(company, { subscription: one.name, zone: '', calendar: '' }, 'any zone').some(
        ({ id }) => id === person.id,
      ),
    )
  )
    reasons.push(
      `no subscription with the rule ${ruleName} is for ${person.name}: ${subscriptions
        .map(
          ({ name, for: of }) =>
            `${name} is for ${of?.team ? `the team ${of.team}` : (of?.person ?? 'everybody')}`,
        )
        .join(', ')}`,
    );
  for (const source of Object.keys(rule.needs))
    if (person.identities[source] === undefined)
      reasons.push(`${person.name} is not known in ${source}, which the rule needs`);
  const subject = personSubject(person);
  const { dates } = windowOf(rule.over, asOf, person.zone, person.weekStart);
  const { where, ...everybody } = rule;
  if (!isSubject(compileRule(everybody), subject, dates))
    reasons.push(
      person.joined !== undefined && person.joined >= dates.to
        ? `${person.name} joined on ${person.joined}, after the days in question`
        : `${person.name} left on ${person.left ?? ''}, before the days in question`,
    );
  else if (!isSubject(compileRule(rule), subject, dates))
    reasons.push(`the rule is only about people where ${where ?? ''}`);
  const exception = exceptionFor(configuration.exceptions, rule.name, subject, localDate(asOf, person.zone));
  if (exception?.exempt)
    reasons.push(
      `exempt by the document Exception ${exception.name}${exception.until === undefined ? '' : `, until ${exception.until}`}`,
    );
  return reasons;
}

/** The same of a team, which these sources know. */
export function whatIsInTheWayOfTeam(
  company: Company,
  team: Team,
  knownIn: readonly string[],
  ruleName: string,
): readonly string[] {
  const { configuration, asOf } = company;
  const rule = configuration.rules.find(({ name }) => name === ruleName);
  if (!rule) return [`the rule ${ruleName} is gone; it decided only in the past`];
  if (rule.each !== 'team') return [`the rule ${ruleName} is about ${aboutWords[rule.each]}`];
  const subscriptions = configuration.subscriptions.filter(({ rules }) => rules.includes(ruleName));
  const mine = subscriptions.filter(({ for: only }) => only?.team === undefined || only.team === team.name);
  const zone = mine[0]?.schedule?.timezone ?? workspaceDefaults.zone;
  const subject = teamSubject(team, zone);
  const { dates } = windowOf(rule.over, asOf, zone, workspaceDefaults.weekStart);
  const exception = exceptionFor(configuration.exceptions, rule.name, subject, localDate(asOf, zone));
  return [
    ...(subscriptions.length === 0 ? [`no subscription has the rule ${ruleName}`] : []),
    ...(subscriptions.length > 0 && mine.length === 0
      ? [`no subscription with the rule ${ruleName} is for ${team.title}`]
      : []),
    ...Object.keys(rule.needs)
      .filter((source) => !knownIn.includes(source))
      .map((source) => `${team.title} is not known in ${source}, which the rule needs`),
    ...(isSubject(compileRule(rule), subject, dates)
      ? []
      : [`the rule is only about teams where ${rule.where ?? ''}`]),
    ...(exception?.exempt
      ? [
          `exempt by the document Exception ${exception.name}${exception.until === undefined ? '' : `, until ${exception.until}`}`,
        ]
      : []),
  ];
}

/** The same of a connection. Whoever owns it has to have a place to be told in. */
export function whatIsInTheWayOfConnection(
  company: Company,
  connection: Connection,
  ruleName: string,
): readonly string[] {
  const { configuration, asOf } = company;
  const rule = configuration.rules.find(({ name }) => name === ruleName);
  if (!rule) return [`the rule ${ruleName} is gone; it decided only in the past`];
  if (rule.each !== 'connection') return [`the rule ${ruleName} is about ${aboutWords[rule.each]}`];
  const subscriptions = configuration.subscriptions.filter(({ rules }) => rules.includes(ruleName));
  const zone = subscriptions[0]?.schedule?.timezone ?? workspaceDefaults.zone;
  const subject = connectionSubject(connection, zone);
  const { dates } = windowOf(rule.over, asOf, zone, workspaceDefaults.weekStart);
  const exception = exceptionFor(configuration.exceptions, rule.name, subject, localDate(asOf, zone));
  const goesToOwner = subscriptions.some(({ to }) => to.channel === undefined);
  return [
    ...(subscriptions.length === 0 ? [`no subscription has the rule ${ruleName}`] : []),
    ...(goesToOwner && !ownersPlace(company, connection.owner)
      ? [`${connection.owner ?? 'nobody'} owns ${connection.name}, and has no place to be told in`]
      : []),
    ...(isSubject(compileRule(rule), subject, dates)
      ? []
      : [`the rule is only about connections where ${rule.where ?? ''}`]),
    ...(exception?.exempt
      ? [
          `exempt by the document Exception ${exception.name}${exception.until === undefined ? '' : `, until ${exception.until}`}`,
        ]
      : []),
  ];
}

const aboutWords: Readonly<Record<Rule['each'], string>> = {
  person: 'people',
  team: 'teams',
  connection: 'connections',
};
