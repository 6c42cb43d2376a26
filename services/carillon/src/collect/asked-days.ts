import { wantsOf, hull, runnersOf, type Company } from '#company';
import {
  addDays,
  compareInstants,
  localDate,
  nextDay,
  windowOfDays,
  type DateRange,
  type Instant,
  type LocalDate,
  type TimeWindow,
} from '#domain';
import { reach } from '../../../collector/src/keep-expected-days.js';
import { plannedRuns } from '../planned-runs.js';
import { UsageError } from '../usage-error.js';

/** What one source is read over, for days that somebody asked for. */
export interface Reading {
  readonly source: string;
  readonly window: TimeWindow;
  /** The days of the window that are whole in everybody's zone. */
  readonly dates: DateRange;
  /** The subscription whose runs on these days look at earlier ones, which are read too. */
  readonly lookback?: string;
}

/**
 * The days from the first to the last, both included; up to today without a last one.
 * @throws UsageError where nothing can come of them
 */
export function askedDays({ from, to }: { from?: LocalDate; to?: LocalDate }, now: Instant): DateRange {
  const today = localDate(now, 'UTC');
  const last = to ?? today;
  if (from === undefined)
    throw new UsageError(`--to ${last} needs --from: the first day that is to be read.`);
  if (from > last)
    throw new UsageError(
      to === undefined
        ? `--from ${from} is yet to come; name a last day with --to.`
        : `--from ${from} comes after --to ${to}: the first day has to come first.`,
    );
  const furthest = addDays(today, reach.ahead);
  if (last > furthest)
    throw new UsageError(
      `--to ${last} is too far ahead: expected hours are made for ${reach.ahead} days ahead, and nobody has logged any hours there. The last day that can be read is ${furthest}.`,
    );
  return { from, to: nextDay(last) };
}

/**
 * What has to be read of a source so that its facts of these days are there in everybody's own zone, and every run on them can be decided: a
 * run on Monday looks at the week before, which may begin in the month before.
 * @throws UsageError where that is longer ago than expected hours are kept
 */
export function readingOf(company: Company, source: string, days: DateRange): Reading {
  const zones = zonesOf(company);
  const asked = hull(zones.map((zone) => windowOfDays(days, zone)));
  const looks = runnersOf(company.configuration).flatMap((runner) =>
    plannedRuns(company, runner, () => days)
      .flatMap((run) => wantsOf(company, run))
      .flatMap(({ system, what, window }) =>
        system === source && what === 'facts' && window ? [{ subscription: runner.name, window }] : [],
      ),
  );
  const window = hull([asked, ...looks.map((look) => look.window)]);
  const dates = {
    from: max(zones.map((zone) => localDate(window.from, zone))),
    to: min(zones.map((zone) => nextDay(localDate(window.to.subtract({ milliseconds: 1 }), zone)))),
  };
  const first = addDays(localDate(company.asOf, 'UTC'), -reach.furthest + 1);
  if (dates.from < first)
    throw new UsageError(
      `--from ${days.from} is too long ago: ${dates.from === days.from ? '' : `its runs look back to ${dates.from}, and `}expected hours are kept for ${reach.furthest} days, without which nothing is decided. The first day that can be read is ${first}.`,
    );
  const earliest = looks.find((look) => compareInstants(look.window.from, window.from) === 0);
  return {
    source,
    window,
    dates,
    ...(earliest && compareInstants(window.from, asked.from) < 0 ? { lookback: earliest.subscription } : {}),
  };
}

const zonesOf = ({ people }: Company): readonly string[] => {
  const zones = [...new Set(people.filter(({ active }) => active).map(({ zone }) => zone))];
  return zones.length > 0 ? zones : ['UTC'];
};

const min = (days: readonly LocalDate[]): LocalDate => days.toSorted()[0] ?? '';
const max = (days: readonly LocalDate[]): LocalDate => days.toSorted().at(-1) ?? '';
