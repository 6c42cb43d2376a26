import { pullId } from '#domain';
import { collectQueue } from '#queues';
import { Pulls } from '#storage';
import { judged, median, told, type Bench } from './measure.ts';
import { peakMemory, startChild, type Running } from './processes.ts';
import { answer } from './sink.ts';
import { apply, until, type Stage } from './stage.ts';

const PEOPLE = 500;

/** A complete pull by the collector: how fast pages become rows, and what it holds in memory for it. */
export const facts = (stage: Stage): Bench => ({
  name: 'facts',
  async run({ quick, rounds }, progress) {
    const sizes = quick ? [5_000, 40_000] : [10_000, 400_000];
    const sources = await Promise.all(sizes.map((size) => Clockify.start(PEOPLE, size)));
    const rates: number[] = [];
    const peaks = new Map<number, number[]>(sizes.map((size) => [size, []]));
    for (let round = 1; round <= rounds; round += 1) {
      const figures: string[] = [];
      for (const [index, size] of sizes.entries()) {
        const source = sources[index];
        if (!source) continue;
        const { perSecond, peak } = await pull(stage, source, size);
        peaks.get(size)?.push(peak);
        if (size === sizes.at(-1)) rates.push(perSecond);
        figures.push(`${size} entries ${Math.round(perSecond)}/s, ${Math.round(peak / 2 ** 20)} MiB`);
      }
      progress(`facts, round ${round} of ${rounds}: ${figures.join('; ')}`);
    }
    await Promise.all(sources.map((source) => source.stop()));
    const [small = 0, large = 0] = sizes;
    const peakOf = (size: number): number => median(peaks.get(size) ?? []);
    return [
      judged(
        'facts, pages to rows',
        median(rates),
        '/s',
        { atLeast: 20_000 },
        `${large} entries, one collector`,
      ),
      judged(
        `peak memory at ${large} entries to that at ${small}`,
        peakOf(large) / peakOf(small),
        '×',
        { atMost: 1.3 },
        `${Math.round(peakOf(large) / 2 ** 20)} to ${Math.round(peakOf(small) / 2 ** 20)} MiB`,
      ),
      told(
        'facts, calls of one pull',
        Math.ceil(large / 1000),
        'calls',
        'pages of 1,000, the most the vendor gives',
      ),
    ];
  },
});

/** A simulated Clockify in a process of its own. */
export class Clockify {
  readonly url: string;
  readonly workspaceId: string;
  readonly #process: Running;

  private constructor(process: Running, at: { readonly url: string; readonly workspaceId: string }) {
    this.#process = process;
    this.url = at.url;
    this.workspaceId = at.workspaceId;
  }

  static async start(people: number, entries: number): Promise<Clockify> {
    const process = startChild('clockify.ts', [String(people), String(entries)]);
    return new Clockify(process, await answer(process));
  }

  static readonly secrets = { 'clockify-key': 'the key of the bench' } as const;

  get document(): string {
    return `
kind: Source
name: clockify
type: clockify
owner: ops@acme.example
settings: { workspaceId: ${this.workspaceId}, apiKey: { secret: clockify-key }, baseUrl: '${this.url}/api', reportsUrl: '${this.url}/report' }
`;
  }

  /** When it was first asked since it last forgot; null where it was not. In ms since 1970. */
  async firstAsked(): Promise<number | null> {
    const answered = answer<{ at: number | null }>(this.#process);
    this.#process.child.send('first');
    return (await answered).at;
  }

  async forget(): Promise<void> {
    const answered = answer(this.#process);
    this.#process.child.send('forget');
    await answered;
  }

  async stop(): Promise<void> {
    await this.#process.stop();
  }
}

async function pull(
  stage: Stage,
  source: Clockify,
  size: number,
): Promise<{ readonly perSecond: number; readonly peak: number }> {
  const world = await stage.world('postgres', Clockify.secrets);
  if (!world) throw new Error('there is always a Postgres');
  await apply(world.database, source.document);
  const collector = startChild('collector.ts', [], { environment: world.environment, profiled: true });
  await collector.says(/"msg":"started"/);
  const pulls = new Pulls(world.database);
  const now = await world.database.now();
  const id = pullId({ system: 'clockify', what: 'facts', askedBy: 'bench' });
  await pulls.want([
    {
      id,
      system: 'clockify',
      what: 'facts',
      window: { from: now.subtract({ hours: 24 * 21 }), to: now },
      askedBy: 'bench',
      dueAt: now,
    },
  ]);
  await world.queues.ring(collectQueue('clockify'), { v: 1, pullId: id }, { jobId: id });
  await until(
    'the pull is complete',
    async () => {
      if (collector.over) throw new Error(`the collector ended:\n${collector.said}`);
      const state = (await pulls.get(id))?.state;
      if (state === 'failed') throw new Error(`the pull failed:\n${collector.said}`);
      return state === 'complete';
    },
    { withinMs: 300_000, everyMs: 100 },
  );
  const books = await pulls.get(id);
  const peak = peakMemory(collector.pid) ?? Number.NaN;
  await collector.stop();
  await world.close();
  if (!books?.began_at || !books.ended_at || books.new !== size)
    throw new Error(`of ${size} entries ${books?.new} became facts:\n${collector.said}`);
  return { perSecond: (size * 1000) / books.ended_at.since(books.began_at).total('milliseconds'), peak };
}
