import type { FaultPointName } from '#runtime';
import type { Week } from './company.js';
import type { Random } from './random.js';
import type { Replica, ServiceName } from './replicas.js';
import type { World } from './world.js';

/** Whose fault points begin so. */
const owners: Readonly<Record<string, ServiceName>> = {
  occurrence: 'rules',
  evaluate: 'rules',
  trouble: 'rules',
  collect: 'collector',
  people: 'collector',
  expected: 'collector',
  deliver: 'notifier',
};

/** One week, what is to go wrong in it, and what has become of that. */
export class Scene {
  readonly world: World;
  readonly week: Week;
  readonly random: Random;
  /** Where somebody is to die, and has not yet. */
  armed: { readonly point: FaultPointName; readonly nth: number } | undefined;
  /** Facts have changed since they were read: it takes another pull until what was said can be right. */
  hasChanged = false;
  /** Somebody enters more once all was said. */
  someoneIsLate = false;
  readonly #askedToEnd = new Set<Replica>();

  constructor(world: World, week: Week, random: Random) {
    this.world = world;
    this.week = week;
    this.random = random;
  }

  /** Whichever replica comes by first dies there; the others live. */
  dieAt(point: FaultPointName, nth: number): void {
    this.armed = { point, nth };
    this.world.replicas.forEach((replica) => this.arm(replica));
  }

  /** Also one that was started meanwhile. */
  arm(replica: Replica): void {
    if (!this.armed) return;
    const owner = owners[this.armed.point.split('.')[0] ?? ''];
    if (replica.service === owner || replica.service === 'all')
      replica.order({ do: 'die at', ...this.armed });
  }

  live(): void {
    this.armed = undefined;
    for (const replica of this.world.replicas) replica.order({ do: 'live' });
  }

  /** Its end is wanted, and has to be a clean one. */
  asksToEnd(replica: Replica): void {
    this.#askedToEnd.add(replica);
  }

  wasAskedToEnd(replica: Replica): boolean {
    return this.#askedToEnd.has(replica);
  }

  changes(change: () => void): void {
    change();
    this.hasChanged = true;
  }
}
