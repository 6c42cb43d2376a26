import { ClockifySimulator } from '#sources/simulators';
import { describeChannelConformance } from '../conformance.js';
import { clockify } from './index.js';

const workspaceId = '64a687e29ae1f428e7ebe303';
const userId = '64a687e29ae1f428e7ebe301';
const policyId = '65d0aa11e2b7d41a90f1ee01';
const apiKey = 'a-key-that-nobody-may-see';

const world = (id: string) => () => {
  const simulator = new ClockifySimulator({ now: () => new Date('2026-03-09T08:00:00Z') });
  simulator.addWorkspace({ id: workspaceId, name: 'Acme' });
  const owner = simulator.addUser({ email: 'owner@acme.example', role: 'WORKSPACE_OWN' });
  simulator.addUser({ id: userId, email: 'lena@acme.example', zone: 'Europe/Berlin' });
  simulator.addKey(apiKey, owner);
  simulator.addPolicy({ id: policyId, name: 'Public holidays', requiresApproval: false });
  return {
    simulator,
    settings: (url: string) => ({ workspaceId, apiKey, baseUrl: `${url}/api` }),
    address: () => ({ id }),
    secrets: [apiKey],
    arrived: () => {
      const [held] = simulator.save().workspaces;
      return (held?.holidays.length ?? 0) + (held?.requests.length ?? 0);
    },
  };
};

describe.each([['workspaceHoliday'], [`timeOff/${policyId}`]])('%s', (id) => {
  describeChannelConformance({
    plugin: clockify,
    world: world(id),
    rows: [{ key: 'r1', values: { day: '2026-03-06', name: 'Spring day', externalId: userId } }],
    deduplicates: true,
    finds: true,
    writes: ({ method, path }) => method !== 'GET' && !path.endsWith('/time-off/requests'),
  });
});
