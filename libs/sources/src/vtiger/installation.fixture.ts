import { Temporal } from 'temporal-polyfill';
import type { Instant } from '#domain';
import { VtigerSimulator, type VtigerSimulatorOptions } from './simulator.js';

export const accessKey = 'kN4pQ7rS2tV9wX1y';
export const now: Instant = Temporal.Instant.from('2026-03-02T08:00:00Z');

/** A cloud with two teams: Ferrari is a group, and Porsche two people. */
export interface Installation {
  readonly simulator: VtigerSimulator;
  readonly ferrari: string;
  readonly olena: string;
  readonly minji: string;
  task(owner: string, more?: Partial<Task>): string;
}

interface Task {
  readonly id: string;
  readonly title: string;
  readonly priority: string;
  readonly status: string;
  readonly due: string;
  readonly createdAt: string;
  readonly hidden: boolean;
}

export function installation(options: VtigerSimulatorOptions = {}): Installation {
  const simulator = new VtigerSimulator({ now: () => new Date(now.epochMilliseconds), ...options });
  simulator.addUser({ name: 'carillon', email: 'carillon@acme.example', accessKey });
  const olena = simulator.addUser({ name: 'olena', email: 'Olena@acme.example', lastName: 'Коваль' });
  const minji = simulator.addUser({ name: 'minji', email: 'minji@acme.example', lastName: '김' });
  const ferrari = simulator.addGroup({ name: 'Ferrari' });
  const task: Installation['task'] = (owner, more = {}) =>
    simulator.addRecord({
      module: 'Calendar',
      ...(more.id === undefined ? {} : { id: more.id }),
      owner,
      createdAt: more.createdAt ?? '2026-02-20T10:30:00Z',
      hidden: more.hidden ?? false,
      values: {
        subject: more.title ?? 'Call back',
        taskstatus: more.status ?? 'In Progress',
        taskpriority: more.priority ?? 'High',
        date_start: '2026-02-20',
        due_date: more.due ?? '2026-03-05',
      },
    });
  return { simulator, ferrari, olena, minji, task };
}

export const settingsFor = (url: string, more: object = {}) => ({
  baseUrl: url,
  username: 'carillon',
  accessKey,
  teams: { ferrari: { groups: ['Ferrari'] }, porsche: { users: ['olena@acme.example', 'minji'] } },
  ...more,
});
