import { readJob, UnreadableJob } from './jobs.js';
import { collectQueue, deliverQueue, evaluateQueue } from './names.js';

it('reads what each queue carries', () => {
  expect(readJob(collectQueue('clockify'), { v: 1, pullId: 'p1' })).toEqual({ v: 1, pullId: 'p1' });
  expect(readJob(evaluateQueue, { v: 1, occurrenceId: 'o1' })).toEqual({ v: 1, occurrenceId: 'o1' });
});

it.each([
  ['another version', { v: 2, channel: 'slack' }],
  ['a field that nobody knows', { v: 1, channel: 'slack', text: 'hello olena' }],
  ['no version', { channel: 'slack' }],
  ['another queue’s job', { v: 1, pullId: 'p1' }],
  ['nothing', undefined],
])('refuses %s and quotes no value', (_case, job) => {
  expect(() => readJob(deliverQueue('slack'), job)).toThrow(UnreadableJob);
  expect(() => readJob(deliverQueue('slack'), job)).not.toThrow(/olena/);
});
