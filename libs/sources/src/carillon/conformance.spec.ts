import { instant } from '#domain';
import { describeSourceConformance } from '../conformance.js';
import { carillon } from './index.js';
import { NotesSimulator } from './simulator.js';

const now = instant('2026-03-04T12:00:00Z');
const known = { knownSince: instant('2026-01-01T00:00:00Z'), intervalMs: 3_600_000, missing: 0 };

describeSourceConformance({
  plugin: carillon,
  world: () => {
    const simulator = new NotesSimulator();
    simulator.note(
      {
        connection: 'clockify',
        calls: [{ outcome: 'ok', calls: 2, times: [2] }],
        reading: { ...known, lastRead: instant('2026-03-04T11:00:00Z') },
        quotaUsed: 0.4,
      },
      { connection: 'slack', calls: [], holdsUntil: { day: '2026-03-09' } },
    );
    return {
      simulator,
      settings: () => ({ timezone: 'Europe/Kyiv' }),
      observed: simulator.observed,
      // Three local days, of which the last is not over.
      window: { from: instant('2026-03-02T10:00:00Z'), to: instant('2026-03-06T00:00:00Z') },
      now,
      secrets: [],
      holds: {
        'connection.calls': 3,
        'connection.freshness': 3,
        'connection.quota': 3,
        'connection.runs': 3,
        'connection.token': 3,
      },
    };
  },
});
