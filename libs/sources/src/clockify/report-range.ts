import { compareInstants, type Instant, type TimeWindow } from '#domain';

/** FREE workspaces get 31 days a report; 30 leave no doubt whether both ends count, and cost others a call a month. */
const pieceDays = 30;

/** The window in pieces that every plan may ask for. */
export const piecesOf = ({ from, to }: TimeWindow): readonly TimeWindow[] => {
  const pieces: TimeWindow[] = [];
  for (let start = from; compareInstants(start, to) < 0;) {
    const whole = start.add({ hours: 24 * pieceDays });
    const end = compareInstants(whole, to) < 0 ? whole : to;
    pieces.push({ from: start, to: end });
    start = end;
  }
  return pieces;
};

/** The range as every report takes it: a wall clock, which is UTC because the body says so; the end is inclusive. */
export const reportRange = ({ from, to }: TimeWindow) => ({
  dateRangeStart: wallClock(from),
  dateRangeEnd: wallClock(to.subtract({ nanoseconds: 1 })),
  timeZone: 'UTC',
});

const wallClock = (at: Instant): string =>
  at
    .toZonedDateTimeISO('UTC')
    .toPlainDateTime()
    .toString({ fractionalSecondDigits: 3, roundingMode: 'floor' });

/** The days that the window touches, in UTC, whole. */
export const wholeDays = ({ from, to }: TimeWindow): TimeWindow => {
  const day = (at: Instant) => at.toZonedDateTimeISO('UTC').startOfDay();
  const start = day(from);
  const end = day(to.subtract({ nanoseconds: 1 })).add({ days: 1 });
  return { from: start.toInstant(), to: end.toInstant() };
};
