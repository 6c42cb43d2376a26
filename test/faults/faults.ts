import { faultPointNames, type FaultPointName } from '#runtime';
import type { Trouble } from '#http/simulation';
import { brokenPages } from './broken-pages.js';
import type { Scene } from './scene.js';
import { isPost, isReport, type VendorName } from './vendors.js';
import { pause, type World } from './world.js';

/** One thing that goes wrong in a week. */
export interface Fault {
  /** As the report names it. */
  readonly kind: string;
  /** Where only one of the engines can suffer it. */
  readonly queue?: World['options']['queue'];
  /** It breaks and mends so much that a week has it seldom. */
  readonly isDear?: boolean;
  /** Laid before the week begins: it is met when somebody comes by. */
  readonly lay?: (scene: Scene) => void;
  /** At a random moment of the week. */
  readonly strike?: (scene: Scene) => Promise<void>;
}

/** What has to go wrong at a vendor, so that somebody comes by the point at all. */
const troublesBefore: Readonly<Partial<Record<FaultPointName, readonly [VendorName, Trouble]>>> = {
  'deliver.asked': ['slack', { kind: 'cut-after', match: isPost }],
  'deliver.absent': ['slack', { kind: 'cut-before', match: isPost }],
  'deliver.failed': ['slack', { kind: 'answer', match: isPost, answer: tooMany() }],
  // What cannot be read is told to the owner at once.
  'trouble.said': ['clockify', { kind: 'nonsense', match: isReport }],
};

/** SIGKILL at a point of the flow: of whichever replica comes by first. */
export const killAt = (point: FaultPointName): Fault => ({
  kind: `SIGKILL at ${point}`,
  lay(scene) {
    const trouble = troublesBefore[point];
    if (trouble) scene.world.vendors.plan(...trouble);
    const often = /^(deliver|collect\.page)/.test(point) && !trouble;
    scene.dieAt(point, often ? scene.random.int(1, 3) : 1);
  },
});

/** Every fault point, in turn. */
export const pointKills: readonly Fault[] = faultPointNames.map(killAt);

const killed: Fault = {
  kind: 'SIGKILL at any moment',
  async strike({ world, random }) {
    await random.pick(world.replicas).kill();
  },
};

const termed: Fault = {
  kind: 'SIGTERM during work',
  async strike(scene) {
    const up = scene.world.replicas.filter(({ isUp }) => isUp);
    if (up.length === 0) return;
    const replica = scene.random.pick(up);
    scene.asksToEnd(replica);
    await replica.stop();
  },
};

const postgresStopped: Fault = {
  kind: 'Postgres stopped at once and started',
  async strike({ world, random }) {
    const ms = random.int(100, 1500);
    await world.withoutPostgres(async () => {
      await world.postgres.stopAtOnce();
      await pause(ms);
      await world.postgres.start();
    });
  },
};

const connectionsEnded: Fault = {
  kind: 'connections ended by Postgres',
  async strike({ world }) {
    await world.query(
      `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and application_name <> 'faults'`,
    );
  },
};

const connectionsCut: Fault = {
  kind: 'connections cut on the way',
  async strike({ world }) {
    world.toPostgres.cut();
    world.redis?.proxy.cut();
  },
};

const flushed: Fault = {
  kind: 'queue flushed empty',
  strike: ({ world }) => world.flush(),
};

const redisRestarted: Fault = {
  kind: 'Redis restarted, with nothing in it',
  queue: 'redis',
  async strike({ world, random }) {
    const ms = random.int(50, 1000);
    await world.redis?.engine.stop();
    await pause(ms);
    await world.redis?.engine.start();
  },
};

const restored: Fault = {
  kind: 'Postgres restored from a backup of mid-run',
  isDear: true,
  async strike({ world, random }) {
    const [ms, isFlushed] = [random.int(200, 2500), random.chance(0.5)];
    const backup = await world.postgres.backUp();
    await pause(ms);
    await world.withoutPostgres(async () => {
      // As it is done in earnest: nobody works while the data are exchanged, and it is told before anybody works again.
      await Promise.all(world.replicas.map((replica) => replica.kill()));
      world.takeDead();
      await world.postgres.restore(backup);
      await world.carillon('migrate', '--after-restore');
    });
    if (isFlushed) await world.flush();
  },
};

const day = 24 * 3_600_000;
/** A moment before Europe's clocks go forwards, and one before America's go back. */
const spring = Date.parse('2027-03-28T00:59:58Z');
const autumn = Date.parse('2026-11-01T05:59:58Z');

/** Processes whose clocks are wrong for the rest of the week: one of them, or all. */
const clock = (kind: string, aheadMs: (scene: Scene) => number): Fault => ({
  kind,
  async strike(scene) {
    const { world, random } = scene;
    const wrong = random.chance(0.5) ? world.replicas : [random.pick(world.replicas)];
    for (const replica of wrong) replica.order({ do: 'set clock', aheadMs: aheadMs(scene) });
  },
});

const clocks: readonly Fault[] = [
  clock(
    'clocks of processes jump forwards',
    ({ world, random }) => world.aheadMs + random.pick([61_000, day, 9 * day]),
  ),
  clock(
    'clocks of processes jump backwards',
    ({ world, random }) => world.aheadMs - random.pick([61_000, day, 9 * day]),
  ),
  clock('clocks of processes run over the change in spring', () => spring - Date.now()),
  clock('clocks of processes run over the change in autumn', () => autumn - Date.now()),
];

function tooMany() {
  return { status: 429, headers: { 'retry-after': '1' }, body: { ok: false, error: 'ratelimited' } };
}

type Bad = Pick<Trouble, 'kind' | 'answer' | 'delayMs'>;
const bad = {
  'answers 429': { kind: 'answer', answer: tooMany() },
  'answers 500': { kind: 'answer', answer: { status: 500, body: 'broken' } },
  'answers nonsense': { kind: 'nonsense' },
  'answers slowly': { kind: 'slow', delayMs: 1500 },
  'answers too late': { kind: 'slow', delayMs: 4000 },
  'never answers': { kind: 'silence' },
  'cuts the connection': { kind: 'cut-before' },
  'accepts, then cuts the connection': { kind: 'cut-after' },
} satisfies Readonly<Record<string, Bad>>;

const badVendor = (vendor: VendorName, manner: keyof typeof bad): Fault => ({
  kind: `${vendor} ${manner}`,
  lay({ world, random }) {
    const trouble: Trouble = {
      ...bad[manner],
      times: random.int(1, manner === 'never answers' ? 2 : 3),
      after: random.int(0, 4),
    };
    // Half of the time it is the call that counts.
    world.vendors.plan(
      vendor,
      vendor === 'slack' && random.chance(0.5) ? { ...trouble, match: isPost, after: 0 } : trouble,
    );
  },
});

const badVendors: readonly Fault[] = (['clockify', 'slack', 'webhook'] as const).flatMap((vendor) =>
  (Object.keys(bad) as (keyof typeof bad)[])
    // Whatever a receiver of web hooks answers with 200, it has taken the message.
    .filter((manner) => vendor !== 'webhook' || manner !== 'answers nonsense')
    .map((manner) => badVendor(vendor, manner)),
);

/** Slack acts only after a while, and then answers in time: whoever asks it meanwhile is told that nothing is there. */
const slowToAct: Fault = {
  kind: 'slack takes its time before it acts',
  lay({ world, random }) {
    let left = random.int(1, 4);
    world.vendors.handle('slack', async (request, act) => {
      if (isPost(request) && left > 0) {
        left -= 1;
        await pause(1200);
      }
      return act();
    });
  },
};

/** Everything but the fault points. */
export const otherFaults: readonly Fault[] = [
  killed,
  termed,
  postgresStopped,
  connectionsEnded,
  connectionsCut,
  flushed,
  redisRestarted,
  restored,
  ...clocks,
  ...badVendors,
  slowToAct,
  ...brokenPages,
];
