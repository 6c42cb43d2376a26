import { describeSourceConformance } from '../conformance.js';
import { vtiger } from './index.js';
import { accessKey, installation, now, settingsFor } from './installation.fixture.js';

/** More than a page, some of it closed, of nobody's team, or hidden. */
const world = (api: 'rest' | 'classic') => () => {
  const { simulator, ferrari, olena, minji, task } = installation();
  const root = simulator.addUser({ name: 'root', email: 'root@acme.example' });
  for (let each = 0; each < 110; each += 1)
    task([ferrari, olena, minji][each % 3] ?? ferrari, { title: `Заявка ${each}` });
  task(ferrari, { status: 'Completed' });
  task(ferrari, { hidden: true });
  task(root);
  return {
    simulator,
    settings: (url: string) => settingsFor(url, { api }),
    window: { from: now.subtract({ minutes: 30 }), to: now },
    now,
    secrets: [accessKey, 'minji@acme.example', 'Заявка 7'],
    holds: { 'kpi.openIssues': 110, team: 2 },
  };
};

describe.each(['rest', 'classic'] as const)('by the %s API', (api) => {
  describeSourceConformance({ plugin: vtiger, world: world(api) });
});
