import { Writable } from 'node:stream';
import { Terminal } from '../terminal.js';
import { printReport } from './print.js';
import { hasFailed, type RunReport } from './report.js';

const nothing: RunReport = {
  occurrences: 0,
  pulls: [],
  decisions: [],
  forwards: [],
  deliveries: [],
  said: [],
  rejected: [],
  held: [],
  unmatched: [],
  saidBefore: 0,
  timedOut: false,
};

const printed = (run: Partial<RunReport>, format: 'text' | 'json' = 'text'): string => {
  let text = '';
  const sink = new Writable({
    write(chunk: Buffer, _encoding, done) {
      text += chunk.toString();
      done();
    },
  });
  printReport({ ...nothing, ...run }, new Terminal(format, sink, sink));
  return text;
};

const delivery = {
  delivery: '33fa56e0-12e2-5734-8f34-9d83df5fca6a',
  channel: 'slack',
  state: 'sent',
  person: 'Robin',
  to: '#hours-robin',
  members: ['Robin', 'Jane'],
  title: 'Robin: 15.5 of 32 h logged',
  why: '15.5 of 32 h, below 25',
} as const;

describe('what a run tells people', () => {
  it('names the person, the room, who is there, why, and what to ask with', () => {
    expect(printed({ said: [delivery] })).toContain(
      'sent  Robin  slack #hours-robin  Robin, Jane   15.5 of 32 h, below 25  33fa56e0\n',
    );
  });

  it('fits a usual screen, and leaves nothing out', () => {
    const members = ['Богдан Макетний', 'Ірина Шаблонська', 'Петро Умовний', 'Софія Небувалко', '김하늘'];
    const why =
      '30.8% overdue, target 10%; 26 open, target 20; oldest 100 d, target 30 d; index 35, target 20';
    const kpis = { ...delivery, channel: 'google-chat', to: 'spaces/AAAAferrari', members, why };

    const text = printed({ said: [kpis, delivery] });

    expect(Math.max(...text.split('\n').map(({ length }) => length))).toBeLessThanOrEqual(120);
    for (const word of [...members, ...why.split(' '), '33fa56e0'].flatMap((one) => one.split(' ')))
      expect(text).toContain(word);
  });

  it('shows first what went wrong, with the reason', () => {
    const failed = { ...delivery, state: 'failed', person: 'Dana', detail: 'Slack says no' } as const;

    const lines = printed({ said: [delivery, failed] }).split('\n');

    expect(lines.findIndex((line) => line.includes('below 25 — Slack says no'))).toBeLessThan(
      lines.findIndex((line) => line.startsWith('sent')),
    );
  });

  it('lists what is held, rejected and unmatched, one by one', () => {
    const text = printed({
      held: [{ rule: 'low-hours', about: 'Dana', why: 'not all facts are there yet: clockify' }],
      rejected: [{ source: 'clockify', kind: 'work.hours', key: 'e-1', why: 'it has no start' }],
      unmatched: [{ system: 'slack', externalId: 'U1', name: 'Kacper' }],
    });

    expect(text).toContain('  Dana: not all facts are there yet: clockify (low-hours)\n');
    expect(text).toContain('  clockify work.hours e-1: it has no start\n');
    expect(text).toContain('  Kacper (slack)\n');
  });

  it.each([
    [{}, 'Nothing came due since the last run.'],
    [{ occurrences: 3 }, 'Nothing to say.'],
    [{ occurrences: 3, saidBefore: 20 }, 'Nothing new to say: 20 messages were said before.'],
  ])('says why it says nothing: %j', (run, words) => {
    expect(printed(run)).toContain(words);
  });

  it('keeps a thousand messages from pushing the rest off the screen', () => {
    const text = printed({ said: Array.from({ length: 1000 }, () => delivery) });

    expect(text.split('\n').length).toBeLessThan(80);
    expect(text).toContain('… and 940 more: --output json lists them all.');
  });

  it('is one line of JSON for programs', () => {
    expect(JSON.parse(printed({ said: [delivery] }, 'json'))).toMatchObject({ said: [delivery] });
  });
});

describe('whether a run failed', () => {
  const pull = { source: 's', fetched: 0, new: 0, changed: 0, same: 0, rejected: 0, gone: 0, calls: 0 };
  const counts = { channel: 'slack', sent: 0, failed: 0, unknown: 0, held: 0, pending: 0 };

  it.each([
    ['a pull failed', { pulls: [{ ...pull, what: 'facts', state: 'failed' }] }, true],
    ['a delivery failed', { deliveries: [{ ...counts, failed: 1 }] }, true],
    ['nobody knows whether a delivery arrived', { deliveries: [{ ...counts, unknown: 1 }] }, true],
    ['time ran out', { timedOut: true }, true],
    ['a record was rejected', { pulls: [{ ...pull, rejected: 1, what: 'facts', state: 'complete' }] }, false],
    ['a delivery is held', { deliveries: [{ ...counts, held: 1 }] }, false],
  ] as const)('%s', (_what, run, failed) => {
    expect(hasFailed({ ...nothing, ...run })).toBe(failed);
  });
});
