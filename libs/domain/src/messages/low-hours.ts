import type { MessageBlock } from '../message.js';
import { notesOf } from './day-notes.js';
import { formatDay, formatList, formatNumber } from './format.js';
import { daysIn, numberInput, type SaidDay } from './said-inputs.js';
import { periodText, personOf, type SectionContext, type SectionText } from './section.js';
import { timeOffOf } from './time-off.js';

/**
 * Fewer hours than expected: the total beside what was due and why, day by day. Reads `hours`, `expected` and `threshold` of the decision;
 * without them the days are summed and no threshold is named.
 */
export const lowHours: SectionText = (context) => {
  const { decision, inputs, locale, phrases } = context;
  const days = daysIn(decision.period, inputs.days);
  const hours = numberInput(decision, 'hours') ?? sum(days.map(({ worked }) => worked));
  const expected = numberInput(decision, 'expected') ?? sum(days.map((day) => day.expected.hours));
  const threshold = numberInput(decision, 'threshold');
  const taken = takenIntoAccount(context, days);
  return {
    topic: phrases.topics.lowHours(formatNumber(locale, hours), formatNumber(locale, expected)),
    blocks: [
      { type: 'text', text: phrases.lowHours.what(personOf(inputs), periodText(context, decision.period)) },
      {
        type: 'fields',
        fields: [
          { label: phrases.lowHours.logged, value: phrases.hours(hours) },
          { label: phrases.lowHours.expected, value: phrases.hours(expected) },
        ],
      },
      ...table(context, days),
      { type: 'text', text: [[taken, phrases.lowHours.whatNow].filter(Boolean).join('\n')] },
    ],
    smallPrint: [
      phrases.lowHours.howLogged(inputs.person.zone),
      phrases.lowHours.howExpected,
      ...(threshold === undefined ? [] : [phrases.lowHours.threshold(phrases.hours(threshold))]),
    ],
  };
};

/** The days on which something was due, done or special; ordinary weekends are left out. */
const table = ({ locale, phrases }: SectionContext, days: readonly SaidDay[]): readonly MessageBlock[] => {
  const shown = days
    .map((day) => ({ day, note: notesOf(day, phrases).join('; ') }))
    .filter(({ day, note }) => day.worked > 0 || day.expected.contractHours > 0 || note !== '');
  if (shown.length === 0) return [];
  const withNotes = shown.some(({ note }) => note !== '');
  const { columns } = phrases.lowHours;
  return [
    {
      type: 'table',
      columns: [columns.day, columns.logged, columns.expected, ...(withNotes ? [columns.note] : [])],
      rows: shown.map(({ day, note }) => [
        formatDay(locale, day.day),
        formatNumber(locale, day.worked),
        formatNumber(locale, day.expected.hours),
        ...(withNotes ? [note] : []),
      ]),
    },
  ];
};

const takenIntoAccount = ({ locale, phrases }: SectionContext, days: readonly SaidDay[]): string => {
  const due = days.filter(({ expected }) => expected.contractHours > 0);
  const holidays = sum(due.map(({ expected }) => expected.holidayShare));
  const timeOff = due.map(({ expected }) => timeOffOf(expected));
  const daysOff = sum(timeOff.map(({ days: some }) => some));
  const hoursOff = sum(timeOff.map(({ hours }) => hours));
  const parts = [
    ...(holidays > 0 ? [phrases.holidays(holidays)] : []),
    ...(daysOff > 0 ? [phrases.daysOff(daysOff)] : []),
    ...(hoursOff > 0 ? [phrases.hoursOff(hoursOff)] : []),
  ];
  return parts.length === 0 ? '' : phrases.lowHours.counted(formatList(locale, parts));
};

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
