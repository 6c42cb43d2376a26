/** A simulated Clockify without a limit. Words: how many people, how many entries of work in all, spread over the last three weeks. Tells when it was first asked. */
import { SimulatedServer } from '#http/simulation';
import { ClockifySimulator } from '#sources/simulators';

const [people = '1', entries = '0'] = process.argv.slice(2);
const clockify = new ClockifySimulator();
const workspaceId = clockify.addWorkspace({ name: 'Acme' });
const owner = clockify.addUser({
  email: 'key@acme.example',
  name: 'Key Owner',
  zone: 'UTC',
  role: 'WORKSPACE_OWN',
});
clockify.addKey('the key of the bench', owner);
const users = Array.from({ length: Number(people) }, (_, index) =>
  clockify.addUser({ email: `person-${index}@acme.example`, name: `Person ${index}`, zone: 'UTC' }),
);
const first = Math.floor(Date.now() / 86_400_000) * 86_400_000 - 20 * 86_400_000;
const each = Math.ceil(Number(entries) / users.length);
const spacing = Math.floor((20 * 86_400_000) / Math.max(1, each));
let left = Number(entries);
for (const userId of users)
  for (let index = 0; index < each && left > 0; index += 1, left -= 1) {
    const start = first + index * spacing;
    clockify.addEntry({
      userId,
      start: new Date(start).toISOString(),
      end: new Date(start + Math.min(spacing, 900_000)).toISOString(),
      description: 'work',
    });
  }

const server = await SimulatedServer.listen(clockify);
process.on('message', (order) => {
  if (order === 'first')
    process.send?.({ at: server.requests[0]?.at ?? null, calls: server.requests.length });
  if (order === 'forget') {
    server.requests.length = 0;
    process.send?.({});
  }
});
process.on('disconnect', () => process.exit(0));
process.send?.({ url: server.url, workspaceId });
