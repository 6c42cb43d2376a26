import { numberFields } from './number-fields.js';
import { numberInput } from './said-inputs.js';
import { periodText, personOf, type SectionText } from './section.js';

/**
 * Days on which the record of presence has something out of order: how many, of what kind, and what helps. Reads `days` of the decision, and as
 * far as it has them `due`, `late`, `leftEarly`, `missing`, `absent` and `limit`. What kind of a day off somebody had is in none of them.
 */
export const exceptionalDays: SectionText = (context) => {
  const { decision, inputs, phrases } = context;
  const { exceptionalDays: said, days } = phrases;
  const limit = numberInput(decision, 'limit');
  return {
    topic: phrases.topics.exceptionalDays(days(numberInput(decision, 'days') ?? 0)),
    blocks: [
      {
        type: 'text',
        text: said.what(personOf(inputs), periodText(context, decision.period)),
      },
      ...numberFields(decision, [
        ['days', said.days, days],
        ['due', said.due, days],
        ['late', said.late, phrases.times],
        ['leftEarly', said.leftEarly, phrases.times],
        ['missing', said.missing, phrases.times],
        ['absent', said.absent, phrases.times],
      ]),
      { type: 'text', text: [said.whatNow] },
    ],
    smallPrint: [said.howCounted, ...(limit === undefined ? [] : [said.limit(days(limit))])],
  };
};
