import type { Rewrite } from './rewrites.js';

/** A bug that is put into the processes under test, to see whether the harness finds it. */
export interface PlantedBug {
  readonly name: string;
  readonly rewrites: readonly Rewrite[];
}

/** Bugs that somebody might well write. None of them can be switched on in the product: the pieces are exchanged as a process under test loads them. */
export const plantedBugs: readonly PlantedBug[] = [
  {
    name: 'settles before it sends',
    rewrites: [
      {
        file: 'services/notifier/src/stages/send.stage.js',
        from: 'const receipt = await deliver(passage, address, attempt);',
        to: `const receipt = { id: 'none yet', address };
             setTimeout(() => void deliver(passage, address, attempt).catch(() => undefined), 500);`,
      },
    ],
  },
  {
    name: 'rings before the commit, and nothing else is relied on',
    rewrites: [
      {
        file: 'services/rules/src/evaluate.js',
        from: 'const channels = await this.keepConclusions.keep(look);',
        to: `for (const { name: channel } of company.configuration.channels)
               await this.queues.ring(deliverQueue(channel), { v: 1, channel }, { jobId: channel });
             await new Promise((resolve) => setTimeout(resolve, 2_000));
             await this.keepConclusions.keep(look);
             const channels = [];`,
      },
      {
        file: 'services/notifier/src/notifier.module.js',
        from: 'await this.claims.sweep()',
        to: '[]',
      },
    ],
  },
  {
    name: 'sweeps up nothing',
    rewrites: [
      {
        file: 'services/notifier/src/notifier.module.js',
        from: 'await this.claims.sweep()',
        to: '[]',
      },
    ],
  },
  {
    name: 'holds deliveries by a lease that is over before the vendor answers',
    rewrites: [
      {
        file: 'libs/storage/src/delivery-claims.repository.js',
        from: `interval '90 seconds'`,
        to: `interval '100 milliseconds'`,
      },
    ],
  },
  {
    name: 'says again what may have arrived, without asking',
    rewrites: [
      {
        file: 'services/notifier/src/stages/ask.stage.js',
        from: `if (delivery.was !== 'unknown') return undefined;`,
        to: 'return undefined;',
      },
    ],
  },
  {
    name: 'decides on what has been read so far',
    rewrites: [
      {
        file: 'services/rules/src/sources-of-truth.js',
        from: 'if (!pull || !inTime) return { whole: false };',
        to: 'if (!pull || !inTime) return { whole: true, but: new Set() };',
      },
      {
        file: 'services/rules/src/sources-of-truth.js',
        from: 'return moment;',
        to: 'return now;',
      },
      {
        file: 'services/rules/src/evaluate.js',
        from: 'this.readiness.isOnItsWay(current, occurrence)',
        to: 'false',
      },
    ],
  },
  {
    name: 'draws the id of a delivery',
    rewrites: [
      {
        file: 'libs/domain/src/ids.js',
        from: `key('delivery', of.subscription, of.destination, ...says)`,
        to: `key('delivery', String(Math.random()), ...says)`,
      },
    ],
  },
  {
    name: 'says in a transaction of its own what was decided in another',
    rewrites: [
      {
        file: 'services/rules/src/keep-conclusions.js',
        from: 'const changed = await this.#say(tx, look, before);',
        to: 'const changed = [];',
      },
      {
        file: 'services/rules/src/keep-conclusions.js',
        from: `await faultPoint('evaluate.committed');`,
        to: `await faultPoint('evaluate.committed');
             channels.push(...(await this.database.transaction((tx) => this.#say(tx, look, () => false))));`,
      },
    ],
  },
  {
    name: 'drops the last page of a report',
    rewrites: [
      {
        file: 'libs/sources/src/clockify/report.js',
        from: 'yield { facts,',
        to: 'yield { facts: last ? [] : facts,',
      },
    ],
  },
  {
    name: 'repeats a web hook under another id',
    rewrites: [
      {
        file: 'libs/channels/src/webhook/channel.js',
        from: '`${deliveryId}-${revision}`',
        to: '`${deliveryId}-${revision}-${Math.random().toString(36).slice(2)}`',
      },
    ],
  },
  {
    name: 'decides by the clock of its own process',
    rewrites: [
      {
        file: 'libs/storage/src/database.js',
        from: "timeOf(await this.query(`select ${timeUnder('pg_advisory_xact_lock')} as now`))",
        to: 'timeOf(await this.query(`select case when pg_advisory_xact_lock(${MOMENT_LOCK}) is not null then to_timestamp(${Date.now()} / 1000.0) end as now`))',
      },
    ],
  },
  {
    name: 'counts an entry too many on every page, on both sides of its books',
    rewrites: [
      {
        file: 'libs/storage/src/incoming-page.js',
        from: 'count: facts.length,',
        to: 'count: facts.length + 1,',
      },
    ],
  },
];

export function plantedBug(name: string): PlantedBug {
  const found = plantedBugs.find((one) => one.name === name);
  if (!found)
    throw new Error(`there is no planted bug "${name}": ${plantedBugs.map((one) => one.name).join(', ')}`);
  return found;
}
