import { Retention } from '#storage';
import { judged, median, told, type Bench } from './measure.ts';
import type { Stage, World } from './stage.ts';

/** As the rules service takes them. */
const BATCH = 500;
const DAY_MS = 86_400_000;

/** What it costs to remove facts that are over, half of all that are there: by batches, as the rules service does it. */
export const retention = (stage: Stage): Bench => ({
  name: 'retention',
  async run({ quick }, progress) {
    const versions = quick ? 100_000 : 1_000_000;
    const world = await stage.world('postgres');
    if (!world) throw new Error('there is always a Postgres');
    await fill(world, versions);
    progress(`retention: ${versions.toLocaleString('en-US')} versions are there`);
    const store = new Retention(world.database);
    const before = (await world.database.now()).subtract({ milliseconds: 400 * DAY_MS });
    const batches: number[] = [];
    let removed = 0;
    const began = performance.now();
    for (;;) {
      const at = performance.now();
      const rows = (await store.facts(before, BATCH)) ?? 0;
      batches.push(performance.now() - at);
      removed += rows;
      if (rows < BATCH) break;
    }
    const tookMs = performance.now() - began;
    const at = performance.now();
    await store.facts(before, BATCH);
    const nothingMs = performance.now() - at;
    await world.close();
    if (removed !== versions / 2) throw new Error(`${removed} were removed of ${versions / 2}`);
    const sorted = batches.toSorted((one, other) => one - other);
    return [
      told('retention, facts removed', removed / tookMs, 'k/s', `${removed} of ${versions} versions`),
      told('retention, a batch of 500', median(batches), 'ms'),
      told('retention, p99 of a batch', sorted[Math.floor(sorted.length * 0.99)] ?? null, 'ms'),
      judged(
        'retention, longest batch',
        sorted.at(-1) ?? null,
        'ms',
        { under: 2000 },
        'its locks are on rows that nobody writes',
      ),
      told('retention, a look that finds nothing', nothingMs, 'ms'),
    ];
  },
});

/** Two sources; of each fact two versions, the first superseded the day after. A half of all of it was over 400 days ago. */
async function fill({ database }: World, versions: number): Promise<void> {
  await database.query(
    `insert into fact (source, kind, key, subject, starts, ends, amount, attributes, hash, pull_id, known_since, known_until)
     select 'source-' || one % 2, 'work.hours', 'k' || one, 'u' || one % 1000, starts, starts + interval '4 hours', 14400000, '{"billable": true}', md5(one::text), gen_random_uuid(),
       starts + version * interval '1 day', case when version = 1 then starts + interval '2 days' else 'infinity' end
     from generate_series(1, $1::int / 2) as one cross join generate_series(1, 2) as version
     cross join lateral (select clock_timestamp() - (case when one % 2 = 0 then 410 else 10 end + one % 300) * interval '1 day' as starts) as at`,
    [versions],
  );
  await database.query('analyze fact');
}
