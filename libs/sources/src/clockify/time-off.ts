import { compareInstants, instant, type Instant, type TimeWindow } from '#domain';
import { z } from 'zod';
import type { PullRun } from '../contract.js';
import { changedWhilePaging, neverEnds, readReply, type ClockifyApi } from './api.js';
import { noteIds } from './paging.js';
import { SeenIds } from './seen-ids.js';
import { requestsReply } from './schema.js';

const pageSize = 200;
/** The vendor takes no page beyond. */
const lastPage = 1000;

/** The end of the list, newest first, from some request on: how many there are, and when the last of their leave ends. */
const tail = z.object({
  createdAt: z.string(),
  count: z.number().int(),
  latestEnd: z.string(),
});
type Tail = z.infer<typeof tail>;
const memory = z.object({ tails: z.array(tail) });
const memoryKey = 'time-off-requests';

/** Tails are remembered at least this far apart, so that 20,000 requests are 400 lines of memory. */
const tailEvery = 50;

const outline = z.object({
  createdAt: z.string(),
  timeOffPeriod: z.object({ period: z.object({ end: z.string() }) }),
});
interface Outline {
  readonly createdAt: Instant;
  readonly end: Instant;
}

/**
 * Every request whose leave may touch the window, of whatever status, and maybe more.
 *
 * The list has no date filter that can be trusted (the vendor says of `start` and `end` that they mean the creation, the application uses
 * them for the leave), and a company has years of it. So what is over is remembered: not the requests, only how many there are at the end
 * of the list whose leave was over before the window began. A run reads down to there and no further, if three things hold, else to the
 * end: the list came newest first as far as it was read, that end begins where it did, and the list's count says that exactly as many are
 * behind it. Requests of all statuses are listed, because then a decision changes no count. Whatever may touch the window is read anew each time.
 */
export async function readRequests(
  api: ClockifyApi,
  run: PullRun,
  window: TimeWindow,
): Promise<readonly unknown[]> {
  const label = 'time off requests';
  const known = memory.safeParse(await run.memory.get(memoryKey));
  const tails = known.success ? known.data.tails : [];
  // Two days to spare: leave counts by whole local days, and ends within them.
  const over = window.from.subtract({ hours: 48 });
  let target = tails.find(({ latestEnd }) => compareInstants(instant(latestEnd), over) < 0);

  const requests: unknown[] = [];
  const seen = new SeenIds();
  let outlines: Outline[] | undefined = [];
  let count: number | undefined;
  for (let page = 1; ; page += 1) {
    if (page > lastPage) throw neverEnds(label);
    const response = await api.postInWorkspace(
      '/time-off/requests',
      { page, pageSize, statuses: ['ALL'] },
      { label, signal: run.signal },
    );
    const reply = readReply(requestsReply, response, label);
    count ??= reply.count;
    if (reply.count !== count) throw changedWhilePaging(label);
    noteIds(seen, reply.requests, label);
    requests.push(...reply.requests);
    if (requests.length > count) throw neverEnds(label);
    outlines = outlines && continueOrder(outlines, reply.requests);

    if (outlines && target) {
      const { createdAt } = target;
      const head = outlines.findIndex((one) => compareInstants(one.createdAt, instant(createdAt)) <= 0);
      if (head >= 0 && count - head === target.count) {
        await remember(run, outlines.slice(0, head), tails.slice(tails.indexOf(target)));
        return requests;
      }
      if (head >= 0) target = undefined;
    }
    if (reply.requests.length < pageSize) break;
  }
  if (requests.length !== count) throw changedWhilePaging(label);
  await remember(run, outlines ?? [], []);
  return requests;
}

/** The outlines with those of the next page, or undefined where they are not newest first, or one cannot be told. */
const continueOrder = (outlines: Outline[], records: readonly unknown[]): Outline[] | undefined => {
  for (const record of records) {
    const next = outlineOf(record);
    const previous = outlines.at(-1);
    if (!next || (previous && compareInstants(next.createdAt, previous.createdAt) > 0)) return undefined;
    outlines.push(next);
  }
  return outlines;
};

const outlineOf = (record: unknown): Outline | undefined => {
  const parsed = outline.safeParse(record);
  if (!parsed.success) return undefined;
  try {
    return {
      createdAt: instant(parsed.data.createdAt),
      end: instant(parsed.data.timeOffPeriod.period.end),
    };
  } catch {
    return undefined;
  }
};

/** The tails that begin within what was read, before those that were known behind it; the longest first. */
const remember = (run: PullRun, head: readonly Outline[], behind: readonly Tail[]): Promise<void> => {
  const tails: Tail[] = [...behind];
  let count = behind[0]?.count ?? 0;
  let latestEnd = behind[0] && instant(behind[0].latestEnd);
  for (const [index, { createdAt, end }] of [...head.entries()].reverse()) {
    count += 1;
    latestEnd = latestEnd && compareInstants(latestEnd, end) > 0 ? latestEnd : end;
    const newer = head[index - 1];
    // A tail is found by the moment at which it begins, so that moment must not also be in front of it.
    const begins = !newer || compareInstants(newer.createdAt, createdAt) > 0;
    if (begins && count - (tails[0]?.count ?? 0) >= tailEvery)
      tails.unshift({ createdAt: createdAt.toString(), count, latestEnd: latestEnd.toString() });
  }
  return run.memory.set(memoryKey, { tails } satisfies z.infer<typeof memory>);
};
