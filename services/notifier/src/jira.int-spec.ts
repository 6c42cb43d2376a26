import { documentText } from '#channels/simulators';
import { Desk } from './testing.js';

describe('an issue', () => {
  let desk: Desk;
  let ops: string;
  beforeAll(async () => {
    desk = await Desk.open();
    const [bot] = desk.jira.people();
    ops = bot?.accountId ?? '';
  }, 60_000);
  afterAll(() => desk.close(), 60_000);

  const about = (id?: string) => ({
    ...(id === undefined ? {} : { id, destination: `to:${id}` }),
    channel: 'jira',
    target: { channel: 'jira', project: 'OPS', resolve: 'Done' },
  });
  const titles = (): readonly unknown[] => desk.jira.issues().map(({ fields }) => fields['summary']);

  it('is made once, whatever becomes of the answer', async () => {
    desk.jiraServer.plan({ kind: 'cut-after', match: ({ path }) => path.endsWith('/issue') });
    const id = await desk.say('Checkout down', about());

    await desk.drain('jira');
    await desk.drain('jira');

    expect(await desk.delivery(id)).toMatchObject({
      state: 'sent',
      receipt: { id: desk.jira.issues()[0]?.id, url: `${desk.jiraServer.url}/browse/OPS-1` },
    });
    expect(titles()).toEqual(['Checkout down']);
  }, 30_000);

  it('is corrected in place, and moved where it no longer applies', async () => {
    const id = await desk.say('Index above 20', about());
    await desk.drain('jira');
    const { receipt } = await desk.delivery(id);
    const key = receipt?.url?.split('/').at(-1) ?? '';
    await desk.say('Index above 30', about(id));
    await desk.drain('jira');
    expect(desk.jira.issue(key)?.fields['summary']).toBe('Index above 30');
    desk.jira.setStatus(key, 'In Progress', ops);

    await desk.say('', {
      ...about(id),
      message: { locale: 'en', title: 'No longer applies: Index above 30', blocks: [], withdraws: true },
    });
    await desk.drain('jira');

    const issue = desk.jira.issue(key);
    // Olena has begun with it: what she has read stays, and she is told.
    expect(issue?.fields['summary']).toBe('Index above 30');
    expect(issue?.comments.map(({ body }) => documentText(body))).toEqual([
      'No longer applies: Index above 30',
    ]);
    const done = desk.jira.board('OPS').find(({ status }) => status.name === 'Done');
    expect(done?.issues.map((one) => one.key)).toEqual([key]);
    expect(await desk.delivery(id)).toMatchObject({ state: 'sent', sent_revision: 3 });
  }, 30_000);

  it('that somebody deleted is not made again, and the owner hears', async () => {
    const id = await desk.say('Oldest issue: 90 days', about());
    await desk.drain('jira');
    const { receipt } = await desk.delivery(id);
    const before = titles().length;
    desk.jira.deleteIssue(receipt?.id ?? '');

    await desk.say('Oldest issue: 91 days', about(id));
    await desk.drain('jira');

    expect(await desk.delivery(id)).toMatchObject({ state: 'failed', reason: 'rejected' });
    expect(titles()).toHaveLength(before - 1);
    expect(await desk.troubles.listOpen()).toContainEqual(
      expect.objectContaining({
        kind: 'delivery',
        about: id,
        owner: 'ops@acme.example',
        detail: expect.objectContaining({ detail: expect.stringMatching(/was deleted/) as string }) as object,
      }),
    );
  }, 30_000);
});
