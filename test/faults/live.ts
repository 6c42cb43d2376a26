import { Temporal } from 'temporal-polyfill';
import { isDue, zones, type Week } from './company.js';
import type { Fault } from './faults.js';
import { judge, type Breach, type Verdict } from './judge.js';
import type { Random } from './random.js';
import type { Replica } from './replicas.js';
import { Scene } from './scene.js';
import { hurry, leasesRunOut, leftToDo, letTimePass } from './settle.js';
import { pause, type World } from './world.js';

/** What became of one week. */
export interface Lived extends Verdict {
  readonly week: string;
  readonly faults: readonly string[];
  /** From the last fault until all was settled; of leases that were let run out before their time, for how long they would have held. */
  readonly recovery: { readonly seconds: number; readonly spared: number };
  /** How many deliveries each kill left in the middle of a send. */
  readonly unknownPerKill: readonly number[];
  /** Faults that nobody came by. */
  readonly missed: readonly string[];
  /** Processes that ended by themselves, with what they said last. */
  readonly crashes: readonly string[];
}

export interface LiveOptions {
  /** Nothing is hurried: leases, retries and pauses take the time that they take in earnest. */
  readonly inOwnTime: boolean;
  /** A week in which nothing has moved for so long does not settle any more. A busy machine may take its time. */
  readonly withinMs: number;
  /** Ends it in the middle. */
  readonly signal: AbortSignal;
}

const LOOK_MS = 100;
/** A week that moves for ever is not settled either. */
const MOST_TIMES = 5;
/** A fault strikes at some moment of the first seconds: nearly all is done in them. */
const STRIKES_WITHIN_MS = 4_000;
/** A socket's last words may still be in the machine. */
const LAST_WORDS_MS = 200;

/** Lives through one week: people work, the schedule comes due, things go wrong, and in the end all that was due has been said, once. */
export async function liveThrough(
  world: World,
  monday: string,
  faults: readonly Fault[],
  random: Random,
  options: LiveOptions,
): Promise<Lived> {
  const week = world.company.work(monday, random);
  const scene = new Scene(world, week, random);
  const course = new Course(scene, options, faults.length > 0);
  for (const fault of faults) fault.lay?.(scene);
  await world.moveTo(momentBeforeLast(week));
  course.began = Date.now();
  const strikes = faults.flatMap(({ strike }) =>
    strike ? [{ strike, at: random.int(0, STRIKES_WITHIN_MS) }] : [],
  );
  await course.settles(
    Promise.all(
      strikes.map(async ({ strike, at }) => {
        await pause(at);
        await strike(scene);
        course.began = Date.now();
      }),
    ),
  );
  const missed = scene.armed === undefined ? [] : [`nobody came by ${scene.armed.point}`];
  scene.live();
  world.vendors.calm();
  world.setClocks();
  const recovery = course.recovery;
  // Late entries, or what changed while it was read: the next pull finds it, and what was said is corrected.
  const due = week.workers.filter(isDue);
  const isLate = random.chance(0.4) || scene.someoneIsLate;
  if (!course.isOver && due.length > 0 && isLate)
    scene.changes(() => world.company.enterLate(week, random.pick(due)));
  if (!course.isOver && scene.hasChanged) {
    await askForPull(world, week);
    course.began = Date.now();
    await course.settles(Promise.resolve());
  }
  world.vendors.forget();
  const verdict = await judge(world, week);
  return {
    ...verdict,
    breaches: [...course.breaches, ...verdict.breaches],
    week: monday,
    faults: faults.map(({ kind }) => kind),
    recovery,
    unknownPerKill: course.unknownPerKill,
    missed,
    crashes: course.crashes,
  };
}

/** A second before nine in New York: Kyiv's turn was hours ago, New York's is about to come. */
const momentBeforeLast = ({ monday }: Week): Temporal.Instant =>
  Temporal.PlainDate.from(monday)
    .add({ days: 7 })
    .toZonedDateTime({ timeZone: 'America/New_York', plainTime: '08:59:59' })
    .toInstant();

/** As `carillon collect` asks for the week. */
async function askForPull(world: World, { monday }: Week): Promise<void> {
  const [from, to] = [0, 7].map((days) => Temporal.PlainDate.from(monday).add({ days })) as [
    Temporal.PlainDate,
    Temporal.PlainDate,
  ];
  const starts = zones.map((zone) => from.toZonedDateTime(zone).toInstant().epochMilliseconds);
  const ends = zones.map((zone) => to.toZonedDateTime(zone).toInstant().epochMilliseconds);
  await world.query(
    `insert into pull (id, system, what, window_from, window_to, asked_by, state, due_at)
     values (gen_random_uuid(), 'clockify', 'facts', $1, $2, $3, 'due', clock_timestamp())`,
    [new Date(Math.min(...starts)), new Date(Math.max(...ends)), `faults ${monday} ${Date.now()}`],
  );
}

/** How a week goes: who died, what was left, when all was settled. */
class Course {
  readonly breaches: Breach[] = [];
  readonly unknownPerKill: number[] = [];
  readonly crashes: string[] = [];
  readonly recovery = { seconds: 0, spared: 0 };
  isOver = false;
  /** When the last fault had struck. */
  began = Date.now();
  readonly #scene: Scene;
  readonly #options: LiveOptions;
  readonly #hasFaults: boolean;
  /** When what is left was last seen to change. */
  #changed = 0;
  #starting: Promise<unknown> | undefined;
  #error: unknown;

  constructor(scene: Scene, options: LiveOptions, hasFaults: boolean) {
    this.#scene = scene;
    this.#hasFaults = hasFaults;
    this.#options = options;
  }

  /** Waits until the strikes are over, everybody lives again, and nothing is left to do. */
  async settles(strikes: Promise<unknown>): Promise<void> {
    const { world, week } = this.#scene;
    const { signal, withinMs } = this.#options;
    let isStruck = false;
    strikes.then(
      () => (isStruck = true),
      (error: unknown) => (this.#error ??= error),
    );
    let left = 'it has not been looked at';
    for (let calm = 0; calm < 2;) {
      signal.throwIfAborted();
      if (this.#error !== undefined) throw this.#error;
      await pause(LOOK_MS);
      if (world.isAway) continue;
      try {
        await this.#bury();
        const now = await leftToDo(world, week.monday);
        const isStarting = this.#starting !== undefined;
        if (isStarting || withoutLooks(now) !== withoutLooks(left)) this.#changed = Date.now();
        left = now;
        const isSettled = left === '' && isStruck && !world.isShort && this.#starting === undefined;
        calm = isSettled ? calm + 1 : 0;
        if (!isSettled && !this.#options.inOwnTime) await this.#hasten();
      } catch (error) {
        // Whatever was asked when Postgres went away, or our own way to it was cut, is asked again.
        if (!isAbsence(error)) throw error;
      }
      const moved = Math.max(this.began, this.#changed, world.vendors.lastAskedAt);
      if (Date.now() - moved > withinMs || Date.now() - this.began > MOST_TIMES * withinMs) {
        this.isOver = true;
        this.breaches.push({
          promise: 'lost',
          what: `week of ${week.monday}: not settled after ${Math.round((Date.now() - this.began) / 1000)} s: ${left || 'replicas are missing'}`,
        });
        return;
      }
    }
    this.recovery.seconds = Math.max(this.recovery.seconds, (Date.now() - this.began) / 1000);
  }

  async #hasten(): Promise<void> {
    const { world } = this.#scene;
    await hurry(world);
    // Where nothing went wrong nobody has anything to wait for.
    if (!this.#hasFaults) return;
    const spared = await letTimePass(world, Math.max(this.began, this.#changed));
    if (spared !== undefined) this.#spare(spared);
  }

  #spare(seconds: number): void {
    this.recovery.spared = Math.max(this.recovery.spared, seconds);
  }

  /** Looks what each of the dead has left behind, and has others started in their place. */
  async #bury(): Promise<void> {
    const { world } = this.#scene;
    const dead = world.takeDead();
    for (const replica of dead) await this.#look(replica, await replica.exited);
    if (!world.isShort || this.#starting !== undefined) return;
    this.#starting = world
      .startMissing((replica) => this.#scene.arm(replica))
      // One that finds no database ends, and is started again as whoever runs them does.
      .catch(() => undefined)
      .finally(() => {
        this.#starting = undefined;
      });
  }

  async #look(replica: Replica, exit: { code: number | null; signal: string | null }): Promise<void> {
    const { world } = this.#scene;
    if (replica.diedAt !== undefined) this.#scene.live();
    if (exit.signal === 'SIGKILL') {
      const [row] = await world.query<{ count: number }>(
        `select count(*)::int as count from delivery where state = 'sending' and starts_with(lease_token::text, $1)
           and exists (select 1 from attempt where attempt.delivery_id = delivery.id and attempt.ended_at is null)`,
        [replica.mark],
      );
      if (replica.service === 'notifier' || replica.service === 'all')
        this.unknownPerKill.push(row?.count ?? 0);
    } else if (!this.#scene.wasAskedToEnd(replica)) {
      this.crashes.push(`${replica.service} ended with ${String(exit.code)}: ${replica.log.slice(-2000)}`);
    } else if (exit.code !== 0) {
      this.crashes.push(
        `${replica.service} was asked to end, and ended with ${String(exit.code ?? exit.signal)}: ${replica.log.slice(-2000)}`,
      );
    }
    if (this.#options.inOwnTime) return;
    await pause(LAST_WORDS_MS);
    // The time of a lease that nobody waits for is over for the vendors, too: what the dead one asked of them is acted upon by then.
    await world.vendors.acted();
    this.#spare(await leasesRunOut(world, replica.mark));
    await world.flush();
  }
}

/** Whoever waits for facts is looked at every moment: that is no progress. */
const withoutLooks = (left: string): string => left.replace(/\d+ awake/, 'awake');

/** The database is away, or the connection to it. */
const isAbsence = (error: unknown): boolean => {
  const { code, message } = error as { code?: string; message?: string };
  return (
    /^(57P0[123]|08\w{3}|ECONN\w+|EPIPE)$/.test(code ?? '') ||
    /Connection terminated|Cannot use a pool|connection|ECONN/i.test(message ?? '')
  );
};
