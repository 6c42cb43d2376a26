import type { JiraSimulator } from '#channels/simulators';
import { staff } from './company-people.js';

/** Carillon's own account in the company's Jira. Like Atlassian, the simulator keeps no token; in the sandbox it is always the same. */
export const jiraLogin = { email: 'carillon@acme.example', token: 'sandboxJiraToken' } as const;

const statuses = [
  { id: '10000', name: 'To Do', category: 'new' },
  { id: '3', name: 'In Progress', category: 'indeterminate' },
  { id: '10002', name: 'Done', category: 'done' },
] as const;

/** From anywhere to anywhere, as teams like it. */
const transitions = statuses.map(({ id, name }, index) => ({
  id: `${index + 1}1`,
  name,
  from: statuses.flatMap((status) => (status.id === id ? [] : [status.id])),
  to: id,
  screen: [],
}));

/** Puts Acme's people and the project of its operations into Jira, once, and gives Carillon its token. */
export function fillJira(jira: JiraSimulator): void {
  const known = new Set(jira.people().map(({ emailAddress }) => emailAddress));
  for (const { name, email, zone, inSlack } of staff)
    if (!known.has(email))
      jira.addPerson({ displayName: name, emailAddress: email, timeZone: zone, hasAccess: inSlack });
  const bot =
    jira.people().find(({ emailAddress }) => emailAddress === jiraLogin.email) ??
    jira.addPerson({ displayName: 'Carillon', emailAddress: jiraLogin.email });
  if (!jira.projects().some(({ key }) => key === 'OPS'))
    jira.addProject({ key: 'OPS', name: 'Operations', statuses, transitions });
  jira.issueToken(bot.accountId, { token: jiraLogin.token });
}
