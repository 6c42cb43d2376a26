import type { CompanyReader } from '#company';
import type { Vendors } from '#connections';
import { pullId, type DateRange, type Instant } from '#domain';
import type { SourceDocument } from '#documents';
import type { Pulls } from '#storage';
import type { Terminal } from '../terminal.js';
import { counted, rangeText } from '../words.js';
import { readingOf, type Reading } from './asked-days.js';

/** Records per person and week that a company is reckoned with. */
const RECORDS_PER_PERSON = 40;
const WEEK_DAYS = 7;

/** A reading that was asked for, and what it is reckoned to cost, where its source can tell. */
export interface AskedReading extends Reading {
  readonly calls?: number;
}

/** Asks for a pull of each source over these days, and says beforehand what will be read and what it costs. */
export async function askForDays(
  { companies, pulls, vendors }: { companies: CompanyReader; pulls: Pulls; vendors: Vendors },
  sources: readonly string[],
  days: DateRange,
  since: Instant,
  terminal: Terminal,
): Promise<readonly AskedReading[]> {
  const company = await companies.fresh();
  const documents = company.configuration.sources.filter(({ name }) => sources.includes(name));
  const readings = documents.map((source) => readingOf(company, source.name, days));
  const people = company.people.filter(({ active }) => active).length;
  const asked: AskedReading[] = [];
  for (const [index, source] of documents.entries()) {
    const reading = readings[index];
    if (!reading) continue;
    const isFirst = (await pulls.latestComplete(source.name, 'facts', undefined, undefined)) === undefined;
    const price = await priceOf(vendors, source, reading, people, isFirst);
    terminal.step(readingText(reading, people, price));
    asked.push({ ...reading, ...(price ? { calls: price.calls } : {}) });
  }
  const askedBy = `command ${since.toString()}`;
  await pulls.want(
    readings.map(({ source, window }) => ({
      id: pullId({ system: source, what: 'facts', askedBy }),
      system: source,
      what: 'facts',
      window,
      askedBy,
      dueAt: since,
    })),
  );
  return asked;
}

interface Price {
  readonly calls: number;
  readonly requests: number;
  readonly perSeconds: number;
}

/** Undefined where the source cannot tell, or cannot be connected: the reading itself says why. */
async function priceOf(
  vendors: Vendors,
  document: SourceDocument,
  { window }: Reading,
  people: number,
  isFirst: boolean,
): Promise<Price | undefined> {
  // Whatever is wrong with the connection, its pull meets it too, and is reported with the reason.
  const connected = await vendors.source(document).catch(() => undefined);
  const weeks = window.from.until(window.to).total({ unit: 'hours' }) / (24 * WEEK_DAYS);
  const estimate = connected?.source.estimate?.({
    people,
    records: Math.ceil(people * RECORDS_PER_PERSON * weeks),
  });
  if (!estimate) return undefined;
  const { requests, perSeconds } = estimate.limit;
  return { calls: isFirst ? estimate.firstRun : estimate.steadyRun, requests, perSeconds };
}

function readingText({ source, dates, lookback }: Reading, people: number, price: Price | undefined): string {
  const why = lookback === undefined ? '' : `, since runs of ${lookback} look back so far`;
  if (!price) return `Reading ${source}, ${rangeText(dates)}${why}`;
  const seconds = Math.ceil((price.calls / price.requests) * price.perSeconds);
  const lasts = seconds < 60 ? '' : `, so ${counted(Math.ceil(seconds / 60), 'minute')} at least`;
  return `Reading ${source}, ${rangeText(dates)}${why}: about ${counted(price.calls, 'call')} for ${counted(people, 'person', 'people')}; at most ${price.requests} in ${price.perSeconds} s${lasts}`;
}
