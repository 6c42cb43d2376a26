import type { ExpectationStep, ExpectedDay } from '../calendar.js';
import type { Phrases } from './phrases.js';
import type { SaidDay } from './said-inputs.js';
import { hoursTaken } from './time-off.js';

/** What is special about a day, in words: holidays by name, time off only as such. Empty on an ordinary day. */
export const notesOf = ({ worked, expected }: SaidDay, phrases: Phrases): readonly string[] => {
  const notes = expected.steps.flatMap((step, at) => noteOf(step, at, expected, phrases) ?? []);
  if (notes.length === 0 && expected.contractHours === 0 && worked > 0)
    return [phrases.dayNotes.notAWorkingDay];
  return [...new Set(notes)];
};

/** Holidays and time off count only where work would have been due. */
const noteOf = (
  step: ExpectationStep,
  at: number,
  { contractHours, leaveShare, steps }: ExpectedDay,
  { dayNotes, labelled, hoursOff }: Phrases,
): string | undefined => {
  const due = contractHours > 0;
  const named = (label: string, name: string): string => (name.trim() ? labelled(label, name.trim()) : label);
  switch (step.step) {
    case 'contract':
      return undefined;
    case 'before-joining':
      return dayNotes.notYetJoined;
    case 'after-leaving':
      return dayNotes.alreadyLeft;
    case 'working-day-override':
      return named(dayNotes.movedWorkingDay, step.name);
    case 'public-holiday':
      return due
        ? named(step.share < 1 ? dayNotes.halfPublicHoliday : dayNotes.publicHoliday, step.name)
        : undefined;
    case 'company-day':
      return due
        ? named(step.share < 1 ? dayNotes.halfCompanyDay : dayNotes.companyDay, step.name)
        : undefined;
    case 'source-holiday':
      return due ? named(step.share < 1 ? dayNotes.halfHoliday : dayNotes.holiday, step.name) : undefined;
    case 'leave':
      if (!due) return undefined;
      // Two halves, or all its hours, are the day.
      if (step.part === 'whole' || leaveShare >= 1) return dayNotes.dayOff;
      return step.part === 'hours' ? hoursOff(hoursTaken(steps, at)) : dayNotes.halfDayOff;
  }
};
