import type { VtigerSimulatorOptions } from '../simulator.js';
import { type Answer, basic, Sample } from './sample.fixture.js';

let vtiger: Sample;

async function reopen(options: VtigerSimulatorOptions = {}): Promise<void> {
  await vtiger?.close();
  vtiger = await Sample.open(options);
}

describe('the simulated sync', () => {
  beforeEach(() => reopen());
  afterAll(() => vtiger.close());

  const root = basic('root', 'root-key');
  const since = (time: number, rest = ''): Promise<Answer> =>
    vtiger.restGet(`sync?modifiedTime=${time}&elementType=HelpDesk&syncType=application${rest}`, root);

  it('tells what changed, a hundred at a time, and what was deleted', async () => {
    vtiger.seedTickets(150);
    vtiger.simulator.deleteRecord('17x901', '2026-03-02T08:30:00Z');

    const first = await since(0);
    const { updated, more, lastModifiedTime } = first.result as {
      updated: unknown[];
      more: boolean;
      lastModifiedTime: number;
    };
    const second = await since(lastModifiedTime);

    expect([updated.length, more]).toEqual([100, true]);
    expect(second.result).toMatchObject({
      deleted: ['17x901'],
      more: false,
      lastModifiedTime: Date.parse('2026-03-02T08:30:00Z') / 1000,
    });
    expect((second.result as { updated: unknown[] }).updated).toHaveLength(50);
  });

  it('loses what shares the last second of a batch', async () => {
    for (let each = 0; each < 101; each += 1)
      vtiger.simulator.addRecord({ module: 'HelpDesk', createdAt: '2026-03-03T00:00:00Z' });

    const first = (await since(Date.parse('2026-03-02T23:00:00Z') / 1000)).result as {
      more: boolean;
      lastModifiedTime: number;
    };
    const second = await since(first.lastModifiedTime);

    expect(first.more).toBe(true);
    expect(second.result).toMatchObject({ updated: [], more: false });
  });

  it('tells of one’s own and one’s groups’ records only, where it is not asked for all', async () => {
    vtiger.seedTickets(3);

    const own = await vtiger.restGet('sync?modifiedTime=0&elementType=HelpDesk');
    const groups = await vtiger.restGet('sync?modifiedTime=0&elementType=HelpDesk&syncType=userandgroup');

    expect((own.result as { updated: unknown[] }).updated).toHaveLength(3);
    expect((groups.result as { updated: unknown[] }).updated).toHaveLength(4);
  });

  it('puts the time on the wall of the server’s zone', async () => {
    await reopen({ serverZone: 'Asia/Shanghai' });
    const atCreation = Date.parse('2026-03-02T08:00:00Z') / 1000;

    const there = await since(atCreation);
    const before = await since(atCreation - 8 * 3600);

    expect((there.result as { updated: unknown[] }).updated).toEqual([]);
    expect((before.result as { updated: unknown[] }).updated).toHaveLength(1);
  });
});
