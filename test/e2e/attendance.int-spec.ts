import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { localDate } from '#domain';
import type { SimulatedServer } from '#http/simulation';
import { WecomSimulator } from '#sources/simulators';
import { Pulls } from '#storage';
import { Temporal } from 'temporal-polyfill';
import { World } from './world.js';

const examples = join(import.meta.dirname, '../../examples/attendance');
/** Long over, whatever the day is on which this runs. */
const month = Temporal.PlainYearMonth.from(localDate(Temporal.Now.instant(), 'UTC').slice(0, 7)).subtract({
  months: 2,
});
/** The third of the month after it, as the example has it. */
const third = `${month.add({ months: 1 }).toString()}-03T02:00:00Z`;

/** The example as it is shipped, with the addresses of simulated vendors. */
const documents = (wecom: SimulatedServer, slack: SimulatedServer): string =>
  readdirSync(examples)
    .filter((file) => file.endsWith('.yaml'))
    .map((file) => readFileSync(join(examples, file), 'utf8'))
    .join('\n---\n')
    .replace(/^( *)(secret: \{ secret: wecom-app-secret \})$/m, `$1$2\n$1baseUrl: ${wecom.url}`)
    .replace(/^( *)(token: \{ secret: slack-bot-token \})$/m, `$1$2\n$1baseUrl: ${slack.url}/api/`);

describe('a month of attendance', () => {
  let world: World;
  let wecom: WecomSimulator;

  beforeAll(async () => {
    world = await World.start({ secrets: { 'wecom-app-secret': 'app-secret' } });
    wecom = new WecomSimulator();
    wecom.addApp({ secret: 'app-secret' });
    wecom.addDepartment({ id: 1, name: '示例公司' });
    const add = (id: string, name: string, totals: Parameters<WecomSimulator['setMonth']>[2]): void => {
      wecom.addUser({ id, name });
      wecom.setMonth(id, month.toString(), { workDays: 20, standardSeconds: 576_000, ...totals });
    };
    add('ZhangShili', '张示例', { workedSeconds: 576_000 });
    add('LiYangben', '李样本', {
      workedSeconds: 570_000,
      exceptDays: 4,
      exceptions: [
        { exception: 1, count: 3, duration: 6000 },
        { exception: 3, count: 1, duration: 0 },
      ],
    });
    add('WangXuni', '王虚拟', {
      workedSeconds: 576_000,
      exceptDays: 3,
      exceptions: [{ exception: 1, count: 3, duration: 300 }],
      overtime: [
        { on: 'workday', seconds: 80_000, as: 'money' },
        { on: 'restday', seconds: 55_000, as: 'vacation' },
      ],
    });
    wecom.addUser({ id: 'ZhaoJiaming', name: '赵假名', rule: null });
    add('SunWuming', '孙无名', { exceptDays: 9, exceptions: [{ exception: 4, count: 9, duration: 9 }] });
    // Called as in WeCom: whichever of the two is read first, rooms get the same names.
    for (const [key, name] of [
      ['shili', '张示例'],
      ['yangben', '李样本'],
      ['xuni', '王虚拟'],
      ['jiaming', '赵假名'],
      ['mariia', 'Марія Вигадько'],
    ] as const)
      world.slack.addUser({ email: `${key}@acme.example`, name, zone: 'Asia/Shanghai' });
    const server = await world.bring(wecom);
    await world.apply(documents(server, world.slackServer));
    const pulls = new Pulls(world.test.database);
    await world.until(
      async () => (await pulls.latestComplete('wecom', 'people', undefined, undefined)) !== undefined,
    );
  });
  afterAll(() => world.stop());

  it('is told to whom it concerns and the manager, once, in a room of exactly the two', async () => {
    for (let time = 0; time < 2; time += 1) await world.settle(await world.begin(third, ['attendance']));

    const rooms = Object.fromEntries(
      Object.entries(world.rooms())
        .filter(([name]) => name.startsWith('attendance-'))
        .map(([name, { members, messages }]) => [name, { members, messages: messages.length }]),
    );
    expect(rooms).toEqual({
      'attendance-liyangben': { members: ['Carillon', '张示例', '李样本'], messages: 1 },
      'attendance-wangxuni': { members: ['Carillon', '张示例', '王虚拟'], messages: 1 },
    });
    const said = await world.said();
    expect(said['attendance-liyangben']).toMatch(/李样本: 4 days to look at \(.* – .*\)/);
    expect(said['attendance-liyangben']).toMatch(/Late arrivals: 3 times/);
    expect(said['attendance-wangxuni']).toContain('王虚拟: 37.5 h of overtime');
    expect(said['attendance-wangxuni']).toMatch(/On rest days: 15.27 hours/);
  });

  it('says nothing of who has no record, and knows why', async () => {
    const [row] = await world.test.database.query<{ outcome: string; reason: string; detail: string }>(
      `select outcome, reason, detail from decision join identity_link link on link.person_id = decision.subject::uuid
       where link.external_id = 'ZhaoJiaming' and rule = 'overtime'`,
    );

    expect(row).toEqual({ outcome: 'suppressed', reason: 'no-record', detail: 'attendance' });
  });

  it('lists members whom nobody has named to the owner, by the id that a document would name', () => {
    const [unmatched] = world.rooms()['carillon-attendance']?.messages ?? [];

    expect(unmatched).toContain('wecom');
    expect(JSON.stringify(world.slack.channels().map(({ id }) => world.slack.messages(id)))).toContain(
      'SunWuming',
    );
  });

  it('has books that balance: every member is a record or a word', async () => {
    const { pulls, unbalanced } = await world.books();
    const read = pulls.find(({ system, what }) => system === 'wecom' && what === 'facts');

    expect(read).toMatchObject({ state: 'complete', fetched: 5, new: 4, rejected: 1, gone: 0 });
    expect(unbalanced).toEqual([]);
  });
});
