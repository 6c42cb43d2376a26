import { killAt, otherFaults, type Fault } from './faults.js';
import { isPost } from './vendors.js';
import { pause } from './world.js';
import { subscriptions } from './documents.js';
import { zones } from './company.js';

const named = (kind: string): Fault => {
  const found = otherFaults.find((one) => one.kind === kind);
  if (!found) throw new Error(`there is no fault "${kind}"`);
  return found;
};

/** Whoever hears web hooks under `repeat` takes two messages, and cuts the connection before it says so. */
const hooksCut: Fault = {
  kind: 'webhook accepts, then cuts the connection',
  lay: ({ world }) =>
    world.vendors.plan('webhook', {
      kind: 'cut-after',
      times: 2,
      match: ({ path }) => path.startsWith(`/${subscriptions.repeated}/`),
    }),
};

/** Slack takes two messages, and cuts the connection before it says so. */
const postsCut: Fault = {
  kind: 'slack accepts, then cuts the connection',
  lay: ({ world }) => world.vendors.plan('slack', { kind: 'cut-after', times: 2, match: isPost }),
};

/** Every post to Slack takes a while, longer than a lease that is too short; and meanwhile the queue forgets that somebody is at it. */
const slackSlowToAct: Fault = {
  kind: 'slack takes its time before it acts, and the queue is flushed meanwhile',
  lay({ world }) {
    let flushing: Promise<void> | undefined;
    world.vendors.handle('slack', async (request, act) => {
      if (isPost(request)) {
        // One at a time, and nobody waits for it: Slack has to act before we give up waiting for its answer, or it would say it twice.
        // Where the workers hold the tables for too long the week is only calmer.
        flushing ??= world
          .flush()
          .catch(() => undefined)
          .finally(() => {
            flushing = undefined;
          });
        await pause(1_500);
      }
      return act();
    });
  },
};

/** From the first moment of the week on every process lives nine days ago. */
const clocksBack: Fault = {
  kind: 'clocks of processes jump backwards',
  lay({ world }) {
    world.wrongMs = -9 * 24 * 3_600_000;
  },
};

/** Somebody enters more after all was said. */
const late: Fault = {
  kind: 'an entry comes late',
  lay(scene) {
    scene.someoneIsLate = true;
  },
};

/** Short weeks, of which each reveals some of the planted bugs; together they are the run of every day. */
export const scenarios = {
  calm: [],
  'killed after settling': [killAt('deliver.settled'), named('queue flushed empty'), hooksCut],
  'killed after acceptance': [killAt('deliver.accepted'), postsCut, late],
  'killed after deciding': [killAt('evaluate.committed'), clocksBack, named('SIGTERM during work')],
  'killed between two pages': [killAt('collect.page'), slackSlowToAct],
} satisfies Readonly<Record<string, readonly Fault[]>>;
export type ScenarioName = keyof typeof scenarios;

/** Beside it, in a world that shares its Postgres with no other. */
export const besides: Readonly<Partial<Record<ScenarioName, readonly Fault[]>>> = {
  'killed after acceptance': [named('Postgres stopped at once and started')],
};

/** In which week each planted bug has to show itself. */
export const revealing: Readonly<Record<string, ScenarioName>> = {
  'settles before it sends': 'killed after settling',
  'rings before the commit, and nothing else is relied on': 'calm',
  'sweeps up nothing': 'killed after settling',
  'holds deliveries by a lease that is over before the vendor answers': 'killed between two pages',
  'says again what may have arrived, without asking': 'killed after acceptance',
  'decides on what has been read so far': 'calm',
  'draws the id of a delivery': 'killed after acceptance',
  'says in a transaction of its own what was decided in another': 'killed after deciding',
  'drops the last page of a report': 'calm',
  'repeats a web hook under another id': 'killed after settling',
  'decides by the clock of its own process': 'killed after deciding',
  'counts an entry too many on every page, on both sides of its books': 'calm',
};

/** How many occurrences a week has. */
export const occurrencesPerWeek = zones.length * Object.keys(subscriptions).length;
