import { chmod, mkdtemp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { hookDocument, secrets } from './decided.ts';
import { Clockify } from './facts.ts';
import { judged, median, pause, told, type Bench } from './measure.ts';
import { cpuSeconds, startProduct } from './processes.ts';
import type { Stage } from './stage.ts';

const weekly = `
kind: Rule
name: low-hours
each: person
over: lastWeek
audience: managers
needs: { clockify: closed }
measure: { hours: { sum: work.hours }, expected: { calendar: expectedHours } }
params: { threshold: 25.0 }
when: hours < threshold && hours < expected
say: low-hours
---
kind: Subscription
name: weekly
rules: [low-hours]
schedule: { cron: '0 9 * * MON', timezone: person }
to: { channel: hook, url: 'http://127.0.0.1:9/{{ person.slug }}' }
`;

/** `carillon up` with an embedded Postgres of its own and nothing to do: what the whole tree of processes uses of a core. */
export const idle = (stage: Stage): Bench => ({
  name: 'idle',
  async run({ quick, rounds }, progress) {
    const home = await mkdtemp(join(stage.directory, 'idle-'));
    // Started by root, Postgres runs as another user.
    await chmod(home, 0o755);
    const source = await Clockify.start(20, 400);
    const documents = join(home, 'documents.yaml');
    await writeFile(documents, `${hookDocument}\n---\n${source.document}\n---\n${weekly}`);
    const up = startProduct('services/carillon/src/main.js', ['up', '--documents', documents], {
      environment: {
        CARILLON_HOME: home,
        PORT: '0',
        ...Object.fromEntries(
          Object.entries({ ...secrets, ...Clockify.secrets }).map(([name, value]) => [
            `CARILLON_SECRET_${name.toUpperCase().replaceAll('-', '_')}`,
            value,
          ]),
        ),
      },
    });
    await up.says(/Ctrl-C ends everything/);
    // What is done once after a start is not what it does all day.
    await pause(quick ? 5_000 : 20_000);
    const shares: number[] = [];
    const lengthMs = quick ? 5_000 : 12_000;
    for (let round = 1; round <= rounds; round += 1) {
      const [before, began] = [cpuSeconds(up.pid), performance.now()];
      await pause(lengthMs);
      const share = ((cpuSeconds(up.pid) - before) * 100_000) / (performance.now() - began);
      shares.push(share);
      progress(`idle, round ${round} of ${rounds}: ${share.toFixed(1)} % of a core`);
    }
    await up.stop();
    await source.stop();
    return [
      judged('idle all-in-one process tree', median(shares), '% of a core', { under: 2 }),
      told('idle, each look', lengthMs / 1000, 's'),
    ];
  },
});
