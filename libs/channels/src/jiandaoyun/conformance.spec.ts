import type { Cells } from '#domain';
import { describeChannelConformance } from '../conformance.js';
import type { TableRow } from '../contract.js';
import { jiandaoyun } from './index.js';
import { JiandaoyunSimulator } from './simulator.js';

const rowOf = (key: string, days: number): TableRow => ({
  key,
  by: ['ext_key'],
  values: {
    ext_key: { as: 'text', value: key },
    _widget_1767225600005: { as: 'number', value: days },
  } satisfies Cells,
});

const world = (trigger: boolean) => () => {
  const simulator = new JiandaoyunSimulator({ limits: 'none' });
  const { appId, entryId } = simulator.addAttendance();
  return {
    simulator,
    settings: (url: string) => ({ apiKey: simulator.apiKey, baseUrl: url }),
    address: () => ({ id: `${appId}/${entryId}${trigger ? '?trigger=yes' : ''}` }),
    secrets: [simulator.apiKey],
    arrived: () => simulator.records(entryId).length,
  };
};

const writes = ({ path }: { readonly path: string }): boolean => /create|update|delete/.test(path);

describe('in batches', () => {
  describeChannelConformance({
    plugin: jiandaoyun,
    world: world(false),
    rows: [rowOf('2026-03:zhangsan', 22), rowOf('2026-03:lisi', 20)],
    deduplicates: true,
    finds: true,
    writes,
  });
});

describe('one at a time, for automations', () => {
  describeChannelConformance({
    plugin: jiandaoyun,
    world: world(true),
    rows: [rowOf('2026-03:zhangsan', 22)],
    // Only the host keeps a row from being added twice: it looks before it adds.
    deduplicates: false,
    finds: true,
    writes,
  });
});
