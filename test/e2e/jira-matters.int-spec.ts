import { documentText, JiraSimulator, type SimulatedIssue } from '#channels/simulators';
import { Temporal } from 'temporal-polyfill';
import { Explainer } from '../../services/carillon/src/explain/explainer.js';
import { explanationText } from '../../services/carillon/src/explain/text.js';
import { TeamKpis } from './team-kpis.js';

const account = 'carillon@acme.example';

/** A team whose open issues are above their target, day after day, at ten o'clock; each is said in Jira, and in Google Chat. */
describe('a matter that goes on', () => {
  const jira = new JiraSimulator({ limits: 'none', indexLagMs: 0 });
  const open: string[] = [];
  let kpis: TeamKpis;
  let olena: string;
  let days = 0;

  const subscribed = (name: string, digest: boolean, to: string): string => `
kind: Subscription
name: ${name}
rules: [open-issues, oldest-issue]
digest: ${String(digest)}
for: { team: ferrari }
schedule: { cron: '0 10 * * *', timezone: UTC }
to: ${to}
`;
  /** Lives through a day on which the team has so many open issues. */
  const day = async (count: number): Promise<void> => {
    while (open.length < count) open.push(kpis.task('ferrari'));
    for (const task of open.splice(count)) kpis.close(task);
    days += 1;
    await kpis.world.goTo(
      Temporal.Instant.from('2026-03-02T10:00:05Z')
        .add({ hours: 24 * days })
        .toString(),
    );
    await kpis.world.settleNow();
  };
  const issues = (): readonly SimulatedIssue[] => jira.issues('OPS');
  const newest = (): SimulatedIssue => {
    const issue = issues().at(-1);
    if (!issue) throw new Error('there is no issue');
    return issue;
  };
  const summary = (): unknown => newest().fields['summary'];
  const statusOf = ({ key }: SimulatedIssue): string | undefined =>
    jira.board('OPS').find((column) => column.issues.some((one) => one.key === key))?.status.name;
  const commentsOf = ({ comments }: SimulatedIssue): readonly string[] =>
    comments.map(({ body }) => documentText(body));

  beforeAll(async () => {
    const bot = jira.addPerson({ displayName: 'Carillon', emailAddress: account });
    olena = jira.addPerson({ displayName: 'Olena', emailAddress: 'olena@acme.example' }).accountId;
    for (const key of ['OPS', 'WEB', 'APART']) jira.addProject({ key });
    kpis = await TeamKpis.start({ at: '2026-03-02T12:00:00Z' });
    const server = await kpis.world.bring(jira);
    kpis.world.secrets['jira-api-token'] = jira.issueToken(bot.accountId);
    await kpis.world.apply(
      kpis.documents(
        `
kind: Channel
name: jira
type: jira
owner: ops-room
audience: team
settings: { baseUrl: '${server.url}', email: ${account}, apiToken: { secret: jira-api-token }, searchLagSeconds: 0 }
`,
        subscribed('in-jira', true, '{ channel: jira, project: OPS, resolve: Done }'),
        subscribed('apart', false, '{ channel: jira, project: APART }'),
        subscribed('in-chat', true, '{ channel: google-chat, space: spaces/AAAAferrari }'),
      ),
    );
  });
  afterAll(() => kpis.world.stop());

  it('is one issue that is kept up to date, where a chat hears it each time', async () => {
    await day(4);
    await day(5);

    expect(issues()).toHaveLength(1);
    expect(summary()).toContain('open issues: 5 (target 3)');
    expect(commentsOf(newest())).toEqual([]);
    // With what it said before, as everywhere else.
    expect(documentText(newest().fields['description'])).toMatch(/▁█/);
    expect(kpis.titles('ferrari')).toHaveLength(2);
  });

  it('is explained with where it went, in words', async () => {
    const deliveries = await kpis.world.deliveries();
    const said = deliveries.find(({ subscription, state }) => subscription === 'in-jira' && state === 'sent');
    const explanation = await new Explainer(kpis.world.test.database).delivery(said?.id ?? '');

    const text = explanationText(explanation);
    expect(text).toMatch(/jira project OPS \(Done when it is over\) \(message \d+\)/);
    expect(text).toMatch(/version 1 to project OPS \(Done when it is over\): arrived/);
  });

  it('stays as it is where earlier days are looked at again', async () => {
    const { updated } = newest();

    await kpis.readAgain();
    await kpis.world.wakeOccurrences();
    await kpis.world.settleNow();

    expect(issues()).toHaveLength(1);
    expect(newest().updated).toEqual(updated);
  });

  it('goes on in comments where somebody has begun with it', async () => {
    jira.setStatus(newest().key, 'In Progress', olena);
    await day(6);

    expect(issues()).toHaveLength(1);
    expect(summary()).toContain('5');
    expect(commentsOf(newest())).toEqual([expect.stringContaining('open issues: 6 (target 3)')]);
  });

  it('follows the issue to another project', async () => {
    const { id } = newest();
    const key = jira.moveIssue(id, 'WEB', olena);
    await day(7);

    expect(issues()).toEqual([]);
    expect(jira.issue(key)?.id).toBe(id);
    expect(commentsOf(jira.issue(key) ?? newest()).at(-1)).toContain('open issues: 7');
    jira.moveIssue(id, 'OPS', olena);
  });

  it('is over when the rule no longer holds: the issue is moved, and looking again changes nothing', async () => {
    await day(2);
    await kpis.readAgain();
    await kpis.world.wakeOccurrences();
    await kpis.world.settleNow();

    expect(statusOf(newest())).toBe('Done');
    expect(commentsOf(newest())).toHaveLength(3);
    expect(commentsOf(newest()).at(-1)).toMatch(/^No longer applies/);
  });

  it('is another issue when it begins anew', async () => {
    await day(4);

    expect(issues()).toHaveLength(2);
    expect(statusOf(newest())).toBe('To Do');
  });

  it('that a person has closed stays closed, and is told there', async () => {
    jira.setStatus(newest().key, 'Done', olena);
    await day(5);

    expect(issues()).toHaveLength(2);
    expect(statusOf(newest())).toBe('Done');
    expect(commentsOf(newest())).toEqual([expect.stringContaining('open issues: 5')]);
  });

  it('whose issue was deleted is told to the owner, not made again, and begins anew the next time', async () => {
    const { key } = newest();
    jira.deleteIssue(key);
    await day(6);
    expect(issues()).toHaveLength(1);
    expect(kpis.told().at(-1)).toContain(`${key} was deleted`);

    await day(7);
    expect(issues()).toHaveLength(2);
  });

  it('is one for each rule where a subscription says each by itself', () => {
    expect(jira.issues('APART').map(({ fields }) => fields['summary'])).toEqual([
      expect.stringMatching(/^No longer applies/),
      expect.stringContaining('open issues: 7'),
    ]);
  });
});
