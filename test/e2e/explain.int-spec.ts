import { execFile } from 'node:child_process';
import { UsageError } from '../../services/carillon/src/commands/context.js';
import { Explainer } from '../../services/carillon/src/explain/explainer.js';
import { explanationText } from '../../services/carillon/src/explain/text.js';
import { World } from './world.js';

const days = ['2026-10-05', '2026-10-06', '2026-10-07', '2026-10-08', '2026-10-09'] as const;

const more = (us: { readonly workspaceId: string; readonly url: string }): readonly string[] => [
  `
kind: Source
name: clockify-us
type: clockify
settings:
  workspaceId: ${us.workspaceId}
  apiKey: { secret: clockify-api-key }
  baseUrl: ${us.url}/api
  reportsUrl: ${us.url}/report
---
kind: Rule
name: hours-in-both
each: person
over: lastWeek
audience: managers
needs: { clockify: closed, clockify-us: closed }
measure: { hours: { sum: work.hours }, expected: { calendar: expectedHours } }
when: hours < expected
say: low-hours
---
kind: Rule
name: hours-of-koreans
each: person
over: lastWeek
audience: managers
needs: { clockify: closed }
where: person.locale == "ko"
measure: { hours: { sum: work.hours }, expected: { calendar: expectedHours } }
when: hours < expected
say: low-hours
---
kind: Rule
name: unheard
each: person
over: lastWeek
audience: managers
needs: { clockify: closed }
measure: { hours: { sum: work.hours } }
when: hours < 1.0
say: low-hours
---
kind: Subscription
name: both
rules: [hours-in-both, hours-of-koreans]
for: { team: us }
schedule: { cron: '0 9 * * MON', timezone: Europe/Kyiv }
to: { channel: slack, room: { name: 'both-{{ person.slug }}', members: [person, managers] } }
---
kind: Team
name: us
members: [kim@acme.example, olena@acme.example]
---
kind: Exception
rule: low-hours
person: bohdan@acme.example
exempt: true
reason: parental leave
until: 2026-11-30
---
kind: Exception
rule: low-hours
person: petro@acme.example
params: { threshold: 20.0 }
`,
];

describe('explain', () => {
  let world: World;
  let explainer: Explainer;
  const entries: Record<string, string[]> = {};

  beforeAll(async () => {
    world = await World.start({ at: '2026-10-13T12:00:00Z' });
    const { clockify, slack, clockifyServer } = world;
    const max = clockify.addUser({ email: 'max@acme.example', name: 'Max Muster', zone: 'Europe/Kyiv' });
    const add = (who: string, name: string, hours: number): string => {
      const id = clockify.addUser({
        email: `${who}@acme.example`,
        name,
        zone: 'Europe/Kyiv',
        managers: [max],
      });
      entries[who] = hours === 0 ? [] : days.map((day) => log(id, day, hours));
      slack.addUser({ email: `${who}@acme.example`, name });
      return id;
    };
    const log = (userId: string, day: string, hours: number): string =>
      clockify.addEntry({
        userId,
        start: `${day}T06:00:00Z`,
        end: `${day}T${String(6 + hours).padStart(2, '0')}:00:00Z`,
      });
    for (const day of days) log(max, day, 8);
    slack.addUser({ email: 'max@acme.example', name: 'Max Muster' });
    const olena = add('olena', 'Olena Kovalenko', 4);
    add('petro', 'Petro Tykhyi', 5);
    add('sofia', 'Sofia Bilyk', 4);
    add('bohdan', 'Bohdan Hrab', 1);
    const vika = add('vika', 'Vika Doma', 0);
    add('kim', 'Kim Minji', 8);
    clockify.deactivateUser(add('lev', 'Lev Kolyshnii', 0));
    const policyId = clockify.addPolicy({ name: 'Sick leave' });
    const off = { policyId, note: 'hospital', status: 'APPROVED' } as const;
    clockify.requestTimeOff({ ...off, userId: vika, firstDay: days[0], days: 5 });
    clockify.requestTimeOff({ ...off, userId: olena, firstDay: days[4] });

    const workspaceId = clockify.addWorkspace({ name: 'Acme US' });
    const key = clockify.workspaceFor().members.get(world.adminId);
    if (key) clockify.workspaceFor(workspaceId).members.set(world.adminId, key);
    clockify.addUser({ workspaceId, email: 'kim@acme.example', name: 'Kim Minji', zone: 'Europe/Kyiv' });
    clockifyServer.plan({
      kind: 'answer',
      match: ({ path }) => path.startsWith(`/report/v1/workspaces/${workspaceId}`),
      times: 1000,
      answer: { status: 401, body: { message: 'no' } },
    });
    await world.apply(world.documents(...more({ workspaceId, url: clockifyServer.url })));
    await world.run('2026-10-12T12:00:00Z');
    explainer = new Explainer(world.test.database);
  });
  afterAll(() => world.stop());

  const deliveryAbout = async (title: string): Promise<string> =>
    (await world.deliveries()).find(({ message }) => !('rows' in message) && message.title.includes(title))
      ?.id ?? '';
  const explained = async (delivery: string): Promise<string> =>
    explanationText(await explainer.delivery(delivery));
  const why = async (who: string, rule = 'low-hours'): Promise<string> =>
    explanationText(await explainer.person(who, rule));

  it('leads from a delivery back to the facts', async () => {
    const text = await explained((await deliveryAbout('Olena Kovalenko: 20')).slice(0, 13));

    expect(steady(text)).toMatchSnapshot();
    for (const key of entries['olena'] ?? []) expect(text).toContain(key);
  });

  it('shows no type and no reason of an absence, in words or in JSON', async () => {
    const shown = [
      JSON.stringify(await explainer.delivery(await deliveryAbout('Olena Kovalenko: 20'))),
      JSON.stringify(await explainer.person('vika-doma', 'low-hours')),
      JSON.stringify(await explainer.person('bohdan-hrab', 'low-hours')),
      await explained(await deliveryAbout('Vika Doma')),
      await why('bohdan@acme.example'),
    ].join('\n');

    expect(shown).not.toMatch(/sick|hospital|parental/i);
    expect(shown).toContain('day off');
  });

  it.each([
    [
      'bohdan@acme.example',
      'low-hours',
      'exempt by the document Exception low-hours/bohdan@acme.example, until 2026-11-30',
    ],
    [
      'max-muster',
      'low-hours',
      'nothing said; quiet: hours < threshold && hours < expected does not hold for expected = 40, hours = 40, threshold = 25',
    ],
    ['petro@acme.example', 'low-hours', 'does not hold for expected = 40, hours = 25, threshold = 20'],
    ['vika-doma', 'low-hours', 'nothing said; nothing was expected in the whole period'],
    [
      'kim-minji',
      'hours-in-both',
      'nothing said; held: not all facts are there: clockify-us was not read completely',
    ],
    ['olena-kovalenko', 'hours-in-both', 'not known in clockify-us, which the rule needs'],
    ['lev-kolyshnii', 'low-hours', 'Lev Kolyshnii is not active in any source'],
    [
      'petro-tykhyi',
      'hours-in-both',
      'no subscription with the rule hours-in-both is for Petro Tykhyi: both is for the team us',
    ],
    ['petro-tykhyi', 'unheard', 'no subscription has the rule unheard'],
    ['olena-kovalenko', 'hours-of-koreans', 'the rule is only about people where person.locale == "ko"'],
    ['olena@acme.example', 'low-hours', 'said, delivery '],
  ])('says of %s and %s why', async (who, rule, words) => {
    expect(await why(who, rule)).toContain(words);
  });

  it('says that nobody is told late, and what was taken back', async () => {
    const { clockify } = world;
    for (const id of entries['petro'] ?? []) clockify.deleteEntry(id);
    for (const [index, id] of (entries['sofia'] ?? []).entries())
      clockify.editEntry(id, { end: `${days[index] ?? ''}T14:00:00Z` });
    await world.pull('2026-10-04T00:00:00Z', '2026-10-12T00:00:00Z');

    expect(await why('petro-tykhyi')).toContain(
      'nothing said; it fired only when facts had changed later. At first it was quiet',
    );
    expect(await why('sofia-bilyk')).toContain('taken back, delivery ');
    const corrected = await explained(await deliveryAbout('No longer applies: Sofia Bilyk'));
    expect(corrected).toContain('sent, corrected 1 time');
    expect(corrected).toContain('Why: rule low-hours, which it said before it was corrected');
    expect(corrected).toMatch(/ fired: expected = 40, hours = 20, .*\n.* quiet: expected = 40, hours = 40/);
  });

  it('refuses whom and what it does not know', async () => {
    await expect(explainer.person('olen@acme.example', 'low-hours')).rejects.toThrow(
      'Nobody is known as olen@acme.example: give an e-mail address or a slug. Alike are: olena-kovalenko.',
    );
    await expect(explainer.person('olena-kovalenko', 'low-hour')).rejects.toThrow(
      'There is no rule low-hour; there are: days-off,',
    );
    await expect(explainer.delivery('zzz')).rejects.toThrow(UsageError);
  });

  it('ends with 2 on the command line where nobody is known', async () => {
    const [unknown, known] = await Promise.all([
      cli('explain', '--person', 'nobody@acme.example', '--rule', 'low-hours'),
      cli('explain', '--person', 'olena@acme.example', '--rule', 'low-hours', '--output', 'json'),
    ]);

    expect(unknown).toMatchObject({ code: 2, out: '' });
    expect(unknown.err).toContain('Nobody is known as nobody@acme.example');
    expect(known.code).toBe(0);
    expect(JSON.parse(known.out.trim().split('\n').at(-1) ?? '')).toMatchObject({
      kind: 'person',
      person: { slug: 'olena-kovalenko' },
      runs: [{ decision: { outcome: 'fired' } }],
    });
  });

  /** The built command line over this world's database. */
  const cli = (...words: readonly string[]): Promise<{ code: number; out: string; err: string }> =>
    new Promise((resolve) => {
      execFile(
        process.execPath,
        ['dist/services/carillon/src/main.js', ...words],
        { env: { PATH: process.env['PATH'], DATABASE_URL: world.test.url } },
        (error, out, err) => resolve({ code: error ? Number(error.code) : 0, out, err }),
      );
    });
});

/** What differs from run to run, as its kind: moments, ids of deliveries and pulls, traces, rooms and messages of Slack. */
const steady = (text: string): string =>
  text
    .replace(/\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/g, 'UUID')
    .replace(/\bpull [0-9a-f]{8}\b/g, 'pull ID')
    .replace(/\b[0-9a-f]{32}\b/g, 'TRACE')
    .replace(/\b\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC/g, 'MOMENT')
    .replace(/message \d+\.\d+/g, 'message TS')
    .replace(/\bC0[0-9A-Z]+\b/g, 'CHANNEL');
