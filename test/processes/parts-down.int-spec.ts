import { randomUUID } from 'node:crypto';
import { instant } from '#domain';
import { endingMs } from '#runtime';
import { Pulls } from '#storage';
import { justPast } from './just-past.js';
import { comeDue, planHeldBack, shownBy, subscriptionNamed } from './planned.js';
import { Processes, until, type ProductProcess, type ServiceName } from './processes.js';
import { Story } from './story.js';

const names: readonly ServiceName[] = ['collector', 'rules', 'notifier'];
const later = ['without-collector', 'without-notifier'];

describe('while one part is down', () => {
  const processes = new Processes();
  const services = new Map<ServiceName, ProductProcess>();
  let story: Story;

  const start = async (name: ServiceName): Promise<void> => {
    const service = processes.service(name, {
      // Nobody takes telemetry there.
      environment: { ...story.environment, OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1' },
    });
    services.set(name, service);
    await service.ready();
  };
  const stop = async (name: ServiceName): Promise<void> => {
    await services.get(name)?.stop();
    services.delete(name);
  };
  const others = (): Promise<readonly string[]> =>
    Promise.all([...services.values()].map((service) => service.ready(5000)));
  const holds = (what: string, condition: () => Promise<boolean> | boolean): Promise<void> =>
    until(what, condition, 40_000).catch((error: unknown) => {
      throw new Error(processes.logOf(story.environment), { cause: error });
    });
  /** Asks for what the source's own schedule would ask for. */
  const readAgain = async (): Promise<string> => {
    const id = randomUUID();
    const week = { from: story.at.subtract({ hours: 21 * 24 }), to: story.at };
    await new Pulls(story.test.database).want([
      {
        id,
        system: 'clockify',
        what: 'facts',
        window: week,
        askedBy: id,
        dueAt: instant('2020-01-01T00:00:00Z'),
      },
    ]);
    return id;
  };
  const isRead = async (id: string): Promise<boolean> =>
    (await new Pulls(story.test.database).get(id))?.state === 'complete';

  beforeAll(async () => {
    const { at, schedule } = justPast();
    story = await Story.begin({ at, schedule });
    await story.appliedEarlier(8);
    await story.apply(story.documents(...later.map((name) => subscriptionNamed(name, schedule))));
    await planHeldBack(story, later, at);
    await Promise.all(names.map(start));
    await holds('everything is said', () => shownBy(story, 'hours').flat().length === 2);
  });
  afterAll(async () => {
    await processes.endAll();
    await story?.end();
  });

  it('the collector: what was read is decided and said, and what is new is read when it is back', async () => {
    await stop('collector');
    story.work(story.people.olena, 3, 4);
    const asked = await readAgain();

    await comeDue(story, ['without-collector']);
    await holds('it is said', () => shownBy(story, 'without-collector').flat().length === 2);
    expect(shownBy(story, 'without-collector')).toEqual([
      [expect.stringMatching(/^Nadia Petrenko: 10 of 40 h/)],
      [expect.stringMatching(/^Olena Kovalenko: 7\.5 of 40 h/)],
    ]);
    expect([await isRead(asked), await others()]).toEqual([false, [expect.anything(), expect.anything()]]);

    await start('collector');
    await holds('what was said is corrected', () =>
      ['hours', 'without-collector'].every((name) => shownBy(story, name)[1]?.[0]?.includes('11.5 of 40 h')),
    );
  });

  it('the rules: sources are read, nothing is decided, and it is when they are back', async () => {
    await stop('rules');
    const before = story.shown();
    story.work(story.people.nadia, 3, 1);
    const asked = await readAgain();

    await holds('the source is read', () => isRead(asked));
    expect(story.shown()).toEqual(before);
    expect(await others()).toHaveLength(2);

    await start('rules');
    await holds(
      'what was said is corrected',
      () => shownBy(story, 'hours')[0]?.[0]?.includes('11 of 40 h') ?? false,
    );
  });

  it('the notifier: it ends in time though Slack hangs, what is decided waits, and is said once when it is back', async () => {
    const hanging = {
      kind: 'silence' as const,
      times: 2,
      match: ({ path }: { path: string }) => path.endsWith('/chat.postMessage'),
    };
    story.slackServer.plan(hanging);
    await comeDue(story, ['without-notifier']);
    await holds('a message is on its way', async () => {
      const rows = await story.test.database.query(
        `select 1 from attempt join delivery on delivery.id = attempt.delivery_id where subscription = 'without-notifier'`,
      );
      return rows.length > 0;
    });

    const began = performance.now();
    await stop('notifier');
    const all = Object.values(endingMs).reduce((sum, ms) => sum + ms, 0);
    expect(performance.now() - began).toBeLessThan(all);
    expect(await others()).toHaveLength(2);
    const [open] = await story.test.database.query<{ count: number }>(
      `select count(*) from delivery where subscription = 'without-notifier' and state <> 'sent'`,
    );
    expect(open?.count).toBeGreaterThan(0);

    await story.leasesRunOut();
    await start('notifier');
    await holds('it is said', async () => {
      await story.test.database.query(
        `update delivery set due_at = clock_timestamp() where state in ('retrying', 'unknown') and due_at > clock_timestamp() and due_at < 'infinity'`,
      );
      return shownBy(story, 'without-notifier').flat().length === 2;
    });
    expect(shownBy(story, 'without-notifier').map((messages) => messages.length)).toEqual([1, 1]);
  });

  it('the OTLP collector, all the time: nothing waited for it, and every process ended by itself', async () => {
    const exits = await Promise.all([...services.values()].map((service) => service.stop()));

    expect(exits).toEqual(names.map(() => ({ code: 0, signal: null })));
  });
});
