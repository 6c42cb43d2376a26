import { counted } from '../counted.js';
import type { ConnectionPhrases } from './phrases.js';

export const en: ConnectionPhrases = {
  title: (connection, topics) => `${connection} · ${topics}`,

  calls: counted('en', { one: '# call', other: '# calls' }),
  seconds: counted('en', { one: '# second', other: '# seconds' }),
  hours: counted('en', { one: '# hour', other: '# hours' }),
  days: counted('en', { one: '# day', other: '# days' }),
  runs: counted('en', { one: '# run', other: '# runs' }),

  topics: {
    errors: (failed) => `${failed} failed`,
    slow: (seconds) => `slow answers: ${seconds}`,
    stale: (hours) => `not read for ${hours}`,
    quota: (share) => `${share} of the quota used`,
    token: (days) => `the token expires in ${days}`,
    tokenToday: 'the token expires today',
    tokenOver: 'the token has expired',
    runs: (runs) => `${runs} did not come`,
  },

  said: {
    'token-expires': {
      what: 'When the token has expired, this connection stops working.',
      whatToDo: 'Make a new one, put it where the secret is kept, and change `expiresOn` in the document.',
    },
    'stale-source': {
      what: 'What it has was not read as a whole when it should have been. What needs newer facts waits.',
      whatToDo:
        'Look whether the collector and its CronJobs run, and ask `carillon doctor` about the connection.',
    },
    'run-missing': {
      what: 'These were planned, and nobody came to do them. What they were to say was not said.',
      whatToDo: 'Look whether the services and CronJobs run; a missed run can be done with `carillon run`.',
    },
    'connection-errors': {
      what: 'Many calls fail. They are tried again by themselves, so maybe nobody has noticed yet.',
      whatToDo:
        'Look at the status page of the system, and ask `carillon doctor` about the connection; `carillon explain` has the reasons.',
    },
    'connection-slow': {
      what: 'It answers slowly. Reading and sending take longer, and may soon be too late.',
      whatToDo: 'Look at the status page of the system and at the network. Nothing is lost meanwhile.',
    },
    'quota-low': {
      what: 'Most of the calls that are allowed were made. When there are none left, it is neither read nor written.',
      whatToDo: 'Read it less often or less at a time, or ask for a higher quota.',
    },
  },

  labels: {
    failed: 'Failed',
    calls: 'In all',
    mostTake: '95 of 100 calls take at most',
    age: 'Age of what was read',
    interval: 'It should be read every',
    used: 'Used',
    left: 'Left',
    missing: 'Missing',
    limit: 'Told from',
  },

  how: (period) =>
    `From what Carillon has noted about the connection (${period}). You hear of it because you own it.`,
};
