import { JiandaoyunSimulator, type JiandaoyunEntry } from '#channels/simulators';
import { Vendors } from '#connections';
import type { Forward } from '#domain';
import { SimulatedServer } from '#http/simulation';
import { MemorySecrets } from '#settings';
import { probeTable } from './probe-table.js';

const LATE = '_widget_1767225600007';
const MONTH = '_widget_1767225600004';

describe('the probe of a Forward’s table', () => {
  let jiandaoyun: JiandaoyunSimulator;
  let server: SimulatedServer;
  let form: JiandaoyunEntry;

  beforeEach(async () => {
    jiandaoyun = new JiandaoyunSimulator({ limits: 'none' });
    form = jiandaoyun.addAttendance();
    server = await SimulatedServer.listen(jiandaoyun);
  });
  afterEach(() => server.close());

  const probe = async (fields: Forward['fields'] = {}) => {
    const { channel } = await new Vendors(new MemorySecrets({})).channel({
      name: 'jiandaoyun',
      type: 'jiandaoyun',
      audience: 'managers',
      settings: { apiKey: jiandaoyun.apiKey, baseUrl: server.url },
    });
    const forward: Forward = {
      name: 'attendance-table',
      source: 'wecom',
      facts: 'attendance',
      over: 'lastMonth',
      needs: { closed: true },
      schedule: { cron: '0 6 1 * *', timezone: 'Asia/Shanghai' },
      to: { channel: 'jiandaoyun', app: form.appId, form: form.entryId },
      key: ['ext_key'],
      required: [],
      unique: [],
      untilMs: 0,
      fields: {
        ext_key: { from: '{{fact.key}}', as: 'text' },
        [MONTH]: { from: '{{window.from}}', as: 'date' },
        [LATE]: { from: '{{late}}', as: 'number' },
        ...fields,
      },
    };
    return probeTable(forward, channel, AbortSignal.timeout(10_000));
  };

  it('finds nothing wrong with a form that takes every field, and writes nothing', async () => {
    const findings = await probe();

    expect(findings).toEqual([
      { level: 'ok', about: 'table', message: 'It takes every field of the mapping, 3 in all.' },
    ]);
    expect([...jiandaoyun.calls.keys()]).toEqual(['app/entry/widget/list']);
  });

  it('names a field whose alias was changed', async () => {
    jiandaoyun.setAlias(form.entryId, '_widget_1767225600001', 'ext_id');

    const findings = await probe();

    expect(findings).toContainEqual({
      level: 'problem',
      about: 'table',
      message: expect.stringContaining('the form has no field `ext_key`') as unknown,
    });
  });

  it('names a field of another type, and what goes into it', async () => {
    const findings = await probe({ [MONTH]: { from: '{{worked}}', as: 'hours' } });

    expect(findings).toEqual([
      {
        level: 'problem',
        about: 'table',
        message: expect.stringMatching(
          /`_widget_1767225600004` \(月份\).*`datetime`.*make date of it/,
        ) as unknown,
      },
    ]);
  });

  it('throws what the vendor says where the form is gone', async () => {
    jiandaoyun.deleteForm(form.entryId);

    await expect(probe()).rejects.toMatchObject({ name: 'RemoteError', code: '3000' });
  });
});
