import { JiandaoyunSimulator, type JiandaoyunEntry } from '#channels/simulators';
import { localDate } from '#domain';
import { WecomSimulator } from '#sources/simulators';
import { Forwards, Pulls } from '#storage';
import { Temporal } from 'temporal-polyfill';
import { Explainer } from '../../services/carillon/src/explain/explainer.js';
import { explanationText } from '../../services/carillon/src/explain/text.js';
import { showForward } from '../../services/carillon/src/forward/shown-forward.js';
import { forwardText } from '../../services/carillon/src/forward/text.js';
import { World } from './world.js';

/** Long over, whatever the day is on which this runs, and short enough ago to be corrected. */
const month = Temporal.PlainYearMonth.from(localDate(Temporal.Now.instant(), 'UTC').slice(0, 7)).subtract({
  months: 2,
});
const first = `${month.add({ months: 1 }).toString()}-01T02:00:00Z`;
/** The first midnight of a month in the company's zone. */
const beginOf = (one: Temporal.PlainYearMonth): string =>
  one.toPlainDate({ day: 1 }).toZonedDateTime('Asia/Shanghai').toInstant().toString();
const PEOPLE = 120;

const documents = (wecom: string, jiandaoyun: string, { appId, entryId }: JiandaoyunEntry): string => `
kind: Subscription
name: table-ops
to: { channel: slack, room: { name: carillon-table, members: [{ email: mariia@acme.example }] } }
---
kind: Source
name: wecom
type: wecom
owner: table-ops
settings: { corpId: ww0123456789abcdef, secret: { secret: wecom-app-secret }, baseUrl: ${wecom} }
---
kind: Channel
name: jiandaoyun
type: jiandaoyun
audience: managers
owner: table-ops
settings: { apiKey: { secret: jiandaoyun-api-key }, baseUrl: ${jiandaoyun} }
---
kind: Person
email: yangben@acme.example
name: 李样本
identities: { wecom: U1 }
---
kind: Forward
name: attendance-table
owner: table-ops
source: wecom
facts: attendance
over: lastMonth
schedule: { cron: '0 6 1-3 * *', timezone: Asia/Shanghai }
to: { channel: jiandaoyun, app: ${appId}, form: ${entryId} }
key: [ext_key]
required: [_widget_1767225600004]
fields:
  ext_key: '{{window.month}}:{{base_info.acctid}}'
  _widget_1767225600004: { from: '{{window.from}}', as: date }
  _widget_1767225600005: { from: '{{summary_info.work_days}}', as: number }
  _widget_1767225600006: { from: '{{summary_info.regular_days}}', as: number }
  _widget_1767225600007: { from: '{{exception_infos[exception=1].count}}', as: number, default: 0 }
  _widget_1767225600010: { from: '{{overtime}}', as: hours }
  _widget_1767225600012: { from: '{{base_info.record_type}}', values: { 1: 固定班, 3: 排班 } }
  _widget_1767225600013: '{{base_info.name}}（{{base_info.departs_name}}）'
`;

describe('a month of attendance in a table', () => {
  let world: World;
  let form: JiandaoyunEntry;
  const wecom = new WecomSimulator();
  const jiandaoyun = new JiandaoyunSimulator();
  const run = async (): Promise<void> => world.settle(await world.begin(first, ['attendance-table']));
  const readAgain = async (): Promise<void> => {
    await world.pull(beginOf(month), beginOf(month.add({ months: 1 })), [], 'wecom');
    await world.settle();
  };
  const shown = (): ReadonlyMap<string, Readonly<Record<string, unknown>>> =>
    new Map(jiandaoyun.records(form.entryId).map((row) => [String(row['ext_key']), row]));
  const rowOf = (id: string): Readonly<Record<string, unknown>> | undefined =>
    shown().get(`${month.toString()}:${id}`);
  /** Everything that Slack shows. */
  const told = (): string => JSON.stringify(world.slack.channels().map(({ id }) => world.slack.messages(id)));
  const counts = async () => (await showForward(world.test.database, 'attendance-table')).lastRun?.counts;

  beforeAll(async () => {
    wecom.addApp({ secret: 'app-secret' });
    wecom.addDepartment({ id: 1, name: '示例公司' });
    for (let index = 0; index < PEOPLE; index += 1) {
      wecom.addUser({ id: `U${index}`, name: `员工${index}` });
      wecom.setMonth(`U${index}`, month.toString(), {
        workDays: 20,
        workedSeconds: 576_000,
        standardSeconds: 576_000,
      });
    }
    wecom.setMonth('U1', month.toString(), {
      workDays: 20,
      exceptDays: 2,
      workedSeconds: 570_000,
      standardSeconds: 576_000,
      exceptions: [{ exception: 1, count: 2, duration: 1260 }],
      overtime: [{ on: 'workday', seconds: 9000, as: 'money' }],
    });
    form = jiandaoyun.addAttendance();
    world = await World.start({
      secrets: { 'wecom-app-secret': 'app-secret', 'jiandaoyun-api-key': jiandaoyun.apiKey },
    });
    world.slack.addUser({ email: 'mariia@acme.example', name: 'mariia' });
    const [source, table] = [await world.bring(wecom), await world.bring(jiandaoyun)];
    await world.apply(world.documents(documents(source.url, table.url, form)));
    const pulls = new Pulls(world.test.database);
    await world.until(
      async () => (await pulls.latestComplete('wecom', 'people', undefined, undefined)) !== undefined,
    );
    await run();
  });
  afterAll(() => world.stop());

  it('has a row for everybody, in batches, with every value in its field', async () => {
    expect(shown().size).toBe(PEOPLE);
    expect(rowOf('U1')).toMatchObject({
      _widget_1767225600005: 20,
      _widget_1767225600006: 18,
      _widget_1767225600007: 2,
      _widget_1767225600010: 2.5,
      _widget_1767225600012: '固定班',
      _widget_1767225600013: expect.stringContaining('员工1（') as unknown,
    });
    expect(rowOf('U2')?.['_widget_1767225600007']).toBe(0);
    expect(jiandaoyun.ignored).toEqual([]);
    expect(jiandaoyun.refusals.size).toBe(0);
    expect(jiandaoyun.calls.get('app/entry/data/create') ?? 0).toBe(0);
    expect(await counts()).toEqual({
      read: PEOPLE,
      created: PEOPLE,
      updated: 0,
      unchanged: 0,
      rejected: 0,
      vanished: 0,
    });
  });

  it('is left alone by a second run', async () => {
    const before = jiandaoyun.calls.get('app/entry/data/batch_create');

    await run();

    expect(jiandaoyun.calls.get('app/entry/data/batch_create')).toBe(before);
    expect(jiandaoyun.calls.get('app/entry/data/update') ?? 0).toBe(0);
    expect(shown().size).toBe(PEOPLE);
  });

  it('is corrected where it was, row by row, when the month is read again', async () => {
    wecom.setMonth('U2', month.toString(), {
      workDays: 20,
      exceptDays: 1,
      exceptions: [{ exception: 3, count: 1, duration: 0 }],
      workedSeconds: 576_000,
      standardSeconds: 576_000,
    });
    await readAgain();
    // More than four weeks after the run nothing is corrected by itself; whoever asks for it has it done.
    await run();

    expect(rowOf('U2')?.['_widget_1767225600006']).toBe(19);
    expect(jiandaoyun.calls.get('app/entry/data/update')).toBe(1);
    expect(await counts()).toMatchObject({ read: PEOPLE, created: 0, updated: 1, unchanged: PEOPLE - 1 });
  });

  it('is explained from a row back to the record, and drawn from the source to the table', async () => {
    const forwards = new Forwards(world.test.database);
    const [row] = await world.test.database.query<{ delivery_id: string }>(
      `select delivery_id from forward_row where fact_key = $1`,
      [`U2/${month.toString()}`],
    );

    const explanation = await new Explainer(world.test.database).delivery(row?.delivery_id ?? '');
    const text = explanationText(explanation);
    const drawn = forwardText(await showForward(world.test.database, 'attendance-table'));

    expect(await forwards.rowOf(row?.delivery_id ?? '')).toMatchObject({ change: 'updated' });
    expect(text).toContain('written by forward attendance-table');
    expect(text).toContain(`made it of attendance U2/${month.toString()} of wecom`);
    expect(drawn).toContain('● source   Source wecom (wecom)');
    expect(drawn).toContain('calls POST /api/v5/app/entry/data/batch_create');
    expect(drawn).toContain('keys jiandaoyun-api-key');
    expect(drawn).toContain(`▼ 0 created, 1 updated, ${PEOPLE - 1} unchanged, 0 rejected`);
    expect(drawn).not.toContain(jiandaoyun.apiKey);
    expect(drawn.split('\n').every((line) => line.length <= 100)).toBe(true);
  });

  it('lists a member without a record with the reason, and tells its owner what to do', async () => {
    wecom.addUser({ id: 'WangWu', name: '王五', rule: null });
    await readAgain();
    await run();

    const shownNow = await showForward(world.test.database, 'attendance-table');
    expect(shownNow.lastRun).toMatchObject({
      counts: { read: PEOPLE + 1, created: 0, updated: 0, unchanged: PEOPLE, rejected: 1, vanished: 0 },
      rejected: [
        {
          factKey: `WangWu/${month.toString()}`,
          why: expect.stringContaining('no check-in rule applied') as unknown,
        },
      ],
    });
    expect(forwardText(shownNow)).toContain(`Rejected: 1\n  WangWu/${month.toString()}: WeCom has no record`);
    await world.until(() => Promise.resolve(told().includes('carillon forward show attendance-table')));
    expect(told()).toContain(`1 of ${PEOPLE + 1} records of ${month.toString()} are not written`);
  });

  it('keeps the row of who has left in mid-month for as long as the source tells of them, and then says that it has vanished', async () => {
    wecom.removeUser('U5');
    await readAgain();
    await run();

    expect(rowOf('U5')).toBeDefined();
    expect(await counts()).toMatchObject({ read: PEOPLE, unchanged: PEOPLE - 1, rejected: 1, vanished: 1 });
  });
});
