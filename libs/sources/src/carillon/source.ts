import { compareInstants, localDate, nextDay, windowOfDays } from '#domain';
import { RemoteError } from '#http';
import type { Page, PullRun, Source } from '../contract.js';
import type { CarillonSettings } from './settings.js';
import { toFacts } from './to-facts.js';

/** Reads what the host has noted, a local day at a time; the cursor is the day to go on from. No day that is yet to come has any facts. */
export const connectCarillon = ({ timezone: zone }: CarillonSettings): Source => ({
  async *pull(window, run): AsyncIterable<Page> {
    const observed = observedBy(run);
    const { now, signal } = run;
    for (
      let day = run.cursor ?? localDate(window.from, zone);
      compareInstants(windowOfDays({ from: day, to: nextDay(day) }, zone).from, window.to) < 0;
      day = nextDay(day)
    ) {
      signal.throwIfAborted();
      const whole = windowOfDays({ from: day, to: nextDay(day) }, zone);
      if (compareInstants(whole.from, now) > 0) return;
      const notes = await observed(whole);
      yield {
        facts: notes.flatMap((one) => toFacts(one, { day, window: whole, now, zone })),
        rejected: [],
        cursor: nextDay(day),
      };
    }
  },
  probe: async () => [
    { level: 'ok', about: 'connections', message: 'what is noted about them is in the database already' },
  ],
});

function observedBy({ observed }: PullRun): NonNullable<PullRun['observed']> {
  if (observed) return observed;
  throw new RemoteError('carillon', 'rejected', 'refused', 'this host notes nothing about its connections');
}
