import type { Fact, TimeWindow } from '#domain';
import type { HttpClient } from '#http';
import type { Page, PullRun, Rejection, Source } from '../contract.js';
import { ClockifyApi, isWithheld } from './api.js';
import { everybodyBegin, readCursor, reportBegin, writeCursor, type Position } from './cursor.js';
import { estimate } from './estimate.js';
import { holidayFacts } from './holidays.js';
import { readPeople } from './people.js';
import { probe } from './probe.js';
import { createPullContext, type PullContext } from './pull-context.js';
import { readReport } from './report.js';
import { batches } from './rolling-cache.js';
import type { ClockifySettings } from './settings.js';
import { leaveOf } from './to-facts.js';
import { readUserEntries } from './user-entries.js';

/** How many facts a page holds where the vendor's own pages do not say. */
const factsAPage = 1000;

/** Clockify, read. */
export const connectClockify = (settings: ClockifySettings, http: HttpClient): Source => {
  const api = new ClockifyApi(settings, http);
  return {
    pull: (window, run) => pull(api, window, run),
    people: (run) => readPeople(api, run),
    probe: (signal) => probe(api, signal),
    estimate: (size) => estimate(settings, size),
  };
};

/** The stages one after another, from where the cursor says. A stage ends with the position of the next. */
async function* pull(api: ClockifyApi, window: TimeWindow, run: PullRun): AsyncGenerator<Page> {
  const context = createPullContext(api, window, run);
  const { reports } = api.settings;
  let at: Position = readCursor(window, run.cursor) ?? (reports === 'never' ? everybodyBegin : reportBegin);
  while (at.stage !== 'done') at = yield* stage(context, at);
}

function stage(
  context: PullContext,
  at: Exclude<Position, { stage: 'done' }>,
): AsyncGenerator<Page, Position> {
  switch (at.stage) {
    case 'report':
      return reportOrEveryPerson(context, at);
    case 'entries':
      return readUserEntries(context, at);
    case 'leave':
      return leave(context);
    case 'holidays':
      return holidays(context);
  }
}

/** A plan or key without reports still has the entries of each person. */
async function* reportOrEveryPerson(
  ...[context, at]: Parameters<typeof readReport>
): AsyncGenerator<Page, Position> {
  try {
    return yield* readReport(context, at);
  } catch (error) {
    if (isWithheld(error)) return everybodyBegin;
    throw error;
  }
}

async function* leave(context: PullContext): AsyncGenerator<Page, Position> {
  const next: Position = { stage: 'holidays' };
  const { api, window } = context;
  if (api.settings.timeOff === 'never') return next;
  const facts: Fact[] = [];
  const rejected: Rejection[] = [];
  for (const [index, raw] of (await context.requests()).entries()) {
    const reading = leaveOf(raw, `request ${index + 1}`, window);
    if (reading && 'fact' in reading) facts.push(reading.fact);
    else if (reading) rejected.push(reading.rejection);
  }
  yield* inPages(window, facts, rejected, { stage: 'leave' }, next);
  return next;
}

async function* holidays(context: PullContext): AsyncGenerator<Page, Position> {
  const next: Position = { stage: 'done' };
  const { api, window } = context;
  if (api.settings.timeOff === 'never') return next;
  const found = await context.holidays();
  const facts = found.taking.length > 0 ? holidayFacts(found, await context.directory(), window) : [];
  yield* inPages(window, facts, found.rejected, { stage: 'holidays' }, next);
  return next;
}

/** The facts in pages; whoever goes on from a page that is not the last begins the stage anew. */
function* inPages(
  window: TimeWindow,
  facts: readonly Fact[],
  rejected: readonly Rejection[],
  meanwhile: Position,
  next: Position,
): Generator<Page> {
  const pages = [...batches(facts, factsAPage)];
  const last = pages.pop() ?? [];
  for (const page of pages) yield { facts: page, rejected: [], cursor: writeCursor(window, meanwhile) };
  yield { facts: last, rejected, cursor: writeCursor(window, next) };
}
