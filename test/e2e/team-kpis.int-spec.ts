import { CompanyReader } from '#company';
import { Database, Decisions, Occurrences } from '#storage';
import { Evaluator } from '../../services/rules/src/evaluator.js';
import { Say } from '../../services/rules/src/say.js';
import { Explainer } from '../../services/carillon/src/explain/explainer.js';
import { explanationText } from '../../services/carillon/src/explain/text.js';
import { Previewer } from '../../services/carillon/src/preview/previewer.js';
import { subscription, TeamKpis } from './team-kpis.js';

const daily = { cron: '0 10 * * *', zone: 'Europe/Kyiv' };
const twice = { cron: '0 10 * * TUE,THU', zone: 'Europe/Berlin' };
const space = (name: string): string => `{ channel: google-chat, space: spaces/AAAA${name} }`;

/** Ferrari and Tesla are told every day, Porsche by a webhook and Volvo by the app on Tuesdays and Thursdays. */
const subscriptions = [
  subscription('ferrari', daily, space('ferrari')),
  subscription('tesla', { ...daily, zone: 'Asia/Seoul' }, space('tesla')),
  subscription('porsche', twice, '{ channel: google-chat, webhook: porsche }'),
  subscription('volvo', { ...twice, zone: 'Asia/Shanghai' }, space('volvo')),
];

const targets = `
kind: Exception
rule: issue-index
team: ferrari
params: { target: 12.0 }
`;

describe('the numbers of teams', () => {
  let kpis: TeamKpis;
  let critical: string;
  /** What is applied, with more beside it. */
  const everything = (...more: readonly string[]): string =>
    kpis
      .documents(targets, ...subscriptions, ...more)
      .replace('webhooks: {}', 'webhooks: { porsche: { secret: webhook-porsche } }');

  beforeAll(async () => {
    // A Wednesday.
    kpis = await TeamKpis.start({ at: '2026-10-21T12:00:00Z' });
    const { chat, chatServer, world } = kpis;
    const webhook = chat.addWebhook('spaces/AAAAporsche', 'Carillon');
    world.secrets['webhook-porsche'] = chat.webhookUrl(webhook, chatServer.url);
    critical = kpis.task('ferrari', {
      title: 'Не працює вхід *зовсім* <b>&',
      priority: 'Critical',
      createdAt: '2026-09-07T21:30:00Z',
      due: '2026-10-20',
    });
    kpis.task('ferrari', { createdAt: '2026-10-12T08:00:00Z' });
    kpis.task('ferrari', { priority: 'Low' });
    kpis.task('ferrari', { priority: 'Low' });
    kpis.task('ferrari', { title: 'Not for the eyes of the app', hidden: true });
    kpis.task('porsche', { priority: 'Medium' });
  });
  afterAll(() => kpis.world.stop());

  it('are not told before somebody vouches for who reads in the spaces', async () => {
    await expect(
      kpis.world.apply(kpis.documents(...subscriptions).replace('audience: team\nsettings', 'settings')),
    ).rejects.toThrow('`issue-index` is for the team at the widest, but `google-chat` reaches anybody there');
  });

  it('are one card for a team, with its own target, the distance and the parts, and no trend the first time', async () => {
    await kpis.world.apply(everything());

    await kpis.live('2026-10-22T07:00:05Z');

    const [card, ...others] = kpis.cards('ferrari');
    expect(others).toEqual([]);
    expect(card?.[0]).toContain('Ferrari · issue index: 17 (target 12)');
    const first = card?.indexOf('Issue index: 17 (target 12)');
    expect(card?.slice(first).filter((line) => !line.includes('as known on'))).toMatchInlineSnapshot(`
     [
       "Issue index: 17 (target 12)",
       "5 points above the target: needs attention",
       "Critical · Issues 1 · Weight 10 · Points 10",
       "High · Issues 1 · Weight 5 · Points 5",
       "Medium · Issues 0 · Weight 2 · Points 0",
       "other · Issues 2 · Weight 1 · Points 2",
       "Open issues: 4 (target 3)",
       "1 issue above the target: needs attention",
       "Oldest open issue: 44 days (target 30 days)",
       "14 days above the target: needs attention",
       "Open for longest",
       "• Не працює вхід *зовсім* <b>& – open for 44 days",
       "• Call back – open for 10 days",
       "• Call back – open for 1 day",
       "• Call back – open for 1 day",
       "Overdue issues: 25% (target 10%)",
       "15% above the target: needs attention",
       "Overdue for longest",
       "• Не працює вхід *зовсім* <b>& – due Tue, October 20",
       "The index is the number of issues of each priority, times what the priority weighs.",
       "Not named in the rule, and shown as “other”: 2 issues.",
       "Lower is better.",
       "Counted are the issues that are open.",
       "The age is in whole days since the issue was made.",
       "Overdue are issues whose last day is over; those without one never are.",
       "Is something wrong? Please reply here.",
     ]
    `);
    expect(kpis.remarks()).toEqual([]);
  });

  it('are zero for a team without issues, in its own language and by the target of the rule, and nothing for one that the source does not know', async () => {
    const explainer = new Explainer(kpis.world.test.database);

    const volvo = explanationText(await explainer.team('volvo', 'issue-index'));

    expect(kpis.titles('tesla')).toMatchInlineSnapshot(`
     [
       "Tesla · 이슈 지수: 0 (목표 20)",
     ]
    `);
    expect(kpis.cards('volvo')).toEqual([]);
    expect(volvo).toContain('nothing said; not known in vtiger, which the rule needs');
  });

  it('go to a space by its incoming webhook, too', async () => {
    await kpis.live('2026-10-22T08:00:05Z');

    const [message] = kpis.chat.messages('spaces/AAAAporsche');
    expect(message?.sender).toMatchObject({ kind: 'webhook', displayName: 'Carillon' });
    expect(kpis.titles('porsche')).toMatchInlineSnapshot(`
     [
       "Porsche · індекс задач: 2 (ціль: 20)",
     ]
    `);
  });

  it('show the next time what has become of them since the last', async () => {
    kpis.close(critical);
    kpis.task('ferrari');

    await kpis.live('2026-10-23T07:00:05Z');

    expect(kpis.cards('ferrari')).toHaveLength(2);
    expect(kpis.cards('ferrari')[1]?.filter((line) => /[▲▼▁█]/.test(line))).toMatchInlineSnapshot(`
     [
       "█▁ ▼ 5 (17 → 12) since Thu, October 22",
       "▁▁ no change since Thu, October 22",
     ]
    `);
  });

  it('are not told twice, whoever asks for the same run', async () => {
    kpis.task('ferrari', { priority: 'Critical' });
    const before = kpis.chatServer.requests.length;

    await kpis.world.settle(await kpis.world.begin('2026-10-23T07:00:10Z', ['ferrari', 'tesla']));

    expect(kpis.chatServer.requests).toHaveLength(before);
    expect(kpis.titles('ferrari')).toHaveLength(2);
  });

  it('are explained from the message in Chat back to the issues', async () => {
    const text = await kpis.explained('ferrari');

    expect(text).toContain('score = 17, target = 12');
    expect(text).toContain(
      `kpi.openIssues ${critical} in vtiger: Critical, In Progress, since Tue 2026-09-08`,
    );
    expect(text).toContain('Не працює вхід *зовсім* <b>&');
  });

  it('are previewed as they were said', async () => {
    const { app } = kpis.world.service;
    const previewer = new Previewer(
      app.get(Database),
      app.get(CompanyReader),
      app.get(Evaluator),
      app.get(Say),
      app.get(Occurrences),
      app.get(Decisions),
    );

    const occasions = await previewer.preview('issue-index', {
      over: { from: '2026-10-22', to: '2026-10-24' },
      known: 'then',
    });

    const previewed = new Map(
      occasions.flatMap(({ sayings }) => sayings.map(({ delivery, message }) => [delivery, message])),
    );
    const said = (await kpis.world.deliveries()).filter(({ channel }) => channel === 'google-chat');
    expect(previewed).toEqual(new Map(said.map(({ id, message }) => [id, message])));
    expect(previewed.size).toBe(5);
  });

  it('go to a room of Slack by one more subscription', async () => {
    const { slack } = kpis.world;
    for (const name of ['lead', 'olena']) slack.addUser({ email: `${name}@acme.example`, name });
    const room =
      '{ channel: slack, room: { name: ferrari, members: [{ email: lead@acme.example }, { email: olena@acme.example }] } }';
    await kpis.world.apply(everything(subscription('ferrari', daily, room, 'ferrari-in-slack')));

    await kpis.live('2026-10-24T07:00:05Z');

    const [, , ...inChat] = kpis.titles('ferrari');
    expect(kpis.world.rooms()['ferrari']?.members).toEqual(['Carillon', 'lead', 'olena']);
    expect(kpis.world.rooms()['ferrari']?.messages).toEqual(inChat);
  });

  it('reach the space as they were written, in every script, and within its limits however many issues there are', async () => {
    const titles = [
      '登录 *失败* & <i>',
      '로그인 _실패_ ~안 됨~ `x`',
      'Сломалось всё <users/all>',
      '😀'.repeat(60),
    ];
    for (let number = 0; number < 250; number += 1)
      kpis.task('ferrari', {
        title: titles[number] ?? '很长的标题'.repeat(40),
        createdAt: `2026-01-0${1 + (number % 4)}T08:00:00Z`,
        due: number < 4 ? `2026-01-0${1 + number}` : '2026-05-01',
        hidden: number % 100 > 50,
      });

    await kpis.live('2026-10-25T08:00:05Z');

    const body = kpis.chatServer.requests.findLast(({ path }) => path.includes('AAAAferrari'))?.body ?? '';
    const card = kpis.cards('ferrari').at(-1) ?? [];
    expect(card[0]).toContain('Ferrari · issue index: 782 (target 12)');
    for (const title of titles) expect(card).toContainEqual(expect.stringContaining(`• ${title} – due `));
    expect(Buffer.byteLength(body)).toBeLessThan(32_000);
    expect(kpis.remarks()).toEqual([]);
  });

  it('leave balanced books', async () => {
    expect((await kpis.world.books()).unbalanced).toEqual([]);
    expect((await kpis.world.deliveries()).map(({ state }) => state)).not.toContain('failed');
  });
});

describe('the rhythm of a team', () => {
  const planned = async ({ world }: TeamKpis, name: string): Promise<readonly string[]> =>
    (
      await world.test.database.query<{ at: { toString(): string } }>(
        'select nominal_at as at from occurrence where subscription = $1 and not manual order by nominal_at',
        [name],
      )
    ).map(({ at }) => at.toString());

  it.each<[string, readonly string[], Readonly<Record<string, readonly string[]>>]>([
    [
      'ends',
      ['2026-10-22T06:00:00Z', '2026-10-24T05:00:00Z', '2026-10-26T05:00:00Z'],
      {
        ferrari: ['22T07', '23T07', '24T07', '25T08', '26T08', '27T08'].map((at) => `2026-10-${at}:00:00Z`),
        tesla: ['23T01', '24T01', '25T01', '26T01', '27T01', '28T01'].map((at) => `2026-10-${at}:00:00Z`),
        porsche: ['22T08', '27T09'].map((at) => `2026-10-${at}:00:00Z`),
      },
    ],
    [
      'begins',
      ['2027-03-25T06:00:00Z', '2027-03-27T05:00:00Z', '2027-03-29T05:00:00Z'],
      {
        ferrari: ['25T08', '26T08', '27T08', '28T07', '29T07', '30T07'].map((at) => `2027-03-${at}:00:00Z`),
        tesla: ['26T01', '27T01', '28T01', '29T01', '30T01', '31T01'].map((at) => `2027-03-${at}:00:00Z`),
        porsche: ['25T09', '30T08'].map((at) => `2027-03-${at}:00:00Z`),
      },
    ],
  ])('is ten o’clock on its own wall, also where summer time %s', async (_, [begin = '', ...days], runs) => {
    const kpis = await TeamKpis.start({ at: begin });
    try {
      const { chat, chatServer, world } = kpis;
      const webhook = chat.addWebhook('spaces/AAAAporsche', 'Carillon');
      world.secrets['webhook-porsche'] = chat.webhookUrl(webhook, chatServer.url);
      await world.apply(
        kpis
          .documents(...subscriptions)
          .replace('webhooks: {}', 'webhooks: { porsche: { secret: webhook-porsche } }'),
      );

      // A little later than it began: by then the documents are known.
      const known = new Date(Date.parse(begin) + 5 * 60_000).toISOString();
      for (const day of [known, ...days]) await world.goTo(day);

      for (const [name, instants] of Object.entries(runs))
        expect([name, await planned(kpis, name)]).toEqual([name, instants]);
    } finally {
      await kpis.world.stop();
    }
  });
});
