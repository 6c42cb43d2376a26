import { createLogger, logTo } from './logger.js';

let lines: Record<string, unknown>[] = [];
let restore: () => void;

beforeEach(() => {
  lines = [];
  restore = logTo({ write: (line) => lines.push(JSON.parse(line) as Record<string, unknown>) });
});
afterEach(() => restore());

it('writes fixed text with its data beside it', () => {
  createLogger('queues').info('job done', { queue: 'evaluate', durationMs: 12 });

  expect(lines).toEqual([
    expect.objectContaining({
      level: 'info',
      logger: 'queues',
      msg: 'job done',
      queue: 'evaluate',
      durationMs: 12,
    }),
  ]);
});

it('hides fields that are named like secrets, also inside others', () => {
  createLogger('gateway').warn('refused', {
    token: 'a1',
    settings: { apiKey: 'b2', deep: { password: 'c3' } },
  });

  expect(JSON.stringify(lines)).not.toMatch(/a1|b2|c3/);
});

it('takes credentials out of errors and their causes', () => {
  const cause = new Error('GET https://x.test/a?token=t0ps3cret');
  createLogger('collector').error('pull failed', { error: new Error('Bearer abcdef123', { cause }) });

  expect(lines[0]).toMatchObject({ error: { type: 'Error', message: 'Bearer ***' } });
  expect(JSON.stringify(lines)).not.toMatch(/t0ps3cret|abcdef123/);
});
