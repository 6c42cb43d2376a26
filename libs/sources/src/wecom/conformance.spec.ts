import { describeSourceConformance } from '../conformance.js';
import { appSecret, contactsSecret, emptyCompany, march, now, settingsFor } from './company.fixture.js';
import { wecom } from './index.js';

/** More than a batch, with February and April around the window. */
const world = (more: Readonly<Record<string, unknown>>) => () => {
  const simulator = emptyCompany();
  simulator.addDepartment({ id: 2, name: '研发部' });
  for (let each = 0; each < 103; each += 1) {
    const id = `Yuangong${String(each).padStart(3, '0')}`;
    simulator.addUser({ id, name: `员工${each}`, departments: each % 3 === 0 ? [1, 2] : [2] });
    for (const day of ['2026-02-10', '2026-03-10', '2026-04-10'])
      simulator.setDay(id, day, { workedSeconds: 28_800 + each });
  }
  return {
    simulator,
    settings: (url: string) => settingsFor(url, more),
    window: march,
    now,
    secrets: [appSecret, contactsSecret, 'Yuangong007', '员工7'],
    holds: { attendance: 103 },
  };
};

describe.each([
  ['department', {}],
  ['cursor', { contactsSecret }],
])('with members by %s', (_, more) => {
  describeSourceConformance({ plugin: wecom, world: world(more) });
});
