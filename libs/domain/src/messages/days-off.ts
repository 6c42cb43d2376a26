import type { LocalDate } from '../instant.js';
import { notesOf } from './day-notes.js';
import { formatDay } from './format.js';
import { daysIn, type SaidDay } from './said-inputs.js';
import { periodText, personOf, type SectionContext, type SectionText } from './section.js';

/** Which days of the period are free, as far as work would have been due on them. Neighbouring days of one kind are one line. */
export const daysOff: SectionText = (context) => {
  const { decision, inputs, phrases } = context;
  const fields = stretches(context, daysIn(decision.period, inputs.days)).map(({ first, last, note }) => ({
    label: stretchText(context, first, last),
    value: note,
  }));
  return {
    topic: phrases.topics.daysOff,
    blocks: [
      {
        type: 'text',
        text: phrases.daysOffText.what(personOf(inputs), periodText(context, decision.period)),
      },
      fields.length === 0
        ? { type: 'text', text: [phrases.daysOffText.nothing] }
        : { type: 'fields', fields },
    ],
    smallPrint: [phrases.daysOffText.howCounted],
  };
};

interface Stretch {
  readonly first: LocalDate;
  readonly last: LocalDate;
  readonly note: string;
}

/** Weekends neither start a stretch nor break one. */
const stretches = ({ phrases }: SectionContext, days: readonly SaidDay[]): readonly Stretch[] => {
  const found: Stretch[] = [];
  let open = false;
  for (const day of days) {
    const { contractHours, holidayShare, leaveShare } = day.expected;
    if (contractHours === 0) continue;
    const note = holidayShare > 0 || leaveShare > 0 ? notesOf(day, phrases).join('; ') : '';
    const previous = found.at(-1);
    if (note === '') open = false;
    else if (open && previous?.note === note) found[found.length - 1] = { ...previous, last: day.day };
    else {
      found.push({ first: day.day, last: day.day, note });
      open = true;
    }
  }
  return found;
};

const stretchText = ({ locale, phrases }: SectionContext, first: LocalDate, last: LocalDate): string =>
  first === last
    ? formatDay(locale, first)
    : phrases.range(formatDay(locale, first), formatDay(locale, last));
