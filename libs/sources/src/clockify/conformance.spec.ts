import { describeSourceConformance } from '../conformance.js';
import { clockify } from './index.js';
import { ClockifySimulator, type ClockifySimulatorOptions } from './simulator.js';
import { apiKey, monday, week, workspaceId } from './workspace.fixture.js';

/** Two people with work, a break, leave and a holiday, in the window and outside of it. */
const world = (options: ClockifySimulatorOptions, settings: object) => () => {
  const simulator = new ClockifySimulator({ now: () => new Date(monday.epochMilliseconds), ...options });
  simulator.addWorkspace({ id: workspaceId, name: 'Acme' });
  const owner = simulator.addUser({
    email: 'owner@acme.example',
    role: 'WORKSPACE_OWN',
    zone: 'Europe/Kyiv',
  });
  const minji = simulator.addUser({ email: 'minji@acme.example', zone: 'Asia/Seoul', managers: [owner] });
  simulator.addKey(apiKey, owner);
  for (const userId of [owner, minji])
    for (const day of ['01', '02', '06', '09'])
      simulator.addEntry({ userId, start: `2026-03-${day}T01:00:00Z`, end: `2026-03-${day}T05:00:00Z` });
  simulator.addEntry({
    userId: minji,
    start: '2026-03-02T05:00:00Z',
    end: '2026-03-02T05:30:00Z',
    type: 'BREAK',
  });
  simulator.startTimer({ userId: owner, start: '2026-03-06T09:00:00Z' });
  const policyId = simulator.addPolicy({ name: 'Vacation', automaticTimeEntryCreation: true });
  for (const firstDay of ['2026-03-04', '2026-04-01'])
    simulator.requestTimeOff({
      userId: minji,
      policyId,
      firstDay,
      status: 'APPROVED',
      createdAt: '2026-02-02T08:00:00Z',
    });
  for (const startDate of ['2026-03-05', '2026-05-01'])
    simulator.addHoliday({ name: 'Free day', startDate, everyoneIncludingNew: true });
  return {
    simulator,
    settings: (url: string) => ({
      workspaceId,
      apiKey,
      baseUrl: `${url}/api`,
      reportsUrl: `${url}/report`,
      ...settings,
    }),
    window: week,
    now: monday,
    secrets: [apiKey, 'owner@acme.example', 'minji@acme.example'],
    holds: { 'work.hours': 4, leave: 1, holiday: 2 },
  };
};

describe.each([
  ['by a report that says types', { reportsShowType: true }, {}],
  ['by a report that says none', {}, {}],
  ['person by person', {}, { reports: 'never' }],
])('%s', (_, options, settings) => {
  describeSourceConformance({ plugin: clockify, world: world(options, settings) });
});
