import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import pg from 'pg';
import { Temporal } from 'temporal-polyfill';
import type { Trouble } from '#http/simulation';
import { faultPointNames, forwardFaultPointNames, rowFaultPointNames, type FaultPointName } from '#runtime';
import { redisServerOnPath, startTestRedis, type TestEngine } from '../../libs/queues/src/testing.js';
import { Processes } from './processes.js';
import { Story, type ShownRoom } from './story.js';

/** Noon of a Monday that is over, wherever people are: "last week" is the week before it. */
const noon = Temporal.Now.zonedDateTimeISO('UTC')
  .subtract({ days: Temporal.Now.zonedDateTimeISO('UTC').dayOfWeek - 1 + 7 })
  .withPlainTime('12:00')
  .toInstant();

const run = ['run', '--once', '--now', '--at', noon.toString(), '--output', 'json'];
const nothingNew = ['run', '--once', '--output', 'json'];
const pullAgain = ['collect', '--source', 'clockify', '--output', 'json'];

/** What happens before the kill, and where the process is killed: several kills come one after the other. */
interface Case {
  readonly title: string;
  readonly kills: readonly string[];
  /** What goes wrong at a vendor before the first kill. */
  readonly trouble?: Trouble;
  /** Hours that are entered after all was said; what was said has to be corrected. */
  readonly late?: boolean;
}

/** Where a point is only reached when a vendor refuses something. */
const troubles: Readonly<Record<string, Trouble>> = {
  'deliver.failed': {
    kind: 'answer',
    match: ({ path }) => path.endsWith('/chat.postMessage'),
    answer: { status: 429, headers: { 'retry-after': '1' }, body: { ok: false, error: 'ratelimited' } },
  },
};

const chained = (kills: readonly string[]): Case => {
  const [trouble] = kills.flatMap((point) => troubles[point] ?? []);
  return { title: kills.join(', then at '), kills, ...(trouble ? { trouble } : {}) };
};
const ofCorrection = (point: FaultPointName): Case => ({
  title: `${point} of a correction`,
  kills: [point],
  late: true,
});

/**
 * Every point is come by in a few stories with many kills each, one after the other as the flow has them: what one kill left behind must not
 * hinder what the next one finds. Nobody is asked before an attempt was cut off, so `deliver.absent` and `deliver.asked` come after one that
 * did not arrive, and one that did. Two zones are decided side by side, and both may be committed by the time of a kill: then nobody rings
 * any more, so `evaluate.rung` is the first of its story.
 */
const chains: readonly (readonly FaultPointName[])[] = [
  ['occurrence.planned', 'collect.asked', 'collect.claimed', 'collect.identities', 'people.linked'],
  ['collect.page', 'collect.settled', 'expected.kept', 'evaluate.claimed', 'evaluate.decided'],
  ['evaluate.committed', 'trouble.said', 'deliver.claimed'],
  ['deliver.room', 'deliver.paced', 'deliver.sending', 'deliver.absent', 'deliver.accepted', 'deliver.asked'],
  ['evaluate.rung', 'deliver.failed', 'deliver.settled'],
];
/** Rows are the same on both engines; what differs is what becomes of a job at hand. */
const onRedis = chains.map(chained);
const onPostgres = [
  ...chains.map(chained),
  ofCorrection('collect.settled'),
  ofCorrection('evaluate.committed'),
  ofCorrection('deliver.accepted'),
];

/** Processes mostly wait, so that several share the two cores well. */
const AT_ONCE = 4;
const WITHIN_MS = 300_000;

const processes = new Processes();

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
async function killedAt(story: Story, point: string, words: readonly string[]): Promise<void> {
  const process = processes.carillon(words, { environment: story.environment, fault: point });
  const { signal } = await process.exited;
  if (signal !== 'SIGKILL' || !process.stderr.includes(`fault: killed at ${point},`))
    throw new Error(`${point} was never reached:\n${process.stdout}\n${process.stderr}`);
  await flush(story.queueUrl);
  await story.leasesRunOut();
}

/** Lives through the story with these kills. */
async function live({ kills, late, trouble }: Omit<Case, 'title'>, story: Story): Promise<void> {
  if (trouble) story.slackServer.plan(trouble);
  if (!late) {
    for (const point of kills) {
      // Nothing fails by itself, and a life before this one might have met it.
      if (point === 'deliver.failed') story.slack.failNext('chat.postMessage', 'internal_error');
      await killedAt(story, point, run);
    }
    await carillon(story, run);
    return;
  }
  await carillon(story, run);
  story.work(story.people.olena, 3, 4);
  // A pull in one process, and what follows from it in the next; the kill is where the point is.
  const [point] = kills;
  const inPull = point?.startsWith('collect.') ?? false;
  if (point && inPull) await killedAt(story, point, pullAgain);
  else await carillon(story, pullAgain);
  if (point && !inPull) await killedAt(story, point, nothingNew);
  await carillon(story, nothingNew);
}

/** What Slack shows in the end, and what the processes said on the way. */
interface Outcome {
  readonly shown?: Readonly<Record<string, ShownRoom>>;
  readonly error?: unknown;
  readonly log: string;
}

async function outcomeOf(one: Omit<Case, 'title'>, queueUrl?: string): Promise<Outcome> {
  const story = await Story.begin({ at: noon, ...(queueUrl === undefined ? {} : { queueUrl }) });
  try {
    await live(one, story);
    return { shown: story.shown(), log: processes.logOf(story.environment) };
  } catch (error) {
    return { error, log: processes.logOf(story.environment) };
  } finally {
    await story.end();
  }
}

const free: (() => void)[] = [];
let running = 0;

/** Waits for its turn: so many stories are lived through at a time. */
async function inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
  if (running < AT_ONCE) running += 1;
  else await new Promise<void>((resolve) => free.push(resolve));
  try {
    return await work();
  } finally {
    const next = free.shift();
    if (next) next();
    else running -= 1;
  }
}

// All begin at once, in this order; each is awaited by its own test.
let undisturbed: { readonly week: Promise<Outcome>; readonly corrected: Promise<Outcome> };
let redis: TestEngine | undefined;
const outcomes = new Map<Case, Promise<Outcome>>();
beforeAll(async () => {
  if (redisServerOnPath()) redis = await startTestRedis();
  undisturbed = {
    week: inTurn(() => outcomeOf({ kills: [] })),
    corrected: inTurn(() => outcomeOf({ kills: [], late: true })),
  };
  for (const one of onPostgres)
    outcomes.set(
      one,
      inTurn(() => outcomeOf(one)),
    );
  // Each story has a database of its own in the one server.
  for (const [index, one] of redis ? onRedis.entries() : [])
    outcomes.set(
      one,
      inTurn(() => outcomeOf(one, new URL(`/${index}`, redis?.url).href)),
    );
}, WITHIN_MS);
afterAll(async () => {
  await Promise.allSettled(outcomes.values());
  await processes.endAll();
  await redis?.end();
}, WITHIN_MS);

it(
  'says something where nobody disturbs it',
  async () => {
    const { week, corrected } = { week: await undisturbed.week, corrected: await undisturbed.corrected };

    expect([week.error, corrected.error]).toEqual([undefined, undefined]);
    const members = ['Carillon', 'Max Muster'];
    expect(week.shown).toEqual({
      'carillon-ops': {
        members: ['Carillon', 'Ops'],
        messages: ['Room hours-not-in-slack is not as it should be', 'slack: 1 person not matched'],
      },
      'hours-nadia-petrenko': {
        members: [...members, 'Nadia Petrenko'],
        messages: [expect.stringMatching(/^Nadia Petrenko: 10 of 40 h/)],
      },
      'hours-olena-kovalenko': {
        members: [...members, 'Olena Kovalenko'],
        messages: [expect.stringMatching(/^Olena Kovalenko: 7\.5 of 40 h/)],
      },
    });
    expect(corrected.shown).toEqual({
      ...week.shown,
      'hours-olena-kovalenko': {
        members: [...members, 'Olena Kovalenko'],
        messages: [expect.stringMatching(/^Olena Kovalenko: 11\.5 of 40 h/)],
      },
    });
  },
  WITHIN_MS,
);

const titled = (cases: readonly Case[]) => cases.map((one) => [one.title, one] as const);

async function saysTheSame(_: string, one: Case): Promise<void> {
  const expected = await (one.late ? undisturbed.corrected : undisturbed.week);
  const outcome = await outcomes.get(one);
  if (outcome?.error) throw outcome.error as Error;

  try {
    expect(outcome?.shown).toEqual(expected.shown);
  } catch (error) {
    throw new Error(`${String(error)}\n${outcome?.log ?? ''}`, { cause: error });
  }
}

describe('killed in the middle and started again with an empty queue on Postgres', () => {
  it.each(titled(onPostgres))('says the same, once, after a kill at %s', saysTheSame, WITHIN_MS);
});

if (redisServerOnPath()) {
  describe('killed in the middle and started again with an empty queue on Redis', () => {
    it.each(titled(onRedis))('says the same, once, after a kill at %s', saysTheSame, WITHIN_MS);
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

  // Those of forwards and of rows are come by in the specs of what makes rows and of what writes them.
  it('are all come by', () => {
    expect(chains.flat().toSorted()).toEqual([...faultPointNames].toSorted());
  });

  it('stand each at one place', () => {
    expect(files.flatMap(({ text }) => pointsIn(text)).toSorted()).toEqual(
      [...faultPointNames, ...forwardFaultPointNames, ...rowFaultPointNames].toSorted(),
    );
  });

  it('are in every stage, and wherever else something is written or rung', () => {
    const steps = files.filter(
      ({ file, text }) =>
        /^(collector|rules|notifier)\//.test(file) &&
        !/\.module\.ts$|\/testing\.ts$|\.fixture\.ts$/.test(file) &&
        (file.endsWith('.stage.ts') || /\.transaction\(|queues\.ring/.test(text)) &&
        !file.endsWith('/stage.ts'),
    );

    expect(steps.length).toBeGreaterThan(8);
    expect(steps.filter(({ text }) => pointsIn(text).length === 0).map(({ file }) => file)).toEqual([]);
  });
});
