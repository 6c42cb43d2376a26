import type { LocalDate } from '../instant.js';
import { formatDay } from './format.js';
import { daysIn } from './said-inputs.js';
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

const missingIn = ({
  decision,
  inputs,
}: SectionContext): readonly { readonly day: LocalDate; readonly name: string }[] => {
  const { from, to } = decision.period;
  if (inputs.missingHolidays)
    return inputs.missingHolidays
      .filter(({ day }) => day >= from && day < to)
      .toSorted((one, other) => (one.day < other.day ? -1 : one.day > other.day ? 1 : 0));
  return daysIn(decision.period, inputs.days).flatMap(({ day, expected }) =>
    expected.steps.some(({ step }) => step === 'source-holiday')
      ? []
      : expected.steps.flatMap((step) => (step.step === 'public-holiday' ? [{ day, name: step.name }] : [])),
  );
};
