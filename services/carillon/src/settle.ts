import type { Instant } from '#domain';
import { Deliveries, Occurrences, Pulls, Troubles, type Database } from '#storage';
import type { Terminal } from './terminal.js';

const LOOK_MS = 150;

/** What is left to do, and what was done meanwhile. */
interface Left {
  readonly pulls: number;
  readonly occurrences: number;
  readonly deliveries: number;
  readonly troubles: number;
}

/** Waits until everything these occurrences set in motion is settled, or the time is over. Returns whether it was settled. */
export async function waitUntilSettled(
  database: Database,
  occurrences: readonly string[],
  timeoutMs: number,
  terminal: Terminal,
  stopped: () => boolean = () => false,
): Promise<boolean> {
  const until = performance.now() + timeoutMs;
  const pulls = new Pulls(database);
  const planned = new Occurrences(database);
  const deliveries = new Deliveries(database);
  const troubles = new Troubles(database);
  for (let calm = 0; calm < 3;) {
    if (performance.now() > until || stopped()) return false;
    const left: Left = {
      pulls: await pulls.unsettled(),
      // Others than those asked for wake where a pull has changed what they said.
      occurrences: (await planned.unsettled(occurrences)).length + (await planned.underway()),
      deliveries: await deliveries.unsettled(),
      troubles: (await troubles.untold()).length,
    };
    terminal.progress(progressOf(left));
    calm = left.pulls + left.occurrences + left.deliveries + left.troubles === 0 ? calm + 1 : 0;
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
  return true;
}

/**
 * Waits until everybody whom the sources know is known here, which occurrences are planned for; only the first run ever waits. Returns false
 * where a source cannot be read, or the time is over.
 */
export async function waitForPeople(
  database: Database,
  sources: readonly string[],
  since: Instant,
  timeoutMs: number,
  terminal: Terminal,
  stopping?: AbortSignal,
): Promise<boolean> {
  const until = performance.now() + timeoutMs;
  const pulls = new Pulls(database);
  for (const source of sources) {
    while (!(await pulls.latestComplete(source, 'people', undefined, undefined))) {
      stopping?.throwIfAborted();
      if (performance.now() > until || (await pulls.failedSince(source, 'people', since))) return false;
      terminal.progress(`Finding out who is known in ${source} …`);
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
  }
  return true;
}

const progressOf = ({ pulls, occurrences, deliveries }: Left): string =>
  pulls > 0
    ? `Reading … ${pulls} pull${pulls === 1 ? '' : 's'} under way`
    : occurrences > 0
      ? `Deciding … ${occurrences} occurrence${occurrences === 1 ? '' : 's'} left`
      : `Saying … ${deliveries} deliver${deliveries === 1 ? 'y' : 'ies'} left`;
