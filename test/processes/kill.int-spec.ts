import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import pg from 'pg';
import { Temporal } from 'temporal-polyfill';
import { faultPointNames, type FaultPointName } from '#runtime';
import { redisServerOnPath, startTestRedis, type TestEngine } from '../../libs/queues/src/testing.js';
import { Processes } from './processes.js';
import { Story, type ShownRoom } from './story.js';

/** Noon of a Monday that is over, wherever people are: "last week" is the week before it. */
const at = Temporal.Now.zonedDateTimeISO('UTC')
  .subtract({ days: Temporal.Now.zonedDateTimeISO('UTC').dayOfWeek - 1 + 7 })
  .withPlainTime('12:00')
  .toInstant();

const run = ['run', '--once', '--now', '--at', at.toString(), '--output', 'json'];
const nothingNew = ['run', '--once', '--output', 'json'];
const pullAgain = ['collect', '--source', 'clockify', '--output', 'json'];

/** What happens before the kill, and where the process is killed: several kills come one after the other. */
interface Case {
  readonly title: string;
  readonly kills: readonly FaultPointName[];
  /** Hours that are entered after all was said; what was said has to be corrected. */
  readonly late?: boolean;
}

const first = (kills: readonly FaultPointName[]): Case => ({ title: kills.join(', then at '), kills });
const correction = (point: FaultPointName): Case => ({
  title: `${point} of a correction`,
  kills: [point],
  late: true,
});

/** Where reaching a point takes more than one run of the story. */
const special: Partial<Record<FaultPointName, readonly FaultPointName[]>> = {
  // Nobody is asked before an attempt was cut off.
  'deliver.asked': ['deliver.accepted', 'deliver.asked'],
};
const onPostgres = [
  ...faultPointNames.map((point) => first(special[point] ?? [point])),
  correction('collect.settled'),
  correction('expected.kept'),
  correction('evaluate.committed'),
  correction('deliver.accepted'),
];
const onRedis = [
  ...faultPointNames
    .filter((point) => point.startsWith('deliver.') || point === 'evaluate.rung')
    .map((point) => first(special[point] ?? [point])),
];

/** Processes mostly wait, so that several share the two cores well. */
const AT_ONCE = 4;
const WITHIN_MS = 120_000;

const processes = new Processes();
afterAll(() => processes.endAll());

/** Forgets every job. */
async function flush(queueUrl: string): Promise<void> {
  if (queueUrl.startsWith('redis')) {
    const client = new Redis(queueUrl);
    await client.flushdb();
    client.disconnect();
    return;
  }
  const client = new pg.Client({ connectionString: queueUrl });
  await client.connect();
  await client.query('truncate bullmq.job, bullmq.dedup, bullmq.dedup_next, bullmq.event cascade');
  await client.end();
}

async function carillon(story: Story, words: readonly string[]): Promise<void> {
  const process = processes.carillon(words, { environment: story.environment });
  const { code } = await process.exited;
  if (code !== 0)
    throw new Error(
      `carillon ${words.join(' ')} ended with ${String(code)}:\n${process.stdout}\n${process.stderr}`,
    );
}

/** Runs until the process kills itself at the point; then the queue forgets everything, and time passes. */
async function killedAt(story: Story, point: FaultPointName, words: readonly string[]): Promise<void> {
  const process = processes.carillon(words, { environment: story.environment, fault: point });
  const { signal } = await process.exited;
  if (signal !== 'SIGKILL' || !process.stderr.includes(`fault: killed at ${point},`))
    throw new Error(`${point} was never reached:\n${process.stdout}\n${process.stderr}`);
  await flush(story.queueUrl);
  await story.leasesRunOut();
}

/** Lives through the story with these kills and returns what Slack shows in the end. */
async function shownAfter(
  { kills, late }: Pick<Case, 'kills' | 'late'>,
  queueUrl?: string,
): Promise<Readonly<Record<string, ShownRoom>>> {
  const story = await Story.begin({ at, ...(queueUrl === undefined ? {} : { queueUrl }) });
  try {
    if (!late) {
      for (const point of kills) await killedAt(story, point, run);
      await carillon(story, run);
    } else {
      await carillon(story, run);
      story.work(story.people.olena, 3, 4);
      // A pull in one process, and what follows from it in the next; the kill is where the point is.
      const [point] = kills;
      const inPull = point?.startsWith('collect.') || point?.startsWith('expected.');
      if (point && inPull) await killedAt(story, point, pullAgain);
      else await carillon(story, pullAgain);
      if (point && !inPull) await killedAt(story, point, nothingNew);
      await carillon(story, nothingNew);
    }
    return story.shown();
  } finally {
    await story.end();
  }
}

/** Begins all at once, so many at a time; each is awaited by its own test. */
function outcomes(cases: readonly Case[], queueUrl: (index: number) => string | undefined) {
  let turn = 0;
  const free: (() => void)[] = [];
  const slot = async (): Promise<void> => {
    if (turn < AT_ONCE) turn += 1;
    else await new Promise<void>((resolve) => free.push(resolve));
  };
  const leave = (): void => {
    const next = free.shift();
    if (next) next();
    else turn -= 1;
  };
  return cases.map(async (one, index) => {
    await slot();
    try {
      return { shown: await shownAfter(one, queueUrl(index)) };
    } catch (error) {
      return { error };
    } finally {
      leave();
    }
  });
}

function kills(
  engine: string,
  cases: readonly Case[],
  open: () => Promise<{ url: (index: number) => string | undefined; end: () => Promise<void> }>,
): void {
  describe(`killed in the middle, and started again with an empty queue on ${engine}`, () => {
    let undisturbed: Awaited<ReturnType<typeof outcomes>>;
    let disturbed: Awaited<ReturnType<typeof outcomes>>;
    let end: () => Promise<void>;
    beforeAll(async () => {
      const queue = await open();
      ({ end } = queue);
      const all = outcomes(
        [{ title: '', kills: [] }, { title: '', kills: [], late: true }, ...cases],
        queue.url,
      );
      undisturbed = all.slice(0, 2);
      disturbed = all.slice(2);
    }, WITHIN_MS);
    afterAll(async () => {
      await Promise.all([...undisturbed, ...disturbed]);
      await end();
    }, WITHIN_MS);

    it(
      'says something where nobody disturbs it',
      async () => {
        const [week, corrected] = await Promise.all(undisturbed);

        expect(week?.error).toBeUndefined();
        expect(week?.shown).toMatchObject({
          'carillon-ops': { members: ['Carillon', 'Ops'] },
          'hours-nadia-petrenko': {
            members: ['Carillon', 'Max Muster', 'Nadia Petrenko'],
            messages: [expect.stringMatching(/^Nadia Petrenko: 10 of 40 h/)],
          },
          'hours-olena-kovalenko': {
            members: ['Carillon', 'Max Muster', 'Olena Kovalenko'],
            messages: [expect.stringMatching(/^Olena Kovalenko: 7\.5 of 40 h/)],
          },
        });
        expect(corrected?.shown).toEqual({
          ...week?.shown,
          'hours-olena-kovalenko': {
            members: ['Carillon', 'Max Muster', 'Olena Kovalenko'],
            messages: [expect.stringMatching(/^Olena Kovalenko: 11\.5 of 40 h/)],
          },
        });
      },
      WITHIN_MS,
    );

    it.each(cases.map((one, index) => [one.title, one, index] as const))(
      'says the same, once, after a kill at %s',
      async (_, one, index) => {
        const expected = await undisturbed[one.late ? 1 : 0];
        const outcome = await disturbed[index];
        if (outcome?.error) throw outcome.error as Error;

        expect(outcome?.shown).toEqual(expected?.shown);
      },
      WITHIN_MS,
    );
  });
}

kills('Postgres', onPostgres, () => Promise.resolve({ url: () => undefined, end: () => Promise.resolve() }));

if (redisServerOnPath()) {
  kills('Redis', onRedis, async () => {
    const redis: TestEngine = await startTestRedis();
    // Each story has a database of its own in the one server.
    return { url: (index) => new URL(`/${index}`, redis.url).href, end: () => redis.end() };
  });
} else {
  it.skip('kills with the queue on Redis did not run: no redis-server on PATH', () => undefined);
}

describe('fault points', () => {
  const services = join(import.meta.dirname, '../../services');
  const files = readdirSync(services, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.endsWith('spec.ts'))
    .map((file) => ({ file, text: readFileSync(join(services, file), 'utf8') }));
  const pointsIn = (text: string): readonly string[] =>
    [...text.matchAll(/faultPoint\('([\w.]+)'\)/g)].map(([, name]) => name ?? '');

  it('stand each at one place', () => {
    expect(files.flatMap(({ text }) => pointsIn(text)).toSorted()).toEqual([...faultPointNames].toSorted());
  });

  it('are in every stage, and wherever else something is written or rung', () => {
    const steps = files.filter(
      ({ file, text }) =>
        /^(collector|rules|notifier)\//.test(file) &&
        !file.endsWith('.module.ts') &&
        (file.endsWith('.stage.ts') || /\.transaction\(|queues\.ring/.test(text)) &&
        !file.endsWith('/stage.ts'),
    );

    expect(steps.length).toBeGreaterThan(8);
    expect(steps.filter(({ text }) => pointsIn(text).length === 0).map(({ file }) => file)).toEqual([]);
  });
});
