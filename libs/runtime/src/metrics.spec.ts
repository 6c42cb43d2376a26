import { Module } from '@nestjs/common';
import { countPull, logTo, recordRemoteCall } from '#telemetry';
import { startService, type RunningService } from './run-service.js';

@Module({})
class Empty {}

let restore: () => void;
let running: RunningService | undefined;
beforeEach(() => {
  restore = logTo({ write: () => undefined });
});
afterEach(async () => {
  await running?.stop();
  restore();
});

it('tells Prometheus what was counted, with base units and totals in the names', async () => {
  countPull('clockify', 'before anybody could ask');
  running = await startService(Empty, { name: 'spec', port: 0, host: '127.0.0.1' });
  countPull('clockify', 'complete');
  countPull('clockify', 'complete');
  recordRemoteCall('slack', 'ok', 250);

  const answer = await fetch(`${running.url}/metrics`);

  const text = await answer.text();
  expect(answer.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
  expect(text).toContain('carillon_pulls_total{carillon_source="clockify",carillon_outcome="complete"} 2\n');
  expect(text).toContain('# TYPE carillon_remote_calls_seconds histogram\n');
  expect(text).toContain(
    'carillon_remote_calls_seconds_bucket{carillon_system="slack",carillon_result="ok",le="0.3"} 1\n',
  );
  expect(text).toMatch(/^target_info\{.*service_version="\d+\.\d+\.\d+".*\} 1$/m);
});
