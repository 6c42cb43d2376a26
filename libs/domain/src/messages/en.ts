import { counted } from './counted.js';
import { inline } from './inline.js';
import type { Phrases } from './phrases.js';

export const en: Phrases = {
  range: (from, to) => `${from} – ${to}`,
  labelled: (label, value) => `${label}: ${value}`,

  hours: counted('en', { one: '# hour', other: '# hours' }),
  days: counted('en', { one: '# day', other: '# days' }),
  times: counted('en', { one: '# time', other: '# times' }),
  daysOff: counted('en', { one: '# day off', other: '# days off' }),
  hoursOff: counted('en', { one: '# h off', other: '# h off' }),
  holidays: counted('en', { one: '# holiday', other: '# holidays' }),
  people: counted('en', { one: '# person', other: '# people' }),
  decisions: counted('en', { one: '# decision', other: '# decisions' }),
  records: counted('en', { one: '# record', other: '# records' }),

  title: (person, topics, period) => `${person}: ${topics} (${period})`,
  topics: {
    lowHours: (logged, expected) => `${logged} of ${expected} h logged`,
    daysOff: 'days off',
    missingHoliday: 'public holiday to enter',
    exceptionalDays: (days) => `${days} to look at`,
    overtime: (hours) => `${hours} h of overtime`,
  },

  lowHours: {
    what: (person, period) => inline`${person}: fewer hours were logged than expected (${period}).`,
    logged: 'Logged',
    expected: 'Expected',
    counted: (list) => `Already taken into account: ${list}.`,
    columns: { day: 'Day', logged: 'Logged', expected: 'Expected', note: 'Note' },
    whatNow:
      'If something has not been entered yet, please add it. If everything is right as it is, nothing needs to be done.',
    howLogged: (zone) =>
      `Logged hours are finished entries of work by their start, ${zone} time, without breaks and time off; shown rounded down.`,
    howExpected: 'Expected hours are the agreed working days, less public holidays and days off.',
    threshold: (hours) => `A message is sent below ${hours}, and never if all expected hours are there.`,
  },

  dayNotes: {
    notYetJoined: 'not yet joined',
    alreadyLeft: 'after the last working day',
    notAWorkingDay: 'not a working day',
    movedWorkingDay: 'working day',
    publicHoliday: 'public holiday',
    halfPublicHoliday: 'public holiday, half a day',
    companyDay: 'company day off',
    halfCompanyDay: 'company day off, half a day',
    holiday: 'holiday',
    halfHoliday: 'holiday, half a day',
    dayOff: 'day off',
    halfDayOff: 'half day off',
  },

  daysOffText: {
    what: (person, period) => inline`${person}: days off and holidays (${period}).`,
    nothing: 'No days off and no holidays in these days.',
    howCounted: 'Shown are approved days off and the public and company holidays that fall on working days.',
  },

  missingHoliday: {
    what: (person) =>
      inline`${person}: a public holiday has not been entered in the time tracking yet. It already counts as a free day here.`,
    whatNow: 'Please enter it there too, so that other reports agree.',
    nameless: 'public holiday',
  },

  exceptionalDays: {
    what: (person, period) =>
      inline`${person}: on some days the attendance record has something to look at (${period}).`,
    days: 'Days to look at',
    due: 'Days due',
    late: 'Late arrivals',
    leftEarly: 'Early departures',
    missing: 'Missing check-ins',
    absent: 'Absences',
    whatNow:
      'If a day is not right, please have it corrected where attendance is recorded. If everything is right as it is, nothing needs to be done.',
    howCounted:
      'Counted are days with a late arrival, an early departure, a missing check-in, an absence or another remark, as the attendance record has them.',
    limit: (days) => `A message is sent above ${days}.`,
  },

  overtime: {
    what: (person, period) => inline`${person}: there was a lot of overtime (${period}).`,
    total: 'Overtime',
    onWorkingDays: 'On working days',
    onRestDays: 'On rest days',
    onHolidays: 'On public holidays',
    whatNow: 'Please look together at how it can be made up for, and how there can be less of it.',
    howCounted: 'Overtime is what the attendance record has; shown rounded down.',
    limit: (hours) => `A message is sent above ${hours}.`,
  },

  objection: {
    here: 'Is something wrong? Please reply here.',
    managers: (managers) => inline`Is something wrong? Please reply here or tell ${managers}.`,
  },

  withdrawn: {
    title: (previous) => `No longer applies: ${previous}`,
    text: (previous) => `The earlier message “${previous}” no longer applies, thanks to a later change.`,
  },

  test: {
    title: (channel) => `Test message: channel ${channel}`,
    what: (channel) =>
      `This is a test of the channel “${channel}”. Somebody who looks after Carillon asked for it by hand.`,
    askedAt: 'Asked for',
    nothingToDo: 'Nothing has to be done.',
  },

  trouble: {
    reasons: {
      'rate-limited': {
        what: 'It takes no more calls for now.',
        whatToDo:
          'It goes on by itself as soon as the limit allows. If this comes often, make the schedule rarer or ask for a higher limit.',
      },
      unavailable: {
        what: 'It cannot be reached or reports an error of its own.',
        whatToDo: 'It is tried again by itself. If this lasts, look at the status page of the system.',
      },
      timeout: {
        what: 'It does not answer in time.',
        whatToDo:
          'It is tried again by itself. If this lasts, look at the status page of the system and at the network.',
      },
      unauthorized: {
        what: 'It does not accept the credentials, or they are not allowed to do this.',
        whatToDo: 'Renew the key or grant the missing permission; `carillon doctor` says which one.',
      },
      rejected: {
        what: 'It refused the request.',
        whatToDo: 'Check the settings of the document and the words of the system below.',
      },
      unreadable: {
        what: 'Its answer could not be understood.',
        whatToDo:
          'Check the base URL. If it is right, the interface of the system may have changed: please report it.',
      },
      incomplete: {
        what: 'Its data is not complete yet.',
        whatToDo:
          'It is read again by itself. If this lasts, look at the last pulls with `carillon explain`.',
      },
      records: {
        what: 'These records say something that cannot be understood. They count for somebody, so a number without them would be wrong.',
        whatToDo:
          'Correct them there. They are read again by themselves, at first after a quarter of an hour, then later and later, until the time of the run is over.',
      },
    },
    howMany: 'How many',
    since: 'Since',
    words: 'In its own words',
    subscription: 'Subscription',
    delivery: 'Delivery',
    attempts: 'Attempts',
    room: 'Room',
    source: {
      title: (source) => `Source ${source} cannot be read`,
      held: (decisions) => `Held until it can: ${decisions}. Nobody is told a number that may be wrong.`,
      ofRecords: (source, records) => `Source ${source}: ${records} cannot be read`,
      more: (records) => `and ${records} more`,
    },
    delivering: {
      title: (channel) => `A message could not be delivered to ${channel}`,
      failed: 'The message did not arrive.',
      unknown:
        'Whether the message arrived is not known; it is not sent again unless the subscription says so.',
      several: {
        title: (channel) => `Messages could not be delivered to ${channel}`,
        failed: 'The messages did not arrive.',
        unknown:
          'Whether the messages arrived is not known; they are not sent again unless the subscription says so.',
      },
    },
    unmatched: {
      title: (system, people) => `${system}: ${people} not matched`,
      what: 'These accounts could not be linked to exactly one person, so rules do not see them.',
      whatToDo:
        'Name the right account in the document of the person, or leave out accounts that are nobody’s.',
      more: (people) => `and ${people} more`,
    },
    rooms: {
      title: (room) => `Room ${room} is not as it should be`,
      what: 'The room cannot be given exactly the members that were asked for, so messages for it are held.',
      several: (channel) => `Rooms in ${channel} are not as they should be`,
      without: 'Somebody who was asked for is not known there; messages are sent without them.',
      whatToDo: 'Put it right in the chat or change the subscription; it is tried again by itself.',
    },
    runs: {
      title: (subscription) => `${subscription}: a run was not decided as a whole`,
      what: {
        error: 'It failed on an error of ours; it is tried again by itself.',
        held: 'Something that its rules ask for cannot be computed, so some people are not told.',
        failed: 'Its time ran out before all facts were there: not everybody was told.',
        missed: 'Nobody was there to do it in time, so nothing was said.',
        rows: 'Not all that is there to be written is in the table as it should be; the rest is.',
      },
      whatToDo: 'Look at it with `carillon explain`; `carillon run` makes up for a run that was missed.',
    },
  },
};
