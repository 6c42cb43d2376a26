import { readFile } from 'node:fs/promises';
import { redisServerOnPath, startTestRedis, type TestEngine } from '../../libs/queues/src/testing.js';
import { scrape, type Series } from '../scrape.js';
import { justPast } from './just-past.js';
import { Processes, until, type ProductProcess, type ServiceName } from './processes.js';
import { Story } from './story.js';

/** Seconds, on a busy machine too; a restart is what it must not take. */
const SECONDS_MS = 20_000;

/** Where metrics are asked for by name. */
const chartTexts = [
  'helm/carillon/dashboards/carillon.json',
  'helm/carillon/templates/_alerts.tpl',
  'helm/carillon/templates/autoscaling.yaml',
];

const names: readonly ServiceName[] = ['collector', 'rules', 'notifier'];

/** What is applied while they run: a source whose key is no good, the room that hears of it, and a rhythm of another kind. */
const more = (story: Story): string => `
kind: Source
name: clockify-us
type: clockify
owner: us-room
settings:
  workspaceId: ${story.workspaceId}
  apiKey: { secret: clockify-wrong-key }
  baseUrl: ${story.clockifyServer.url}/api
  reportsUrl: ${story.clockifyServer.url}/report
---
kind: Subscription
name: us-room
to: { channel: slack, room: { name: carillon-us, members: [{ email: ops@acme.example }] } }
---
kind: Subscription
name: daily-hours
rules: [low-hours]
schedule: { cron: '0 */6 * * *', timezone: UTC }
to: { channel: slack, room: { name: 'daily-{{ person.slug }}', members: [person] } }
`;

function threeProcesses(engine: string, open: () => Promise<TestEngine | undefined>): void {
  describe(`collector, rules and notifier as three processes, with the queue on ${engine}`, () => {
    const processes = new Processes();
    let queue: TestEngine | undefined;
    let story: Story;
    let services: readonly ProductProcess[];
    let urls: readonly string[];
    let hash: string;

    beforeAll(async () => {
      queue = await open();
      const { at, schedule } = justPast();
      story = await Story.begin({ at, schedule, ...(queue ? { queueUrl: queue.url } : {}) });
      await story.appliedEarlier(8);
      hash = await story.apply(story.documents());
      services = names.map((name) => processes.service(name, { environment: story.environment }));
      urls = await Promise.all(services.map((service) => service.ready()));
    });
    afterAll(async () => {
      await processes.endAll();
      await story?.end();
      await queue?.end();
    });

    /** The configuration that each of them reports to run. */
    const reported = (): Promise<readonly unknown[]> =>
      Promise.all(
        urls.map(async (url) => {
          const answer = (await (await fetch(`${url}/readyz`)).json()) as {
            runs: { configuration: string };
          };
          return answer.runs.configuration;
        }),
      );

    it('report the configuration they run', async () => {
      expect(await reported()).toEqual([hash, hash, hash]);
    });

    it('say exactly what there is to say, each in its room', async () => {
      await until('everything is said', () => Object.keys(story.shown()).length >= 3).catch(
        (error: unknown) => {
          throw new Error(processes.logOf(story.environment), { cause: error });
        },
      );
      await until('the owner has heard of everything', async () => {
        const [left] = await story.test.database.query<{ count: number }>(
          `select (select count(*) from trouble where not told)
             + (select count(*) from delivery where state not in ('sent', 'held')) as count`,
        );
        return left?.count === 0;
      });

      const members = ['Carillon', 'Max Muster'];
      expect(story.shown()).toEqual({
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
    });

    it('answer Prometheus with all that the dashboard and the alerts ask for', async () => {
      const asked = (await Promise.all(chartTexts.map((file) => readFile(file, 'utf8')))).flatMap((text) =>
        [...text.matchAll(/\bcarillon_\w+(?=[\s{[)])/g)].map(([name]) => name),
      );

      const scraped = await Promise.all(urls.map((url) => scrape(url)));

      const told = new Set(scraped.flat().flatMap(({ names: given, labels }) => [...given, ...labels]));
      expect(asked.length).toBeGreaterThan(20);
      expect(asked.filter((name) => !told.has(name))).toEqual([]);
    });

    it('have counted what was said, and know at zero what did not happen', async () => {
      const [collector = [], rules = [], notifier = []] = await Promise.all(urls.map((url) => scrape(url)));
      const values = (of: readonly Series[], name: string): Readonly<Record<string, number>> =>
        Object.fromEntries(
          of
            .flatMap(({ samples }) => samples)
            .filter((sample) => sample.name === name)
            .map(({ labels, value }) => [Object.values(labels).join(' '), value]),
        );

      const none = {
        'slack timeout': 0,
        'slack rejected': 0,
        'slack unreadable': 0,
        'slack unauthorized': 0,
      };
      expect(values(notifier, 'carillon_notifications_failed_total')).toEqual({
        ...none,
        'slack rate-limited': expect.any(Number),
        'slack unavailable': expect.any(Number),
      });
      expect(values(notifier, 'carillon_notifications_total')['slack']).toBeGreaterThanOrEqual(4);
      expect(values(rules, 'carillon_notifications_suppressed_total')).toMatchObject({
        exempt: 0,
        'no-record': 0,
      });
      expect(values(collector, 'carillon_pulls_total')).toMatchObject({ 'clockify unauthorized': 0 });
      for (const service of [collector, rules, notifier]) {
        expect(Object.keys(values(service, 'carillon_due_oldest_age_seconds')).toSorted()).toEqual([
          'collect.clockify',
          'collect.slack',
          'deliver.slack',
          'evaluate',
        ]);
        expect(values(service, 'carillon_source_age_seconds')).toEqual({ clockify: expect.any(Number) });
        expect(values(service, 'carillon_configuration_info')).toEqual({ [hash]: 1 });
        expect(values(service, 'carillon_configuration_loads_total')).toEqual({ done: 1, failed: 0 });
      }
    });

    it('take up within seconds what is applied while they run', async () => {
      const before = story.shown();
      const next = await story.apply(story.documents(more(story)));

      await until(
        'all three report it',
        async () => (await reported()).every((one) => one === next),
        SECONDS_MS,
      );
      await until(
        'the rhythm is planned',
        async () =>
          (await story.test.database.query(`select 1 from occurrence where subscription = 'daily-hours'`))
            .length >= 7,
      );
      await until(
        'the new source was read, and its owner heard what became of it',
        () => story.shown()['carillon-us']?.messages.length === 1,
      );

      const { 'carillon-us': room, ...others } = story.shown();
      expect(room).toEqual({
        members: ['Carillon', 'Ops'],
        messages: [expect.stringMatching(/^Source clockify-us cannot be read/)],
      });
      expect(others).toEqual(before);
    });

    it('give up within seconds what is taken back', async () => {
      const last = await story.apply(story.documents());

      await until(
        'all three report it',
        async () => (await reported()).every((one) => one === last),
        SECONDS_MS,
      );
      expect(last).toBe(hash);
    });

    it('end when they are asked to, with nothing left at hand', async () => {
      const exits = await Promise.all(services.map((service) => service.stop()));

      expect(exits).toEqual(names.map(() => ({ code: 0, signal: null })));
      expect(services.flatMap((service) => service.log().filter(({ level }) => level === 'error'))).toEqual(
        [],
      );
    });
  });
}

threeProcesses('Postgres', () => Promise.resolve(undefined));

if (redisServerOnPath()) threeProcesses('Redis', () => startTestRedis());
else it.skip('three processes with the queue on Redis did not run: no redis-server on PATH', () => undefined);
