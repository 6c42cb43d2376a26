import { formatDay } from './format.js';
import type { SaidInputs } from './said-inputs.js';
import { personOf, type SectionContext, type SectionText } from './section.js';

/** A public holiday of the calendar that nobody entered where time is tracked. */
export const missingHoliday: SectionText = (context) => {
  const { inputs, locale, phrases } = context;
  const fields = missingIn(context).map(({ day, name }) => ({
    label: formatDay(locale, day),
    value: name.trim() || phrases.missingHoliday.nameless,
  }));
  return {
    topic: phrases.topics.missingHoliday,
    blocks: [
      { type: 'text', text: phrases.missingHoliday.what(personOf(inputs)) },
      ...(fields.length === 0 ? [] : [{ type: 'fields' as const, fields }]),
      { type: 'text', text: [phrases.missingHoliday.whatNow] },
    ],
    smallPrint: [],
  };
};

/** Only the host knows them: a day's steps name a holiday once, whoever has it. */
const missingIn = ({
  decision: { period },
  inputs,
}: SectionContext): NonNullable<SaidInputs['missingHolidays']> =>
  (inputs.missingHolidays ?? [])
    .filter(({ day }) => day >= period.from && day < period.to)
    .toSorted((one, other) => (one.day < other.day ? -1 : one.day > other.day ? 1 : 0));
