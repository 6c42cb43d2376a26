import type { Identity } from '#domain';
import { RemoteError, type Finding, type HttpClient } from '#http';
import type { Address, Channel, Receipt, Row } from '../contract.js';
import { ClockifyApi } from './api.js';
import { readRow } from './holiday-record.js';
import { holidaysReply, ownUserReply, usersReply } from './schema.js';
import { clockifyDestination, readAddress, writeAddress, type ClockifySettings } from './settings.js';
import { enterTimeOff, findTimeOff } from './time-off.js';
import { enterHolidays, findHolidays } from './workspace-holidays.js';

/** Clockify, written: holidays that people forgot to enter. */
export const connectClockify = (settings: ClockifySettings, http: HttpClient): Channel => {
  const api = new ClockifyApi(settings, http);
  return {
    /** Only records go here; a message becomes nothing. */
    render: () => null,

    address: (destination) => Promise.resolve({ id: writeAddress(clockifyDestination.parse(destination)) }),

    async write(rows, to, { signal }) {
      const read = rows.map(readRow);
      if (read.length === 0) return [];
      const destination = readAddress(to.id);
      const entered =
        destination.enter === 'timeOff'
          ? await enterTimeOff(api, destination.policyId, read, signal)
          : await enterHolidays(api, read, signal);
      return rows.map((row) => receiptOf(row, entered, to));
    },

    /** Holidays have no field for an id of ours, so the rows themselves are looked for; without them nobody can tell. */
    async find({ signal }, to, _since, rows) {
      if (!rows || rows.length === 0) return 'cannot-tell';
      const read = rows.map(readRow);
      const destination = readAddress(to.id);
      const found =
        destination.enter === 'timeOff'
          ? await findTimeOff(api, destination.policyId, read, signal)
          : (await findHolidays(api, read, signal)).found;
      const [first] = rows;
      return first && rows.every(({ key }) => found.has(key)) ? receiptOf(first, found, to) : 'absent';
    },

    people: (signal) => people(api, signal),
    probe: (signal) => probe(api, signal),
  };
};

const receiptOf = ({ key }: Row, ids: ReadonlyMap<string, string>, address: Address): Receipt => {
  const id = ids.get(key);
  if (id === undefined) throw new Error(`no id for row ${key}`);
  return { id, address };
};

async function* people(api: ClockifyApi, signal: AbortSignal): AsyncGenerator<readonly Identity[]> {
  for await (const page of api.pages('/users', { label: 'users', reply: usersReply, signal }))
    yield page.map(({ id, email, name, status }) => ({
      externalId: id,
      active: status === null || status === undefined || status === 'ACTIVE',
      ...(email ? { email } : {}),
      ...(name ? { name } : {}),
    }));
}

const remedy = 'Use the key of an owner or admin, on a plan with time off and holidays.';

async function probe(api: ClockifyApi, signal: AbortSignal): Promise<readonly Finding[]> {
  try {
    const me = await api.call('GET', '/user', { label: 'own user', reply: ownUserReply, signal });
    await api.inWorkspace('GET', '/holidays', { label: 'holidays', reply: holidaysReply, signal });
    const query = new URLSearchParams({ 'include-roles': 'true', ...(me.email ? { email: me.email } : {}) });
    const users = await api.inWorkspace('GET', `/users?${query}`, {
      label: 'users',
      reply: usersReply,
      signal,
    });
    const roles = users.find(({ id }) => id === me.id)?.roles ?? [];
    return roles.some(({ role }) => role === 'WORKSPACE_OWN' || role === 'WORKSPACE_ADMIN')
      ? [
          {
            level: 'ok',
            about: 'api key',
            message: 'The key belongs to an owner or admin and sees the holidays.',
          },
        ]
      : [
          {
            level: 'problem',
            about: 'api key',
            message: 'Only owners and admins may enter holidays for others.',
            remedy,
          },
        ];
  } catch (error) {
    if (!(error instanceof RemoteError)) throw error;
    return [{ level: 'problem', about: 'api key', message: error.message, remedy }];
  }
}
