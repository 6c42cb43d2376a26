import { formatNumber } from './format.js';
import { numberFields } from './number-fields.js';
import { numberInput } from './said-inputs.js';
import { periodText, personOf, type SectionText } from './section.js';

/**
 * More overtime than a limit: how much, and on what kind of days. Reads `overtime` of the decision in hours, and as far as it has them
 * `onWorkingDays`, `onRestDays`, `onHolidays` and `limit`.
 */
export const overtime: SectionText = (context) => {
  const { decision, inputs, locale, phrases } = context;
  const { overtime: said, hours } = phrases;
  const limit = numberInput(decision, 'limit');
  return {
    topic: phrases.topics.overtime(formatNumber(locale, numberInput(decision, 'overtime') ?? 0)),
    blocks: [
      {
        type: 'text',
        text: said.what(personOf(inputs), periodText(context, decision.period)),
      },
      ...numberFields(decision, [
        ['overtime', said.total, hours],
        ['onWorkingDays', said.onWorkingDays, hours],
        ['onRestDays', said.onRestDays, hours],
        ['onHolidays', said.onHolidays, hours],
      ]),
      { type: 'text', text: [said.whatNow] },
    ],
    smallPrint: [said.howCounted, ...(limit === undefined ? [] : [said.limit(hours(limit))])],
  };
};
